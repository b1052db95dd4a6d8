/** The size of a generator's support, estimated by the birthday paradox. */

import type { ComputeContext } from "../math/compute-context.ts";
import { checkSides } from "../math/features/check-features.ts";
import type { Features } from "../math/features/statistics.ts";
import { drawRows } from "../math/neighbours/equal-numbers.ts";
import { neighbourhoodsToRadii } from "../math/neighbours/neighbourhoods.ts";
import { scanPairs } from "../math/neighbours/pair-scan.ts";
import { aloneWith, shareNeighbourhoods } from "../math/neighbours/shared.ts";
import { squaredDistance } from "../math/neighbours/squared-distance.ts";
import { checkLeast, checkShare, checkWhole } from "./check-parameters.ts";
import { type MetricContext, metric } from "./metric.ts";
import { PARAMETER_ROWS, parametersToDefaults } from "./parameter-rows.ts";

const DEFAULTS = parametersToDefaults(PARAMETER_ROWS.birthday);

type BirthdayParameters = typeof DEFAULTS;

/** Of an event that none of N trials showed, 3 / N is the upper bound of the chance at 95 %. */
const RULE_OF_THREE = 3;

export interface BirthdayEstimate {
  /** 1 / collisionRate; a lower bound at 95 % where no pair collides. */
  readonly support: number;
  /** The share of pairs of fakes that are near-duplicates. */
  readonly collisionRate: number;
}

/** Which pairs of rows are close, a bit each: row i has bits for the rows before it. */
export interface ClosePairs {
  readonly rows: number;
  /** Words a row. */
  readonly stride: number;
  readonly bits: Uint32Array;
}

/**
 * Pairs of rows whose squared distance is `squared` or less, exactly: whatever float32 products leave in doubt is
 * computed in float64.
 */
export async function featuresToClosePairs(
  features: Features,
  squared: number,
  options: ComputeContext = {},
): Promise<ClosePairs> {
  const { rows } = features;
  const stride = Math.ceil(rows / 32);
  const bits = new Uint32Array(rows * stride);
  const reach = new Float64Array(rows).fill(squared);
  const visit = (i: number, j: number, low: number, high: number): void => {
    if (low > squared) return;
    if (high > squared && squaredDistance(features, i, features, j) > squared) return;
    bits[i * stride + (j >>> 5)]! |= 1 << (j & 31);
  };
  await scanPairs({ a: features, reachA: reach, reachB: reach, visit }, options);
  return { rows, stride, bits };
}

function visitClosePairs({ rows, stride, bits }: ClosePairs, visit: (i: number, j: number) => void): void {
  for (let i = 0; i < rows; i++)
    for (let word = 0; word < stride; word++)
      for (let left = bits[i * stride + word]!; left !== 0; left = (left & (left - 1)) >>> 0)
        visit(i, 32 * word + 31 - Math.clz32(left & -left));
}

const pairsOf = (rows: number): number => (rows * (rows - 1)) / 2;

function collisionsToEstimate(collisions: number, rows: number): BirthdayEstimate {
  const pairs = pairsOf(rows);
  return { support: pairs / (collisions || RULE_OF_THREE), collisionRate: collisions / pairs };
}

/** The `quantile` of the squared distances of real rows to the nearest other one: the value that as many are at or below. */
async function realToThreshold(real: Features, quantile: number, context: MetricContext): Promise<number> {
  const neighbourhoods = await shareNeighbourhoods(real, "real", 1, context);
  const nearest = neighbourhoodsToRadii(neighbourhoods, 1, undefined).sort();
  return nearest[Math.ceil(quantile * nearest.length) - 1]!;
}

async function sidesToCollisions(
  real: Features,
  fake: Features,
  { quantile, samples, seed }: BirthdayParameters,
  context: MetricContext,
): Promise<ClosePairs> {
  checkShare("birthday-quantile", quantile, "The default is --birthday-quantile 0.01.");
  checkWhole("birthday-samples", samples, 2, "The default is --birthday-samples 10000.");
  checkSides(real, fake);
  for (const { rows } of [real, fake])
    checkLeast(rows, 2, "per side, since a pair takes two", "Give more images: thousands per side.");
  const threshold = await realToThreshold(drawRows(real, samples, seed, context), quantile, context);
  if (threshold === 0)
    context.warn({
      code: "real-duplicates",
      message: `birthday: more than ${100 * quantile} % of the real images have a copy, so only exact copies count as duplicates`,
      hint: "Remove the duplicates from the real set, or give a larger --birthday-quantile.",
    });
  return featuresToClosePairs(drawRows(fake, samples, seed, context), threshold, context);
}

function collisionsToResult(pairs: ClosePairs, { warn }: MetricContext): BirthdayEstimate {
  let count = 0;
  visitClosePairs(pairs, () => count++);
  const estimate = collisionsToEstimate(count, pairs.rows);
  if (count === 0)
    warn({
      code: "no-collisions",
      message: `birthday: no near-duplicates among ${pairs.rows} fakes: the support size is at least ${Math.round(estimate.support)} (95 % confidence), and how much larger is unknown`,
      hint: "Give more fake images to measure larger supports.",
    });
  return estimate;
}

/**
 * How many different images a generator makes, by the birthday paradox: of s draws from N equally likely images, two
 * are the same with probability p = 1 - exp(-s (s - 1) / 2N), so that N = s (s - 1) / (-2 ln(1 - p)). Here all pairs of the
 * fakes are looked at instead of batches of s: -ln(1 - p) is s (s - 1) / 2 times the chance q of a pair, and N = 1 / q for
 * any s. Where images are not equally likely it is 1 / sum p_i^2, below the number of them.
 *
 * The authors have people decide which images are the same. Here a pair is a near-duplicate where its (Euclidean)
 * distance is at most the 1 % quantile (`quantile`) of the distances of real images to the nearest other one: nearer than
 * 99 in 100 real images come to any other. A generator of the real distribution then has a support of 50 n to 100 n, n
 * the real rows (n / quantile where the nearest are nearest to each other, half of it where not): a value there means "as
 * varied as these real images can tell". One that makes 100 images with noise below that distance has 100. At even
 * probabilities the standard error is sqrt(2 N) / m of the support N, for m fakes and a given distance; that of the distance
 * comes on top, and is not known, so that there is no interval.
 *
 * Uses `samples` rows a side at most, drawn from the seed; the time is that of all their distances.
 *
 * @throws GanEvalError `usage.birthday-quantile`, `usage.birthday-samples`, `input.too-few-samples`,
 *   `input.feature-width`, `input.features-not-finite`
 */
export async function featuresToSupport(
  real: Features,
  fake: Features,
  options: Partial<BirthdayParameters> & Partial<MetricContext> = {},
): Promise<BirthdayEstimate> {
  const context = { warn: () => {}, ...aloneWith({}), ...options };
  return collisionsToResult(
    await sidesToCollisions(real, fake, { ...DEFAULTS, ...options }, context),
    context,
  );
}

/** Of intervals for a given distance 56 to 91 % held the mean over other real images, by the draws of bench/intervals.js. */
const NO_INTERVAL =
  "the distance that counts as a duplicate comes from a few real images, and varies more than the number of duplicates";

export const row = metric({
  id: "birthday",
  label: "Support size by the birthday paradox",
  unit: "images",
  units: { collisionRate: "share of pairs" },
  direction: "higher",
  directions: { collisionRate: "lower" },
  needs: { real: ["features"], fake: ["features"] },
  source: {
    paper: "Arora & Zhang 2017, Do GANs Actually Learn the Distribution? (arXiv 1706.08224)",
    library: "none; near-duplicates are by feature distance instead of by eye",
  },
  defaults: DEFAULTS,
  least: () => ({ real: 2, fake: 2 }),
  keys: { support: "birthday_support", collisionRate: "birthday_collision_rate" },
  names: { support: "Support size", collisionRate: "Collision rate" },
  range: [1, Number.POSITIVE_INFINITY],
  ranges: { collisionRate: [0, 1] },
  withoutInterval: { support: NO_INTERVAL, collisionRate: NO_INTERVAL },
  measure: async ({ real, fake }, parameters, context) => {
    const pairs = await sidesToCollisions(real!.features!, fake.features!, parameters, context);
    return { ...collisionsToResult(pairs, context) };
  },
});
