/** How a run ends by an interrupt or an error: what its folder says, and what whoever started it is told. */
import { GanEvalError } from "../errors.ts";
import { signalToStopRequest, stopRequestToText } from "../files/stop-request.ts";
import type { Run } from "../run-folder/run.ts";
import { locationToShell } from "../shell-word.ts";

/** The kind of the event that says who asked a run to stop: no warning. */
export const STOP_REQUESTED = "stop-requested";

/** Whether an error is nothing but the answer to an interrupt. */
export const isAbort = (error: unknown, { aborted, reason }: AbortSignal): boolean =>
  aborted && (error === reason || (error as Error).name === "AbortError");

/** Says in its folder how a run ended by an error; nothing is left of one that never began. */
export async function leaveRun(
  run: Run,
  hasBegun: boolean,
  error: unknown,
  signal: AbortSignal,
): Promise<void> {
  const { aborted } = signal;
  if (hasBegun) await noteStopRequest(run, signal).catch(() => {});
  const end = hasBegun
    ? run.finish(aborted ? "interrupted" : "failed", aborted ? undefined : (error as Error).message)
    : run.discard();
  // The error itself says more than that the folder cannot be written any more.
  await end.catch(() => {});
}

/** Says in its folder who asked a run to stop, and when, if anybody did. */
export async function noteStopRequest(run: Run, signal: AbortSignal): Promise<void> {
  const request = signalToStopRequest(signal);
  if (request)
    await run.event(run.description.round, STOP_REQUESTED, `asked by ${stopRequestToText(request)}`);
}

/** `run.interrupted`, with the way to go on. */
export function runToInterrupted(
  { folder, description: { round, rounds } }: Run,
  signal: AbortSignal,
): GanEvalError {
  const request = signalToStopRequest(signal);
  const why = request ? `stopped at the request of ${stopRequestToText(request)},` : "interrupted";
  return new GanEvalError("run.interrupted", `${why} after round ${round} of ${rounds}, which is saved`, {
    hint: `Continue with: gan-eval train --resume ${locationToShell(folder)}`,
  });
}
