/**
 * Whether the program was begun with hang-ups ignored, as by `nohup`. Node gives every signal its default action back
 * before a script runs, so that the process itself cannot be asked any more.
 */
import { readFileSync, readlinkSync } from "node:fs";
import path from "node:path";

/** SIGHUP's bit in the masks of proc(5). */
const HANGUP_BIT = 1n;

/** Where the system keeps what can be known; tests pass their own. */
export interface HangupTraces {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `/proc/PID/status` of the parent; undefined where there is none. */
  readonly parentStatus: string | undefined;
  /** Where the output goes, as far as it is known. */
  readonly outputs: readonly string[];
}

/**
 * - Shells put the program that they start into `_`, and `nohup` leaves it: `/usr/bin/nohup`.
 * - A parent that ignores hang-ups, such as a script under `nohup`, hands that on.
 * - `nohup` in a terminal sends the output to `nohup.out`.
 */
export function isHangupIgnored({ env, parentStatus, outputs }: HangupTraces): boolean {
  const ignored = /^SigIgn:\s*([0-9a-f]+)$/m.exec(parentStatus ?? "")?.[1];
  return (
    path.basename(env._ ?? "") === "nohup" ||
    (ignored !== undefined && (BigInt(`0x${ignored}`) & HANGUP_BIT) !== 0n) ||
    outputs.some((output) => path.basename(output) === "nohup.out")
  );
}

/** What is not there says nothing. */
function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** The traces of this process; off Linux its environment alone. */
export const readHangupTraces = (): HangupTraces => ({
  env: process.env,
  parentStatus: orUndefined(() => readFileSync(`/proc/${process.ppid}/status`, "utf8")),
  outputs: [1, 2].flatMap((file) => orUndefined(() => readlinkSync(`/proc/self/fd/${file}`)) ?? []),
});
