/** What open pages are told while they are open: the table of runs, and the run that a page shows. */
import { setTimeout } from "node:timers/promises";
import { textToVisible } from "../../reports/page.ts";
import type { Changes, RunIndex } from "../index/run-index.ts";
import type { RunsToPage } from "../protocol/runs-messages.ts";
import type { RunView } from "../view/run-view.ts";
import type { OpenPage } from "./sockets.ts";

/** Between two looks at the folders. */
const LOOK_MS = 700;
/** Looking may take this share of the time, unless one look takes very long: the first has to load the program, too. */
const MOST_SHARE = 0.1;
const LONGEST_WAIT_MS = 2000;

/** A page that is told of runs. */
interface Reader {
  readonly page: OpenPage;
  /** The run that it shows. */
  readonly watched: string | undefined;
  hasTable: boolean;
  stamp: string | undefined;
}

interface View {
  readonly stamp: string;
  readonly message: RunsToPage;
  /** Not read again before. */
  readonly next: number;
}

const takenToWait = (taken: number): number => Math.min(LONGEST_WAIT_MS, taken / MOST_SHARE);

export interface FeedParts {
  readonly index: RunIndex;
  readonly isReadOnly: boolean;
  readonly toView: (id: string, folder: string) => Promise<RunView>;
  /** Milliseconds for durations. */
  readonly steadyClock: () => number;
}

export class LiveFeed {
  private readonly parts: FeedParts;
  private readonly readers = new Map<OpenPage, Reader>();
  private readonly views = new Map<string, View>();
  private looking: Promise<void> | undefined;

  constructor(parts: FeedParts) {
    this.parts = parts;
  }

  /** Tells a page of all runs, and of one more closely, until it is left. */
  add(page: OpenPage, watched: string | undefined): void {
    this.readers.set(page, { page, watched, hasTable: false, stamp: undefined });
    this.looking ??= this.look().finally(() => {
      this.looking = undefined;
    });
  }

  leave(page: OpenPage): void {
    this.readers.delete(page);
  }

  /** While a page is open: a lab that nobody looks at does nothing. */
  private async look(): Promise<void> {
    const { index, steadyClock } = this.parts;
    while (this.readers.size > 0) {
      const begun = steadyClock();
      const changes = await index.scan();
      const taken = steadyClock() - begun;
      for (const reader of this.readers.values()) this.sendTable(reader, changes);
      await this.sendRuns();
      await setTimeout(Math.max(LOOK_MS, takenToWait(taken)), undefined, { ref: false });
    }
    this.views.clear();
  }

  /** A page that cannot take what it is sent gets all of it when it can. */
  private sendTable(reader: Reader, changes: Changes): void {
    const isSame = changes.runs.length === 0 && changes.gone.length === 0;
    if (reader.page.isBusy) {
      reader.hasTable &&= isSame;
      return;
    }
    const { index, isReadOnly } = this.parts;
    const send = (message: RunsToPage): void => reader.page.send(message);
    const { runs, sweeps } = index;
    if (!reader.hasTable) send({ kind: "table", runs, sweeps, canStop: !isReadOnly });
    else if (!isSame) send({ kind: "changes", ...changes, sweeps });
    reader.hasTable = true;
  }

  private async sendRuns(): Promise<void> {
    for (const reader of this.readers.values()) {
      if (reader.watched === undefined || reader.page.isBusy) continue;
      const view = await this.readView(reader.watched);
      if (view.stamp === reader.stamp) continue;
      reader.stamp = view.stamp;
      reader.page.send(view.message);
    }
    const watched = new Set([...this.readers.values()].map((reader) => reader.watched));
    for (const id of this.views.keys()) if (!watched.has(id)) this.views.delete(id);
  }

  private async readView(id: string): Promise<View> {
    const { index, steadyClock, toView } = this.parts;
    const known = this.views.get(id);
    const begun = steadyClock();
    if (known !== undefined && begun < known.next) return known;
    const folder = index.idToFolder(id);
    const stamp = (await index.idToStamp(id)) ?? "gone";
    if (known?.stamp === stamp) return known;
    const message: RunsToPage =
      folder === undefined
        ? { kind: "gone", id }
        : await toView(id, folder).then(
            (view) => ({ kind: "run", view }),
            (error: Error) => ({ kind: "unreadable", id, message: textToVisible(error.message) }),
          );
    const now = steadyClock();
    const view = { stamp, message, next: now + takenToWait(now - begun) };
    this.views.set(id, view);
    return view;
  }
}
