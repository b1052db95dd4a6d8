/** A value by several seeds: what was measured, its mean, and how much chance is in it. */
import type { IntervalRecord } from "../evaluate/result.ts";
import { type MethodSpread, seedsToMethod, squaresOf } from "../math/intervals/random-effects.ts";
import { studentQuantile } from "../math/intervals/student.ts";
import { meanOf } from "../math/mean.ts";

export interface Seeds {
  /** One a seed. */
  readonly values: readonly number[];
  /** How sure each is by itself; absent where a value has no interval. */
  readonly standardErrors?: readonly number[];
  /** The shares of their squares that are of the real images (default 0). */
  readonly referenceShares?: readonly number[];
  /** Degrees of freedom of the mean square of these. */
  readonly degrees?: number;
  /** The interval of 95 % of a single seed. */
  readonly interval?: readonly [low: number, high: number];
}

/** As good as infinitely many. */
const MANY = 1e6;

/** What an interval's standard error rests on. */
const intervalToDegrees = ({ method, blocks, cuts }: IntervalRecord): number => {
  if (method === "Wilson score") return MANY;
  return Math.max(1, cuts ?? (blocks ?? 20) - 1);
};

/** One value of several results. Intervals count only where every one has them. */
export function intervalsToSeeds(
  values: readonly number[],
  intervals: readonly (IntervalRecord | undefined)[],
  referenceShares?: readonly number[],
): Seeds {
  const known = intervals.flatMap((interval) => interval ?? []);
  if (known.length < values.length) return { values };
  return {
    values,
    standardErrors: known.map(({ standardError }) => standardError),
    ...(referenceShares && { referenceShares }),
    degrees: known.reduce((sum, interval) => sum + intervalToDegrees(interval), 0),
    ...(known.length === 1 && { interval: [known[0].low, known[0].high] as const }),
  };
}

/** What varies between seeds of one night, over all nights: its variance, and the degrees of freedom. */
export interface BetweenSeeds {
  readonly variance: number;
  readonly degrees: number;
}

export function seedsToBetween(nights: readonly Seeds[]): BetweenSeeds {
  const degrees = nights.reduce((sum, { values }) => sum + values.length - 1, 0);
  const squares = nights.reduce((sum, { values }) => sum + squaresOf(values), 0);
  return { variance: degrees === 0 ? 0 : squares / degrees, degrees };
}

/**
 * What is shown beside several seeds of this night: how much training varies and how much sampling does, and the interval of
 * the method, in which both are. Variation between seeds is pooled over this and earlier nights. Judgements do not use it:
 * `seedsToChance` leaves this night out. Undefined for one seed.
 */
export const seedsToSpread = (seeds: Seeds, earlier: readonly Seeds[]): MethodSpread | undefined =>
  seeds.values.length < 2 ? undefined : seedsToMethod(seeds, seedsToBetween([seeds, ...earlier]));

/** How far chance moves a mean, or a difference of means. */
export interface Chance {
  readonly standardError: number;
  readonly degrees: number;
}

/** With fewer, what varies between seeds is hardly known, and Student's quantiles would hide every change. */
const LEAST_DEGREES = 4;

/**
 * The chance in the mean of one night's seeds, or in the difference of two nights' means. Of each night with S seeds the
 * variance is (w^2 + t^2) / S: w^2 the mean of the seeds' squared standard errors, t^2 what varies between seeds beyond
 * that, max(0, b^2 - mean w^2) with b^2 the pooled variance between seeds of unchanged models; variances of nights add.
 *
 * Where b^2 has at least 4 degrees of freedom they are the degrees of all: then chance is held however much training varies,
 * for a b^2 that is small by luck does not count as certainty. With fewer they are those of the standard errors, by
 * Satterthwaite: chance is that of drawing images, as with one seed, and only partly that of training. Where standard
 * errors are missing b^2 stands alone, of these nights themselves if need be; undefined if there is none either.
 *
 * Both nights are compared with the same real images, whose error they share: in the difference most of it cancels, and
 * w^2 counts it twice where intervals are about both sides. That is on the safe side; intervals with the real side fixed
 * (statistics in its place) leave it out.
 */
export function seedsToChance(nights: readonly Seeds[], between: BetweenSeeds): Chance | undefined {
  const shares = nights.reduce((sum, { values }) => sum + 1 / values.length, 0);
  if (nights.some(({ standardErrors }) => standardErrors === undefined)) {
    const known = between.degrees > 0 ? between : seedsToBetween(nights);
    if (known.degrees === 0) return undefined;
    return { standardError: Math.sqrt(known.variance * shares), degrees: known.degrees };
  }
  const within = nights.map(({ standardErrors }) => meanOf(standardErrors!.map((error) => error ** 2)));
  const parts = within.map((variance, i) => variance / nights[i].values.length);
  const own = parts.reduce((sum, part) => sum + part, 0);
  const seeds = nights.reduce((sum, { values }) => sum + values.length, 0);
  const meanWithin = within.reduce((sum, variance, i) => sum + variance * nights[i].values.length, 0) / seeds;
  const beyond = Math.max(0, between.variance - meanWithin);
  const spread = parts.reduce((sum, part, i) => sum + part ** 2 / (nights[i].degrees ?? MANY), 0);
  const ofErrors = spread > 0 ? own ** 2 / spread : MANY;
  return {
    standardError: Math.sqrt(own + beyond * shares),
    degrees: between.degrees >= LEAST_DEGREES ? between.degrees : ofErrors,
  };
}

/** How far a value must be from another that chance is excluded at `level` (0.01: once in a hundred), in one direction. */
export const chanceToReach = ({ standardError, degrees }: Chance, level: number): number =>
  standardError === 0 ? 0 : studentQuantile(1 - level, Math.min(MANY, Math.max(1, degrees))) * standardError;
