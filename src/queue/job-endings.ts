/** How the work on a job ends, and which endings another machine may better. */
import type { Ending } from "../sweep/messages.ts";

/** What a completed job returns; its run has ended, whether well or not. */
export type JobResult =
  | { readonly kind: "finished" | "interrupted" | "cancelled" }
  | { readonly kind: "failed"; readonly code: string; readonly message: string };

/** How one execution of a job ends: as its child did, or another process held the run's folder. */
export type JobEnding = Ending | { readonly kind: "held" };

/** Failures for a reason of the machine: a full or stale disk, no memory, no weights. Trying again elsewhere may help. */
const OF_THE_PLACE: ReadonlySet<string> = new Set([
  ...["input.cannot-write", "input.system", "internal.child", "run.lock-lost", "queue.other-folder"],
  ...["ENOSPC", "EIO", "ESTALE", "EDQUOT", "EROFS", "ENOMEM", "EMFILE"],
]);

export const isOfThePlace = (code: string): boolean =>
  OF_THE_PLACE.has(code) || code.startsWith("unavailable.");

/** A failed job keeps one line of text: the error's code goes behind its message, as on a terminal. */
export const failureToReason = (code: string, message: string): string => `${message} [${code}]`;

export function reasonToFailure(reason: string): { code: string; message: string } {
  const [, message, code] = /^([\s\S]*) \[([\w.-]+)\]$/.exec(reason) ?? [];
  return message === undefined ? { code: "queue.failed", message: reason } : { code, message };
}
