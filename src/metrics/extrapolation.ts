/** A score of infinitely many samples, from its values at fewer: the rule of FID-infinity and IS-infinity. */

import { meanOf } from "../math/mean.ts";
import { createRandomState } from "../math/random/random-state.ts";
import { checkLeast, checkWhole } from "./check-parameters.ts";
import { PARAMETER_ROWS, parametersToDefaults } from "./parameter-rows.ts";

export interface ExtrapolationParameters {
  /** Numbers of samples at which the score is taken. */
  readonly points: number;
  /** The smallest of them, where there are many samples. */
  readonly smallest: number;
  readonly seed: number;
}

export const EXTRAPOLATION_DEFAULTS = parametersToDefaults(PARAMETER_ROWS["fid-inf"]);

/** Samples at the smallest of the points, and four times as many at the largest: a line needs two ends. */
export const LEAST_ROWS = 8;

/**
 * `points` whole numbers in equal steps, rounded down, from min(smallest, max(n / 10, 2)) to n. Of 50,000 samples and
 * more that is FID_infinity's rule (5,000 to n); below, dgm-eval's.
 *
 * @param id of the metric, for the flags in errors: throws `usage.<id>-points`, `usage.<id>-smallest`,
 *   `input.too-few-samples`
 */
export function rowsToPointCounts(
  n: number,
  { points, smallest }: ExtrapolationParameters,
  id: "fid-inf" | "is-inf",
): number[] {
  checkWhole(
    `${id}-points`,
    points,
    2,
    `The usual value is --${id}-points ${EXTRAPOLATION_DEFAULTS.points}.`,
  );
  checkWhole(
    `${id}-smallest`,
    smallest,
    2,
    `The usual value is --${id}-smallest ${EXTRAPOLATION_DEFAULTS.smallest}.`,
  );
  checkLeast(n, LEAST_ROWS, "on the fake side to extrapolate from", "Give more images: 10,000 or more.");
  const from = Math.min(smallest, Math.max(Math.floor(n / 10), 2), n - 1);
  return Array.from({ length: points }, (_, i) => Math.floor(from + (i * (n - from)) / (points - 1)));
}

/** Random rows of each count, each drawn anew: the first ones of a permutation. */
export function* drawPrefixes(n: number, counts: readonly number[], seed: number): Generator<Int32Array> {
  const random = createRandomState(seed);
  for (const count of counts) yield random.permutation(n).subarray(0, count);
}

export interface Extrapolated {
  readonly intercept: number;
  /** Of the intercept, by which rows the points happened to draw. */
  readonly drawVariance: number;
}

/**
 * Where the line of least squares through (1 / N, score) meets 1 / N = 0, and how far other draws of the same rows would
 * move it: N of n rows give a score that is off by a variance of c (1 / N - 1 / n), and c is what the residuals show, so that
 * the intercept, a sum of scores with weights w, has the variance c sum w^2 (1 / N - 1 / n).
 */
export function scoresToIntercept(counts: readonly number[], scores: readonly number[]): Extrapolated {
  const inverse = counts.map((count) => 1 / count);
  const [x, y] = [meanOf(inverse), meanOf(scores)];
  const squares = inverse.reduce((sum, value) => sum + (value - x) ** 2, 0);
  const slope = inverse.reduce((sum, value, i) => sum + (value - x) * (scores[i]! - y), 0) / squares;
  const intercept = y - slope * x;
  const noise = inverse.map((value) => value - 1 / Math.max(...counts));
  const weights = inverse.map((value) => 1 / counts.length - (x * (value - x)) / squares);
  const residuals = scores.reduce((sum, score, i) => sum + (score - intercept - slope * inverse[i]!) ** 2, 0);
  const free = (counts.length - 2) / counts.length;
  const scale = free > 0 ? residuals / (free * noise.reduce((sum, value) => sum + value, 0)) : 0;
  return { intercept, drawVariance: scale * weights.reduce((sum, w, i) => sum + w * w * noise[i]!, 0) };
}
