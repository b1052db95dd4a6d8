/** Scores and verdicts of a pane while it plays: those that a run of its command would record. */
import { openLiveMonitor } from "../../diagnosis/live-monitor.ts";
import type { RunMonitor } from "../../diagnosis/run-monitor.ts";
import { VERDICTS } from "../../diagnosis/verdict.ts";
import { RUN_SCHEMA } from "../../run-folder/description.ts";
import type { RunRecord } from "../../run-folder/read-run.ts";
import type { Table } from "../../run-folder/read-table.ts";
import type { VerdictId } from "../../run-folder/verdicts.ts";
import type { GeneratorScorer } from "../../runs/evaluation/score-generator.ts";
import { openToyScorer } from "../../runs/evaluation/score-toys.ts";
import type { RoundRecord } from "../../train/round-record.ts";
import type { Readings, ShownEvidence } from "../protocol/plane-messages.ts";
import { EVAL_EVERY } from "./pane-options.ts";
import { type Subject, subjectToPlan } from "./subject.ts";

export interface Judged {
  readonly round: number;
  readonly readings: Readings;
  readonly verdicts: readonly ShownEvidence[];
}

const NO_ROWS: Table = { rounds: new Float64Array(0), columns: new Map() };

/** What `run.json` would say of it. */
function subjectToDescription(subject: Subject): RunRecord["description"] {
  const now = new Date(0).toISOString();
  return {
    schema: RUN_SCHEMA,
    status: "running",
    ...subjectToPlan(subject, "lab", [], subject.config.rounds),
    ...{ started: now, updated: now, round: 0, events: [] },
  };
}

/** A run of which nothing is recorded yet, under the options that it has when it is asked. */
function subjectToRun(subject: () => Subject): RunRecord {
  return {
    folder: "lab",
    get description() {
      return subjectToDescription(subject());
    },
    status: "running",
    losses: NO_ROWS,
    layers: [],
    scores: NO_ROWS,
    signals: NO_ROWS,
    timing: NO_ROWS,
    samples: [],
    checkpoints: [],
    warnings: [],
  };
}

export class PaneJudge {
  private subject: Subject;
  private readonly monitor: RunMonitor;
  private scorer: GeneratorScorer | undefined;
  /** Where each verdict that holds was first seen. */
  private since = new Map<string, number>();
  private scored = 0;
  private scores: Readings = {};

  constructor(subject: Subject) {
    this.subject = subject;
    this.monitor = openLiveMonitor(subjectToRun(() => this.subject));
  }

  /** Goes on under other options. */
  follow(subject: Subject): void {
    if (subject.data.hash !== this.subject.data.hash) this.scorer = undefined;
    this.subject = subject;
  }

  record(record: RoundRecord): void {
    this.monitor.record(record);
  }

  rewindTo(round: number): void {
    this.monitor.rewindTo(round);
    this.scored = Math.min(this.scored, round);
    for (const [id, first] of this.since) if (first > round) this.since.delete(id);
  }

  /** Scores where a run of the command would. */
  async scoreInTime(): Promise<void> {
    const { rounds, isInRound } = this.subject.trainer;
    if (!isInRound && rounds % EVAL_EVERY === 0 && rounds > this.scored) await this.score(rounds);
  }

  /** Judges what was recorded; scores the generator as it is before, or reads only what is known exactly. */
  async look(scores: boolean): Promise<Judged> {
    const { trainer } = this.subject;
    const round = trainer.rounds;
    if (scores) await this.score(round);
    return {
      round,
      readings: { ...(await this.toExact()), ...this.scores },
      verdicts: this.toVerdicts(round),
    };
  }

  private async score(round: number): Promise<void> {
    const { config, data, plane } = this.subject;
    const { evalSamples, seed } = config;
    this.scorer ??= openToyScorer(data, { samples: evalSamples, engine: "auto", device: "auto" });
    const samples = await plane.sample(evalSamples, seed);
    this.scores = {};
    // A generator that has diverged cannot be scored.
    if (!samples.every(Number.isFinite)) return;
    const { scores, signals } = await this.scorer.examine(samples, evalSamples);
    if (round > this.scored) {
      this.monitor.score(round, scores, signals);
      this.scored = round;
    }
    const { floor = {} } = this.scorer;
    this.scores = Object.fromEntries(
      Object.entries(scores).map(([name, value]) => [
        name,
        { value, ...(floor[name] !== undefined && { floor: floor[name] }) },
      ]),
    );
  }

  /** Divergences by cell, and the discriminator's loss if it were the best against this generator. */
  private async toExact(): Promise<Readings> {
    const { plane, exact, model } = this.subject;
    if (exact === undefined) return {};
    const shares = await plane.density();
    const best = exact.optimalLoss(model, shares);
    return { ...exact.divergences(shares), ...(best !== undefined && { optimal_loss: { value: best } }) };
  }

  private toVerdicts(round: number): ShownEvidence[] {
    const found = this.monitor.judge();
    for (const id of [...this.since.keys()]) if (!found.some((one) => one.id === id)) this.since.delete(id);
    return found.map(({ id, summary }) => {
      const first = this.since.get(id) ?? round;
      this.since.set(id, first);
      const { title, severity } = VERDICTS[id as VerdictId];
      return { id, title, severity, summary, round: first };
    });
  }
}
