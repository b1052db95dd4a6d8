/** One error for work that its signal ended. */
import { AbortError, GanEvalError, isCode } from "../errors.ts";

/** Whether an error is nothing but the answer to the signal. */
const isAnswer = (error: unknown, { reason }: AbortSignal): boolean =>
  error === reason ||
  (error instanceof Error && error.name === "AbortError") ||
  isCode(error, "run.interrupted");

const toAbortError = (error: unknown): AbortError => {
  if (error instanceof AbortError) return error;
  const cause =
    error instanceof GanEvalError
      ? error
      : new GanEvalError("run.interrupted", "interrupted before there was a result", { cause: error });
  return new AbortError(cause);
};

/**
 * Does the work; where `signal` ended it, the error is an AbortError, whose cause is a GanEvalError `run.interrupted`.
 * Other errors are left as they are.
 */
export async function abortable<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  try {
    signal?.throwIfAborted();
    return await work();
  } catch (error) {
    throw signal?.aborted && isAnswer(error, signal) ? toAbortError(error) : error;
  }
}
