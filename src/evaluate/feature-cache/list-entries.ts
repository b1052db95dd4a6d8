/** What the cache holds. */
import { stat } from "node:fs/promises";
import path from "node:path";
import { isLocked } from "../../files/lock.ts";
import {
  cacheToFeatures,
  folderToBytes,
  isKey,
  keyToEntry,
  keyToUnfinished,
  META,
  namesIn,
  PROGRESS,
  unfinishedFolder,
  unfinishedToEntry,
} from "./layout.ts";
import { type ProgressRecord, readMeta, readProgress } from "./records.ts";

export interface CacheEntry {
  readonly key: string;
  /** `writing`: a process that may live has it in hand; `unfinished`: one that is gone has left it. */
  readonly state: "whole" | "unfinished" | "writing" | "damaged";
  readonly folder: string;
  readonly bytes: number;
  /** ISO 8601; of an unfinished entry when it was last added to. */
  readonly lastUsed: string;
  /** What it says of itself; null where that cannot be read. */
  readonly record: ProgressRecord | null;
}

/** Undefined where it has vanished meanwhile. */
async function describe(
  entry: Pick<CacheEntry, "key" | "state" | "folder" | "record">,
  recordFile: string,
): Promise<CacheEntry | undefined> {
  const found = await stat(recordFile).catch(() => stat(entry.folder).catch(() => undefined));
  if (!found) return undefined;
  return { ...entry, bytes: await folderToBytes(entry.folder), lastUsed: found.mtime.toISOString() };
}

async function keyToWhole(features: string, key: string): Promise<CacheEntry | undefined> {
  const folder = keyToEntry(features, key);
  const file = path.join(folder, META);
  const record = await readMeta(file, key).catch(() => null);
  return describe({ key, state: record ? "whole" : "damaged", folder, record }, file);
}

async function keyToLeft(features: string, key: string): Promise<CacheEntry | undefined> {
  const folder = keyToUnfinished(features, key);
  const file = path.join(unfinishedToEntry(folder), PROGRESS);
  const record = await readProgress(file, key).catch(() => null);
  const state = (await isLocked(folder)) ? "writing" : "unfinished";
  return describe({ key, state, folder, record }, file);
}

/**
 * All entries, the latest used first. Names that are no keys are not the cache's.
 * @throws GanEvalError `input.cache-folder` where the folder cannot be read
 */
export async function listEntries(cacheFolder: string): Promise<CacheEntry[]> {
  const features = cacheToFeatures(cacheFolder);
  const whole = (await namesIn(features)).filter(isKey);
  const left = (await namesIn(unfinishedFolder(features))).filter(isKey);
  const entries: (CacheEntry | undefined)[] = [];
  for (const key of whole) entries.push(await keyToWhole(features, key));
  for (const key of left) entries.push(await keyToLeft(features, key));
  return entries
    .filter((entry) => entry !== undefined)
    .sort((a, b) => b.lastUsed.localeCompare(a.lastUsed) || a.key.localeCompare(b.key));
}
