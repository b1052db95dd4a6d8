/** Metrics of sides, one after another: their values, and what stands beside these. */
import type { GanEvalError } from "../../errors.ts";
import type { MetricContext, Sides } from "../../metrics/metric.ts";
import { valuesToKeys } from "../../metrics/table.ts";
import { besideOrNothing, isOwnFailure, recordFailure } from "../failures.ts";
import type { PlannedMetric } from "../plan.ts";
import type { FailureRecord, FloorRecord, IntervalRecord } from "../result.ts";
import { metricToIntervals } from "./intervals.ts";
import { metricToFloors } from "./metric-floor.ts";
import { openContext, type ScoreOptions } from "./score-context.ts";

export interface Scores {
  readonly metrics: Record<string, number>;
  readonly intervals: Record<string, IntervalRecord>;
  readonly floors: Record<string, FloorRecord>;
  /** Why a metric that was asked for has no value, by id. */
  readonly notMeasured: Record<string, FailureRecord>;
  /** [fake images] under the names that metrics give them. */
  readonly perImage: Record<string, Float64Array>;
}

/** One metric's values, and what stands beside them. */
async function measureInto(
  scores: Scores,
  planned: PlannedMetric,
  sides: Sides,
  shared: MetricContext,
  options: ScoreOptions,
): Promise<void> {
  const { row, parameters } = planned;
  const stage = row.id;
  const report = (done: number, total: number): void =>
    options.onProgress?.({ stage, done, total, unit: "steps" });
  const context: MetricContext = { ...shared, progress: report };
  report(0, 1);
  const values = await row.measure(sides, parameters, context);
  Object.assign(scores.metrics, valuesToKeys(row, values, options.family));
  const beside = <T extends object>(
    what: "interval" | "floor" | "per-image",
    measure: () => Promise<T> | T,
  ) => besideOrNothing(row.id, what, measure, options.warn);
  if (options.perImage && row.perImage)
    Object.assign(
      scores.perImage,
      await beside("per-image", () => row.perImage!(sides, parameters, context)),
    );
  if (options.floor && row.hasFloor)
    Object.assign(
      scores.floors,
      await beside("floor", () => metricToFloors(planned, sides, values, options)),
    );
  if (options.ci) {
    const progress = (done: number, total: number): void =>
      options.onProgress?.({ stage: `${row.id}: interval`, done, total, unit: "steps" });
    const measure = () => metricToIntervals(planned, sides, values, { ...shared, progress }, options);
    Object.assign(scores.intervals, await beside("interval", measure));
  }
  report(1, 1);
}

/**
 * Measures one metric after another on sides that give what they need. One that cannot be measured does not take the
 * others with it: it is recorded, and a warning says so.
 * @throws GanEvalError the first metric's error where none could be measured
 */
export async function sidesToScores(
  metrics: readonly PlannedMetric[],
  sides: Sides,
  options: ScoreOptions,
): Promise<Scores> {
  const scores: Scores = { metrics: {}, intervals: {}, floors: {}, notMeasured: {}, perImage: {} };
  const shared = openContext("", options);
  const errors: GanEvalError[] = [];
  for (const planned of metrics) {
    options.signal?.throwIfAborted();
    try {
      await measureInto(scores, planned, sides, shared, options);
    } catch (error) {
      if (!isOwnFailure(error)) throw error;
      errors.push(error);
      recordFailure(scores.notMeasured, planned.row.id, error, options.warn);
    }
  }
  if (errors.length === metrics.length) throw errors[0];
  return scores;
}
