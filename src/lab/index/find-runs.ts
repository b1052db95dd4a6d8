/** Run folders under the folders that a lab shows, and the sweeps that they belong to. */
import { createHash } from "node:crypto";
import type { Dirent } from "node:fs";
import { lstat, readdir, realpath, stat } from "node:fs/promises";
import path from "node:path";
import { LOCK_FILE } from "../../files/lock.ts";
import { DESCRIPTION_FILE } from "../../run-folder/run-folder.ts";
import { TABLES } from "../../run-folder/tables.ts";
import { SCORES_FILE } from "../../sweep/scores-file.ts";

export interface FoundRun {
  /** What a page calls it: pages know no paths. */
  readonly id: string;
  readonly folder: string;
  /** As it was reached from the lab's folder: `runs/gan-1`. */
  readonly name: string;
  /** The sweep that it belongs to. */
  readonly sweep?: FoundSweep;
  /** What it is without run.json. */
  readonly remains?: string;
}

export interface FoundSweep {
  readonly id: string;
  readonly name: string;
}

interface Place {
  readonly folder: string;
  readonly name: string;
}

/** 64 bits of a hash: nobody can name a folder that was not found. */
const folderToId = (folder: string): string => createHash("sha256").update(folder).digest("hex").slice(0, 16);

/** No link: it might lead to any file. */
const isFile = (location: string): Promise<boolean> =>
  lstat(location).then(
    (entry) => entry.isFile(),
    () => false,
  );

/** Whatever has this name: what is no file is a run that cannot be read. */
const isRun = ({ folder }: Place): Promise<boolean> =>
  lstat(path.join(folder, DESCRIPTION_FILE)).then(
    () => true,
    () => false,
  );

/** What shows that a folder without run.json was a run's. */
const REMAINS: ReadonlySet<string> = new Set([
  "checkpoints",
  ...TABLES.filter((name) => name !== "scores").map((name) => `${name}.csv`),
]);

/** A folder of runs that a sweep works in or has worked in. */
async function isSweep({ folder }: Place): Promise<boolean> {
  return (await isFile(path.join(folder, SCORES_FILE))) || (await isFile(path.join(folder, LOCK_FILE)));
}

/** Folders right in a folder. Runs may lie elsewhere, behind a link. */
async function listPlaces({ folder, name }: Place, entries: readonly Dirent[]): Promise<Place[]> {
  const kept = await Promise.all(
    entries
      .filter((entry) => !entry.name.startsWith("."))
      .map(async (entry): Promise<Place[]> => {
        const location = path.join(folder, entry.name);
        const isFolder =
          entry.isDirectory() ||
          (entry.isSymbolicLink() &&
            (await stat(location).then(
              (target) => target.isDirectory(),
              () => false,
            )));
        return isFolder ? [{ folder: location, name: path.join(name, entry.name) }] : [];
      }),
  );
  return kept.flat();
}

const placeToRun = ({ folder, name }: Place, sweep?: Place, remains?: string): FoundRun => ({
  id: folderToId(folder),
  folder,
  name,
  ...(remains !== undefined && { remains }),
  ...(sweep && { sweep: { id: folderToId(sweep.folder), name: sweep.name } }),
});

async function placeToRuns(place: Place, owner: Place | undefined, depth: number): Promise<FoundRun[]> {
  if (await isRun(place)) return [placeToRun(place, owner)];
  // None where it vanished or may not be read.
  const entries = await readdir(place.folder, { withFileTypes: true }).catch(() => []);
  if (entries.some(({ name }) => REMAINS.has(name)))
    return [placeToRun(place, owner, `it has tables or checkpoints of a run, and no ${DESCRIPTION_FILE}`)];
  if (depth === 0) return [];
  const within = await listPlaces(place, entries);
  // Below a lab's folder whatever holds runs is shown as one.
  const own = owner === undefined && depth === 2 && !(await isSweep(place)) ? undefined : place;
  const found = await Promise.all(within.map((each) => placeToRuns(each, own, depth - 1)));
  return found.flat();
}

/** Runs in these folders, right in them or one folder deeper. A folder that is not there has none: it may come. */
export async function findRuns(roots: readonly string[]): Promise<FoundRun[]> {
  const found = new Map<string, FoundRun>();
  for (const root of roots) {
    const folder = await realpath(root).catch(() => undefined);
    if (folder === undefined) continue;
    const name = root === "." ? path.basename(folder) : path.normalize(root);
    for (const run of await placeToRuns({ folder, name }, undefined, 2)) found.set(run.id, run);
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
