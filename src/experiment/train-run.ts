/** Trains into a run's folder: records, samples, scores, checkpoints; stops and goes on anywhere. */
import { GanEvalError, isCode, type Warning } from "../errors.ts";
import type { Progress } from "../evaluate/options.ts";
import { type EventFile, openEventFile } from "../formats/tensorboard-events.ts";
import type { Hold } from "../interruption.ts";
import type { RunDescription } from "../runs/description.ts";
import { readRun } from "../runs/read-run.ts";
import type { CheckpointOptions, Run } from "../runs/run.ts";
import { locationToShell } from "../shell-word.ts";
import { steadyClock as ownSteadyClock } from "../steady-clock.ts";
import type { Checkpoint } from "../train/checkpoint.ts";
import { drawLabels, labelsToOneHot } from "../train/labels.ts";
import { drawLatents } from "../train/latent.ts";
import { openRandomStream } from "../train/random.ts";
import type { RoundRecord } from "../train/round-record.ts";
import type { Instruments } from "./instruments.ts";
import type { PreparedRun } from "./prepare-run.ts";
import { OPTIONS_CHANGED, RESUMED } from "./resume-run.ts";
import { eventsToRateFactor, findRollBack, RATES_CHANGED, ROLL_BACK } from "./roll-back.ts";
import type { RunConfig } from "./run-config.ts";
import type { OpenJudge, RunJudge } from "./run-judge.ts";

export interface TrainOptions {
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** Milliseconds for durations (default: a clock that is never set). */
  readonly steadyClock?: () => number;
  readonly signal: AbortSignal;
  /** Holds the end of an interrupted program off until the run is saved. */
  readonly hold?: Hold;
  readonly onProgress: (progress: Progress) => void;
  readonly weights?: string;
  readonly cacheDir?: string;
  readonly offline?: boolean;
  /** Warns of what goes wrong; without one nobody looks. */
  readonly openJudge?: OpenJudge;
}

/** How a run ended, for whoever started it. */
export interface TrainedRun {
  readonly folder: string;
  readonly description: RunDescription;
  readonly rounds: number;
  readonly epochs: number;
  /** The last record's. */
  readonly scalars: Readonly<Record<string, number>>;
  /** The last scoring's, and what a perfect generator would get. */
  readonly scores?: Readonly<Record<string, number>>;
  readonly floor?: Readonly<Record<string, number>>;
  readonly seconds: number;
  readonly roundsPerSecond: number;
  readonly warnings: readonly Warning[];
  /** Why it ended before its rounds were played, if it did. */
  readonly stopped?: "early" | "verdict" | "interrupted";
}

/** Milliseconds between rows of timing.csv. */
const TIMING_MS = 5000;
/** Tables are at most so much behind, for whoever reads along. */
const FLUSH_MS = 1000;
const DIAGNOSE_EVERY = 500;

const isFiniteState = ({ state }: Checkpoint): boolean =>
  Object.values(state).every(({ data }) => (data as Float32Array).every(Number.isFinite));

/** By which metric a checkpoint is the best so far, and its value. */
interface Best {
  readonly metric: string;
  readonly value: number;
}

/** Whether an error is nothing but the answer to an interrupt. */
const isAbort = (error: unknown, { aborted, reason }: AbortSignal): boolean =>
  aborted && (error === reason || (error as Error).name === "AbortError");

/** Whether a multiple of `interval` lies in (before, after]. */
const passes = (interval: number, before: number, after: number): boolean =>
  interval > 0 && Math.floor(after / interval) > Math.floor(before / interval);

class TrainingSession {
  private readonly run: Run;
  private readonly config: RunConfig;
  private readonly prepared: PreparedRun;
  private readonly options: TrainOptions;
  private readonly instruments: Instruments;
  private readonly steadyClock: () => number;
  /** Whether there is a checkpoint to go on from. */
  private hasBegun: boolean;
  private flushedAt: number;
  private judge: RunJudge | undefined;
  /** Verdicts that were warned of. */
  private warned = new Set<string>();
  /** Verdicts of the last look. */
  private troubles: readonly string[] = [];
  private events: EventFile | undefined;
  private scalars: Record<string, number> = {};
  private scores: Record<string, number> | undefined;
  /** Scorings since the best one. */
  private sinceBest = 0;
  private stopped: TrainedRun["stopped"];
  private playedSeconds = 0;
  private playedRounds = 0;

  constructor(
    run: Run,
    config: RunConfig,
    prepared: PreparedRun,
    instruments: Instruments,
    options: TrainOptions,
  ) {
    this.run = run;
    this.config = config;
    this.prepared = prepared;
    this.instruments = instruments;
    this.options = options;
    this.steadyClock = options.steadyClock ?? ownSteadyClock;
    this.flushedAt = this.steadyClock();
    this.hasBegun = !run.isNew;
  }

  async train(): Promise<TrainedRun> {
    const { run, prepared, options } = this;
    const { trainer, warnings } = prepared;
    const { scorer } = this.instruments.scoring ?? {};
    const release = options.hold?.("the round is played to its end and saved");
    try {
      await this.open();
      if (trainer.rounds === 0) await this.checkpoint();
      this.hasBegun = true;
      await this.play();
      await run.finish(this.stopped === "interrupted" ? "interrupted" : "finished");
    } catch (error) {
      await this.leave(error);
      throw this.hasBegun && isAbort(error, options.signal) ? this.interrupted() : error;
    } finally {
      this.events?.close();
      release?.();
    }
    if (this.stopped === "interrupted") throw this.interrupted();
    return {
      folder: run.folder,
      description: run.description,
      rounds: trainer.rounds,
      epochs: trainer.epochs,
      scalars: this.scalars,
      ...(this.scores && { scores: this.scores }),
      ...(scorer?.floor && { floor: scorer.floor }),
      seconds: this.playedSeconds,
      roundsPerSecond: this.playedRounds / Math.max(1e-9, this.playedSeconds),
      warnings: [...warnings, ...eventsToWarnings(run.description)],
      ...(this.stopped && { stopped: this.stopped }),
    };
  }

  /** Says how the run ended by an error; nothing is left of one that never began. */
  private async leave(error: unknown): Promise<void> {
    const isInterrupted = this.options.signal.aborted;
    const status = isInterrupted ? "interrupted" : "failed";
    const end = this.hasBegun
      ? this.run.finish(status, isInterrupted ? undefined : (error as Error).message)
      : this.run.discard();
    // The error itself says more than that the folder cannot be written any more.
    await end.catch(() => {});
  }

  private interrupted(): GanEvalError {
    const { round, rounds } = this.run.description;
    return new GanEvalError(
      "run.interrupted",
      `interrupted after round ${round} of ${rounds}, which is saved`,
      {
        hint: `Go on with: gan-eval train --resume ${locationToShell(this.run.folder)}`,
      },
    );
  }

  private async open(): Promise<void> {
    const { run, config, options } = this;
    const { trainer } = this.prepared;
    if (this.instruments.scoring && trainer.rounds > 0) {
      const { scores } = await readRun(run.folder);
      const since = run.best?.round ?? -1;
      this.sinceBest = scores.rounds.filter((round) => round > since).length;
    }
    if (options.openJudge && config.diagnoseEvery !== 0) {
      this.judge = options.openJudge(await readRun(run.folder));
      this.warned = new Set(run.description.events.map(({ kind }) => kind));
    }
    if (config.tensorboard)
      this.events = openEventFile(run.folder, {
        clock: options.clock,
        steadyClock: this.steadyClock,
        ...(trainer.rounds > 0 && { resumedAt: trainer.rounds + 1 }),
      });
  }

  private async play(): Promise<void> {
    const { run, config, prepared, options, steadyClock } = this;
    const { trainer, game } = prepared;
    let timed = { at: steadyClock(), round: trainer.rounds };
    while (trainer.rounds < config.rounds) {
      if (options.signal.aborted) {
        if (trainer.rounds !== run.description.round) await this.checkpoint({ isInterim: true });
        this.stopped = "interrupted";
        return;
      }
      const next = trainer.rounds + 1;
      const isLast = next === config.rounds;
      const measure = next % config.recordInterval === 0 || next === 1 || isLast;
      const scores = passes(config.evalEvery, next - 1, next) || (isLast && config.evalEvery > 0);
      const before = scores ? trainer.save() : undefined;
      const startedAt = steadyClock();
      let record: RoundRecord | undefined;
      try {
        record = await trainer.playRound(measure);
      } catch (error) {
        await this.recover(error);
        timed = { at: steadyClock(), round: trainer.rounds };
        continue;
      }
      this.playedSeconds += (steadyClock() - startedAt) / 1000;
      this.playedRounds++;
      // What belongs to a round is written before its checkpoint: a resumed run begins after it.
      if (record) await this.record(record);
      if (scores || steadyClock() - this.flushedAt >= FLUSH_MS) await this.flush();
      const batches = game.discriminatorSteps;
      let sampleIsDue = next === 1 || passes(config.sampleInterval, (next - 1) * batches, next * batches);
      let best: Best | undefined;
      try {
        if (scores) best = await this.score();
      } catch (error) {
        if (!options.signal.aborted) throw error;
        await this.unplay(before!);
        continue;
      }
      const stopsEarly = config.earlyStop > 0 && this.sinceBest >= config.earlyStop;
      const lookIsDue = passes(config.diagnoseEvery ?? DIAGNOSE_EVERY, next - 1, next);
      const verdict = lookIsDue && (await this.look(next));
      const ends = isLast || stopsEarly || Boolean(verdict);
      sampleIsDue ||= ends;
      if (sampleIsDue && config.sampleInterval > 0) await this.sample();
      const now = steadyClock();
      if (now - timed.at >= TIMING_MS || ends) {
        const seconds = (now - timed.at) / 1000;
        await run.time(next, this.playedSeconds, (next - timed.round) / Math.max(1e-9, seconds));
        timed = { at: now, round: next };
      }
      if (stopsEarly) await run.event(next, "early-stop", `no better score in ${this.sinceBest} scorings`);
      if (verdict) await run.event(next, "stop-on", verdict);
      if (best || ends || passes(config.checkpointInterval, next - 1, next)) {
        try {
          await this.checkpoint(best && { best });
        } catch (error) {
          await this.recover(error);
          timed = { at: steadyClock(), round: trainer.rounds };
          continue;
        }
      }
      this.report();
      if (stopsEarly || verdict) {
        this.stopped = stopsEarly ? "early" : "verdict";
        return;
      }
    }
  }

  private async flush(): Promise<void> {
    await this.run.flush();
    this.flushedAt = this.steadyClock();
  }

  /** Takes a round back whose scoring was interrupted: a resumed run plays and scores it again, to the same bytes. */
  private async unplay(before: Checkpoint): Promise<void> {
    const { run, prepared } = this;
    const { round: saved } = run.description;
    prepared.trainer.restore(before);
    await run.rewindTo(prepared.trainer.rounds);
    if (prepared.trainer.rounds !== saved) await this.checkpoint({ isInterim: true });
  }

  private async record(record: RoundRecord): Promise<void> {
    const turn = Math.floor(record.round / this.config.recordInterval);
    const probed = (await this.instruments.probe?.measure(turn)) ?? {};
    const scalars = { ...record.scalars, ...probed };
    this.scalars = scalars;
    await this.run.record({ ...record, scalars }, this.prepared.trainer.epochs);
    this.judge?.record({ ...record, scalars });
    this.events?.scalars(record.round, scalars);
  }

  /** Warns once of each thing that goes wrong; gives the verdict that ends the run, if one was to. */
  private async look(round: number): Promise<string | undefined> {
    let ending: string | undefined;
    const found = this.judge?.judge() ?? [];
    this.troubles = found.map(({ id }) => id);
    for (const { id, summary } of found) {
      if (this.config.stopOn?.includes(id)) ending ??= `${id}: ${summary}`;
      if (this.warned.has(id)) continue;
      this.warned.add(id);
      await this.run.event(round, id, summary);
    }
    return ending;
  }

  private async sample(): Promise<void> {
    const { rounds } = this.prepared.trainer;
    const png = await this.instruments.preview.draw();
    await this.run.sample(rounds, png);
    const { width, height } = pngSize(png);
    this.events?.image(rounds, "samples", png, { width, height, channels: 3 });
  }

  /** Scores the generator; what it got by the deciding metric, if that is the best so far. */
  private async score(): Promise<Best | undefined> {
    const { config, run } = this;
    if (!this.instruments.scoring) return undefined;
    const { scorer, sampler } = this.instruments.scoring;
    const { trainer, game } = this.prepared;
    const { rounds } = trainer;
    const random = openRandomStream(config.seed, "evaluation");
    const latents = drawLatents(game.latent, config.evalSamples, random);
    const { classes } = game.generator.network;
    const labels =
      classes === undefined
        ? undefined
        : labelsToOneHot(drawLabels(config.evalSamples, classes, random), classes);
    const samples = await sampler.sample(latents, labels);
    const { scores, signals } = await scorer.examine(samples, config.evalSamples);
    this.scores = scores;
    await run.score(rounds, scores);
    if (Object.keys(signals).length > 0) await run.signal(rounds, signals);
    this.judge?.score(rounds, scores, signals);
    this.events?.scalars(rounds, scores);
    const { name, lowerIsBetter } = scorer.first;
    const value = scores[name];
    const { best } = run;
    const isBest =
      Number.isFinite(value) &&
      (best === undefined || (lowerIsBetter ? value < best.value : value > best.value));
    this.sinceBest = isBest ? 0 : this.sinceBest + 1;
    return isBest ? { metric: name, value } : undefined;
  }

  private async checkpoint(options: Omit<CheckpointOptions, "keep"> = {}): Promise<void> {
    const { trainer } = this.prepared;
    const checkpoint = trainer.save();
    if (!isFiniteState(checkpoint))
      throw new GanEvalError(
        "run.diverged",
        `expected finite weights, got others in round ${trainer.rounds}`,
        {
          hint: "Take a smaller learning rate, or bound the gradients with --gradient-clip.",
        },
      );
    await this.run.checkpoint(checkpoint, { keep: this.config.keepCheckpoints, ...options });
  }

  /** After a divergence: an earlier state again, with half the rates. @throws the error, where that is not wanted or in vain */
  private async recover(error: unknown): Promise<void> {
    const { run, config, prepared } = this;
    const { trainer } = prepared;
    if (!isCode(error, "run.diverged")) throw error;
    const round = trainer.rounds;
    await run.event(round, "diverged", error.message);
    if (config.onNan !== "roll-back") throw error;
    const found = await findRollBack(run, round, error);
    if (found === undefined) throw error;
    trainer.restore(found.checkpoint);
    const to = trainer.rounds;
    await run.rewindTo(to);
    this.judge?.rewindTo(to);
    this.events?.goBackTo(to + 1);
    const factor = eventsToRateFactor(run.description.events) / 2;
    await run.event(round, ROLL_BACK, `back to round ${to}, learning rates times ${factor}`, { to });
    trainer.rateFactor = factor;
  }

  private report(): void {
    const { trainer, data } = this.prepared;
    const { generator_loss: g, discriminator_loss: d, real_score: real, fake_score: fake } = this.scalars;
    const first = this.instruments.scoring?.scorer.first;
    const figure = (value: number | undefined): string => (value === undefined ? "-" : value.toPrecision(3));
    this.options.onProgress({
      stage: "training",
      done: trainer.rounds,
      total: this.config.rounds,
      unit: "rounds",
      facts: [
        ...(data.count === undefined ? [] : [`epoch ${Math.floor(trainer.epochs) + 1}`]),
        `loss G ${figure(g)} D ${figure(d)}`,
        `D(x) ${figure(real)} D(G(z)) ${figure(fake)}`,
        ...(this.scores && first ? [`${first.name} ${figure(this.scores[first.name])}`] : []),
        ...this.troubles,
      ],
    });
  }
}

/** Width and height of a PNG, which stand at a fixed place. */
const pngSize = (png: Buffer): { width: number; height: number } => ({
  width: png.readUInt32BE(16),
  height: png.readUInt32BE(20),
});

/** How it was gone on with is no warning. */
const PLAIN: ReadonlySet<string> = new Set([RESUMED, OPTIONS_CHANGED, RATES_CHANGED]);

const eventsToWarnings = ({ events }: RunDescription): Warning[] =>
  events
    .filter(({ kind }) => !PLAIN.has(kind))
    .map(({ round, kind, message }) => ({ code: kind, message: `round ${round}: ${message}` }));

/** Trains a run that was just begun, or goes on with one that was opened. */
export const trainRun = (
  run: Run,
  config: RunConfig,
  prepared: PreparedRun,
  instruments: Instruments,
  options: TrainOptions,
): Promise<TrainedRun> => new TrainingSession(run, config, prepared, instruments, options).train();
