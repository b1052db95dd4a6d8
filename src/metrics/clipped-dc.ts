/** Clipped density and clipped coverage: fidelity and diversity that outliers cannot raise, calibrated to shares of good samples. */
import type { Features } from "../math/features/statistics.ts";
import { halvesToPairs } from "../math/intervals/split-halves.ts";
import { medianOf } from "../math/median.ts";
import { memoPair } from "../math/memo-pair.ts";
import {
  type Balls,
  countOf,
  neighboursToBalls,
  neighboursToHalfBalls,
  warnOfZeroRadii,
} from "../math/neighbours/balls.ts";
import { type CrossPairs, neighbourhoodsToCrossPairs } from "../math/neighbours/cross-pairs.ts";
import { aloneWith, type CrossNeighbours, shareCrossNeighbours } from "../math/neighbours/shared.ts";
import { type MetricContext, metric, type Sides } from "./metric.ts";
import { PARAMETER_ROWS, parametersToDefaults } from "./parameter-rows.ts";
import { sidesToFeatures } from "./sides-to-features.ts";

const FLAG = "--clipped-dc-neighbours";
const DEFAULTS = parametersToDefaults(PARAMETER_ROWS["clipped-dc"]);

export interface ClippedDensityCoverage {
  /** Real balls of clipped radius that hold a fake sample, k at most, over those that hold a real one; 1 at most. */
  readonly density: number;
  /** The share of good samples among the fakes that would cover the real ones as well. */
  readonly coverage: number;
}

export interface ClippedDensityCoverageOptions {
  /** A ball reaches to the k-th nearest other real sample (default 5). */
  readonly k?: number;
  /** Threads (default: one a core). */
  readonly threads?: number;
}

/** Both sides' balls and pairs, and the real side's pairs with itself. */
interface Found {
  readonly crossPairs: CrossPairs;
  readonly realPairs: CrossPairs;
}

/**
 * Clipped density and coverage of features [n, d] and [m, d]. With r_i the distance of real_i to its k-th nearest other real
 * sample, and c_i = min(r_i, median of r),
 *
 *     raw density  = mean_j min(1, #{ i : |real_i - fake_j| <= c_i } / k)
 *     density      = min(1, raw density / the same of every real sample among the other real ones)
 *     raw coverage = mean_i min(k, #{ j : |real_i - fake_j| < r_i }) / k
 *     coverage     = #{ g in 0..m : f(g) < raw coverage } / (m + 1)
 *
 * where f(g) is the raw coverage that g good samples among m are expected to have (`goodToCoverage`). Both are from 0 to 1,
 * and fall in proportion to the share of bad samples: a fake sample counts once at most, so that none makes up for another. Exact, as if all distances were computed in float64; 1.5 times the time of precision and recall.
 * Source: Salvy et al. 2025 (arXiv 2507.01761), formulas.
 *
 * @throws GanEvalError `input.too-few-samples` where a side has k samples or fewer, `usage.neighbours`,
 *   `input.feature-width`, `input.features-not-finite`
 */
export async function featuresToClippedDensityCoverage(
  real: Features,
  fake: Features,
  { k = DEFAULTS.k, ...options }: ClippedDensityCoverageOptions = {},
): Promise<ClippedDensityCoverage> {
  const crossNeighbours = await shareCrossNeighbours({ real, fake }, { k, flag: FLAG }, aloneWith(options));
  const realPairs = await neighbourhoodsToCrossPairs(crossNeighbours.real, crossNeighbours.real, options);
  const balls = [neighboursToBalls(crossNeighbours, k, FLAG)];
  const [all] = await pairsToClipped({ crossPairs: crossNeighbours.crossPairs, realPairs }, balls, k);
  return toValues(all);
}

/** [n] Squared radii, none above the square of the median radius. */
function radiiToClipped(squaredRadii: Float64Array): Float64Array {
  const median = medianOf(squaredRadii.filter((squared) => squared >= 0).map(Math.sqrt));
  return squaredRadii.map((squared) => (Math.sqrt(squared) > median ? median ** 2 : squared));
}

/** Of every row that takes part, min(k, count), on average over k. */
const countsToMean = (counts: Float64Array, radii: Float64Array, k: number): number =>
  counts.reduce((sum, count) => sum + Math.min(k, count), 0) / (k * countOf(radii));

/** Both values, and what they would be if nothing were cut off at 1: halves vary as these do. */
interface Clipped extends ClippedDensityCoverage {
  readonly uncut: ClippedDensityCoverage;
}

/** Of each of several sets of balls, by one walk over the pairs of both sides and one over those of the real side. */
async function pairsToClipped(
  { crossPairs, realPairs }: Found,
  balls: readonly Balls[],
  k: number,
): Promise<Clipped[]> {
  const clipped = balls.map(({ real }) => radiiToClipped(real));
  const counts = balls.map(({ real, fake }) => ({
    holding: new Float64Array(fake.length),
    held: new Float64Array(real.length),
    own: new Float64Array(real.length),
  }));
  await crossPairs.forEach((pair) => {
    for (let b = 0; b < balls.length; b++) {
      const radius = balls[b].real[pair.real];
      if (radius < 0 || balls[b].fake[pair.fake] < 0) continue;
      if (pair.isInside(radius)) counts[b].held[pair.real]++;
      if (pair.isWithin(clipped[b][pair.real])) counts[b].holding[pair.fake]++;
    }
  });
  await realPairs.forEach((pair) => {
    if (pair.real === pair.fake) return;
    for (let b = 0; b < balls.length; b++) {
      const radius = clipped[b][pair.real];
      if (radius >= 0 && balls[b].real[pair.fake] >= 0 && pair.isWithin(radius)) counts[b].own[pair.fake]++;
    }
  });
  return balls.map(({ real, fake }, b) => {
    const raw = countsToMean(counts[b].holding, fake, k);
    const own = countsToMean(counts[b].own, real, k);
    const covered = countsToMean(counts[b].held, real, k);
    const expected = goodToCoverage({ n: countOf(real), m: countOf(fake), k });
    const coverage = coverageToScore(covered, expected);
    // At least one row is at its own k-th neighbour, so `own` is 0 only where no ball has any.
    const density = raw / own;
    return {
      ...{ density: Math.min(1, density), coverage },
      uncut: { density, coverage: coverage + coverageBeyond(covered, expected) },
    };
  });
}

/**
 * [m + 1] f(g): of g fakes of the real distribution among n real samples, the expected share min(k, J) / k of a ball's places
 * that are taken; J, those in the ball, is beta-binomial (g draws, k, n - k), and f is 0 below k of them:
 *
 *     f(g) = 1/k sum_j min(j, k) C(g, j) B(k + j, n + g - k - j) / B(k, n - k).
 */
export function goodToCoverage({ n, m, k }: { n: number; m: number; k: number }): Float64Array {
  const expected = new Float64Array(m + 1);
  let none = 1;
  for (let good = 0; good <= m; good++) {
    let [share, missing] = [none, 0];
    for (let j = 0; j < Math.min(k, good + 1); j++) {
      missing += (k - j) * share;
      share *= ((good - j) / (j + 1)) * ((k + j) / (n - k + good - j - 1));
    }
    if (good >= k) expected[good] = 1 - missing / k;
    none *= (n - k + good) / (n + good);
  }
  return expected;
}

const coverageToScore = (raw: number, expected: Float64Array): number =>
  expected.reduce((below, value) => below + (value < raw ? 1 : 0), 0) / expected.length;

/** How far a raw coverage is above that of all fakes good, in shares of good fakes at the slope there; 0 where it is not. */
function coverageBeyond(raw: number, expected: Float64Array): number {
  const [last, before] = [expected[expected.length - 1], expected[expected.length - 2]];
  const slope = last - before;
  return slope > 0 ? Math.max(0, raw - last) / (slope * expected.length) : 0;
}

async function shareFound(
  sides: Sides,
  k: number,
  context: MetricContext,
  seed?: number,
): Promise<Found & Pick<CrossNeighbours, "real" | "fake">> {
  const found = await shareCrossNeighbours(sidesToFeatures(sides), { k, flag: FLAG }, context, seed);
  const realPairs = await memoPair(context, found.real, found.real, "own pairs", () =>
    neighbourhoodsToCrossPairs(found.real, found.real, context),
  );
  return { ...found, realPairs };
}

const toValues = ({ density, coverage }: ClippedDensityCoverage) => ({ density, coverage });
// Cut off at 1 both halves of a good generator would be 1, and would not differ: they would say that nothing varies.
const toUncut = ({ uncut }: Clipped) => toValues(uncut);

export const row = metric({
  id: "clipped-dc",
  label: "Clipped density and clipped coverage",
  unit: "share of samples",
  direction: "higher",
  needs: { real: ["features"], fake: ["features"] },
  source: {
    paper:
      "Salvy et al. 2025, Enhanced Generative Model Evaluation with Clipped Density and Coverage (arXiv 2507.01761)",
    library: "none; the paper's formulas",
  },
  defaults: DEFAULTS,
  least: ({ k }) => ({ real: k + 1, fake: k + 1, fewer: (there) => `${FLAG} ${Math.max(1, there - 1)}` }),
  keys: { density: "clipped_density", coverage: "clipped_coverage" },
  names: { density: "Clipped density", coverage: "Clipped coverage" },
  range: [0, 1],
  hasFloor: true,
  measure: async (sides, { k }, context) => {
    const found = await shareFound(sides, k, context);
    const balls = neighboursToBalls(found, k, FLAG);
    const effect = "they cover nothing, and hold only those copies";
    warnOfZeroRadii(balls.real, "real", { k, flag: FLAG, effect }, context.warn);
    const [all] = await pairsToClipped(found, [balls], k);
    return toValues(all);
  },
  halve: async (sides, seed, { k }, context) => {
    const found = await shareFound(sides, k, context, seed);
    const halves = await pairsToClipped(found, neighboursToHalfBalls(found, k, FLAG), k);
    return halvesToPairs(halves.map(toUncut));
  },
});
