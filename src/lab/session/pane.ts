/** One pane: networks that are played forwards, step by step, and back, and what is kept to do so. */
import type { Engine } from "../../engine/engine.ts";
import { openEngine } from "../../engine/index.ts";
import { type GanEvalError, isCode } from "../../errors.ts";
import { lossOf } from "../../train/gan-model.ts";
import type { RoundRecord } from "../../train/round-record.ts";
import type { PaneState, PlaneOptions, PlayerName, SettingEffect } from "../protocol/plane-messages.ts";
import { type ExportedPath, exportCommand, exportJournal, exportOnnx } from "./export-run.ts";
import { logsToCsv, pointsToCsv } from "./export-tables.ts";
import { Keyframes } from "./keyframes.ts";
import { PaneJudge } from "./pane-judge.ts";
import { FrameMaker, rowsToMessage, stateToHashes, subjectToDrawn, subjectToFacts } from "./pane-look.ts";
import type { Drawn, OwnFacts, PaneCalls, PaneReport, Rows, Wanted } from "./pane-messages.ts";
import { optionsToConfig } from "./pane-options.ts";
import { stepToScalars } from "./phases.ts";
import { RoundSteps } from "./round-steps.ts";
import { logsToRows, type Row, RowLog } from "./row-log.ts";
import { configsToEffect, type PaneSpan } from "./span.ts";
import { openSubject, type Subject, subjectToOptions, subjectToSpan } from "./subject.ts";

/** Samples in a file of points. */
const POINTS = 10_000;
const KEYFRAME_ROUNDS = 100;
/** Rows in one message: a chart has no more pixels. */
const MOST_ROWS = 1000;
/** Rounds that are gone back after a divergence to find weights that are finite. */
const MOST_BROKEN = 20;

const rowToScalars = (columns: readonly string[], { values }: Row): Record<string, number> =>
  Object.fromEntries(columns.map((name, i) => [name, values[i]]));

const now = (): number => performance.now();

/** Weights may be finite and so large that nothing which is made of them is. */
async function isBroken({ plane }: Subject): Promise<boolean> {
  const { samples, heat } = await plane.look();
  return ![samples, heat].every((values) => values.every(Number.isFinite));
}

export class Pane implements PaneCalls {
  private readonly keyframes: Keyframes;
  private engine: Engine | undefined;
  private subject!: Subject;
  private judges!: PaneJudge;
  private span!: PaneSpan;
  private path: readonly PaneSpan[] = [];
  private steps!: RoundSteps;
  private readonly logs = new Map<number, RowLog>();
  /** Recorded rounds that the page was not told of. */
  private fresh: Row[] = [];
  private scalars: Record<string, number> = {};
  private diverged: { readonly message: string; readonly round: number; readonly span: number } | undefined;
  private roundMs = 0;
  private readonly frames = new FrameMaker();
  private readonly ending = new AbortController();

  /** @param memory bytes of states that it keeps */
  constructor(memory: number) {
    this.keyframes = new Keyframes(memory);
  }

  async open(span: PaneSpan, wanted: Wanted): Promise<PaneReport> {
    this.engine ??= await openEngine({ engine: "auto", device: "auto", threads: 1 });
    const subject = await openSubject(this.engine, span.options);
    await this.replace(subject);
    this.judges = new PaneJudge(subject);
    this.arrive([span]);
    return this.report(wanted);
  }

  async change(span: PaneSpan, wanted: Wanted): Promise<PaneReport> {
    await this.enter(span);
    this.arrive([...this.path, span]);
    return this.report(wanted);
  }

  async goTo(path: readonly PaneSpan[], round: number, wanted: Wanted): Promise<PaneReport> {
    const started = now();
    const rows = wanted.rows ? this.takeFresh() : undefined;
    await this.replay(path, round);
    this.roundMs = now() - started;
    return { ...(await this.report(wanted)), ...(rows && { rows }) };
  }

  async advance(to: number, wanted: Wanted): Promise<PaneReport> {
    const started = now();
    this.steps.forget();
    while (this.subject.trainer.rounds < to && !this.diverged) await this.play(() => this.steps.round());
    this.roundMs = now() - started;
    return this.report(wanted);
  }

  async alone(updates: number, wanted: Wanted): Promise<PaneReport> {
    const { subject, span, path } = this;
    const { player, updates: before } = span.alone!;
    for (let i = 0; i < updates; i++) {
      const outputs = await subject.trainer.playAlone(player);
      if (i === updates - 1)
        Object.assign(this.scalars, stepToScalars(outputs, lossOf(subject.model).isProbability));
    }
    this.span = { ...span, alone: { player, updates: before + updates } };
    this.path = [...path.slice(0, -1), this.span];
    this.keyframes.replace(span.id, span.from, subject.trainer.save());
    return this.report(wanted);
  }

  async step(by: "phase" | "update" | "round" | PlayerName, wanted: Wanted): Promise<PaneReport> {
    await this.play(() =>
      by === "phase" || by === "update" || by === "round" ? this.steps[by]() : this.steps.player(by),
    );
    return this.report(wanted);
  }

  async backPhase(wanted: Wanted): Promise<PaneReport & { readonly isAtStart: boolean }> {
    const isAtStart = !(await this.steps.back());
    return { ...(await this.report(wanted)), isAtStart };
  }

  async toLastGradients(wanted: Wanted): Promise<PaneReport> {
    await this.steps.toLastGradients();
    return this.report(wanted);
  }

  look(wanted: Wanted): Promise<PaneReport> {
    return this.report(wanted);
  }

  async facts(): Promise<OwnFacts> {
    return subjectToFacts(this.subject);
  }

  async drawn(): Promise<Drawn> {
    return subjectToDrawn(this.subject);
  }

  judge(scores: boolean) {
    return this.judges.look(scores);
  }

  async weigh(options: PlaneOptions): Promise<SettingEffect | undefined> {
    return configsToEffect(this.subject.config, optionsToConfig(options));
  }

  async history(path: readonly PaneSpan[], round: number): Promise<Rows> {
    this.fresh = [];
    const { columns, rows } = logsToRows(path, this.logs, round);
    const stride = Math.ceil(rows.length / MOST_ROWS);
    const shown = rows.filter((_, i) => i % stride === 0 || i === rows.length - 1);
    return rowsToMessage(0, columns, shown);
  }

  /** The folder's name. Needs nothing open; what is open stays as it is. */
  async exportRun(folder: string, exported: ExportedPath): Promise<string> {
    if (exported.spans.length === 1) return exportCommand(folder, exported, this.ending.signal);
    this.engine ??= await openEngine({ engine: "auto", device: "auto", threads: 1 });
    return exportJournal(folder, exported, this.engine, this.ending.signal);
  }

  async exportFile(what: "points" | "curves" | "generator", path: readonly PaneSpan[]): Promise<Uint8Array> {
    const { subject, logs } = this;
    if (what === "generator") return exportOnnx(subject);
    if (what === "points")
      return Buffer.from(
        pointsToCsv(await subject.plane.sample(POINTS, subject.config.seed), subject.data.shape[0]),
      );
    return Buffer.from(logsToCsv(path, logs, subject.trainer.rounds));
  }

  async stop(): Promise<void> {
    this.ending.abort();
  }

  async hashes(): Promise<Record<PlayerName, string>> {
    return stateToHashes(this.subject.trainer.toState());
  }

  async close(): Promise<void> {
    await this.subject?.dispose();
    await this.engine?.dispose();
  }

  /** Plays on, and goes back to the last finite round where a loss is not finite. */
  private async play(work: () => Promise<unknown>): Promise<void> {
    if (this.diverged) return;
    try {
      await work();
      await this.judges.scoreInTime();
    } catch (error) {
      if (!isCode(error, "run.diverged")) throw error;
      await this.goBackFrom(this.subject.trainer.rounds, error);
    }
  }

  private async goBackFrom(round: number, { message, hint }: GanEvalError): Promise<void> {
    const { span, path } = this;
    let last = Math.max(span.from, round - 1);
    do await this.replay(path, last);
    while ((await isBroken(this.subject)) && last-- > Math.max(span.from, round - MOST_BROKEN));
    this.diverged = {
      message: hint ? `${message}. ${hint}` : message,
      round: this.subject.trainer.rounds,
      span: span.id,
    };
  }

  private onRound(record: RoundRecord): void {
    const { round, scalars } = record;
    const { span } = this;
    this.scalars = { ...scalars };
    let log = this.logs.get(span.id);
    if (!log) {
      log = new RowLog();
      this.logs.set(span.id, log);
    }
    this.fresh.push(log.add(round, scalars));
    if (this.fresh.length > 4 * MOST_ROWS) this.fresh = this.fresh.filter((_, i) => i % 2 === 1);
    this.judges.record(record);
    if (round % KEYFRAME_ROUNDS === 0) this.keep();
  }

  private keep(): void {
    const { trainer } = this.subject;
    if (!this.keyframes.has(this.span.id, trainer.rounds))
      this.keyframes.keep(this.span.id, trainer.rounds, trainer.save());
  }

  /** Stands at the end of a path, between rounds. */
  private arrive(path: readonly PaneSpan[]): void {
    this.path = path;
    this.span = path[path.length - 1];
    this.diverged = undefined;
    // What was recorded before, the page was told, or is told with the history.
    this.fresh = [];
    const { trainer } = this.subject;
    const seesReal = lossOf(this.subject.model).generatorSeesReal === true;
    this.steps = new RoundSteps(trainer, seesReal, (record) => this.onRound(record));
    // A page that drags through the rounds does not fill the memory.
    if (trainer.rounds === this.span.from) this.keep();
  }

  /** Takes the options of a span, and plays what it begins with. */
  private async enter(span: PaneSpan): Promise<void> {
    this.steps.drop();
    await this.become(span.options);
    this.subject = await subjectToSpan(this.engine!, this.subject, span);
  }

  private async become(options: PlaneOptions): Promise<void> {
    this.subject = await subjectToOptions(this.engine!, this.subject, options);
    this.judges.follow(this.subject);
  }

  private async replace(subject: Subject): Promise<void> {
    const old: Subject | undefined = this.subject;
    this.subject = subject;
    await old?.dispose();
  }

  /** The nearest state on the way, and from there the same rounds again. */
  private async replay(path: readonly PaneSpan[], round: number): Promise<void> {
    this.steps.drop();
    const found = this.nearest(path, round);
    let at = found?.at ?? 0;
    if (found === undefined) await this.replace(await openSubject(this.engine!, path[0].options));
    else if (found.checkpoint) {
      await this.become(path[at].options);
      this.subject.trainer.restore(found.checkpoint);
    }
    for (; ; at++) {
      const { trainer } = this.subject;
      const end = path[at + 1]?.from ?? round;
      while (trainer.rounds < end) {
        await trainer.playRound();
        if (trainer.rounds % KEYFRAME_ROUNDS === 0 && !this.keyframes.has(path[at].id, trainer.rounds))
          this.keyframes.keep(path[at].id, trainer.rounds, trainer.save());
      }
      if (at === path.length - 1) break;
      await this.enter(path[at + 1]);
    }
    this.judgeAgain(path, round);
    this.arrive(path);
    const log = this.logs.get(this.span.id);
    const row = log?.between(round - 1, round)[0];
    this.scalars = log && row ? rowToScalars(log.columns, row) : {};
  }

  /** Judges what was recorded up to a round of another path, or back on this one. */
  private judgeAgain(path: readonly PaneSpan[], round: number): void {
    const isSame = path[path.length - 1].id === this.span.id;
    if (isSame) this.judges.follow(this.subject);
    else {
      this.judges = new PaneJudge(this.subject);
      for (const [i, { id, from }] of path.entries()) {
        const log = this.logs.get(id);
        for (const row of log?.between(from, path[i + 1]?.from ?? round) ?? [])
          this.judges.record({ round: row.round, scalars: rowToScalars(log!.columns, row), layers: {} });
      }
    }
    this.judges.rewindTo(round);
  }

  /** Where to begin: a kept state, or where it stands, if that is nearer. */
  private nearest(path: readonly PaneSpan[], round: number) {
    const kept = this.keyframes.nearest(path, round);
    const { rounds } = this.subject.trainer;
    const at = path.findIndex(({ id }) => id === this.span.id);
    const end = path[at + 1]?.from ?? round;
    const isOnTheWay = at >= 0 && rounds >= this.span.from && rounds <= end && !this.diverged;
    if (isOnTheWay && (kept === undefined || at > kept.at || (at === kept.at && rounds >= kept.round)))
      return { at, checkpoint: undefined };
    return kept;
  }

  /** Recorded rounds that the page was not told of; undefined where there are none. */
  private takeFresh(): Rows | undefined {
    const fresh = this.fresh.splice(0);
    if (fresh.length === 0) return undefined;
    const stride = Math.ceil(fresh.length / MOST_ROWS);
    const columns = this.logs.get(this.span.id)?.columns ?? [];
    const shown = fresh.filter((_, i) => i % stride === 0);
    return rowsToMessage(fresh[0].round, columns, shown);
  }

  private async report(wanted: Wanted): Promise<PaneReport> {
    const { subject, steps, roundMs } = this;
    const { trainer, model } = subject;
    const started = now();
    const bytes = wanted.frame && (await this.frames.make(subject, wanted));
    const viewMs = now() - started;
    const rows = wanted.rows ? this.takeFresh() : undefined;
    const scalars = { ...this.scalars, ...steps.scalars(lossOf(model).isProbability) };
    const state: PaneState = {
      round: trainer.rounds,
      updates: {
        generator: trainer.updatesSoFar("generator"),
        discriminator: trainer.updatesSoFar("discriminator"),
      },
      ...(steps.facts && { phase: steps.facts }),
      scalars: Object.fromEntries(Object.entries(scalars).filter(([, value]) => Number.isFinite(value))),
      ...(this.diverged && { diverged: this.diverged.message }),
    };
    this.roundMs = 0;
    return {
      state,
      isInRound: trainer.isInRound,
      ...(bytes && { frame: bytes }),
      ...(rows && { rows }),
      roundMs,
      viewMs,
    };
  }
}
