/** Trains into a run's folder: records, samples, scores, checkpoints; stops and goes on anywhere. */
import { GanEvalError, type Warning } from "../errors.ts";
import type { Progress } from "../evaluate/options.ts";
import { type EventFile, openEventFile } from "../formats/tensorboard-events.ts";
import type { RunDescription } from "../runs/description.ts";
import { readRun } from "../runs/read-run.ts";
import type { Run } from "../runs/run.ts";
import { locationToShell } from "../shell-word.ts";
import type { Checkpoint } from "../train/checkpoint.ts";
import { drawLabels, labelsToOneHot } from "../train/labels.ts";
import { drawLatents } from "../train/latent.ts";
import { openRandomStream } from "../train/random.ts";
import type { RoundRecord } from "../train/round-record.ts";
import { openSampler, type Sampler } from "../train/sampler.ts";
import { type DiscriminatorProbe, openDiscriminatorProbe } from "./discriminator-probe.ts";
import type { PreparedRun } from "./prepare-run.ts";
import { openPreview, type Preview } from "./preview.ts";
import type { RunConfig } from "./run-config.ts";
import type { OpenJudge, RunJudge } from "./run-judge.ts";
import { type GeneratorScorer, openGeneratorScorer } from "./score-generator.ts";

export interface TrainOptions {
  readonly clock: () => number;
  readonly signal: AbortSignal;
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

const MOST_ROLL_BACKS = 3;
const ROLL_BACK = "roll-back";
/** Pictures that the discriminator's opinion of new ones is taken from. */
const PROBED = 2048;
const SAMPLER_BATCH = 100;
/** Milliseconds between rows of timing.csv. */
const TIMING_MS = 5000;
const DIAGNOSE_EVERY = 500;

const isFiniteState = ({ state }: Checkpoint): boolean =>
  Object.values(state).every(({ data }) => (data as Float32Array).every(Number.isFinite));

/** By which metric a checkpoint is the best so far, and its value. */
interface Best {
  readonly metric: string;
  readonly value: number;
}

/** Whether a multiple of `interval` lies in (before, after]. */
const passes = (interval: number, before: number, after: number): boolean =>
  interval > 0 && Math.floor(after / interval) > Math.floor(before / interval);

class TrainingSession {
  private readonly run: Run;
  private readonly config: RunConfig;
  private readonly prepared: PreparedRun;
  private readonly options: TrainOptions;
  private preview!: Preview;
  private sampler: Sampler | undefined;
  private scorer: GeneratorScorer | undefined;
  private probe: DiscriminatorProbe | undefined;
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

  constructor(run: Run, config: RunConfig, prepared: PreparedRun, options: TrainOptions) {
    this.run = run;
    this.config = config;
    this.prepared = prepared;
    this.options = options;
  }

  async train(): Promise<TrainedRun> {
    const { run, config, prepared, options } = this;
    const { trainer, warnings } = prepared;
    try {
      await this.open();
      if (trainer.rounds === 0) await this.checkpoint();
      await this.play();
      await run.finish(this.stopped === "interrupted" ? "interrupted" : "finished");
    } catch (error) {
      const interrupted = options.signal.aborted;
      const failure = interrupted ? undefined : (error as Error).message;
      await run.finish(interrupted ? "interrupted" : "failed", failure).catch(() => {});
      throw error;
    } finally {
      await this.dispose();
    }
    if (this.stopped === "interrupted")
      throw new GanEvalError(
        "run.interrupted",
        `interrupted after round ${trainer.rounds} of ${config.rounds}, which is saved`,
        { hint: `Go on with: gan-eval train --resume ${locationToShell(run.folder)}` },
      );
    return {
      folder: run.folder,
      description: run.description,
      rounds: trainer.rounds,
      epochs: trainer.epochs,
      scalars: this.scalars,
      ...(this.scores && { scores: this.scores }),
      ...(this.scorer?.floor && { floor: this.scorer.floor }),
      seconds: this.playedSeconds,
      roundsPerSecond: this.playedRounds / Math.max(1e-9, this.playedSeconds),
      warnings: [...warnings, ...eventsToWarnings(run.description)],
      ...(this.stopped && { stopped: this.stopped }),
    };
  }

  private async open(): Promise<void> {
    const { run, config, options } = this;
    const { data, game, engine, trainer } = this.prepared;
    const heldOut = data.heldOut(PROBED);
    this.preview = await openPreview(engine, game, trainer, config.seed, heldOut.samples);
    if (data.heldOutCount !== undefined && data.heldOutCount > 0) {
      const seen = data.training(config.seed).next(Math.min(PROBED, data.count!));
      this.probe = await openDiscriminatorProbe(engine, game, trainer, { heldOut, seen });
    }
    if (config.evalEvery > 0) {
      const { weights, cacheDir, offline, signal, onProgress } = options;
      this.scorer = await openGeneratorScorer(data, {
        metrics: config.evalMetrics.length > 0 ? config.evalMetrics : undefined,
        extractor: config.extractor ?? undefined,
        samples: config.evalSamples,
        engine: config.engine,
        device: config.device,
        ...(config.threads !== null && { threads: config.threads }),
        ...(weights !== undefined && { weights }),
        ...(cacheDir !== undefined && { cacheDir }),
        ...(offline !== undefined && { offline }),
        signal,
        onProgress,
      });
      this.sampler = await openSampler(engine, game.generator.network, trainer.generator, SAMPLER_BATCH);
      if (trainer.rounds > 0) {
        const { scores } = await readRun(run.folder);
        const since = run.best?.round ?? -1;
        this.sinceBest = scores.rounds.filter((round) => round > since).length;
      }
    }
    if (options.openJudge && config.diagnoseEvery !== 0) {
      this.judge = options.openJudge(await readRun(run.folder));
      this.warned = new Set(run.description.events.map(({ kind }) => kind));
    }
    if (config.tensorboard)
      this.events = openEventFile(run.folder, {
        clock: options.clock,
        ...(trainer.rounds > 0 && { resumedAt: trainer.rounds + 1 }),
      });
  }

  private async play(): Promise<void> {
    const { run, config, prepared, options } = this;
    const { trainer, game } = prepared;
    const { clock } = options;
    let timed = { at: clock(), round: trainer.rounds };
    while (trainer.rounds < config.rounds) {
      if (options.signal.aborted) {
        if (trainer.rounds !== run.description.round) await this.checkpoint();
        this.stopped = "interrupted";
        return;
      }
      const next = trainer.rounds + 1;
      const measure = next % config.recordInterval === 0 || next === 1 || next === config.rounds;
      const before = clock();
      let record: RoundRecord | undefined;
      try {
        record = await trainer.playRound(measure);
      } catch (error) {
        await this.recover(error);
        timed = { at: clock(), round: trainer.rounds };
        continue;
      }
      this.playedSeconds += (clock() - before) / 1000;
      this.playedRounds++;
      // What belongs to a round is written before its checkpoint: a resumed run begins after it.
      if (record) await this.record(record);
      const isLast = next === config.rounds;
      const batches = game.discriminatorSteps;
      let sampleIsDue = next === 1 || passes(config.sampleInterval, (next - 1) * batches, next * batches);
      const best =
        passes(config.evalEvery, next - 1, next) || (isLast && config.evalEvery > 0)
          ? await this.score()
          : undefined;
      const stopsEarly = config.earlyStop > 0 && this.sinceBest >= config.earlyStop;
      const lookIsDue = passes(config.diagnoseEvery ?? DIAGNOSE_EVERY, next - 1, next);
      const verdict = lookIsDue && (await this.look(next));
      const ends = isLast || stopsEarly || Boolean(verdict);
      sampleIsDue ||= ends;
      if (sampleIsDue && config.sampleInterval > 0) await this.sample();
      const now = clock();
      if (now - timed.at >= TIMING_MS || ends) {
        const seconds = (now - timed.at) / 1000;
        await run.time(next, this.playedSeconds, (next - timed.round) / Math.max(1e-9, seconds));
        timed = { at: now, round: next };
      }
      if (stopsEarly) await run.event(next, "early-stop", `no better score in ${this.sinceBest} scorings`);
      if (verdict) await run.event(next, "stop-on", verdict);
      if (best || ends || passes(config.checkpointInterval, next - 1, next)) {
        try {
          await this.checkpoint(best);
        } catch (error) {
          await this.recover(error);
          timed = { at: clock(), round: trainer.rounds };
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

  private async record(record: RoundRecord): Promise<void> {
    const turn = Math.floor(record.round / this.config.recordInterval);
    const probed = (await this.probe?.measure(turn)) ?? {};
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
    const png = await this.preview.draw();
    await this.run.sample(rounds, png);
    const { width, height } = pngSize(png);
    this.events?.image(rounds, "samples", png, { width, height, channels: 3 });
  }

  /** Scores the generator; what it got by the deciding metric, if that is the best so far. */
  private async score(): Promise<Best | undefined> {
    const { scorer, sampler, config, run } = this;
    if (!scorer || !sampler) return undefined;
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

  private async checkpoint(best?: Best): Promise<void> {
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
    await this.run.checkpoint(checkpoint, { keep: this.config.keepCheckpoints, ...(best && { best }) });
  }

  /** After a divergence: the last checkpoint again, with half the rate. @throws the error, where that is not wanted or in vain */
  private async recover(error: unknown): Promise<void> {
    const { run, config, prepared } = this;
    const { trainer } = prepared;
    if (!(error instanceof GanEvalError) || error.code !== "run.diverged") throw error;
    const round = trainer.rounds;
    await run.event(round, "diverged", error.message);
    const before = run.description.events.filter(({ kind }) => kind === ROLL_BACK).length;
    if (config.onNan !== "roll-back") throw error;
    if (before >= MOST_ROLL_BACKS)
      throw new GanEvalError(
        "run.diverged",
        `expected training to recover, got a divergence in round ${round} after ${before} roll-backs, each to half the rate`,
        { hint: "Begin anew with a much smaller --lr, another loss, or a penalty.", cause: error },
      );
    const latest = await run.latestCheckpoint();
    if (latest === undefined) throw error;
    trainer.restore(latest.checkpoint);
    trainer.rateFactor = 0.5 ** (before + 1);
    await run.rewindTo(trainer.rounds);
    this.judge?.rewindTo(trainer.rounds);
    await run.event(
      round,
      ROLL_BACK,
      `back to round ${trainer.rounds}, learning rates times ${trainer.rateFactor}`,
    );
  }

  private report(): void {
    const { trainer, data } = this.prepared;
    const { generator_loss: g, discriminator_loss: d, real_score: real, fake_score: fake } = this.scalars;
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
        ...(this.scores && this.scorer
          ? [`${this.scorer.first.name} ${figure(this.scores[this.scorer.first.name])}`]
          : []),
        ...this.troubles,
      ],
    });
  }

  private async dispose(): Promise<void> {
    await this.preview?.dispose();
    await this.sampler?.dispose();
    await this.scorer?.dispose();
    await this.probe?.dispose();
    this.events?.close();
  }
}

/** Width and height of a PNG, which stand at a fixed place. */
const pngSize = (png: Buffer): { width: number; height: number } => ({
  width: png.readUInt32BE(16),
  height: png.readUInt32BE(20),
});

const eventsToWarnings = ({ events }: RunDescription): Warning[] =>
  events
    .filter(({ kind }) => kind !== "resumed")
    .map(({ round, kind, message }) => ({ code: kind, message: `round ${round}: ${message}` }));

/** Trains a run that was just created, or goes on with one that was opened. */
export const trainRun = (
  run: Run,
  config: RunConfig,
  prepared: PreparedRun,
  options: TrainOptions,
): Promise<TrainedRun> => new TrainingSession(run, config, prepared, options).train();

/**
 * Takes a run up where its newest whole checkpoint is; what was written after it is dropped.
 * @throws GanEvalError `input.run-data` where the data are others than it was begun with
 */
export async function resumeTo(
  run: Run,
  { trainer, data }: PreparedRun,
  { onNan }: RunConfig,
): Promise<void> {
  const { data: stored } = run.description;
  if (stored.hash !== undefined && stored.hash !== data.hash)
    throw new GanEvalError(
      "input.run-data",
      `expected the data that the run was begun with, ${stored.label}, got other content`,
      { hint: "Bring the data back, or begin a new run." },
    );
  const latest = await run.latestCheckpoint();
  if (latest === undefined) {
    // Stopped before its first checkpoint: it begins again.
    await run.rewindTo(undefined);
    return;
  }
  trainer.restore(latest.checkpoint);
  const halved = run.description.events.filter(({ kind }) => kind === ROLL_BACK).length;
  if (onNan === "roll-back" && halved > 0) trainer.rateFactor = 0.5 ** halved;
  await run.rewindTo(trainer.rounds);
  await run.event(trainer.rounds, "resumed", `from round ${trainer.rounds}`);
}
