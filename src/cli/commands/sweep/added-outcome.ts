/** What `gan-eval sweep --detach` says: how many runs it added to the queue. */
import type { AddedSweep } from "../../../queue/sweep-over-queue.ts";
import { countToWords } from "../../../reports/quantities.ts";
import type { Outcome } from "../../command.ts";
import { tableToOutcome } from "../../outcomes.ts";

export function addedToOutcome({ folder, added, queued, done, warnings }: AddedSweep): Outcome {
  const columns = ["folder", "added", "queued", "done"].map((key) => ({ key, title: key }));
  return {
    ...tableToOutcome(
      { schema: "gan-eval/queued-sweep/1", folder, added, queued, done },
      { columns, rows: [{ folder, added, queued, done }] },
      () => `added ${countToWords(added, "run")} to the queue; ${queued} were there, ${done} are done\n`,
    ),
    warnings,
    hints: [
      "gan-eval worker --queue URL   # on each machine, in the folder that all share",
      "the same command without --detach waits for the runs and writes scores.csv",
    ],
  };
}
