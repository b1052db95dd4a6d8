/** How a run ends by an interrupt or an error: what its folder says, and what whoever started it is told. */
import { type ErrorCode, GanEvalError, isCode } from "../errors.ts";
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

/** How a run whose device failed is gone on with. `resume`: the command. */
const DEVICE_HINTS = {
  "unavailable.device-memory": (resume) =>
    `Free memory on the device and continue with: ${resume}. A smaller batch is another training: add --batch-size N --allow-changes to go on with one.`,
  "unavailable.device-lost": (resume) =>
    `Continue with: ${resume}. If it comes again, the device's memory may be too small or its driver faulty: update it, or add --batch-size N or --device cpu, with --allow-changes.`,
} as const satisfies Partial<Record<ErrorCode, (resume: string) => string>>;

/**
 * The error of a run whose device failed: up to which round it is saved, and how to go on. Other errors stay as they are.
 * The batch is not made smaller by itself, for it is part of what is trained.
 */
export function errorToResumable({ folder, description: { round, rounds } }: Run, error: unknown): unknown {
  const known = Object.entries(DEVICE_HINTS).find(([code]) => isCode(error, code as ErrorCode));
  if (known === undefined) return error;
  const { code, message } = error as GanEvalError;
  return new GanEvalError(code, `${message}; round ${round} of ${rounds} is saved`, {
    hint: known[1](`gan-eval train --resume ${locationToShell(folder)}`),
    cause: error,
  });
}
