/** An index of the runs and sweeps under some folders, which reads again only what changed. */
import { readdir } from "node:fs/promises";
import path from "node:path";
import { isLocked, LOCK_FILE } from "../files/lock.ts";
import {
  type IndexedRun,
  type ReadRun,
  readIndexed,
  runToSign,
  toProgressed,
  toTorn,
} from "./indexed-run.ts";
import { TABLES } from "./tables.ts";

/** A folder of sweeps, a sweep, a run. */
const DEPTH = 2;
/** Folders that are looked at together: the system answers about that many at a time. */
const AT_ONCE = 32;

/** What shows that a folder without run.json was a run's. */
const REMAINS: ReadonlySet<string> = new Set(["checkpoints", ...TABLES.map((name) => `${name}.csv`)]);
/** What a folder of runs has that a sweep made. */
const SWEEP_SIGNS: ReadonlySet<string> = new Set(["scores.csv", LOCK_FILE]);

interface Kept {
  readonly sign: string;
  readonly read: ReadRun;
}

async function mapSome<T, U>(items: readonly T[], work: (item: T) => Promise<U>): Promise<U[]> {
  const results: U[] = new Array(items.length);
  let next = 0;
  const take = async (): Promise<void> => {
    for (let at = next++; at < items.length; at = next++) results[at] = await work(items[at]);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, take));
  return results;
}

const SETTLED: ReadonlySet<IndexedRun["state"]> = new Set(["finished", "diverged"]);

/** A sweep by its runs. */
function runsToSweep(folder: string, runs: readonly IndexedRun[], isAtWork: boolean): IndexedRun {
  const done = runs.filter(({ state }) => SETTLED.has(state)).length;
  const times = (name: "started" | "updated"): string[] =>
    runs.flatMap(({ [name]: time }) => (time === undefined ? [] : [time])).sort();
  const [started] = times("started");
  const updated = times("updated").at(-1);
  return {
    folder,
    kind: "sweep",
    state: isAtWork ? "training" : done === runs.length ? "finished" : "stopped",
    ...{ done, total: runs.length },
    ...(started !== undefined && { started }),
    ...(updated !== undefined && { updated }),
  };
}

export class RunIndex {
  private readonly locations: readonly string[];
  private kept = new Map<string, Kept>();

  /** @param locations folders of runs and sweeps, or runs themselves */
  constructor(locations: readonly string[]) {
    this.locations = [...new Set(locations.map((location) => path.normalize(location)))];
  }

  /**
   * Runs and sweeps as they are now, by folder; a sweep stands before its runs. Never throws: what is damaged, forbidden or
   * no run after all is a row with its reason, and what vanishes meanwhile is left out.
   */
  async scan(): Promise<IndexedRun[]> {
    const before = this.kept;
    const seen = new Map<string, Kept>();
    const found = await mapSome(this.locations, (location) => this.look(location, DEPTH, before, seen));
    this.kept = seen;
    return found.flat();
  }

  private async look(
    folder: string,
    depth: number,
    before: ReadonlyMap<string, Kept>,
    seen: Map<string, Kept>,
  ): Promise<IndexedRun[]> {
    try {
      const sign = await runToSign(folder);
      if (sign === undefined) return await this.lookWithin(folder, depth, before, seen);
      const known = before.get(folder);
      const kept = known?.sign === sign ? known : { sign, read: await readIndexed(folder) };
      seen.set(folder, kept);
      const { row, isOpen } = kept.read;
      return [isOpen ? await toProgressed(row) : row];
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // A link to a file is no folder, and nothing is said of it; nor of what vanished.
      if (code === "ENOENT" || (code === "ENOTDIR" && depth < DEPTH)) return [];
      return [toTorn(folder, (error as Error).message)];
    }
  }

  private async lookWithin(
    folder: string,
    depth: number,
    before: ReadonlyMap<string, Kept>,
    seen: Map<string, Kept>,
  ): Promise<IndexedRun[]> {
    const entries = await readdir(folder, { withFileTypes: true });
    const names = entries.map(({ name }) => name);
    const folders = entries
      .filter((entry) => (entry.isDirectory() || entry.isSymbolicLink()) && !entry.name.startsWith("."))
      .map(({ name }) => name)
      .sort();
    const within = (name: string): Promise<IndexedRun[]> =>
      this.look(path.join(folder, name), depth - 1, before, seen);
    const runs = depth === 0 ? [] : (await mapSome(folders, within)).flat();
    if (runs.length > 0) {
      if (!names.some((name) => SWEEP_SIGNS.has(name))) return runs;
      return [runsToSweep(folder, runs, await isLocked(folder)), ...runs];
    }
    if (names.some((name) => REMAINS.has(name)))
      return [toTorn(folder, "it has tables or checkpoints of a run, and no run.json")];
    if (names.includes(LOCK_FILE) && (await isLocked(folder)))
      return [{ folder, kind: "run", state: "training", reason: "about to begin" }];
    return [];
  }
}
