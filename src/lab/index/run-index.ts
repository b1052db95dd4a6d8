/** All runs of a lab, kept up to date by looking: only what may have changed is looked at, only what has is read. */

import { type GateEntry, Gates } from "./find-gates.ts";
import { type FoundRun, type FoundSweep, findRuns } from "./find-runs.ts";
import { Listings, TURNS } from "./listings.ts";
import { folderToShortStamp, folderToStamp, stampToTime } from "./own-files.ts";
import { type RunEntry, runToEntry } from "./run-entry.ts";
import { runsToSweeps, type SweepEntry } from "./sweep-entry.ts";
import { Varying } from "./varying-options.ts";

interface Known {
  readonly found: FoundRun;
  readonly stamp: string;
  /** With all options. */
  readonly full: RunEntry;
  /** As pages get it. */
  readonly entry: RunEntry;
}

/** What became of the table since it was looked at before. */
export interface Changes {
  readonly runs: readonly RunEntry[];
  readonly gone: readonly string[];
}

/** Folders that are read at the same time. */
const AT_ONCE = 16;
/** Runs that ended last are looked at each time: they may be continued. The others take turns. */
const RECENT = 64;

const isLive = ({ entry }: Known): boolean => entry.status === "running";

export class RunIndex {
  private readonly roots: readonly string[];
  private readonly listings = new Listings();
  private readonly gateFiles = new Gates();
  private readonly varying = new Varying();
  private known = new Map<string, Known>();
  private recent: ReadonlySet<string> = new Set();
  private turn = 0;

  constructor(roots: readonly string[]) {
    this.roots = roots;
  }

  /** Looks at all folders. Runs in progress are read each time that anything of theirs has changed, or their lock may have. */
  async scan(): Promise<Changes> {
    const before = this.known;
    const { runs: found, histories } = await findRuns(this.roots, this.listings);
    await this.gateFiles.update(histories);
    this.turn++;
    const now = new Map<string, Known>();
    const changed: string[] = [];
    const waiting = found.filter((run, i) => {
      const known = before.get(run.id);
      const isLeft = known !== undefined && !this.isDue(known, run, i);
      if (isLeft) now.set(run.id, known);
      return !isLeft;
    });
    const work = async (): Promise<void> => {
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
        const known = before.get(next.id);
        const looked = await this.look(next, known);
        const isSame = known !== undefined && JSON.stringify(looked.full) === JSON.stringify(known.full);
        now.set(next.id, isSame ? { ...looked, entry: known.entry } : looked);
        if (!isSame) changed.push(next.id);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    const gone = [...before.keys()].filter((id) => !now.has(id));
    // In the order of their names, whichever was read first.
    this.known = new Map(found.map(({ id }) => [id, now.get(id)!]));
    if (changed.length > 0 || gone.length > 0) this.settle(changed);
    return { runs: changed.map((id) => this.known.get(id)!.entry), gone };
  }

  private isDue(known: Known, { id, sweep }: FoundRun, place: number): boolean {
    const isMoved = sweep?.id !== known.found.sweep?.id;
    return isMoved || isLive(known) || this.recent.has(id) || place % TURNS === this.turn % TURNS;
  }

  private async look(found: FoundRun, known: Known | undefined): Promise<Known> {
    const stamp = `${await folderToShortStamp(found.folder)} ${found.sweep?.id} ${found.remains}`;
    if (known !== undefined && !isLive(known) && known.stamp === stamp) return known;
    const full = await runToEntry(found);
    return { found, stamp, full, entry: full };
  }

  /** @param changed ids; of others too where options are told now that were alike before */
  private settle(changed: string[]): void {
    const all = [...this.known];
    if (this.varying.update(all.map(([, { full }]) => full.options))) {
      changed.length = 0;
      changed.push(...this.known.keys());
    }
    for (const id of changed) {
      const known = this.known.get(id)!;
      const options = this.varying.pick(known.full.options);
      this.known.set(id, { ...known, entry: { ...known.full, options } });
    }
    const byTime = all
      .map(([id, { stamp }]) => [id, stampToTime(stamp)] as const)
      .sort(([, a], [, b]) => b - a);
    this.recent = new Set(byTime.slice(0, RECENT).map(([id]) => id));
  }

  /** As of the last scan. */
  get runs(): RunEntry[] {
    return [...this.known.values()].map(({ entry }) => entry);
  }

  private get foundSweeps(): ReadonlyMap<string, FoundSweep> {
    const found = [...this.known.values()].flatMap(({ found: { sweep } }) => sweep ?? []);
    return new Map(found.map((sweep) => [sweep.id, sweep]));
  }

  get sweeps(): SweepEntry[] {
    return runsToSweeps(this.runs, new Map([...this.foundSweeps].map(([id, { name }]) => [id, name])));
  }

  get gates(): readonly GateEntry[] {
    return this.gateFiles.entries;
  }

  idToGate(id: string): string | undefined {
    return this.gateFiles.idToLocation(id);
  }

  /** The folder of a run that was found; undefined for any other id. */
  idToFolder(id: string): string | undefined {
    return this.known.get(id)?.found.folder;
  }

  idToSweepFolder(id: string): string | undefined {
    return this.foundSweeps.get(id)?.folder;
  }

  /** Folders of a sweep's runs. */
  idToSweepRuns(id: string): string[] {
    return [...this.known.values()].flatMap(({ found }) => (found.sweep?.id === id ? [found.folder] : []));
  }

  entryOf(id: string): RunEntry | undefined {
    return this.known.get(id)?.entry;
  }

  /** Changes when anything of the run does. */
  async idToStamp(id: string): Promise<string | undefined> {
    const known = this.known.get(id);
    return known && `${known.entry.status} ${await folderToStamp(known.found.folder)}`;
  }
}
