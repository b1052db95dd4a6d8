/** Runs and sweeps: the table, or the page of one, as the address says. */
import { useEffect, useRef } from "preact/hooks";
import type { RunsToPage } from "../../protocol/runs-messages.ts";
import type { Connection } from "../socket.ts";
// @ts-expect-error: plain JavaScript
import { openRunPage } from "./run-page.js";
// @ts-expect-error: plain JavaScript
import { openRunsTable } from "./runs-table.js";

const byId = <T extends { readonly id: string }>(rows: readonly T[]) =>
  new Map(rows.map((row) => [row.id, row]));

export function RunsPart({ connection, hash }: { readonly connection: Connection; readonly hash: string }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const [, kind, id] = /^#(run|sweep)=([0-9a-f]{16})$/.exec(hash) ?? [];
    const table = { runs: new Map(), sweeps: new Map(), isKnown: false, canStop: false };
    const part =
      kind === "run" ? openRunPage(table, id) : openRunsTable(table, kind === "sweep" ? id : undefined);
    place.current!.replaceChildren(part.element);
    connection.listen({
      opened: () =>
        connection.send({ kind: "watch", ...(kind === "run" && { run: id }) } as { kind: string }),
      message(any) {
        const message = any as RunsToPage;
        if (message.kind === "table") {
          const { runs, sweeps, canStop } = message;
          Object.assign(table, { runs: byId(runs), sweeps: byId(sweeps), isKnown: true, canStop });
          part.update();
        } else if (message.kind === "changes") {
          for (const run of message.runs) table.runs.set(run.id, run);
          for (const gone of message.gone) table.runs.delete(gone);
          table.sweeps = byId(message.sweeps);
          part.update();
        } else if (message.kind === "run") part.show?.(message.view);
        else if (message.kind === "gone") part.say?.("The folder of this run is gone.");
        else if (message.kind === "unreadable") part.say?.(message.message);
      },
    });
    return () => {
      connection.listen(undefined);
      connection.send({ kind: "unwatch" });
      part.close();
    };
  }, [connection, hash]);
  return <div ref={place} />;
}
