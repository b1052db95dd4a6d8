/** A page that is told of runs: what it watches, and what it has been sent. */

import type { RunIndex } from "../index/run-index.ts";
import type { ChartView } from "../protocol/charts.ts";
import type { RunsToPage } from "../protocol/runs-messages.ts";
import { chartsToLive, chartsToValues } from "../view/charts-to-live.ts";
import { runsToComparedCharts } from "../view/compared-charts.ts";
import type { TimedChart } from "../view/lines-to-live.ts";
import type { OpenPage } from "./sockets.ts";
import type { KnownRun, WatchedRuns } from "./watched-runs.ts";

export interface Wish {
  /** The run of a run's page. */
  readonly run?: string;
  /** Runs that are laid over one another. */
  readonly compare?: readonly string[];
  readonly view: ChartView;
}

export class PageReader {
  readonly page: OpenPage;
  readonly ids: readonly string[];
  /** Whether it has all rows of the table. */
  hasTable = false;
  /** The list of gates that it was sent. */
  gates: unknown;
  private readonly isComparison: boolean;
  private view: ChartView;
  private charts: readonly TimedChart[] = [];
  private versions = "";
  private sentView: ChartView | undefined;
  private sentRun = 0;
  /** Charts as they were sent. */
  private sent = new Map<string, string>();

  constructor(page: OpenPage, { run, compare, view }: Wish) {
    this.page = page;
    this.isComparison = compare !== undefined;
    this.ids = compare ?? (run === undefined ? [] : [run]);
    this.view = view;
  }

  /** Sends what has changed of the runs that it watches. */
  update(runs: WatchedRuns, index: RunIndex): void {
    if (this.ids.length === 0 || this.page.isBusy) return;
    const known = this.ids.map((id) => runs.get(id));
    if (known.some((run) => run === undefined)) return;
    const versions = known.map((run) => run!.version).join();
    const isNew = versions !== this.versions;
    this.versions = versions;
    if (isNew) this.take(known as KnownRun[], index);
    if (isNew || this.view !== this.sentView) this.sendCharts(known as KnownRun[]);
  }

  private take(known: readonly KnownRun[], index: RunIndex): void {
    if (this.isComparison) {
      const named = known.flatMap(({ id, run }) =>
        run ? [{ name: index.entryOf(id)?.name ?? id, run }] : [],
      );
      this.charts = runsToComparedCharts(named);
      return;
    }
    const [{ version, message, run }] = known;
    this.charts = run?.charts ?? [];
    if (version !== this.sentRun) this.page.send(message);
    this.sentRun = version;
  }

  private sendCharts(known: readonly KnownRun[]): void {
    const { charts, view } = this;
    const live = chartsToLive(charts, view);
    const leavesOutPauses = known.some(({ run }) => run?.wasResumed);
    const changed = live.changed.filter((chart) => {
      const text = JSON.stringify(chart);
      const isSame = this.sent.get(chart.id) === text;
      this.sent.set(chart.id, text);
      return !isSame;
    });
    this.sentView = view;
    const message: RunsToPage = { kind: "charts", ...live, changed, leavesOutPauses };
    this.page.send(message);
  }

  setView(view: ChartView, runs: WatchedRuns, index: RunIndex): void {
    this.view = view;
    this.update(runs, index);
  }

  sendValues(x: number): void {
    if (this.charts.length === 0 || this.page.isBusy) return;
    const message: RunsToPage = { kind: "values", ...chartsToValues(this.charts, x, this.view) };
    this.page.send(message);
  }
}
