/** Runs that pages show, each read once for all of them. */
import { textToVisible } from "../../reports/page.ts";
import type { RunIndex } from "../index/run-index.ts";
import type { RunsToPage } from "../protocol/runs-messages.ts";
import { watchedToView } from "../view/run-view.ts";
import { WatchedRun } from "../view/watched-run.ts";

/** Reading and judging a run may take this share of the time. */
const MOST_SHARE = 0.1;
const LONGEST_WAIT_MS = 10_000;

export interface KnownRun {
  readonly id: string;
  /** Undefined where its folder is gone or cannot be read. */
  readonly run: WatchedRun | undefined;
  /** Counts each time that it has changed. */
  readonly version: number;
  /** What its page says beside the charts. */
  readonly message: RunsToPage;
}

interface Kept {
  readonly watched: WatchedRun | undefined;
  known: KnownRun;
  stamp: string;
  /** Not read again before. */
  next: number;
}

export class WatchedRuns {
  private readonly index: RunIndex;
  private readonly steadyClock: () => number;
  private readonly kept = new Map<string, Kept>();
  private reading: Promise<unknown> = Promise.resolve();

  constructor(index: RunIndex, steadyClock: () => number) {
    this.index = index;
    this.steadyClock = steadyClock;
  }

  /** As of the last reading. */
  get(id: string): KnownRun | undefined {
    return this.kept.get(id)?.known;
  }

  /** Reads on what has changed; one run after the other. */
  read(id: string): Promise<KnownRun> {
    const read = this.reading.then(() => this.readOn(id));
    this.reading = read.catch(() => {});
    return read;
  }

  private async readOn(id: string): Promise<KnownRun> {
    const { index, steadyClock } = this;
    const begun = steadyClock();
    const kept = this.kept.get(id);
    if (kept !== undefined && begun < kept.next) return kept.known;
    const folder = index.idToFolder(id);
    const stamp = (await index.idToStamp(id)) ?? "gone";
    if (kept?.stamp === stamp) return kept.known;
    const isSame = kept?.watched !== undefined && kept.watched.folder === folder;
    const watched = isSame ? kept.watched : folder === undefined ? undefined : new WatchedRun(folder);
    const version = (kept?.known.version ?? 0) + 1;
    const known = await this.toKnown(id, watched, version);
    const now = steadyClock();
    const next = now + Math.min(LONGEST_WAIT_MS, (now - begun) / MOST_SHARE - (now - begun));
    this.kept.set(id, { watched, known, stamp, next });
    return known;
  }

  private async toKnown(id: string, watched: WatchedRun | undefined, version: number): Promise<KnownRun> {
    if (watched === undefined) return { id, run: undefined, version, message: { kind: "gone", id } };
    try {
      await watched.read();
      return { id, run: watched, version, message: { kind: "run", view: watchedToView(id, watched) } };
    } catch (error) {
      const message = textToVisible((error as Error).message);
      return { id, run: undefined, version, message: { kind: "unreadable", id, message } };
    }
  }

  /** Forgets all but these. */
  keep(ids: ReadonlySet<string>): void {
    for (const id of this.kept.keys()) if (!ids.has(id)) this.kept.delete(id);
  }
}
