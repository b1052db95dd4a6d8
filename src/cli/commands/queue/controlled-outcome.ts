/** What was done to jobs of a queue, as a command's outcome. */
import type { Controlled } from "../../../queue/control.ts";
import { countToWords } from "../../../reports/quantities.ts";
import type { Outcome } from "../../command.ts";
import { tableToOutcome } from "../../outcomes.ts";

/** @param verb what was done, in the past: `cancelled` */
export function controlledToOutcome(verb: string, { server, runs, stopping }: Controlled): Outcome {
  const atWork = stopping > 0 ? `; ${stopping} of them at work, which save and end within seconds` : "";
  return tableToOutcome(
    { schema: "gan-eval/queue-control/1", action: verb, server, runs, stopping },
    { columns: [{ key: "run", title: "run" }], rows: runs.map((run) => ({ run })) },
    () => `${verb} ${countToWords(runs.length, "run")}${atWork}\n`,
  );
}
