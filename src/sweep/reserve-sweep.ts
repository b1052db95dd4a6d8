/** Takes a sweep's folder for its one process, or a part of it for one of several. */
import { setTimeout } from "node:timers/promises";
import { isCode } from "../errors.ts";
import { requireUnlocked } from "../files/lock.ts";
import type { Part } from "../options/part.ts";
import { type RunPlace, reserveFolder } from "../run-folder/reserve.ts";
import { collectionFolder, partToFolder, refuseParts, tidyParts } from "../run-folder/sweep-parts.ts";

/** What a process of a sweep holds, and where it is asked to stop. */
export interface SweepPlace extends Pick<RunPlace, "remove"> {
  readonly folder: string;
}

/** How long a part waits for what another process holds: for longer than the lock of a machine that died is valid. */
export interface Patience {
  /** In milliseconds: from one try to the next, and from the first to the last. */
  readonly every: number;
  readonly most: number;
}
export const PATIENCE: Patience = { every: 2000, most: 75_000 };

/**
 * The whole sweep, for one process.
 * @throws GanEvalError `input.run-locked` where another trains it, or parts of it; `input.cannot-write`
 */
export async function reserveSweep(folder: string): Promise<SweepPlace> {
  const { remove } = await reserveFolder(folder, Date.now, refuseParts);
  return { folder, remove };
}

async function reserveWithin(sweep: string, folder: string): Promise<SweepPlace> {
  const place = await reserveFolder(folder, Date.now, () => requireUnlocked(sweep));
  return {
    folder,
    async remove() {
      await place.remove();
      await tidyParts(sweep, folder);
    },
  };
}

/** What collects the parts of a sweep, which may be at work meanwhile. @throws as `reserveSweep` */
export const reserveCollection = (sweep: string): Promise<SweepPlace> =>
  reserveWithin(sweep, collectionFolder(sweep));

/**
 * A part of the sweep, beside those that train the others. After a machine died its lock is valid for a while yet: the part
 * that begins anew on another waits for that.
 * @param onWait called when it begins to wait, with what holds the part
 * @throws GanEvalError `input.run-locked` where another process goes on with the part, or has the whole sweep
 */
export async function reservePart(
  sweep: string,
  part: Part,
  { every, most }: Patience,
  signal: AbortSignal,
  onWait: (error: Error) => void,
): Promise<SweepPlace> {
  for (let waited = 0; ; waited += every)
    try {
      return await reserveWithin(sweep, partToFolder(sweep, part));
    } catch (error) {
      if (!isCode(error, "input.run-locked") || waited >= most) throw error;
      if (waited === 0) onWait(error);
      await setTimeout(every, undefined, { signal });
    }
}
