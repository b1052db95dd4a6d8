/** One process at a time has an unfinished entry in hand. */
import { mkdir, rmdir } from "node:fs/promises";
import { GanEvalError, isCode } from "../../errors.ts";
import { type FolderLock, lockFolder } from "../../files/lock.ts";

/** How often the folder may vanish, removed by a process that has just ended with it, before it can be locked. */
const ATTEMPTS = 10;

/** The lock of the folder; undefined where somebody else has locked it. */
export async function lockUnfinished(
  unfinished: string,
  clock: () => number,
): Promise<FolderLock | undefined> {
  for (let attempt = 1; ; attempt++) {
    await mkdir(unfinished, { recursive: true });
    try {
      return await lockFolder(unfinished, clock);
    } catch (error) {
      if (isCode(error, "input.run-locked")) return undefined;
      const cause = error instanceof GanEvalError ? error.cause : error;
      if ((cause as NodeJS.ErrnoException).code !== "ENOENT" || attempt === ATTEMPTS) throw error;
    }
  }
}

/** Ends the hold. */
export async function unlockUnfinished(unfinished: string, lock: FolderLock): Promise<void> {
  await lock.unlock().catch(() => {});
  // Goes if it is empty: another process may have locked it by now.
  await rmdir(unfinished).catch(() => {});
}
