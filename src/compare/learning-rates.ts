/** A metric against the learning rate: a point a rate, the safe band, and what budgets of runs get. */
import { valuesToBudget } from "./best-of-k.ts";
import {
  type Budget,
  type ComparedMetric,
  type ComparisonRow,
  FAILED,
  type RateCurve,
  type RatePoint,
  type SafeBand,
} from "./comparison.ts";
import { type Options, optionsToName, pickOptions } from "./option-values.ts";
import { byMerit, valuesToSpread } from "./seed-statistics.ts";

/** More curves than these cannot be told apart: they are joined by model. */
const MOST_CURVES = 12;
/** A curve of fewer rates is none. */
const LEAST_RATES = 3;
/** More rates than these, each with hardly more than one run, are joined by nearness. */
const MOST_SINGLE_RATES = 20;
const BINS_PER_DECADE = 2;

/** Of the best median: within it a rate is safe, beyond it a run is poor. */
const SAFE = 1.5;
const POOR = 2;

interface RatedRow {
  readonly at: number;
  readonly lr: number;
  readonly value: number | null;
  readonly options: Options;
}

/** The rate that a row is drawn at: of both networks, else of the one whose rate varies. */
const rateName = (varying: readonly string[]): string | undefined =>
  ["lr", "lrGenerator", "lrDiscriminator"].find((name) => varying.includes(name));

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string | number): T[][] {
  const groups = new Map<string | number, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups.values()];
}

/** By all options but the rate, where that makes few curves of several rates; else by model, else all in one. */
function rowsToCurves(
  rows: readonly RatedRow[],
  others: readonly string[],
): { options: Options; rows: RatedRow[] }[] {
  const by = (names: readonly string[]) =>
    groupBy(rows, ({ options }) => JSON.stringify(pickOptions(options, names))).map((of) => ({
      options: pickOptions(of[0].options, names),
      rows: of,
    }));
  const each = by(others);
  const rates = (of: readonly RatedRow[]): number => new Set(of.map(({ lr }) => lr)).size;
  if (each.length <= MOST_CURVES && each.every(({ rows: of }) => rates(of) >= LEAST_RATES)) return each;
  return by(others.filter((name) => name === "model"));
}

/** Rows at one rate; of many rates that have a run each, half a decade. */
function rowsToBins(rows: readonly RatedRow[]): RatedRow[][] {
  const byRate = groupBy(rows, ({ lr }) => lr);
  const isScattered = byRate.length > MOST_SINGLE_RATES && rows.length < 2 * byRate.length;
  const bins = isScattered ? groupBy(rows, ({ lr }) => Math.floor(BINS_PER_DECADE * Math.log10(lr))) : byRate;
  return bins.sort(([a], [b]) => a.lr - b.lr);
}

/**
 * Of the rates whose medians are within 1.5 times the best, none with a failure or a poor run, the longest row of
 * neighbours. Null where there is none.
 */
function pointsToBand(
  points: readonly RatePoint[],
  best: number,
  direction: ComparedMetric["direction"],
): SafeBand | null {
  const isSafe = ({ median, failures, poor }: RatePoint): boolean =>
    failures + poor === 0 &&
    median !== null &&
    (direction === "lower" ? median <= SAFE * best : median >= best / SAFE);
  let widest: SafeBand | null = null;
  let from: RatePoint | undefined;
  for (const point of points) {
    if (!isSafe(point)) {
      from = undefined;
      continue;
    }
    from ??= point;
    const decades = Math.log10(point.high / from.low);
    if (widest === null || decades > widest.decades) widest = { low: from.low, high: point.high, decades };
  }
  return widest;
}

function rowsToCurve(
  rows: readonly RatedRow[],
  options: Options,
  name: string,
  direction: ComparedMetric["direction"],
): RateCurve {
  const bins = rowsToBins(rows).map((of) => ({
    of,
    spread: valuesToSpread(
      of.map(({ value }) => value),
      direction,
    ),
  }));
  const order = byMerit(direction);
  const best = bins.reduce(
    (at, { spread }, i) => (order(spread.median, bins[at].spread.median) < 0 ? i : at),
    0,
  );
  const bestMedian = bins[best].spread.median;
  // Ratios mean nothing of values that may be 0 or less.
  const hasRatios = rows.every(({ value }) => value === null || value > 0);
  const isPoor = (value: number | null): boolean =>
    hasRatios &&
    value !== null &&
    bestMedian !== null &&
    (direction === "lower" ? value > POOR * bestMedian : value < bestMedian / POOR);
  const points = bins.map(({ of, spread }): RatePoint => {
    const rates = of.map(({ lr }) => lr);
    const [low, high] = [Math.min(...rates), Math.max(...rates)];
    return {
      lr: low === high ? low : Math.sqrt(low * high),
      low,
      high,
      rows: of.map(({ at }) => at),
      n: of.length,
      failures: of.filter(({ value }) => value === null).length,
      poor: of.filter(({ value }) => isPoor(value)).length,
      ...spread,
    };
  });
  const failing = points.reduce((sum, { failures, poor }) => sum + failures + poor, 0);
  return {
    name,
    options,
    points,
    best: bestMedian === null ? null : { lr: points[best].lr, median: bestMedian },
    safeBand: bestMedian !== null && hasRatios ? pointsToBand(points, bestMedian, direction) : null,
    failureShare: failing / rows.length,
  };
}

/** Curves and budgets of rows whose rates vary; none of others. Rows without a score that did not fail are left out. */
export function rowsToRates(
  rows: readonly ComparisonRow[],
  varying: readonly string[],
  { direction }: ComparedMetric,
): { curves: RateCurve[]; budgets: Budget[] } {
  const rate = rateName(varying);
  if (rate === undefined) return { curves: [], budgets: [] };
  const rated = rows.flatMap(({ options, status, value }, at): RatedRow[] => {
    const lr = options[rate];
    const counts = value !== null || FAILED.has(status);
    return typeof lr === "number" && lr > 0 && counts ? [{ at, lr, value, options }] : [];
  });
  const others = varying.filter((name) => name !== rate);
  const named = rowsToCurves(rated, others).map(({ options, rows: of }) => ({
    options,
    of,
    name: optionsToName(options) || "all runs",
  }));
  return {
    curves: named.map(({ options, of, name }) => rowsToCurve(of, options, name, direction)),
    budgets: named.map(({ of, name }) =>
      valuesToBudget(
        name,
        of.map(({ value }) => value),
        direction,
      ),
    ),
  };
}
