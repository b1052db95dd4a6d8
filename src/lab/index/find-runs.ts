/** Run folders under the folders that a lab shows, and the sweeps that they belong to. */
import { createHash } from "node:crypto";
import { lstat, readdir, realpath, stat } from "node:fs/promises";
import path from "node:path";
import { LOCK_FILE } from "../../files/lock.ts";
import { DESCRIPTION_FILE } from "../../run-folder/run-folder.ts";
import { SCORES_FILE } from "../../sweep/scores-file.ts";

export interface FoundRun {
  /** What a page calls it: pages know no paths. */
  readonly id: string;
  readonly folder: string;
  /** As it was reached from the lab's folder: `runs/gan-1`. */
  readonly name: string;
  /** The sweep that it belongs to. */
  readonly sweep?: FoundSweep;
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

const isRun = ({ folder }: Place): Promise<boolean> => isFile(path.join(folder, DESCRIPTION_FILE));

/** A folder of runs that a sweep works in or has worked in. */
async function isSweep({ folder }: Place): Promise<boolean> {
  return (await isFile(path.join(folder, SCORES_FILE))) || (await isFile(path.join(folder, LOCK_FILE)));
}

/** Folders right in a folder, by name; none where it vanished or may not be read. Runs may lie elsewhere, behind a link. */
async function listPlaces({ folder, name }: Place): Promise<Place[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
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

const placeToRun = ({ folder, name }: Place, sweep?: Place): FoundRun => ({
  id: folderToId(folder),
  folder,
  name,
  ...(sweep && { sweep: { id: folderToId(sweep.folder), name: sweep.name } }),
});

async function placeToRuns(place: Place, owner: Place | undefined, depth: number): Promise<FoundRun[]> {
  if (await isRun(place)) return [placeToRun(place, owner)];
  if (depth === 0) return [];
  const within = await listPlaces(place);
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
  return [...found.values()];
}
