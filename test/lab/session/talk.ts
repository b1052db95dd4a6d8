/** A page for tests: talks to a session whose panes are in this thread, and remembers what it is told. */
import { bytesToFrame, type Frame } from "../../../src/lab/protocol/frame-codec.ts";
import type { ToLab, ToPage } from "../../../src/lab/protocol/plane-messages.ts";
import { openPlaneSession, type PlaneSessionOptions } from "../../../src/lab/session/open-plane-session.ts";
import { Pane } from "../../../src/lab/session/pane.ts";
import { parseToLab } from "../../../src/lab/session/parse-to-lab.ts";

type Of<Kind extends ToPage["kind"]> = Extract<ToPage, { kind: Kind }>;

export interface Talk {
  readonly panes: Pane[];
  readonly told: ToPage[];
  readonly frames: Frame[];
  say(message: ToLab): void;
  /** Says something, and waits for the next message of a kind for which it holds. */
  ask<Kind extends ToPage["kind"]>(
    message: ToLab,
    kind: Kind,
    holds?: (of: Of<Kind>) => boolean,
  ): Promise<Of<Kind>>;
  next<Kind extends ToPage["kind"]>(kind: Kind, holds?: (of: Of<Kind>) => boolean): Promise<Of<Kind>>;
  /** The state of the first pane once it stands at a round. */
  at(round: number): Promise<Of<"state">>;
  close(): Promise<void>;
}

/** @param draws whether each frame is drawn at once */
export function talk(options: Partial<PlaneSessionOptions> = {}, draws = true): Talk {
  const panes: Pane[] = [];
  const told: ToPage[] = [];
  const frames: Frame[] = [];
  const waiting = new Set<(message: ToPage) => void>();
  const session = openPlaneSession(
    {
      message(message) {
        told.push(JSON.parse(JSON.stringify(message)));
        for (const take of waiting) take(message);
      },
      frame(bytes) {
        const frame = bytesToFrame(bytes.slice().buffer);
        frames.push(frame);
        if (draws) session.receive({ kind: "drawn", sequence: frame.sequence });
      },
    },
    {
      folder: ".",
      isReadOnly: false,
      openPane(memory) {
        const pane = new Pane(memory);
        panes.push(pane);
        return pane;
      },
      ...options,
    },
  );
  const say = (message: ToLab): void => session.receive(parseToLab(JSON.parse(JSON.stringify(message)), "."));
  const next = <Kind extends ToPage["kind"]>(kind: Kind, holds: (of: Of<Kind>) => boolean = () => true) =>
    new Promise<Of<Kind>>((resolve, reject) => {
      const take = (message: ToPage): void => {
        if (message.kind === "error" && kind !== "error") {
          waiting.delete(take);
          reject(new Error(`${message.code}: ${message.message}`));
        }
        if (message.kind !== kind || !holds(message as Of<Kind>)) return;
        waiting.delete(take);
        resolve(message as Of<Kind>);
      };
      waiting.add(take);
    });
  return {
    panes,
    told,
    frames,
    say,
    next,
    ask(message, kind, holds) {
      const answer = next(kind, holds);
      say(message);
      return answer;
    },
    at: (round) => next("state", ({ panes: [{ round: now }] }) => now === round),
    close: () => session.close(),
  };
}

/** Small networks: a round takes a fraction of a millisecond. */
export const SMALL = { data: "ring", hiddenUnits: 8, batchSize: 16 } as const;
