/** How a run ends by an interrupt or an error: what its folder says, and what whoever started it is told. */
import { GanEvalError } from "../errors.ts";
import type { Run } from "../run-folder/run.ts";
import { locationToShell } from "../shell-word.ts";

/** Whether an error is nothing but the answer to an interrupt. */
export const isAbort = (error: unknown, { aborted, reason }: AbortSignal): boolean =>
  aborted && (error === reason || (error as Error).name === "AbortError");

/** Says in its folder how a run ended by an error; nothing is left of one that never began. */
export async function leaveRun(
  run: Run,
  hasBegun: boolean,
  error: unknown,
  { aborted }: AbortSignal,
): Promise<void> {
  const end = hasBegun
    ? run.finish(aborted ? "interrupted" : "failed", aborted ? undefined : (error as Error).message)
    : run.discard();
  // The error itself says more than that the folder cannot be written any more.
  await end.catch(() => {});
}

/** `run.interrupted`, with the way to go on. */
export function runToInterrupted({ folder, description: { round, rounds } }: Run): GanEvalError {
  return new GanEvalError(
    "run.interrupted",
    `interrupted after round ${round} of ${rounds}, which is saved`,
    {
      hint: `Continue with: gan-eval train --resume ${locationToShell(folder)}`,
    },
  );
}
