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

/** Between two tellings of the first scan. */
const PART_MS = 300;

const isLive = ({ entry }: Known): boolean => entry.status === "running";

export class RunIndex {
  private readonly roots: readonly string[];
  private readonly listings = new Listings();
  private readonly gateFiles = new Gates();
  private readonly varying = new Varying();
  private known = new Map<string, Known>();
  private recent: ReadonlySet<string> = new Set();
  private turn = 0;
  private readonly onPart: (changes: Changes) => void;

  /** @param onPart is told of runs that were read while the first of all scans goes on */
  constructor(roots: readonly string[], onPart: (changes: Changes) => void = () => {}) {
    this.roots = roots;
    this.onPart = onPart;
  }

  /** Looks at all folders. Runs in progress are read each time that anything of theirs has changed, or their lock may have. */
  async scan(): Promise<Changes> {
    const before = this.known;
    const { runs: found, histories } = await findRuns(this.roots, this.listings);
    await this.gateFiles.update(histories);
    this.turn++;
    const now = new Map<string, Known>();
    const read: string[] = [];
    const waiting = found.filter((run, i) => {
      const known = before.get(run.id);
      const isLeft = known !== undefined && !this.isDue(known, run, i);
      if (isLeft) now.set(run.id, known);
      return !isLeft;
    });
    const isFirst = before.size === 0;
    let nextTold = Date.now() + PART_MS;
    const work = async (): Promise<void> => {
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
        const known = before.get(next.id);
        const looked = await this.look(next, known);
        const isSame = known !== undefined && JSON.stringify(looked.full) === JSON.stringify(known.full);
        now.set(next.id, isSame ? { ...looked, entry: known.entry } : looked);
        if (!isSame) read.push(next.id);
        if (!isFirst || waiting.length === 0 || Date.now() < nextTold) continue;
        this.onPart({ runs: this.take(found, now, read.splice(0)), gone: [] });
        nextTold = Date.now() + PART_MS;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    const gone = [...before.keys()].filter((id) => !now.has(id));
    return { runs: this.take(found, now, read, gone.length > 0), gone };
  }

  /**
   * Keeps what was looked at, in the order of the names, whichever was read first.
   * @param read ids of runs that are new or other than before
   * @returns entries to tell: of other runs too, where options are told now that were alike before
   */
  private take(
    found: readonly FoundRun[],
    now: Map<string, Known>,
    read: readonly string[],
    isFewer = false,
  ): RunEntry[] {
    const places = found.filter(({ id }) => now.has(id));
    this.known = new Map(places.map(({ id }) => [id, now.get(id)!]));
    if (read.length === 0 && !isFewer) return [];
    const isOther = this.varying.update([...now.values()].map(({ full }) => full.options));
    const told = isOther ? [...this.known.keys()] : read;
    for (const id of told) {
      const known = now.get(id)!;
      const options = this.varying.pick(known.full.options);
      const kept = { ...known, entry: { ...known.full, options } };
      now.set(id, kept);
      this.known.set(id, kept);
    }
    const byTime = [...this.known]
      .map(([id, { stamp }]) => [id, stampToTime(stamp)] as const)
      .sort(([, a], [, b]) => b - a);
    this.recent = new Set(byTime.slice(0, RECENT).map(([id]) => id));
    return told.map((id) => this.known.get(id)!.entry);
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
