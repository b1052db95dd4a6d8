/** What a method of intervals is: a row of the table in intervals.ts. */
import type { Bounds, Interval } from "../../math/intervals/interval.ts";
import type { Metric, MetricContext, Sides, Values } from "../../metrics/metric.ts";
import type { PlannedMetric } from "../plan.ts";
import type { IntervalRecord } from "../result.ts";
import { LEVEL } from "./interval-level.ts";
import type { ScoreOptions } from "./score-context.ts";

/** A metric as it was measured, of whose values intervals are wanted. */
export interface MeasuredMetric {
  readonly planned: PlannedMetric;
  readonly sides: Sides;
  readonly values: Values;
  /** Of values that are shares of outcomes, yes or no, the number of these. */
  readonly outcomes: Readonly<Partial<Values>>;
  readonly context: MetricContext;
  readonly options: ScoreOptions;
}

/** An interval, and what a method says of how it was made. */
export type FoundInterval = Interval & Pick<IntervalRecord, "blocks" | "cuts" | "fixed" | "referenceShare">;

export interface IntervalMethod {
  /** Whether the method can tell a value's interval; the first row of the table that can is taken. */
  applies(measured: MeasuredMetric, value: string): boolean;
  /** The intervals of some values, by value; a value that has none is left out, with a warning where data are too few. */
  compute(
    measured: MeasuredMetric,
    values: readonly string[],
  ): Promise<Readonly<Record<string, FoundInterval>>>;
}

/** The level, and the value's natural bounds, its own before its metric's. */
export function valueToBounds({ ranges, range: ofAll }: Metric, value: string): Bounds {
  const range = ranges?.[value] ?? ofAll;
  return { level: LEVEL, ...(range && { range }) };
}
