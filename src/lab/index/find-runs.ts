/** Run folders under the folders that a lab shows, the sweeps that they belong to, and histories of checks. */
import { createHash } from "node:crypto";
import { realpath } from "node:fs/promises";
import path from "node:path";
import { DESCRIPTION_FILE } from "../../run-folder/run-folder.ts";
import type { Listings, Place } from "./listings.ts";

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
  readonly folder: string;
  readonly name: string;
}

export interface FoundFile {
  readonly id: string;
  readonly location: string;
  readonly name: string;
}

export interface Found {
  readonly runs: readonly FoundRun[];
  /** Files that may be histories of checks. */
  readonly histories: readonly FoundFile[];
}

const ids = new Map<string, string>();

/** 64 bits of a hash: nobody can name a folder that was not found. */
function folderToId(folder: string): string {
  let id = ids.get(folder);
  if (id === undefined) {
    id = createHash("sha256").update(folder).digest("hex").slice(0, 16);
    ids.set(folder, id);
  }
  return id;
}

const placeToRun = ({ folder, name }: Place, sweep?: Place, remains?: string): FoundRun => ({
  id: folderToId(folder),
  folder,
  name,
  ...(remains !== undefined && { remains }),
  ...(sweep && { sweep: { id: folderToId(sweep.folder), ...sweep } }),
});

const placeToFile = ({ folder, name }: Place): FoundFile => ({
  id: folderToId(folder),
  location: folder,
  name,
});

const NONE: Found = { runs: [], histories: [] };

const MISSING = `it has tables or checkpoints of a run, and no ${DESCRIPTION_FILE}`;

async function placeToFound(
  listings: Listings,
  place: Place,
  owner: Place | undefined,
  depth: number,
): Promise<Found> {
  const { kind, within, isSweep, histories } = await listings.look(
    place,
    Number.parseInt(folderToId(place.folder).slice(0, 4), 16),
  );
  if (kind === "run") return { runs: [placeToRun(place, owner)], histories: [] };
  if (kind === "remains") return { runs: [placeToRun(place, owner, MISSING)], histories: [] };
  if (depth === 0) return NONE;
  // Below a lab's folder whatever holds runs is shown as one.
  const own = owner === undefined && depth === 2 && !isSweep ? undefined : place;
  const found = await Promise.all(within.map((each) => placeToFound(listings, each, own, depth - 1)));
  return {
    runs: found.flatMap(({ runs }) => runs),
    histories: [...histories.map(placeToFile), ...found.flatMap((each) => each.histories)],
  };
}

async function rootToFound(listings: Listings, root: string): Promise<Found> {
  const folder = await realpath(root).catch(() => undefined);
  if (folder === undefined) return NONE;
  const name = root === "." ? path.basename(folder) : path.normalize(root);
  if (folder.endsWith(".jsonl")) return { runs: [], histories: [placeToFile({ folder, name })] };
  return placeToFound(listings, { folder, name }, undefined, 2);
}

const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
  a.name < b.name ? -1 : 1;

/** Runs in these folders, right in them or one folder deeper. A folder that is not there has none: it may come. */
export async function findRuns(roots: readonly string[], listings: Listings): Promise<Found> {
  const runs = new Map<string, FoundRun>();
  const histories = new Map<string, FoundFile>();
  listings.begin();
  for (const root of roots) {
    const found = await rootToFound(listings, root);
    for (const run of found.runs) runs.set(run.id, run);
    for (const file of found.histories) histories.set(file.id, file);
  }
  listings.end();
  return { runs: [...runs.values()].sort(byName), histories: [...histories.values()].sort(byName) };
}
