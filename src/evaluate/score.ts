/** Metrics of sides: values, their intervals, and the floors to read them from. */
import { type GanEvalError, isCode, type Warning } from "../errors.ts";
import { halvesToInterval, mapQuarters, quartersToInterval } from "../metrics/intervals/halves.ts";
import type { Bounds, Interval } from "../metrics/intervals/interval.ts";
import {
  drawPairs,
  leftOutToInterval,
  pairsToSecondOrder,
  rowsToBlocks,
} from "../metrics/intervals/jackknife.ts";
import { shareToInterval } from "../metrics/intervals/shares.ts";
import type { Blocks, Metric, MetricContext, Role, SideData, Sides, Values } from "../metrics/metric.ts";
import { valuesToKeys, valueToKey } from "../metrics/table.ts";
import { besideOrNothing, isOwnFailure, recordFailure } from "./failures.ts";
import { type FloorSides, sidesToFloorSides } from "./floor.ts";
import type { EvaluateOptions } from "./options.ts";
import type { PlannedMetric } from "./plan.ts";
import type { FailureRecord, FloorRecord, IntervalRecord } from "./result.ts";
import { sideOfRows } from "./side-rows.ts";

export interface Scores {
  readonly metrics: Record<string, number>;
  readonly intervals: Record<string, IntervalRecord>;
  readonly floors: Record<string, FloorRecord>;
  /** Why a metric that was asked for has no value, by id. */
  readonly notMeasured: Record<string, FailureRecord>;
  /** [fake pictures] under the names that metrics give them. */
  readonly perPicture: Record<string, Float64Array>;
}

export interface ScoreOptions
  extends Pick<EvaluateOptions, "ci" | "floor" | "seed" | "threads" | "signal" | "onProgress"> {
  /** In the names of values. */
  readonly family: string;
  readonly warn: (warning: Warning) => void;
  /** Whether to ask metrics for a number a picture, too. */
  readonly perPicture?: boolean;
}

export const LEVEL = 0.95;
const BLOCKS = 20;

/** Pairs of blocks that are left out together, of each kind, where they are few: enough to see a part of the variance. */
const PAIRS = 10;

/** Fewer rows than this a block say nothing. */
const LEAST_PER_BLOCK = 2;

export function openContext(
  stage: string,
  { threads, signal, onProgress, warn }: ScoreOptions,
): MetricContext {
  const known = new WeakMap<object, Map<string, unknown>>();
  return {
    ...(threads !== undefined && { threads }),
    ...(signal && { signal }),
    warn,
    progress: (done, total) => onProgress?.({ stage, done, total, unit: "steps" }),
    once<T>(of: object, key: string, compute: () => T): T {
      const results = known.get(of) ?? new Map<string, unknown>();
      known.set(of, results);
      if (!results.has(key)) results.set(key, compute());
      return results.get(key) as T;
    },
  };
}

/** What a metric sees of a side in rows, if it sees rows: pictures before features before logits. */
function sideToRowCount(side: SideData, row: Metric, role: Role): number | undefined {
  const needs = row.needs[role] ?? [];
  if (needs.includes("pictures")) return side.pictures?.length;
  if (needs.includes("spatial")) return side.spatialFeatures?.rows;
  if (needs.includes("logits")) return side.logits?.rows;
  return side.features?.rows;
}

/** Values with each block left out, by measuring the rest: for metrics that have no faster way. */
async function measureWithoutBlocks(
  { row, parameters }: PlannedMetric,
  sides: Sides,
  { role, count, ofRow }: Blocks,
  stage: string,
  options: ScoreOptions,
): Promise<Values[]> {
  const values: Values[] = [];
  for (let block = 0; block < count; block++) {
    options.signal?.throwIfAborted();
    options.onProgress?.({ stage, done: block, total: count, unit: "steps" });
    const side = sideOfRows(sides[role]!, (i) => ofRow[i] !== block, options);
    const context = { ...openContext(stage, options), progress: () => {}, warn: () => {} };
    values.push(await row.measure({ ...sides, [role]: side }, parameters, context));
  }
  return values;
}

/** One side's blocks, and the values without each. */
interface LeftOut {
  readonly blocks: Blocks;
  readonly values: readonly Values[];
}

/** The second-order variance of each value, from pairs of blocks within each side and across the two. */
async function leftOutToSecondOrder(
  { row, parameters }: PlannedMetric,
  sides: Sides,
  values: Values,
  leftOut: readonly LeftOut[],
  context: MetricContext,
  options: ScoreOptions,
): Promise<(value: string) => number> {
  if (!row.leaveOutPairs) return () => 0;
  const whole = (await row.leaveOutNone?.(sides, parameters, context)) ?? values;
  const kinds = leftOut.flatMap((a, i) => leftOut.slice(i).map((b) => [a, b] as const));
  const seen: ((value: string) => number)[] = [];
  for (const [a, b] of kinds) {
    const blocks = [a.blocks, b.blocks] as const;
    const oneSide = a === b;
    if (Math.min(a.blocks.count, b.blocks.count) < 4) continue;
    const pairs = drawPairs(blocks, row.pairs === "all" ? Number.POSITIVE_INFINITY : PAIRS, options.seed);
    const both = await row.leaveOutPairs(sides, blocks, pairs, parameters, context);
    seen.push((value) =>
      pairsToSecondOrder(whole[value]!, {
        oneSide,
        counts: [a.blocks.count, b.blocks.count],
        pairs,
        without: [a.values.map((each) => each[value]!), b.values.map((each) => each[value]!)],
        withoutBoth: both.map((each) => each[value]!),
      }),
    );
  }
  return (value) => seen.reduce((sum, of) => sum + of(value), 0);
}

/** The values of a metric that have an interval, each with its own, by the names that results give them. */
function toRecords(
  row: Metric,
  options: ScoreOptions,
  values: readonly string[],
  toRecord: (value: string, bounds: Bounds) => Omit<IntervalRecord, "level" | "seed">,
): Record<string, IntervalRecord> {
  return Object.fromEntries(
    values.map((value) => {
      const range = row.ranges?.[value] ?? row.range;
      const record = toRecord(value, { level: LEVEL, ...(range && { range }) });
      return [valueToKey(row, value, options.family), { ...record, level: LEVEL, seed: options.seed }];
    }),
  );
}

/** What parts of the sides give; nothing, and a warning, where a part is too few for the metric. */
async function partsOrNothing<T>(
  { row }: PlannedMetric,
  { wanted, part }: { readonly wanted: "interval" | "floor"; readonly part: string },
  measure: () => T | Promise<T>,
  options: ScoreOptions,
): Promise<T | undefined> {
  try {
    return await measure();
  } catch (error) {
    if (!isCode(error, "input.too-few-samples")) throw error;
    options.warn({
      code: `no-${wanted}`,
      message: `${row.id}: no ${wanted}, since ${part} is too few: ${error.message}`,
      hint: error.hint ?? "Give more pictures.",
    });
    return undefined;
  }
}

interface PartsMethod<T> {
  readonly part: string;
  readonly method: IntervalRecord["method"];
  readonly measure: () => readonly T[] | Promise<readonly T[]>;
  /** Of one value, from the parts of every cut. */
  readonly toInterval: (parts: readonly T[], value: string, bounds: Bounds) => Interval;
}

/** The intervals of values that parts of the sides tell; none where a part is too few. */
async function partsToIntervals<T>(
  planned: PlannedMetric,
  names: readonly string[],
  options: ScoreOptions,
  { part, method, measure, toInterval }: PartsMethod<T>,
): Promise<Record<string, IntervalRecord>> {
  const parts = await partsOrNothing(planned, { wanted: "interval", part }, measure, options);
  if (parts === undefined) return {};
  return toRecords(planned.row, options, names, (value, bounds) => ({
    ...toInterval(parts, value, bounds),
    ...{ method, cuts: parts.length },
  }));
}

/** The method of each value is its metric's: shares of outcomes where it says so, halves, or else the jackknife. */
async function metricToIntervals(
  planned: PlannedMetric,
  sides: Sides,
  values: Values,
  context: MetricContext,
  options: ScoreOptions,
): Promise<Record<string, IntervalRecord>> {
  const { row, parameters } = planned;
  const outcomes = row.outcomes?.(sides, parameters) ?? {};
  const records = toRecords(row, options, Object.keys(outcomes), (value, { level }) => ({
    ...shareToInterval(values[value]!, outcomes[value]!, level),
    method: "Wilson score",
  }));
  const others = Object.keys(row.keys).filter(
    (value) => row.withoutInterval?.[value] === undefined && outcomes[value] === undefined,
  );
  if (others.length === 0) return records;
  if (row.halve) {
    const ofHalves = await partsToIntervals(planned, others, options, {
      ...{ part: "half a side", method: "split halves" },
      measure: () => row.halve!(sides, options.seed, parameters, context),
      toInterval: (halves, value, bounds) =>
        halvesToInterval(
          values[value]!,
          halves.map(([one, other]) => [one[value]!, other[value]!]),
          bounds,
        ),
    });
    return { ...records, ...ofHalves };
  }
  if (row.quarter) {
    const ofQuarters = await partsToIntervals(planned, others, options, {
      ...{ part: "a quarter of a side", method: "split halves and quarters" },
      measure: () => row.quarter!(sides, options.seed, parameters, context),
      toInterval: (quarters, value, bounds) =>
        quartersToInterval(
          values[value]!,
          quarters.map((each) => mapQuarters(each, (part) => part[value]!)),
          bounds,
        ),
    });
    return { ...records, ...ofQuarters };
  }
  return { ...records, ...(await leftOutToIntervals(planned, others, sides, values, context, options)) };
}

async function leftOutToIntervals(
  planned: PlannedMetric,
  names: readonly string[],
  sides: Sides,
  values: Values,
  context: MetricContext,
  options: ScoreOptions,
): Promise<Record<string, IntervalRecord>> {
  const { row, parameters } = planned;
  const stage = `${row.id}: interval`;
  const leftOut: LeftOut[] = [];
  const fixed: Role[] = [];
  let fewest = BLOCKS;
  for (const role of Object.keys(row.needs) as Role[]) {
    const rows = sideToRowCount(sides[role]!, row, role);
    const count = Math.min(BLOCKS, Math.floor((rows ?? 0) / LEAST_PER_BLOCK));
    if (rows === undefined || count < 2) {
      fixed.push(role);
      continue;
    }
    fewest = Math.min(fewest, count);
    const blocks = rowsToBlocks(role, rows, count, options.seed);
    leftOut.push({
      blocks,
      values: row.leaveOut
        ? await row.leaveOut(sides, blocks, parameters, context)
        : await measureWithoutBlocks(planned, sides, blocks, stage, options),
    });
  }
  if (leftOut.length === 0) {
    options.warn({
      code: "no-interval",
      message: `${row.id}: no interval, since neither side gives pictures or features to leave out`,
      hint: "Give pictures or features instead of statistics, and more than a few.",
    });
    return {};
  }
  const drawVariance = row.drawVariance?.(values, parameters, sides, context) ?? {};
  const secondOrder = await leftOutToSecondOrder(planned, sides, values, leftOut, context, options);
  // What cannot be measured without some blocks has no interval (a support without collisions).
  const known = names.filter((value) =>
    leftOut.every((side) => side.values.every((each) => Number.isFinite(each[value]))),
  );
  return toRecords(row, options, known, (value, bounds) => ({
    ...leftOutToInterval(
      values[value]!,
      leftOut.map((side) => side.values.map((each) => each[value]!)),
      {
        ...bounds,
        secondOrder: secondOrder(value),
        ...(drawVariance[value] !== undefined && { drawVariance: drawVariance[value] }),
      },
    ),
    method: "delete-block jackknife",
    blocks: fewest,
    ...(fixed.length > 0 && { fixed }),
  }));
}

/** A floor that was measured on fewer pictures, brought to the numbers of the comparison where it is known how. */
function valueToFloor(
  measured: number,
  order: number | undefined,
  sides: Sides,
  { real, fake, of }: FloorSides,
): FloorRecord {
  const here = toReciprocals(sides.real?.count ?? real, sides.fake.count ?? fake);
  const there = toReciprocals(real, fake);
  if (order === undefined || here === there) return { value: measured, real, fake, of };
  return { value: measured * (here / there) ** order, measured, real, fake, of };
}

const toReciprocals = (real: number, fake: number): number => 1 / real + 1 / fake;

async function metricToFloor(
  planned: PlannedMetric,
  sides: Sides,
  options: ScoreOptions,
): Promise<Record<string, FloorRecord>> {
  const { row, parameters } = planned;
  const floor = sidesToFloorSides(sides, row, options);
  if (floor === undefined) {
    options.warn({
      code: "no-floor",
      message: `${row.id}: no floor, since the real side is statistics or has too few pictures to be cut in two`,
      hint: "Give real pictures or features, or others with --held-out DIR.",
    });
    return {};
  }
  const context = { ...openContext(`${row.id}: floor`, options), warn: () => {} };
  const measure = () => row.measure(floor.sides, parameters, context);
  const part = floor.of === "real" ? "half the real side" : "the held-out side";
  const values = await partsOrNothing(planned, { wanted: "floor", part }, measure, options);
  if (values === undefined) return {};
  return Object.fromEntries(
    Object.keys(row.keys).map((value) => [
      valueToKey(row, value, options.family),
      valueToFloor(values[value]!, row.floorOrder?.[value], sides, floor),
    ]),
  );
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
    what: "interval" | "floor" | "per-picture",
    measure: () => Promise<T> | T,
  ) => besideOrNothing(row.id, what, measure, options.warn);
  if (options.perPicture && row.perPicture)
    Object.assign(
      scores.perPicture,
      await beside("per-picture", () => row.perPicture!(sides, parameters, context)),
    );
  if (options.floor && row.hasFloor)
    Object.assign(scores.floors, await beside("floor", () => metricToFloor(planned, sides, options)));
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
  const scores: Scores = { metrics: {}, intervals: {}, floors: {}, notMeasured: {}, perPicture: {} };
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
