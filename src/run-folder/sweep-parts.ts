/**
 * `.parts/` of a sweep's folder: what the processes have there that train its parts at the same time, each a folder of its
 * own with a lock in it. None of them has the sweep's own lock.
 */
import { readdir, rmdir } from "node:fs/promises";
import path from "node:path";
import { isLocked, requireUnlocked } from "../files/lock.ts";
import type { Part } from "../options/part.ts";

/** Hidden: it holds no runs. */
export const PARTS_FOLDER = ".parts";

const nameToFolder = (sweep: string, name: string): string => path.join(sweep, PARTS_FOLDER, name);

/** `.parts/3-of-16`, from the sweep's folder. */
export const partToFolder = (sweep: string, { index, of }: Part): string =>
  nameToFolder(sweep, `${index}-of-${of}`);

/** What whoever collects the parts has. */
export const collectionFolder = (sweep: string): string => nameToFolder(sweep, "collection");

/** Where it is written what ended the runs that failed. */
export const failuresFolder = (sweep: string): string => nameToFolder(sweep, "failures");

const listParts = async (sweep: string): Promise<string[]> => {
  const names = await readdir(path.join(sweep, PARTS_FOLDER)).catch(() => []);
  return names.sort().map((name) => nameToFolder(sweep, name));
};

/** Folders of the parts that processes work at, or may. */
export async function listPartsAtWork(sweep: string): Promise<string[]> {
  const folders = await listParts(sweep);
  const held = await Promise.all(folders.map((folder) => isLocked(folder)));
  return folders.filter((_, i) => held[i]);
}

/** @throws GanEvalError `input.run-locked` where a process trains a part of the sweep, or collects them */
export async function refuseParts(sweep: string): Promise<void> {
  for (const folder of await listParts(sweep)) await requireUnlocked(folder, sweep);
}

/** Removes what is empty: whoever leaves last takes it along. `own`: the folder of the one that leaves. */
export async function tidyParts(sweep: string, own: string): Promise<void> {
  for (const folder of [own, failuresFolder(sweep), path.join(sweep, PARTS_FOLDER)])
    await rmdir(folder).catch(() => {});
}
