/** The evaluations of a run: what was best, since when nothing was better, and whether that ends the run. */
import { readRun } from "../run-folder/read-run.ts";
import type { Run } from "../run-folder/run.ts";
import type { RunConfig } from "../run-folder/run-config.ts";
import type { Instruments } from "./instruments.ts";
import type { PreparedRun } from "./prepare-run.ts";
import type { RunObservers } from "./run-observers.ts";

/** By which metric a checkpoint is the best so far, and its value. */
export interface Best {
  readonly metric: string;
  readonly value: number;
}

/** Kind of the event that says why a metric has no value; once a metric. */
const NOT_MEASURED = "not-measured";

export class ScoreKeeper {
  private readonly run: Run;
  private readonly config: RunConfig;
  private readonly prepared: PreparedRun;
  private readonly scoring: Instruments["scoring"];
  private readonly observers: RunObservers;
  /** The last evaluation's. */
  scores: Record<string, number> | undefined;
  /** Scorings since the best one. */
  sinceBest = 0;
  /** Metrics that were said to have no value on some samples. */
  private readonly missed = new Set<string>();

  constructor(
    run: Run,
    config: RunConfig,
    prepared: PreparedRun,
    scoring: Instruments["scoring"],
    observers: RunObservers,
  ) {
    this.run = run;
    this.config = config;
    this.prepared = prepared;
    this.scoring = scoring;
    this.observers = observers;
  }

  /** Counts what a run that is gone on with was scored before. */
  async open(): Promise<void> {
    if (!this.scoring || this.prepared.trainer.rounds === 0) return;
    const { scores } = await readRun(this.run.folder);
    const since = this.run.best?.round ?? -1;
    this.sinceBest = scores.rounds.filter((round) => round > since).length;
  }

  get stopsEarly(): boolean {
    return this.config.earlyStop > 0 && this.sinceBest >= this.config.earlyStop;
  }

  /** The deciding metric's last value; undefined before the first evaluation. */
  get first(): Best | undefined {
    if (!this.scores || !this.scoring) return undefined;
    const { name } = this.scoring.first;
    return { metric: name, value: this.scores[name] };
  }

  /** Scores what is trained; what it got by the deciding metric, if that is the best so far. */
  async score(): Promise<Best | undefined> {
    if (!this.scoring) return undefined;
    const { run } = this;
    const { rounds } = this.prepared.trainer;
    const { scores, signals, errors = {}, failures = [] } = await this.scoring.examine();
    this.scores = scores;
    await run.score(rounds, scores);
    if (Object.keys(errors).length > 0) await run.scoreErrors(rounds, errors);
    if (Object.keys(signals).length > 0) await run.signal(rounds, signals);
    this.observers.score(rounds, scores, signals);
    for (const [id, { message }] of failures) {
      if (this.missed.has(id)) continue;
      this.missed.add(id);
      await run.event(rounds, NOT_MEASURED, `${id} could not be measured: ${message}`);
    }
    const { name, lowerIsBetter } = this.scoring.first;
    const value = scores[name];
    const { best } = run;
    const isBest =
      Number.isFinite(value) &&
      (best === undefined || (lowerIsBetter ? value < best.value : value > best.value));
    this.sinceBest = isBest ? 0 : this.sinceBest + 1;
    return isBest ? { metric: name, value } : undefined;
  }
}
