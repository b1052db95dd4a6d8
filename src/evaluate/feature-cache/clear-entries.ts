/** Removes entries; networks lie elsewhere in the cache folder and are not touched. */
import { rename, rm } from "node:fs/promises";
import path from "node:path";
import { GanEvalError } from "../../errors.ts";
import { LOCK_FILE } from "../../files/lock.ts";
import { lockUnfinished, unlockUnfinished } from "./entry-lock.ts";
import { cacheToFeatures, folderToBytes, isRemoved, namesIn, removedName, sweep } from "./layout.ts";
import { type CacheEntry, listEntries } from "./list-entries.ts";

export interface ClearOptions {
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** Only what was not used for so many days. */
  readonly olderThan?: number;
  /** Only what interrupted extractions left. */
  readonly partial?: boolean;
  /** Says what would be removed, and removes nothing. */
  readonly dryRun?: boolean;
}

export interface Cleared {
  readonly removed: readonly CacheEntry[];
  /** What was meant too, and a process is writing. */
  readonly inUse: readonly CacheEntry[];
  /** Of what was removed, and of what an earlier removal that was killed had left. */
  readonly bytes: number;
}

const DAY = 24 * 3600 * 1000;

function isMeant({ state, lastUsed }: CacheEntry, options: ClearOptions): boolean {
  const { olderThan, partial, clock } = options;
  if (partial && (state === "whole" || state === "damaged")) return false;
  return olderThan === undefined || Date.parse(lastUsed) < clock() - olderThan * DAY;
}

/** A reader finds all of it or nothing: the folder is renamed first. Those who have files of it open read on. */
async function removeWhole(features: string, folder: string): Promise<void> {
  const removed = removedName(features);
  await rename(folder, removed);
  await rm(removed, { recursive: true, force: true });
}

/** False where a process has taken it in hand since it was listed. */
async function removeUnfinished(unfinished: string, clock: () => number): Promise<boolean> {
  const unlock = await lockUnfinished(unfinished, clock);
  if (!unlock) return false;
  try {
    await sweep(unfinished, [LOCK_FILE]);
  } finally {
    await unlockUnfinished(unfinished, unlock);
  }
  return true;
}

/** @returns false where it is in use */
async function remove(features: string, entry: CacheEntry, clock: () => number): Promise<boolean> {
  if (entry.state === "writing") return false;
  try {
    if (entry.state === "unfinished") return await removeUnfinished(entry.folder, clock);
    await removeWhole(features, entry.folder);
    return true;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    // Gone by another's hand; or, on Windows, open in another process.
    if (code === "ENOENT") return true;
    if (code === "EBUSY") return false;
    throw new GanEvalError(
      "input.cannot-write",
      `cannot remove ${entry.folder}: ${(cause as Error).message}`,
      { hint: "Check that the cache folder is writable.", cause },
    );
  }
}

/**
 * Removes what the options mean, without asking. What a living process is writing is left.
 * @throws GanEvalError `input.cache-folder`, `input.cannot-write`
 */
export async function clearEntries(cacheFolder: string, options: ClearOptions): Promise<Cleared> {
  const features = cacheToFeatures(cacheFolder);
  const removed: CacheEntry[] = [];
  const inUse: CacheEntry[] = [];
  let bytes = 0;
  for (const entry of (await listEntries(cacheFolder)).filter((entry) => isMeant(entry, options))) {
    const goes = options.dryRun ? entry.state !== "writing" : await remove(features, entry, options.clock);
    (goes ? removed : inUse).push(entry);
    if (goes) bytes += entry.bytes;
  }
  for (const name of (await namesIn(features)).filter(isRemoved)) {
    const folder = path.join(features, name);
    bytes += await folderToBytes(folder);
    if (!options.dryRun) await rm(folder, { recursive: true, force: true });
  }
  return { removed, inUse, bytes };
}
