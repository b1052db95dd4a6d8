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
  /** Only what was used least recently, until at most so many GiB are left. */
  readonly downTo?: number;
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

/** What is beyond the first `limit` bytes of entries that were used last. @param entries the latest used first */
function entriesBeyond(entries: readonly CacheEntry[], limit: number): CacheEntry[] {
  let bytes = 0;
  return entries.filter((entry) => {
    bytes += entry.bytes;
    return bytes > limit;
  });
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
  const { downTo } = options;
  const all = await listEntries(cacheFolder);
  const beyond = downTo === undefined ? all : entriesBeyond(all, downTo * 2 ** 30);
  for (const entry of beyond.filter((entry) => isMeant(entry, options))) {
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

/**
 * Removes whole entries until all are within `limit` bytes, the least recently used first; those of `used` keys stay, and what
 * a process is writing.
 * @throws GanEvalError `input.cache-folder`, `input.cannot-write`
 */
export async function trimEntries(
  cacheFolder: string,
  { limit, used, clock }: { limit: number; used: ReadonlySet<string>; clock: () => number },
): Promise<void> {
  const entries = await listEntries(cacheFolder);
  const [kept, others] = [
    entries.filter(({ key }) => used.has(key)),
    entries.filter(({ key }) => !used.has(key)),
  ];
  const left = limit - kept.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const entry of entriesBeyond(others, left)) await remove(cacheToFeatures(cacheFolder), entry, clock);
}
