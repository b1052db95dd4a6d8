/** Density and coverage, by the nearest neighbours of real samples. */
import type { Features } from "../math/features/statistics.ts";
import { halvesToPairs } from "../math/intervals/split-halves.ts";
import {
  type Balls,
  countOf,
  neighboursToBalls,
  neighboursToHalfBalls,
  warnOfZeroRadii,
} from "../math/neighbours/balls.ts";
import type { CrossPairs } from "../math/neighbours/cross-pairs.ts";
import { aloneWith, shareCrossNeighbours } from "../math/neighbours/shared.ts";
import { metric } from "./metric.ts";
import { PARAMETER_ROWS, parametersToDefaults } from "./parameter-rows.ts";
import { sidesToFeatures } from "./sides-to-features.ts";

const FLAG = "--dc-neighbours";
const DEFAULTS = parametersToDefaults(PARAMETER_ROWS.dc);

export interface DensityCoverage {
  /** Real balls that hold a fake sample, over k, on average: 1 where the sides are alike, and it can be more. */
  readonly density: number;
  /** The share of real samples whose ball holds a fake one. */
  readonly coverage: number;
}

export interface DensityCoverageOptions {
  /** A ball reaches to the k-th nearest other real sample (default 5). */
  readonly k?: number;
  /** Threads (default: one a core). */
  readonly threads?: number;
}

/**
 * Density and coverage of features [n, d] and [m, d],
 *
 *     density  = 1 / (k m) sum_j sum_i [ |real_i - fake_j| < r_i ],  r_i to real_i's k-th nearest other real sample
 *     coverage = mean_i [ some j has |real_i - fake_j| < r_i ]
 *
 * A point on a ball's surface is not in it (prdc's rule), so a real sample with k copies holds nothing. Of two sets of one
 * distribution density is about 1 and coverage about 1 - 2^-k (n = m). Exact, as if all distances were computed in float64:
 * prdc's values to the last sample. Density counts a fake sample once for each ball it is in; a generator that stays where
 * real samples are dense gets more than 1.
 *
 * @throws GanEvalError `input.too-few-samples` where a side has k samples or fewer, `usage.neighbours`,
 *   `input.feature-width`, `input.features-not-finite`
 */
export async function featuresToDensityCoverage(
  real: Features,
  fake: Features,
  { k = DEFAULTS.k, ...options }: DensityCoverageOptions = {},
): Promise<DensityCoverage> {
  const crossNeighbours = await shareCrossNeighbours({ real, fake }, { k, flag: FLAG }, aloneWith(options));
  const [all] = await crossPairsToDensityCoverage(
    crossNeighbours.crossPairs,
    [neighboursToBalls(crossNeighbours, k, FLAG)],
    k,
  );
  return all;
}

/** Density and coverage for each of several sets of balls, by one walk over the pairs. */
async function crossPairsToDensityCoverage(
  crossPairs: CrossPairs,
  balls: readonly Balls[],
  k: number,
): Promise<DensityCoverage[]> {
  const inside = new Float64Array(balls.length);
  const covered = balls.map(({ real }) => new Uint8Array(real.length));
  await crossPairs.forEach((pair) => {
    for (let b = 0; b < balls.length; b++) {
      const radius = balls[b].real[pair.real];
      if (balls[b].fake[pair.fake] < 0 || !pair.isInside(radius)) continue;
      inside[b]++;
      covered[b][pair.real] = 1;
    }
  });
  return balls.map(({ real, fake }, b) => ({
    density: inside[b] / (k * countOf(fake)),
    coverage: covered[b].reduce((sum, is) => sum + is, 0) / countOf(real),
  }));
}

export const row = metric({
  id: "dc",
  label: "Density and coverage",
  unit: "share of samples",
  direction: "higher",
  needs: { real: ["features"], fake: ["features"] },
  source: {
    paper:
      "Naeem et al. 2020, Reliable Fidelity and Diversity Metrics for Generative Models (arXiv 2002.09797)",
    library: "prdc",
  },
  defaults: DEFAULTS,
  least: ({ k }) => ({ real: k + 1, fake: k + 1, fewer: (there) => `${FLAG} ${Math.max(1, there - 1)}` }),
  keys: { density: "density", coverage: "coverage" },
  names: { density: "Density", coverage: "Coverage" },
  range: [0, Number.POSITIVE_INFINITY],
  ranges: { coverage: [0, 1] },
  hasFloor: true,
  measure: async (sides, { k }, context) => {
    const crossNeighbours = await shareCrossNeighbours(sidesToFeatures(sides), { k, flag: FLAG }, context);
    const balls = neighboursToBalls(crossNeighbours, k, FLAG);
    const effect = "they contain nothing, because a ball does not include its surface";
    warnOfZeroRadii(balls.real, "real", { k, flag: FLAG, effect }, context.warn);
    const [all] = await crossPairsToDensityCoverage(crossNeighbours.crossPairs, [balls], k);
    return { ...all };
  },
  halve: async (sides, seed, { k }, context) => {
    const crossNeighbours = await shareCrossNeighbours(
      sidesToFeatures(sides),
      { k, flag: FLAG },
      context,
      seed,
    );
    const balls = neighboursToHalfBalls(crossNeighbours, k, FLAG);
    const found = await crossPairsToDensityCoverage(crossNeighbours.crossPairs, balls, k);
    return halvesToPairs(found.map((each) => ({ ...each })));
  },
});
