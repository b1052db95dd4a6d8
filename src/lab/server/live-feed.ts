/** What open pages are told while they are open: the table of runs, and the runs that a page shows. */
import { setTimeout } from "node:timers/promises";
import type { Changes, RunIndex } from "../index/run-index.ts";
import type { ChartView } from "../protocol/charts.ts";
import type { RunsToPage } from "../protocol/runs-messages.ts";
import { PageReader, type Wish } from "./page-reader.ts";
import type { OpenPage } from "./sockets.ts";
import { WatchedRuns } from "./watched-runs.ts";

/** Between two looks at watched runs. */
const TICK_MS = 500;
/** Between two looks at all folders. */
const SCAN_MS = 1400;
/** Looking may take this share of the time, unless one look takes very long: the first has to load the program, too. */
const MOST_SHARE = 0.025;
const LONGEST_WAIT_MS = 10_000;

const NO_CHANGES: Changes = { runs: [], gone: [] };

export interface FeedParts {
  readonly index: RunIndex;
  readonly isReadOnly: boolean;
  /** Milliseconds for durations. */
  readonly steadyClock: () => number;
}

export class LiveFeed {
  private readonly parts: FeedParts;
  private readonly readers = new Map<OpenPage, PageReader>();
  private readonly runs: WatchedRuns;
  private looking: Promise<void> | undefined;
  /** Not scanned again before. */
  private nextScan = 0;

  constructor(parts: FeedParts) {
    this.parts = parts;
    this.runs = new WatchedRuns(parts.index, parts.steadyClock);
  }

  /** Tells a page of all runs, and of some more closely, until it is left. */
  add(page: OpenPage, wish: Wish): void {
    const reader = new PageReader(page, wish);
    const before = this.readers.get(page);
    if (before) Object.assign(reader, { hasTable: before.hasTable, gates: before.gates });
    this.readers.set(page, reader);
    this.looking ??= this.look().finally(() => {
      this.looking = undefined;
    });
    if (this.parts.index.runs.length > 0) {
      if (!reader.hasTable) this.sendTable(reader, NO_CHANGES);
      void this.readRuns([reader]).catch(() => {});
    }
  }

  /** Of runs that were found while the first look goes on. */
  tell(changes: Changes): void {
    for (const reader of this.readers.values()) this.sendTable(reader, changes);
  }

  setView(page: OpenPage, view: ChartView): void {
    this.readers.get(page)?.setView(view, this.runs, this.parts.index);
  }

  sendValues(page: OpenPage, x: number): void {
    this.readers.get(page)?.sendValues(x);
  }

  leave(page: OpenPage): void {
    this.readers.delete(page);
  }

  /** While a page is open: a lab that nobody looks at does nothing. */
  private async look(): Promise<void> {
    while (this.readers.size > 0) {
      const changes = await this.scan();
      for (const reader of this.readers.values()) this.sendTable(reader, changes);
      await this.readRuns([...this.readers.values()]);
      await setTimeout(TICK_MS, undefined, { ref: false });
    }
    this.runs.keep(new Set());
  }

  private async scan(): Promise<Changes> {
    const { index, steadyClock } = this.parts;
    const begun = steadyClock();
    if (begun < this.nextScan) return NO_CHANGES;
    const cpu = process.cpuUsage();
    const changes = await index.scan();
    // The time that it works, not that it waits for a disk.
    const { user, system } = process.cpuUsage(cpu);
    const taken = (user + system) / 1000;
    this.nextScan = begun + Math.max(SCAN_MS, Math.min(LONGEST_WAIT_MS, taken / MOST_SHARE));
    return changes;
  }

  /** A page that cannot take what it is sent gets all of it when it can. */
  private sendTable(reader: PageReader, changes: Changes): void {
    const { index, isReadOnly } = this.parts;
    const { sweeps, gates } = index;
    const isSame = changes.runs.length === 0 && changes.gone.length === 0 && reader.gates === gates;
    if (reader.page.isBusy) {
      reader.hasTable &&= isSame;
      return;
    }
    const send = (message: RunsToPage): void => reader.page.send(message);
    if (reader.hasTable && isSame) return;
    if (!reader.hasTable) send({ kind: "table", runs: index.runs, sweeps, gates, isReadOnly });
    else send({ kind: "changes", ...changes, sweeps, gates });
    reader.hasTable = true;
    reader.gates = gates;
  }

  private async readRuns(readers: readonly PageReader[]): Promise<void> {
    for (const id of new Set(readers.flatMap(({ ids }) => ids))) await this.runs.read(id);
    const watched = new Set([...this.readers.values()].flatMap(({ ids }) => ids));
    this.runs.keep(watched);
    for (const reader of readers)
      if (this.readers.get(reader.page) === reader) reader.update(this.runs, this.parts.index);
  }
}
