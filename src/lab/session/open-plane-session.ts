/** A session of the plane: what a page asks is done in its turn, and between two things it plays. */
import { GanEvalError } from "../../errors.ts";
import { steadyClock } from "../../steady-clock.ts";
import type { AskedLayer, PaneFacts, ToLab, ToPage } from "../protocol/plane-messages.ts";
import { FrameBudget } from "./frame-budget.ts";
import { type Change, History, type Position, type Span, spanToPane } from "./history.ts";
import { PANE_OPTIONS } from "./option-table.ts";
import { drawnToReason } from "./pairing.ts";
import { optionsToCommand } from "./pane-command.ts";
import type { PaneCalls, PaneReport, Wanted } from "./pane-messages.ts";
import { checkOptions, nameToFlag, withOption } from "./pane-options.ts";
import { type OpenPane, openPaneThread } from "./pane-thread.ts";

export interface PlaneSession {
  receive(message: ToLab): void;
  close(): Promise<void>;
}

export interface Send {
  message(message: ToPage): void;
  frame(bytes: Uint8Array): void;
}

export interface PlaneSessionOptions {
  /** Where exports go. */
  readonly folder: string;
  readonly isReadOnly: boolean;
  /** Opens a pane (default: in a thread of its own). */
  readonly openPane?: OpenPane;
  /** Milliseconds for durations (default: a clock that is never set). */
  readonly now?: () => number;
}

/** Of states to go back to, of all panes together. */
const MEMORY = 64 * 2 ** 20;
const ROWS_MS = 200;
const JUDGE_ROUNDS = 250;
const JUDGE_MS = 500;
/** How long training goes on that nobody sees. */
const HIDDEN_MS = 10_000;
/** Rounds of one call where many are played at once, and updates of one player alone: what a page waits for at most. */
const CHUNK = 100;
const ALONE = 25;

type Queued = Extract<ToLab, { readonly kind: QueuedKind }>;

class Session {
  private readonly send: Send;
  private readonly options: PlaneSessionOptions;
  private readonly now: () => number;
  private readonly queue: Queued[] = [];
  private wake: () => void = () => {};
  private isClosed = false;
  private panes: PaneCalls[] = [];
  private history = new History();
  private reports: readonly PaneReport[] = [];
  private readonly budget: FrameBudget;
  private isPlaying = false;
  private hiddenSince: number | undefined;
  private layers: readonly AskedLayer[] = [];
  private number = 0;
  private sequence = 0;
  /** The frame that the page has not drawn yet. */
  private inFlight: number | undefined;
  /** Newer frames, for when it has. */
  private held: { readonly sequence: number; readonly frames: readonly Uint8Array[] } | undefined;
  /** Whether there is no frame of what is. */
  private isStale = false;
  private rowsAt = 0;
  private judged: { readonly key: string; readonly at: number; readonly took: number } | undefined;
  /** The round of the last scores. */
  private scoredAt = 0;
  private facts: readonly Omit<PaneFacts, "command" | "journal">[] = [];
  private command = "";
  /** Exports that are under way. */
  private readonly writers = new Set<PaneCalls>();
  private readonly writing: Promise<void>[] = [];
  private readonly done: Promise<void>;

  constructor(send: Send, options: PlaneSessionOptions) {
    this.send = send;
    this.options = options;
    this.now = options.now ?? steadyClock;
    this.budget = new FrameBudget(this.now);
    this.done = this.work();
  }

  receive(message: ToLab): void {
    if (message.kind === "drawn") this.takeDrawn(message.sequence);
    else if (message.kind === "hidden") this.hide(message.isHidden);
    else if (message.kind === "layers") this.show(message.asked);
    else if (message.kind === "speed") this.budget.begin(message.roundsPerSecond);
    else this.queue.push(message);
    this.wake();
  }

  /** The page may get the newest frame. */
  private takeDrawn(sequence: number): void {
    if (this.inFlight === undefined || sequence < this.inFlight) return;
    this.inFlight = undefined;
    const { held } = this;
    this.held = undefined;
    if (held && this.hiddenSince === undefined) this.sendFrames(held);
  }

  private hide(isHidden: boolean): void {
    if (isHidden) this.hiddenSince ??= this.now();
    else {
      this.hiddenSince = undefined;
      this.inFlight = undefined;
      this.held = undefined;
      this.isStale = true;
      this.budget.begin();
    }
  }

  private show(layers: readonly AskedLayer[]): void {
    this.layers = layers;
    this.isStale = true;
  }

  private sendFrames({ sequence, frames }: NonNullable<Session["held"]>): void {
    this.inFlight = sequence;
    for (const frame of frames) this.send.frame(frame);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.wake();
    await this.done;
  }

  private async work(): Promise<void> {
    while (!this.isClosed) {
      const message = this.queue.shift();
      try {
        if (message) await this.handle(message);
        else if (this.isTraining) await this.playOn();
        else await this.rest();
      } catch (error) {
        // What cannot be done is not tried again by itself.
        this.isPlaying = false;
        this.isStale = false;
        this.say(error);
      }
    }
    await Promise.allSettled([...this.writers].map((writer) => writer.stop()));
    await Promise.allSettled([...this.writing, ...this.panes.map((pane) => pane.close())]);
  }

  private get isTraining(): boolean {
    const isGone = this.hiddenSince !== undefined && this.now() - this.hiddenSince > HIDDEN_MS;
    return this.isPlaying && this.panes.length > 0 && !isGone;
  }

  private async handle(message: Queued): Promise<void> {
    const work = this[HANDLERS[message.kind]] as (this: Session, of: Queued) => Promise<void> | void;
    if (message.kind !== "open" && this.panes.length === 0 && NEEDS_PANES.includes(message.kind))
      throw new GanEvalError("usage.lab-message", `expected open before ${message.kind}, got nothing open`);
    if ("pane" in message && message.pane >= this.panes.length)
      throw new GanEvalError(
        "usage.lab-message",
        `expected a pane below ${this.panes.length}, got ${message.pane}`,
      );
    await work.call(this, message);
  }

  /** A frame, verdicts, or nothing, until somebody asks for something. */
  private async rest(): Promise<void> {
    if (this.panes.length > 0 && this.isStale && this.hiddenSince === undefined) return this.look();
    if (this.panes.length > 0 && this.hiddenSince === undefined && this.judged?.key !== this.key)
      return this.judge(true);
    const left = this.isPlaying && this.hiddenSince !== undefined ? 1000 : undefined;
    await this.sleep(left);
  }

  private sleep(ms: number | undefined): Promise<void> {
    if (this.queue.length > 0 || this.isClosed) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        this.wake = () => {};
        resolve();
      };
    });
  }

  private async playOn(): Promise<void> {
    const { budget } = this;
    const due = budget.due;
    if (due === 0) return this.sleep(budget.wait);
    const { round } = this.history.position;
    await this.advance(round + due, this.wanted(true));
    if (this.isPlaying && this.reports.every(({ state }) => state.diverged === undefined))
      await this.judgeInTime();
  }

  /** Scores each 250 rounds, and exact numbers between them: at most two times a second, and a tenth of the time. */
  private async judgeInTime(): Promise<void> {
    const { at = 0, took = 0 } = this.judged ?? {};
    if (this.hiddenSince !== undefined || this.now() - at < Math.max(JUDGE_MS, 9 * took)) return;
    await this.judge(Math.abs(this.history.position.round - this.scoredAt) >= JUDGE_ROUNDS);
  }

  /** Plays a stretch of the branch: as far as its next change, and no further than a round. */
  private async advance(to: number, wanted: Wanted): Promise<void> {
    const { history } = this;
    const { next } = history;
    if (next !== undefined && next.from === history.position.round) {
      await this.each((pane, i) => pane.change(spanToPane(next, i), NOTHING));
      history.moveTo({ span: next.id, round: next.from });
      return this.tellSettings();
    }
    const rounds = Math.min(to, next?.from ?? to) - history.position.round;
    const reports = await this.each((pane, i) => pane.advance(rounds, this.forPane(wanted, i)));
    this.budget.count(rounds, ...longestOf(reports));
    await this.arrive(reports);
  }

  /** The panes have moved on: where one of them diverged, all stand where it does. */
  private async arrive(reports: readonly PaneReport[]): Promise<void> {
    const { history } = this;
    const broken = reports.filter(({ state }) => state.diverged !== undefined);
    const round = Math.min(...(broken.length > 0 ? broken : reports).map(({ state }) => state.round));
    history.moveTo({ span: history.position.span, round });
    if (broken.length > 0) {
      this.isPlaying = false;
      await this.each((pane, i) =>
        reports[i].state.round === round
          ? Promise.resolve(reports[i])
          : pane.goTo(this.path(i), round, NOTHING),
      ).then((settled) => this.publish(settled.map((report, i) => ({ ...reports[i], state: report.state }))));
    } else this.publish(reports);
  }

  private path(pane: number, span = this.history.position.span) {
    return this.history.pathTo(span).map((one) => spanToPane(one, pane));
  }

  private each<T>(call: (pane: PaneCalls, index: number) => Promise<T>): Promise<T[]> {
    return Promise.all(this.panes.map(call));
  }

  /** What the next reports are to show. */
  private wanted(mayWait = false): Wanted {
    const rows = !mayWait || this.now() - this.rowsAt >= ROWS_MS;
    if (rows) this.rowsAt = this.now();
    if (this.hiddenSince !== undefined) return { layers: [], rows };
    this.sequence++;
    const frame = { session: this.number, sequence: this.sequence, pane: 0 };
    return { frame, layers: this.layers, isHasty: mayWait, rows };
  }

  private forPane({ frame, ...wanted }: Wanted, pane: number): Wanted {
    return { ...wanted, ...(frame && { frame: { ...frame, pane } }) };
  }

  private publish(reports: readonly PaneReport[]): void {
    this.reports = reports;
    const frames = reports.flatMap(({ frame }) => frame ?? []);
    this.isStale = frames.length === 0;
    if (frames.length > 0) {
      const made = { sequence: this.sequence, frames };
      if (this.inFlight === undefined) this.sendFrames(made);
      else this.held = made;
    }
    for (const [pane, { rows }] of reports.entries())
      if (rows) this.send.message({ kind: "rows", pane, ...rows });
    this.tellState();
  }

  private tellState(): void {
    const { history } = this;
    this.send.message({
      kind: "state",
      panes: this.reports.map(({ state }) => state),
      isPlaying: this.isPlaying,
      roundsPerSecond: this.isTraining ? this.budget.speed : 0,
      newest: history.branch.newest,
      branch: history.branch.id,
      branches: history.facts,
      canUndo: history.canUndo,
    });
  }

  private async look(): Promise<void> {
    const wanted = this.wanted();
    this.publish(await this.each((pane, i) => pane.look(this.forPane(wanted, i))));
  }

  private async tellSettings(kind: "opened" | "settings" = "settings"): Promise<void> {
    this.facts = await this.each((pane) => pane.facts());
    const notPaired = drawnToReason(await this.each((pane) => pane.drawn()));
    const panes = this.facts.map((facts, pane) => ({ ...facts, ...this.told(pane) }));
    this.command = panes.map(({ command }) => command).join("\n");
    const pairing = {
      isPaired: panes.length > 1 && notPaired === undefined,
      ...(notPaired && { notPaired }),
    };
    this.send.message(
      kind === "opened" ? { kind, session: this.number, panes, ...pairing } : { kind, panes, ...pairing },
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
  private async tellCommand(): Promise<void> {
    const command = this.reports.map((_, pane) => this.told(pane).command).join("\n");
    if (command !== this.command) await this.tellSettings();
  }

  private async tellHistory(): Promise<void> {
    const { round } = this.history.position;
    const end = Math.max(round, this.history.branch.newest);
    const rows = await this.each((pane, i) => pane.history(this.path(i, this.history.branch.tip), end));
    for (const [pane, of] of rows.entries()) this.send.message({ kind: "rows", pane, ...of });
  }

  private get key(): string {
    const { span, round } = this.history.position;
    return `${this.number} ${span} ${round}`;
  }

  private async judge(scores: boolean): Promise<void> {
    const { round } = this.history.position;
    const started = this.now();
    this.judged = { key: scores ? this.key : "", at: started, took: 0 };
    if (this.reports.some(({ isInRound }) => isInRound)) return;
    if (scores) this.scoredAt = round;
    const all = await this.each((pane) => pane.judge(scores));
    this.judged = { ...this.judged, at: this.now(), took: this.now() - started };
    for (const [pane, judged] of all.entries()) this.send.message({ kind: "judged", pane, ...judged });
    if (!this.isPlaying) await this.tellCommand();
  }

  private say(error: unknown): void {
    if (this.isClosed) return;
    const { code = "internal.lab", message, hint } = error as GanEvalError;
    this.send.message({ kind: "error", code, message, ...(hint !== undefined && { hint }) });
  }

  async open({ panes, round = 0 }: Extract<ToLab, { kind: "open" }>): Promise<void> {
    const checked = panes.map(checkOptions);
    const shared = Object.fromEntries(
      Object.entries(checked[0]).filter(([name]) => PANE_OPTIONS[name].isShared),
    );
    const options = checked.map((own) => ({
      ...Object.fromEntries(Object.entries(own).filter(([name]) => !PANE_OPTIONS[name].isShared)),
      ...shared,
    }));
    const old = this.panes;
    const open = this.options.openPane ?? openPaneThread;
    const opened = options.map(() => open(MEMORY / options.length));
    const history = new History();
    const span = history.restart({ options, change: "" }, false);
    let reports: PaneReport[];
    try {
      reports = await Promise.all(opened.map((pane, i) => pane.open(spanToPane(span, i), NOTHING)));
    } catch (error) {
      await Promise.allSettled(opened.map((pane) => pane.close()));
      throw error;
    }
    await Promise.allSettled(old.map((pane) => pane.close()));
    this.panes = opened;
    this.history = history;
    this.reports = reports;
    this.isPlaying = false;
    this.inFlight = undefined;
    this.held = undefined;
    this.number++;
    await this.tellSettings("opened");
    if (round > 0) await this.playTo(round);
    else await this.look();
  }

  play(): void {
    this.isPlaying = true;
    this.budget.begin();
    this.tellState();
  }

  pause(): void {
    this.isPlaying = false;
    this.tellState();
  }

  async step(message: Extract<ToLab, { kind: "step" }>): Promise<void> {
    this.isPlaying = false;
    const { round } = this.history.position;
    if (message.by === "rounds") return this.playTo(round + message.rounds);
    const { next } = this.history;
    if (next?.from === round) await this.advance(round, NOTHING);
    const by = message.by === "player" ? message.player : message.by;
    const wanted = this.wanted();
    // A pane whose round is over waits for the other.
    const isInRound = this.reports.some((report) => report.isInRound);
    const reports = await this.each((pane, i) =>
      isInRound && !this.reports[i].isInRound
        ? pane.look(this.forPane(wanted, i))
        : pane.step(by, this.forPane(wanted, i)),
    );
    await this.arrive(reports);
  }

  async alone({ pane, player, updates }: Extract<ToLab, { kind: "alone" }>): Promise<void> {
    this.isPlaying = false;
    const { options } = this.history.span;
    const alone = { pane, player, updates: 0 };
    await this.begin({ options, change: `updates of the ${player} alone`, pane, alone });
    for (let left = updates; left > 0 && !this.isInterrupted; left -= ALONE) {
      const some = Math.min(left, ALONE);
      const wanted = this.wanted(left > ALONE);
      const reports = await this.each((one, i) =>
        i === pane ? one.alone(some, this.forPane(wanted, i)) : one.look(this.forPane(wanted, i)),
      );
      this.history.countAlone(some);
      this.publish(reports);
    }
    await this.tellSettings();
  }

  async back({ by, rounds = 1 }: Extract<ToLab, { kind: "back" }>): Promise<void> {
    this.isPlaying = false;
    const { round } = this.history.position;
    if (by !== "phase") {
      const isHalf = this.reports.some(({ isInRound }) => isInRound);
      const count = by === "rounds" ? rounds : 1;
      return this.goTo(Math.max(0, round - count + (isHalf ? 1 : 0)));
    }
    if (this.reports.some(({ isInRound }) => isInRound)) {
      const wanted = this.wanted();
      const reports = await this.each((pane, i) =>
        this.reports[i].isInRound
          ? pane.backPhase(this.forPane(wanted, i))
          : pane.look(this.forPane(wanted, i)),
      );
      return this.publish(reports);
    }
    if (round === 0) return;
    await this.goTo(round - 1, false);
    const wanted = this.wanted();
    this.publish(await this.each((pane, i) => pane.toLastGradients(this.forPane(wanted, i))));
  }

  async seek({ round }: Extract<ToLab, { kind: "seek" }>): Promise<void> {
    const { newest } = this.history.branch;
    await this.goTo(Math.min(round, newest));
    if (round > newest) await this.playTo(round);
  }

  async set({ pane, name, value }: Extract<ToLab, { kind: "set" }>): Promise<void> {
    const before = this.history.span.options;
    const options = before.map((own, i) =>
      i === pane || PANE_OPTIONS[name]?.isShared ? withOption(own, name, value) : own,
    );
    const effects = await this.each((one, i) => one.weigh(options[i]));
    const change = `${nameToFlag(name).slice(2)} ${String(value)}`;
    const isOfAll = PANE_OPTIONS[name].isShared === true;
    await this.begin(
      { options, change, ...(!isOfAll && { pane }) },
      effects.includes("restarts") || this.isUntouched,
    );
  }

  async undo(): Promise<void> {
    const position = this.history.undo();
    if (position) await this.jump(position);
  }

  async branch({ branch }: Extract<ToLab, { kind: "branch" }>): Promise<void> {
    const position = this.history.branchEnd(branch);
    if (position === undefined)
      throw new GanEvalError("usage.lab-message", `expected a branch of the list, got ${branch}`);
    await this.jump(position);
  }

  async reset({ seed }: Extract<ToLab, { kind: "reset" }>): Promise<void> {
    this.isPlaying = false;
    const { span } = this.history;
    const path = this.history.pathTo(span.id);
    const own = span.options[0].seed;
    if (path.length === 1 && (seed === undefined || seed === own)) return this.goTo(0);
    const options = span.options.map((of) => (seed === undefined ? of : withOption(of, "seed", seed)));
    await this.begin({ options, change: seed === undefined ? "reset" : `seed ${seed}` }, true);
  }

  /** Written beside what goes on: a run's folder by a pane of its own. */
  async exportPane({ pane, what }: Extract<ToLab, { kind: "export" }>): Promise<void> {
    if (what !== "run") {
      const bytes = await this.panes[pane].exportFile(what, this.path(pane));
      const name = `${what}-${this.history.position.round}${what === "generator" ? ".onnx" : ".csv"}`;
      return this.send.message({
        kind: "exported",
        what,
        name,
        bytes: Buffer.from(bytes).toString("base64"),
      });
    }
    const { folder, isReadOnly, openPane = openPaneThread } = this.options;
    if (isReadOnly)
      throw new GanEvalError("usage.lab-read-only", "expected a lab that may write, got --read-only", {
        hint: "Run the command that the page shows, or export a file.",
      });
    await this.tellCommand();
    const spans = this.history.pathTo(this.history.position.span);
    const exported = {
      spans: spans.map((span) => spanToPane(span, pane)),
      changes: spans.map((span, i) => (i > 0 && (span.pane ?? pane) === pane ? span.change : "")),
      round: Math.max(1, this.history.position.round),
    };
    const writer = openPane(0);
    this.writers.add(writer);
    const work = async (): Promise<void> => {
      try {
        const name = await writer.exportRun(folder, exported);
        this.send.message({ kind: "exported", what, name });
      } catch (error) {
        this.say(error);
      } finally {
        this.writers.delete(writer);
        await writer.close();
      }
    };
    this.writing.push(work());
  }

  /** Whether nothing was played, and the command can say what is. */
  private get isUntouched(): boolean {
    return (
      this.history.position.round === 0 &&
      this.history.pathTo(this.history.position.span).every(({ alone }) => !alone)
    );
  }

  /** Begins a span, at round 0 or where the panes stand. A change that is refused changes nothing. */
  private async begin(change: Change, isRestart = false): Promise<void> {
    const { history } = this;
    const before = history.position;
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

  private async jump(position: Position): Promise<void> {
    this.isPlaying = false;
    this.history.moveTo(position);
    await this.each((pane, i) => pane.goTo(this.path(i), position.round, NOTHING));
    await this.tellSettings();
    await this.tellHistory();
    await this.look();
  }

  /** To a round of the branch that was played. */
  private async goTo(round: number, isShown = true): Promise<void> {
    this.isPlaying = false;
    const { history } = this;
    const { id } = history.spanAt(round);
    const isOther = id !== history.position.span;
    history.moveTo({ span: id, round });
    const wanted = isShown ? this.wanted() : NOTHING;
    const reports = await this.each((pane, i) => pane.goTo(this.path(i), round, this.forPane(wanted, i)));
    if (isOther) await this.tellSettings();
    if (isShown) this.publish(reports);
    else this.reports = reports;
  }

  /** Plays on to a round, past those of the branch. */
  private async playTo(round: number): Promise<void> {
    this.isPlaying = false;
    while (this.history.position.round < round && !this.isInterrupted) {
      const to = Math.min(round, this.history.position.round + CHUNK);
      await this.advance(to, this.wanted(to < round));
      if (this.reports.some(({ state }) => state.diverged !== undefined)) break;
    }
  }

  /** Whether something waits that takes the place of what is going on. */
  private get isInterrupted(): boolean {
    return this.isClosed || this.queue.some(({ kind }) => INTERRUPTS.includes(kind));
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

const NOTHING: Wanted = { layers: [], rows: false };

/** Messages that wait for their turn: the others are taken at once. */
type QueuedKind = Exclude<ToLab["kind"], "drawn" | "hidden" | "layers" | "speed">;

/** What does each kind of message. */
const HANDLERS = {
  open: "open",
  play: "play",
  pause: "pause",
  step: "step",
  alone: "alone",
  back: "back",
  seek: "seek",
  set: "set",
  undo: "undo",
  branch: "branch",
  reset: "reset",
  export: "exportPane",
} as const satisfies Record<QueuedKind, keyof Session>;

/** Messages that end a longer one. */
const INTERRUPTS: readonly ToLab["kind"][] = ["open", "pause", "back", "seek", "undo", "branch", "reset"];

const NEEDS_PANES: readonly ToLab["kind"][] = [
  ...(["play", "step", "alone", "back", "seek", "set", "undo", "branch", "reset", "export"] as const),
];

/** Opens a session for one page. It plays nothing until the page opens something. */
export function openPlaneSession(send: Send, options: PlaneSessionOptions): PlaneSession {
  const session = new Session(send, options);
  return { receive: (message) => session.receive(message), close: () => session.close() };
}
