/** How sure the values of a metric are: the table of methods, and the one that each value has. */
import { shareToInterval } from "../../math/intervals/wilson.ts";
import type { MetricContext, Sides, Values } from "../../metrics/metric.ts";
import { valueToKey } from "../../metrics/table.ts";
import type { PlannedMetric } from "../plan.ts";
import type { IntervalRecord } from "../result.ts";
import { LEVEL } from "./interval-level.ts";
import type { IntervalMethod, MeasuredMetric } from "./interval-method.ts";
import { deleteBlockJackknife } from "./jackknife-intervals.ts";
import { splitHalves, splitQuarters } from "./part-intervals.ts";
import type { ScoreOptions } from "./score-context.ts";

const wilsonScore: IntervalMethod = {
  applies: ({ outcomes }, value) => outcomes[value] !== undefined,
  compute: async ({ values, outcomes }, names) =>
    Object.fromEntries(names.map((name) => [name, shareToInterval(values[name]!, outcomes[name]!, LEVEL)])),
};

type MethodName = IntervalRecord["method"];

/** Every method by the name that results give it; the first that applies to a value is the value's. */
export const INTERVAL_METHODS: Readonly<Record<MethodName, IntervalMethod>> = {
  "Wilson score": wilsonScore,
  "split halves": splitHalves,
  "split halves and quarters": splitQuarters,
  "delete-block jackknife": deleteBlockJackknife,
};

const METHOD_NAMES = Object.keys(INTERVAL_METHODS) as MethodName[];

/** The method of a value; undefined of one that has no interval. */
const valueToMethod = (measured: MeasuredMetric, value: string): MethodName | undefined =>
  measured.planned.row.withoutInterval?.[value] !== undefined && measured.outcomes[value] === undefined
    ? undefined
    : METHOD_NAMES.find((name) => INTERVAL_METHODS[name].applies(measured, value));

/** The intervals of a metric's values, by the names that results give these. */
export async function metricToIntervals(
  planned: PlannedMetric,
  sides: Sides,
  values: Values,
  context: MetricContext,
  options: ScoreOptions,
): Promise<Record<string, IntervalRecord>> {
  const { row, parameters } = planned;
  const outcomes = row.outcomes?.(sides, parameters) ?? {};
  const measured: MeasuredMetric = { planned, sides, values, outcomes, context, options };
  const records: Record<string, IntervalRecord> = {};
  for (const method of METHOD_NAMES) {
    const names = Object.keys(row.keys).filter((value) => valueToMethod(measured, value) === method);
    if (names.length === 0) continue;
    const found = await INTERVAL_METHODS[method].compute(measured, names);
    for (const [value, { low, high, standardError, ...how }] of Object.entries(found))
      records[valueToKey(row, value, options.family)] = {
        low,
        high,
        standardError,
        method,
        ...how,
        level: LEVEL,
        seed: options.seed,
      };
  }
  return records;
}
