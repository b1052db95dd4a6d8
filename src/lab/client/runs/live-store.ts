/** What the lab has said of runs, and what the page asks of it. */
import type { GateEntry } from "../../index/find-gates.ts";
import type { RunEntry } from "../../index/run-entry.ts";
import type { SweepEntry } from "../../index/sweep-entry.ts";
import type { ChartView, LiveChart, LiveCharts, LiveValues } from "../../protocol/charts.ts";
import type { RunsToLab, RunsToPage } from "../../protocol/runs-messages.ts";
import type { RunView } from "../../view/run-view.ts";
import type { Connection } from "../socket.ts";

/** Not asked more often what stands under the pointer, nor for another view. */
const ASK_MS = 60;

type Wish = Omit<Extract<RunsToLab, { kind: "watch" }>, "kind" | "view">;

const byId = <T extends { readonly id: string }>(rows: readonly T[]): Map<string, T> =>
  new Map(rows.map((row) => [row.id, row]));

/** Runs a task at once, and again at the end of a pause if it was asked for meanwhile. */
function paced(task: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isDue = false;
  const run = (): void => {
    isDue = false;
    task();
    timer = setTimeout(() => {
      timer = undefined;
      if (isDue) run();
    }, ASK_MS);
  };
  return () => {
    isDue = true;
    if (timer === undefined) run();
  };
}

export class LiveStore {
  runs = new Map<string, RunEntry>();
  sweeps = new Map<string, SweepEntry>();
  gates: readonly GateEntry[] = [];
  isKnown = false;
  isReadOnly = true;
  view: RunView | undefined;
  charts: readonly LiveChart[] = [];
  info: Omit<LiveCharts, "changed" | "ids"> | undefined;
  values: LiveValues | undefined;
  /** Why there is nothing to show of a run. */
  remark = "";
  private readonly connection: Connection;
  private readonly redraw: () => void;
  private wish: Wish | undefined;
  private chartView: ChartView | undefined;
  private pointer = 0;
  private readonly askView = paced(() => this.chartView && this.send({ kind: "view", view: this.chartView }));
  private readonly askValues = paced(() => this.send({ kind: "at", x: this.pointer }));

  /** @param redraw is called whenever something has changed */
  constructor(connection: Connection, redraw: () => void) {
    this.connection = connection;
    this.redraw = redraw;
  }

  /** Listens, once something is to be shown. @returns what ends it */
  open(): () => void {
    this.connection.listen({
      opened: () => this.watch(),
      message: (message) => this.take(message as RunsToPage),
    });
    const turn = (): void => (document.hidden ? this.send({ kind: "unwatch" }) : this.watch());
    document.addEventListener("visibilitychange", turn);
    return () => {
      document.removeEventListener("visibilitychange", turn);
      this.connection.listen(undefined);
      this.send({ kind: "unwatch" });
    };
  }

  /** Shows another part of the page: the table stays, what was said of a run goes. */
  show(wish: Wish, view: ChartView): void {
    Object.assign(this, { wish, chartView: view, charts: [], remark: "" });
    this.view = this.info = this.values = undefined;
    this.watch();
    this.redraw();
  }

  setView(view: ChartView): void {
    this.chartView = view;
    this.askView();
  }

  point(x: number): void {
    this.pointer = x;
    this.askValues();
  }

  private send(message: RunsToLab): void {
    this.connection.send(message);
  }

  /** A page that nobody sees asks for nothing. */
  private watch(): void {
    if (document.hidden || this.wish === undefined) return;
    this.send({ kind: "watch", ...this.wish, ...(this.chartView && { view: this.chartView }) });
  }

  private take(message: RunsToPage): void {
    if (message.kind === "table") {
      const { runs, sweeps, gates, isReadOnly } = message;
      Object.assign(this, { runs: byId(runs), sweeps: byId(sweeps), gates, isReadOnly, isKnown: true });
    } else if (message.kind === "changes") {
      for (const run of message.runs) this.runs.set(run.id, run);
      for (const gone of message.gone) this.runs.delete(gone);
      this.sweeps = byId(message.sweeps);
      this.gates = message.gates;
    } else if (message.kind === "run") {
      this.view = message.view;
      this.remark = "";
    } else if (message.kind === "charts") this.takeCharts(message);
    else if (message.kind === "values") this.values = message;
    else if (message.kind === "gone") this.remark = "The folder of this run is gone.";
    else if (message.kind === "unreadable") this.remark = message.message;
    this.redraw();
  }

  private takeCharts({ ids, changed, ...info }: LiveCharts): void {
    const all = byId([...this.charts, ...changed]);
    this.charts = ids.flatMap((id) => all.get(id) ?? []);
    this.info = info;
  }
}
