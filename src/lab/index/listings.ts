/** Folders as they were listed: one whose time has not changed is not listed again. */
import type { Dirent, Stats } from "node:fs";
import { lstat, readdir, stat } from "node:fs/promises";
import path from "node:path";
import { LOCK_FILE } from "../../files/lock.ts";
import { DESCRIPTION_FILE } from "../../run-folder/run-folder.ts";
import { PARTS_FOLDER } from "../../run-folder/sweep-parts.ts";
import { TABLES } from "../../run-folder/tables.ts";
import { SCORES_FILE } from "../../sweep/scores-file.ts";

export interface Place {
  readonly folder: string;
  readonly name: string;
}

export interface Listing {
  readonly kind: "run" | "remains" | "folder";
  /** Folders right in it. Runs may lie elsewhere, behind a link. */
  readonly within: readonly Place[];
  /** Whether a sweep works in it or has worked in it. */
  readonly isSweep: boolean;
  /** Files that may be histories of checks. */
  readonly histories: readonly Place[];
}

interface Kept {
  readonly stamp: string;
  readonly listing: Listing;
}

const NOTHING: Omit<Listing, "kind"> = { within: [], isSweep: false, histories: [] };

/** What shows that a folder without run.json was a run's. */
const REMAINS: ReadonlySet<string> = new Set([
  "checkpoints",
  ...TABLES.filter((name) => name !== "scores").map((name) => `${name}.csv`),
]);

/** A folder that was changed a moment ago may change again without another time. */
const SETTLED_MS = 2000;
/** Runs are looked at again in so many turns, one part of them each time: what they were they seldom cease to be. */
export const TURNS = 16;

const statsToStamp = ({ ino, mtimeMs }: Stats): string => `${ino} ${mtimeMs}`;

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

async function list(place: Place): Promise<Listing> {
  const { folder, name } = place;
  // Whatever has this name: what is no file is a run that cannot be read.
  const isRun = await lstat(path.join(folder, DESCRIPTION_FILE)).then(
    () => true,
    () => false,
  );
  if (isRun) return { kind: "run", ...NOTHING };
  // None where it vanished or may not be read.
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  if (entries.some((entry) => REMAINS.has(entry.name))) return { kind: "remains", ...NOTHING };
  const files = entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
  return {
    kind: "folder",
    within: await listPlaces(place, entries),
    isSweep:
      files.includes(SCORES_FILE) ||
      files.includes(LOCK_FILE) ||
      entries.some((entry) => entry.name === PARTS_FOLDER),
    histories: files
      .filter((file) => file.endsWith(".jsonl"))
      .map((file) => ({ folder: path.join(folder, file), name: path.join(name, file) })),
  };
}

export class Listings {
  private known = new Map<string, Kept>();
  private seen = new Set<string>();
  private turn = 0;

  /** Begins a look at all folders. */
  begin(): void {
    this.turn = (this.turn + 1) % TURNS;
    this.seen = new Set();
  }

  /** Forgets folders that were not looked at since it began. */
  end(): void {
    for (const folder of this.known.keys()) if (!this.seen.has(folder)) this.known.delete(folder);
  }

  /** @param turn in which a run is looked at again */
  async look(place: Place, turn: number): Promise<Listing> {
    const { folder } = place;
    this.seen.add(folder);
    const known = this.known.get(folder);
    if (known?.listing.kind === "run" && turn % TURNS !== this.turn) return known.listing;
    const entry = await stat(folder).catch(() => undefined);
    if (entry === undefined) {
      this.known.delete(folder);
      return { kind: "folder", ...NOTHING };
    }
    const stamp = statsToStamp(entry);
    if (known?.stamp === stamp) return known.listing;
    const listing = await list(place);
    const isSettled = Date.now() - entry.mtimeMs > SETTLED_MS;
    this.known.set(folder, { stamp: isSettled ? stamp : "", listing });
    return listing;
  }
}
