/** Figures over seeds, of values some of which are failures. */
import { type MethodSpread, seedsToMethod } from "../math/intervals/random-effects.ts";
import { studentQuantile } from "../math/intervals/student.ts";
import type { ComparedMetric, Difference, DifferenceVerdict, Interval, Score } from "./comparison.ts";

const LEVEL = 0.975;

/** Best first; failures, which are null, last. */
export const byMerit =
  (direction: ComparedMetric["direction"]) =>
  (a: number | null, b: number | null): number => {
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    return direction === "lower" ? a - b : b - a;
  };

export interface Spread {
  readonly median: number | null;
  readonly best: number | null;
  readonly worst: number | null;
}

/**
 * Median, best and worst of values; a failure (null) counts as worse than any in the median, which is null where the
 * middle is one, and is left out of best and worst.
 */
export function valuesToSpread(
  values: readonly (number | null)[],
  direction: ComparedMetric["direction"],
): Spread {
  const sorted = values.toSorted(byMerit(direction));
  const [lower, upper] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  const whole = sorted.filter((value) => value !== null);
  return {
    median: lower == null || upper == null ? null : (lower + upper) / 2,
    best: whole[0] ?? null,
    worst: whole.at(-1) ?? null,
  };
}

/** Of a sample of seeds. */
export interface Sample {
  readonly n: number;
  readonly mean: number;
  /** Of the sample, n - 1. */
  readonly sd: number;
}

/** Undefined for no values; `sd` is NaN of a single one. */
export function valuesToSample(values: readonly number[]): Sample | undefined {
  const n = values.length;
  if (n === 0) return undefined;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { n, mean, sd: Math.sqrt(squares / (n - 1)) };
}

/** A seed's value, and how sure it is as that of its checkpoint. */
export type SeedScore = Pick<Score, "value" | "standardError" | "referenceShare">;

/** What seeds say of their method; undefined of a single one. Standard errors count only where every seed has one. */
export function scoresToSpread(scores: readonly SeedScore[]): MethodSpread | undefined {
  const errors = scores.flatMap(({ standardError }) => standardError ?? []);
  return seedsToMethod({
    values: scores.map(({ value }) => value),
    ...(errors.length === scores.length && {
      standardErrors: errors,
      referenceShares: scores.map(({ referenceShare = 0 }) => referenceShare),
    }),
  });
}

/** Which of both is better, if the interval of their difference tells. */
export function differenceToVerdict(
  { low, high }: Interval,
  direction: ComparedMetric["direction"],
): DifferenceVerdict {
  if (low <= 0 && high >= 0) return "inconclusive";
  return low > 0 === (direction === "higher") ? "better" : "worse";
}

/** A difference before it is judged. */
export type Unjudged = Omit<Difference, "verdict">;

/**
 * a's mean less b's, with Welch's interval of 95 % (degrees of freedom by Satterthwaite): seeds of two groups have
 * nothing in common but their number and the real images, whose error is in both means and cancels: what varies between
 * seeds holds all the rest. Undefined where either has a single value.
 */
export function samplesToDifference(a: Sample, b: Sample): Unjudged | undefined {
  if (a.n < 2 || b.n < 2) return undefined;
  const [va, vb] = [a.sd ** 2 / a.n, b.sd ** 2 / b.n];
  const value = a.mean - b.mean;
  const degrees = (va + vb) ** 2 / (va ** 2 / (a.n - 1) + vb ** 2 / (b.n - 1));
  const half = va + vb === 0 ? 0 : studentQuantile(LEVEL, degrees) * Math.sqrt(va + vb);
  return { value, low: value - half, high: value + half };
}

/** A value with its interval. */
export interface Estimate {
  readonly value: number;
  readonly interval: Interval;
}

/**
 * a less b, of independent estimates: distances from the values to the intervals' ends, squared, summed, and the root
 * taken, each end with the one that it works together with (Zou and Donner 2008, "Construction of confidence limits
 * about effect measures": of symmetric intervals the usual sum of squares).
 */
export function estimatesToDifference(a: Estimate, b: Estimate): Unjudged {
  const value = a.value - b.value;
  return {
    value,
    low: value - Math.hypot(a.value - a.interval.low, b.interval.high - b.value),
    high: value + Math.hypot(a.interval.high - a.value, b.value - b.interval.low),
  };
}
