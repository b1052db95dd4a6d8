/** Panes that are played in step: each stands at the end of the same round of the same span. */
import type { PaneFacts } from "../protocol/plane-messages.ts";
import type { FrameBudget } from "./frame-budget.ts";
import { type Change, type History, type Position, type Span, spanToPane } from "./history.ts";
import { drawnToReason } from "./pairing.ts";
import { optionsToCommand } from "./pane-command.ts";
import type { PaneCalls, PaneReport, Wanted } from "./pane-messages.ts";
import type { Screen } from "./screen.ts";
import type { PaneSpan } from "./span.ts";

/** Rounds of one call where many are played at once: what a page waits for at most. */
const CHUNK = 100;

export const NOTHING: Wanted = { layers: [], rows: false };

export const forPane = ({ frame, ...wanted }: Wanted, pane: number): Wanted => ({
  ...wanted,
  ...(frame && { frame: { ...frame, pane } }),
});

export class Lockstep {
  readonly panes: readonly PaneCalls[];
  readonly history: History;
  private readonly screen: Screen;
  private readonly budget: FrameBudget;
  reports: readonly PaneReport[];
  isPlaying = false;
  private command = "";

  constructor(
    panes: readonly PaneCalls[],
    reports: readonly PaneReport[],
    { history, screen, budget }: { history: History; screen: Screen; budget: FrameBudget },
  ) {
    this.panes = panes;
    this.reports = reports;
    this.history = history;
    this.screen = screen;
    this.budget = budget;
  }

  get round(): number {
    return this.history.position.round;
  }

  get isInRound(): boolean {
    return this.reports.some(({ isInRound }) => isInRound);
  }

  get isDiverged(): boolean {
    return this.reports.some(({ state }) => state.diverged !== undefined);
  }

  each<T>(call: (pane: PaneCalls, index: number) => Promise<T>): Promise<T[]> {
    return Promise.all(this.panes.map(call));
  }

  path(pane: number, span = this.history.position.span): PaneSpan[] {
    return this.history.pathTo(span).map((one) => spanToPane(one, pane));
  }

  /** Plays a stretch of the branch: as far as its next change, and no further than a round. */
  async advance(to: number, wanted: Wanted): Promise<void> {
    const { history } = this;
    const { next } = history;
    if (next !== undefined && next.from === history.position.round) {
      await this.each((pane, i) => pane.change(spanToPane(next, i), NOTHING));
      history.moveTo({ span: next.id, round: next.from });
      return this.tellSettings();
    }
    const end = Math.min(to, next?.from ?? to);
    const rounds = end - this.round;
    const reports = await this.each((pane, i) => pane.advance(end, forPane(wanted, i)));
    this.budget.count(rounds, ...longestOf(reports));
    await this.arrive(reports);
  }

  /** The panes have moved on: where one of them diverged, all stand where it does. */
  async arrive(reports: readonly PaneReport[]): Promise<void> {
    const { history } = this;
    const broken = reports.filter(({ state }) => state.diverged !== undefined);
    const round = Math.min(...(broken.length > 0 ? broken : reports).map(({ state }) => state.round));
    history.moveTo({ span: history.position.span, round });
    if (broken.length > 0) {
      this.isPlaying = false;
      const settled = await this.each(async (pane, i) =>
        reports[i].state.round === round
          ? reports[i]
          : { ...reports[i], ...(await pane.goTo(this.path(i), round, NOTHING)) },
      );
      this.publish(settled);
    } else this.publish(reports);
  }

  publish(reports: readonly PaneReport[]): void {
    this.reports = reports;
    this.screen.show(reports.flatMap(({ frame }) => frame ?? []));
    for (const [pane, { rows }] of reports.entries())
      if (rows) this.screen.tell({ kind: "rows", pane, ...rows });
    this.tellState();
  }

  tellState(): void {
    const { history } = this;
    this.screen.tell({
      kind: "state",
      panes: this.reports.map(({ state }) => state),
      isPlaying: this.isPlaying,
      roundsPerSecond: this.isPlaying ? this.budget.speed : 0,
      newest: history.branch.newest,
      branch: history.branch.id,
      branches: history.facts,
      canUndo: history.canUndo,
    });
  }

  async look(): Promise<void> {
    const wanted = this.screen.wanted();
    this.publish(await this.each((pane, i) => pane.look(forPane(wanted, i))));
  }

  async tellSettings(kind: "opened" | "settings" = "settings"): Promise<void> {
    const own = await this.each((pane) => pane.facts());
    const notPaired = drawnToReason(await this.each((pane) => pane.drawn()));
    const panes = own.map((facts, pane) => ({ ...facts, ...this.told(pane) }));
    this.command = panes.map(({ command }) => command).join("\n");
    const pairing = {
      isPaired: panes.length > 1 && notPaired === undefined,
      ...(notPaired && { notPaired }),
    };
    this.screen.tell(
      kind === "opened"
        ? { kind, session: this.screen.number, panes, ...pairing }
        : { kind, panes, ...pairing },
    );
  }

  /** The command of a pane, and what it cannot say. */
  private told(pane: number): Pick<PaneFacts, "command" | "journal"> {
    const [root, ...changes] = this.history.pathTo(this.history.position.span);
    return {
      command: optionsToCommand(root.options[pane], this.history.position.round),
      journal: changes
        .filter((span) => span.pane === undefined || span.pane === pane)
        .map(({ from, change }) => ({ round: from, change })),
    };
  }

  /** The command says how many rounds: told again where the panes rest. */
  async tellCommand(): Promise<void> {
    const command = this.reports.map((_, pane) => this.told(pane).command).join("\n");
    if (command !== this.command) await this.tellSettings();
  }

  async tellHistory(): Promise<void> {
    const { round } = this.history.position;
    const end = Math.max(round, this.history.branch.newest);
    const rows = await this.each((pane, i) => pane.history(this.path(i, this.history.branch.tip), end));
    for (const [pane, of] of rows.entries()) this.screen.tell({ kind: "rows", pane, ...of });
  }

  /** Begins a span, at round 0 or where the panes stand. A change that is refused changes nothing. */
  async begin(change: Change, isRestart = false): Promise<void> {
    const { history } = this;
    const before = history.position;
    // Inside a round one pane may be ahead of the other.
    if (this.isInRound) await this.goTo(before.round, false);
    const path = this.panes.map((_, i) => this.path(i));
    const span: Span = isRestart
      ? history.restart(change, history.branch.newest > 0 || history.canUndo)
      : history.change(change);
    try {
      await settleAll(
        this.panes.map((pane, i) => {
          const own = spanToPane(span, i);
          return isRestart ? pane.open(own, NOTHING) : pane.change(own, NOTHING);
        }),
      );
    } catch (error) {
      history.takeBack(span, before);
      await this.each((pane, i) => pane.goTo(path[i], before.round, NOTHING));
      throw error;
    }
    history.forgetUnplayed(before);
    await this.tellSettings();
    await this.tellHistory();
    await this.look();
  }

  async jump(position: Position): Promise<void> {
    this.isPlaying = false;
    this.history.moveTo(position);
    await this.each((pane, i) => pane.goTo(this.path(i), position.round, NOTHING));
    await this.tellSettings();
    await this.tellHistory();
    await this.look();
  }

  /** To a round of the branch that was played. */
  async goTo(round: number, isShown = true): Promise<void> {
    this.isPlaying = false;
    const { history } = this;
    const { id } = history.spanAt(round);
    const isOther = id !== history.position.span;
    history.moveTo({ span: id, round });
    const wanted = isShown ? this.screen.wanted() : NOTHING;
    const reports = await this.each((pane, i) => pane.goTo(this.path(i), round, forPane(wanted, i)));
    if (isOther) await this.tellSettings();
    if (isShown) this.publish(reports);
    else this.reports = reports;
  }

  /** Plays on to a round, past those of the branch. */
  async playTo(round: number, isInterrupted: () => boolean): Promise<void> {
    this.isPlaying = false;
    while (this.history.position.round < round && !isInterrupted()) {
      const to = Math.min(round, this.history.position.round + CHUNK);
      await this.advance(to, this.screen.wanted(to < round));
      if (this.isDiverged) break;
    }
  }
}

/** All are waited for: the first that failed is told. */
async function settleAll(work: readonly Promise<unknown>[]): Promise<void> {
  for (const result of await Promise.allSettled(work)) if (result.status === "rejected") throw result.reason;
}

const longestOf = (reports: readonly PaneReport[]): [roundMs: number, viewMs: number] => [
  Math.max(...reports.map(({ roundMs }) => roundMs)),
  Math.max(...reports.map(({ viewMs }) => viewMs)),
];
