/** What open pages are told while they are open: the table of runs, and the run that a page shows. */
import type { ServerResponse } from "node:http";
import { setTimeout } from "node:timers/promises";
import { textToVisible } from "../../reports/page.ts";
import type { Changes, RunIndex } from "../index/run-index.ts";
import type { RunView } from "../view/run-view.ts";

/** Between two looks at the folders. */
const LOOK_MS = 700;
/** Looking may take this share of the time, unless one look takes very long: the first has to load the program, too. */
const MOST_SHARE = 0.1;
const LONGEST_WAIT_MS = 2000;
/** So often something is sent, for either side to notice that the other is gone. */
const SIGN_MS = 10_000;
const MOST_PAGES = 32;

interface OpenPage {
  readonly response: ServerResponse;
  /** The run that it shows. */
  readonly watched: string | undefined;
  hasTable: boolean;
  stamp: string | undefined;
  sent: number;
}

interface View {
  readonly stamp: string;
  readonly text: string;
  /** Not read again before. */
  readonly next: number;
}

const takenToWait = (taken: number): number => Math.min(LONGEST_WAIT_MS, taken / MOST_SHARE);

const toEvent = (name: string, value: unknown): string =>
  `event: ${name}\ndata: ${JSON.stringify(value)}\n\n`;

export interface FeedParts {
  readonly index: RunIndex;
  readonly isReadOnly: boolean;
  readonly toView: (id: string, folder: string) => Promise<RunView>;
  /** Milliseconds for durations. */
  readonly steadyClock: () => number;
}

export class LiveFeed {
  private readonly index: RunIndex;
  private readonly parts: FeedParts;
  private readonly clock: () => number;
  private readonly pages = new Set<OpenPage>();
  private readonly views = new Map<string, View>();
  private looking: Promise<void> | undefined;

  constructor(parts: FeedParts) {
    this.parts = parts;
    this.index = parts.index;
    this.clock = parts.steadyClock;
  }

  get isFull(): boolean {
    return this.pages.size >= MOST_PAGES;
  }

  /** Sends events until the page is gone. */
  add(response: ServerResponse, watched: string | undefined): void {
    const page: OpenPage = { response, watched, hasTable: false, stamp: undefined, sent: this.clock() };
    this.pages.add(page);
    response.on("close", () => this.pages.delete(page));
    this.looking ??= this.look().finally(() => {
      this.looking = undefined;
    });
  }

  close(): void {
    for (const { response } of this.pages) response.destroy();
    this.pages.clear();
  }

  /** While a page is open: a lab that nobody looks at does nothing. */
  private async look(): Promise<void> {
    while (this.pages.size > 0) {
      const begun = this.clock();
      const changes = await this.index.scan();
      const taken = this.clock() - begun;
      for (const page of this.pages) this.sendTable(page, changes);
      await this.sendRuns();
      for (const page of this.pages) if (this.clock() - page.sent > SIGN_MS) this.send(page, ": here\n\n");
      await setTimeout(Math.max(LOOK_MS, takenToWait(taken)), undefined, { ref: false });
    }
    this.views.clear();
  }

  /** A page that cannot take what it is sent gets all of it when it can. */
  private sendTable(page: OpenPage, changes: Changes): void {
    if (page.response.writableNeedDrain) {
      page.hasTable &&= changes.runs.length === 0 && changes.gone.length === 0;
      return;
    }
    const { runs, sweeps } = this.index;
    if (!page.hasTable) this.send(page, toEvent("table", { runs, sweeps, canStop: !this.parts.isReadOnly }));
    else if (changes.runs.length > 0 || changes.gone.length > 0)
      this.send(page, toEvent("changes", { ...changes, sweeps }));
    page.hasTable = true;
  }

  private async sendRuns(): Promise<void> {
    for (const page of this.pages) {
      if (page.watched === undefined || page.response.writableNeedDrain) continue;
      const view = await this.readView(page.watched);
      if (view.stamp === page.stamp) continue;
      page.stamp = view.stamp;
      this.send(page, view.text);
    }
    const watched = new Set([...this.pages].map((page) => page.watched));
    for (const id of this.views.keys()) if (!watched.has(id)) this.views.delete(id);
  }

  private async readView(id: string): Promise<View> {
    const known = this.views.get(id);
    const begun = this.clock();
    if (known !== undefined && begun < known.next) return known;
    const folder = this.index.idToFolder(id);
    const stamp = (await this.index.idToStamp(id)) ?? "gone";
    if (known?.stamp === stamp) return known;
    const text =
      folder === undefined
        ? toEvent("gone", { id })
        : await this.parts.toView(id, folder).then(
            (view) => toEvent("run", view),
            (error: Error) => toEvent("unreadable", { id, message: textToVisible(error.message) }),
          );
    const now = this.clock();
    const view = { stamp, text, next: now + takenToWait(now - begun) };
    this.views.set(id, view);
    return view;
  }

  private send(page: OpenPage, text: string): void {
    page.response.write(text);
    page.sent = this.clock();
  }
}
