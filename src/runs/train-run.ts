/** Trains into a run's folder: records, samples, scores, checkpoints; stops and goes on anywhere. */

import { RECORDING_TABLE } from "../run-folder/recording-options.ts";
import type { Run } from "../run-folder/run.ts";
import type { RunConfig } from "../run-folder/run-config.ts";
import { steadyClock as ownSteadyClock } from "../steady-clock.ts";
import type { RoundRecord } from "../train/round-record.ts";
import { batchesInRound, phaseAt } from "../train/scheme/plan.ts";
import { FlushClock } from "./flush-clock.ts";
import type { Instruments } from "./instruments.ts";
import { PlayClock } from "./play-clock.ts";
import type { PreparedRun } from "./prepare-run.ts";
import { Recovery } from "./recovery.ts";
import { errorToResumable, isAbort, leaveRun, noteStopRequest, runToInterrupted } from "./run-end.ts";
import { RunObservers } from "./run-observers.ts";
import { type Best, ScoreKeeper } from "./score-keeper.ts";
import { eventsToWarnings, stateToProgress } from "./train-progress.ts";
import type { TrainedRun, TrainOptions } from "./trained-run.ts";

/** Whether a multiple of `interval` lies in (before, after]. */
const passes = (interval: number, before: number, after: number): boolean =>
  interval > 0 && Math.floor(after / interval) > Math.floor(before / interval);

class TrainingSession {
  private readonly run: Run;
  private readonly config: RunConfig;
  private readonly prepared: PreparedRun;
  private readonly options: TrainOptions;
  private readonly instruments: Instruments;
  private readonly observers: RunObservers;
  private readonly keeper: ScoreKeeper;
  private readonly recovery: Recovery;
  private readonly clock: PlayClock;
  private readonly steadyClock: () => number;
  /** Whether there is a checkpoint to go on from. */
  private hasBegun: boolean;
  private readonly flushClock: FlushClock;
  private scalars: Record<string, number> = {};

  constructor(
    run: Run,
    config: RunConfig,
    prepared: PreparedRun,
    instruments: Instruments,
    options: TrainOptions,
  ) {
    const { trainer } = prepared;
    this.run = run;
    this.config = config;
    this.prepared = prepared;
    this.instruments = instruments;
    this.options = options;
    this.steadyClock = options.steadyClock ?? ownSteadyClock;
    this.observers = new RunObservers(run, config);
    this.keeper = new ScoreKeeper(run, config, prepared, instruments.scoring, this.observers);
    this.recovery = new Recovery(run, config, trainer, this.observers);
    this.clock = new PlayClock(this.steadyClock, trainer.rounds);
    this.flushClock = new FlushClock(this.steadyClock);
    this.hasBegun = !run.isNew;
  }

  async train(): Promise<TrainedRun> {
    const { run, prepared, options, clock, keeper } = this;
    const { trainer, warnings } = prepared;
    const { floor } = this.instruments.scoring ?? {};
    const release = options.hold?.("the round is played to its end and saved");
    let stopped: TrainedRun["stopped"];
    try {
      await keeper.open();
      await this.observers.open(trainer.rounds, options, this.steadyClock);
      if (trainer.rounds === 0) await this.recovery.checkpoint();
      this.hasBegun = true;
      stopped = await this.play();
      if (stopped === "interrupted") await noteStopRequest(run, options.signal);
      await run.finish(stopped === "interrupted" ? "interrupted" : "finished");
    } catch (thrown) {
      const error = this.hasBegun ? errorToResumable(run, thrown) : thrown;
      await leaveRun(run, this.hasBegun, error, options.signal);
      throw this.hasBegun && isAbort(error, options.signal) ? runToInterrupted(run, options.signal) : error;
    } finally {
      this.observers.close();
      release?.();
    }
    if (stopped === "interrupted") throw runToInterrupted(run, options.signal);
    return {
      folder: run.folder,
      description: run.description,
      rounds: trainer.rounds,
      epochs: trainer.epochs,
      scalars: this.scalars,
      ...(keeper.scores && { scores: keeper.scores }),
      ...(floor && { floor }),
      seconds: clock.seconds,
      roundsPerSecond: clock.roundsPerSecond,
      warnings: [...warnings, ...eventsToWarnings(run.description)],
      ...(stopped && { stopped }),
    };
  }

  /** Plays the rounds that are left; why it stopped before the last one, if it did. */
  private async play(): Promise<TrainedRun["stopped"]> {
    const { run, config, prepared, options, steadyClock, clock, keeper, recovery } = this;
    const { trainer, scheme } = prepared;
    clock.restart(trainer.rounds);
    const recover = async (error: unknown): Promise<void> => {
      await recovery.recover(error);
      clock.restart(trainer.rounds);
    };
    while (trainer.rounds < config.rounds) {
      if (options.signal.aborted) {
        if (trainer.rounds !== run.description.round) await recovery.checkpoint({ isInterim: true });
        return "interrupted";
      }
      const next = trainer.rounds + 1;
      const isLast = next === config.rounds;
      const measure = next % config.recordInterval === 0 || next === 1 || isLast;
      const scores = passes(config.evalEvery, next - 1, next) || (isLast && config.evalEvery > 0);
      if (scores) await trainer.bringHome();
      const before = scores ? trainer.save() : undefined;
      const startedAt = steadyClock();
      let record: RoundRecord | undefined;
      try {
        record = await trainer.playRound(measure);
      } catch (error) {
        await recover(error);
        continue;
      }
      clock.count(startedAt);
      // What belongs to a round is written before its checkpoint: a resumed run begins after it.
      if (record) await this.record(record);
      // An evaluation may take minutes.
      if (scores) await this.flush();
      const batches = batchesInRound(phaseAt(scheme, next - 1));
      const sampleIsDue = next === 1 || passes(config.sampleInterval, (next - 1) * batches, next * batches);
      let best: Best | undefined;
      try {
        if (scores) {
          await trainer.bringHome("networks");
          best = await keeper.score();
        }
      } catch (error) {
        if (!options.signal.aborted) throw error;
        await recovery.unplay(before!);
        continue;
      }
      const { stopsEarly } = keeper;
      const lookIsDue = passes(config.diagnoseEvery ?? RECORDING_TABLE.diagnoseEvery.default, next - 1, next);
      const verdict = lookIsDue && (await this.observers.look(next));
      const ends = isLast || stopsEarly || Boolean(verdict);
      if ((sampleIsDue || ends) && config.sampleInterval > 0) await this.sample();
      await clock.write(run, next, ends);
      if (stopsEarly)
        await run.event(next, "early-stop", `no better score in ${keeper.sinceBest} evaluations`);
      if (verdict) await run.event(next, "stop-on", verdict);
      if (best || ends || passes(config.checkpointInterval, next - 1, next)) {
        try {
          await recovery.checkpoint(best && { best });
        } catch (error) {
          await recover(error);
          continue;
        }
      }
      if (this.flushClock.endRound() || scores || sampleIsDue) await this.flush();
      this.report();
      if (stopsEarly || verdict) return stopsEarly ? "early" : "verdict";
    }
    return undefined;
  }

  private async flush(): Promise<void> {
    await this.run.flush();
    this.flushClock.flushed();
  }

  private async record(record: RoundRecord): Promise<void> {
    const turn = Math.floor(record.round / this.config.recordInterval);
    const { probe } = this.instruments;
    if (probe) await this.prepared.trainer.bringHome("networks");
    const probed = (await probe?.measure(turn)) ?? {};
    const scalars = { ...record.scalars, ...probed };
    this.scalars = scalars;
    await this.run.record({ ...record, scalars }, this.prepared.trainer.epochs);
    this.observers.record({ ...record, scalars });
    this.options.onRound?.({ ...record, scalars });
  }

  private async sample(): Promise<void> {
    const { trainer } = this.prepared;
    const { rounds } = trainer;
    await trainer.bringHome("networks");
    const png = await this.instruments.preview.draw();
    await this.run.sample(rounds, png);
    this.observers.sample(rounds, png);
  }

  private report(): void {
    const { scalars, config } = this;
    const { first } = this.keeper;
    const state = { rounds: config.rounds, scalars, first, problems: this.observers.problems };
    this.options.onProgress(stateToProgress(state, this.prepared));
  }
}

/** Trains a run that was just begun, or goes on with one that was opened. */
export const trainRun = (
  run: Run,
  config: RunConfig,
  prepared: PreparedRun,
  instruments: Instruments,
  options: TrainOptions,
): Promise<TrainedRun> => new TrainingSession(run, config, prepared, instruments, options).train();
