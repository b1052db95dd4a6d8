/** Symmetric precision and recall: each the lesser of two that fail in opposite places. */
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

const FLAG = "--sym-pr-neighbours";
const DEFAULTS = parametersToDefaults(PARAMETER_ROWS["sym-pr"]);

export interface SymmetricPrecisionRecall {
  readonly precision: number;
  readonly recall: number;
}

export interface SymmetricPrecisionRecallOptions {
  /** A ball reaches to the k-th nearest other sample of its own side (default 5). */
  readonly k?: number;
  /** Threads (default: one a core). */
  readonly threads?: number;
}

/**
 * Symmetric precision and recall of features [n, d] and [m, d]. With r_i the distance of real_i to its k-th nearest other
 * real sample, s_j that of fake_j to its k-th nearest other fake one,
 *
 *     precision = min( mean_j [ some i has |real_i - fake_j| < r_i ], mean_j [ some i has |real_i - fake_j| < s_j ] )
 *     recall    = min( mean_i [ some j has |real_i - fake_j| < s_j ], mean_i [ some j has |real_i - fake_j| < r_i ] )
 *
 * both from 0 to 1: usual precision with its complement by fake balls, usual recall with coverage. In many dimensions
 * precision stays high where fakes lie inside the real ones' shell, and its complement falls; outside it is the other way
 * round. A point on a ball's surface is not in it (the authors' rule). Exact, as if all distances were computed in float64, in
 * the time of precision and recall.
 * Source: Khayatkhoei & AbdAlmageed 2023 (arXiv 2306.09618).
 *
 * @throws GanEvalError `input.too-few-samples` where a side has k samples or fewer, `usage.neighbours`,
 *   `input.feature-width`, `input.features-not-finite`
 */
export async function featuresToSymmetricPrecisionRecall(
  real: Features,
  fake: Features,
  { k = DEFAULTS.k, ...options }: SymmetricPrecisionRecallOptions = {},
): Promise<SymmetricPrecisionRecall> {
  const crossNeighbours = await shareCrossNeighbours({ real, fake }, { k, flag: FLAG }, aloneWith(options));
  const [all] = await crossPairsToSymmetric(crossNeighbours.crossPairs, [
    neighboursToBalls(crossNeighbours, k, FLAG),
  ]);
  return all;
}

/** In what a row was found: a ball of the real side's, one of the fake side's. */
const [BY_REAL, BY_FAKE] = [1, 2];

const shareOf = (found: Uint8Array, bit: number, radii: Float64Array): number =>
  found.reduce((sum, bits) => sum + (bits & bit ? 1 : 0), 0) / countOf(radii);

/** For each of several sets of balls, by one walk over the pairs. */
async function crossPairsToSymmetric(
  crossPairs: CrossPairs,
  balls: readonly Balls[],
): Promise<SymmetricPrecisionRecall[]> {
  const found = balls.map(({ real, fake }) => ({
    real: new Uint8Array(real.length),
    fake: new Uint8Array(fake.length),
  }));
  await crossPairs.forEach((pair) => {
    for (let b = 0; b < balls.length; b++) {
      const ofReal = balls[b].real[pair.real];
      const ofFake = balls[b].fake[pair.fake];
      if (ofReal < 0 || ofFake < 0) continue;
      const bits = (pair.isInside(ofReal) ? BY_REAL : 0) | (pair.isInside(ofFake) ? BY_FAKE : 0);
      found[b].real[pair.real] |= bits;
      found[b].fake[pair.fake] |= bits;
    }
  });
  return balls.map(({ real, fake }, b) => ({
    precision: Math.min(shareOf(found[b].fake, BY_REAL, fake), shareOf(found[b].fake, BY_FAKE, fake)),
    recall: Math.min(shareOf(found[b].real, BY_FAKE, real), shareOf(found[b].real, BY_REAL, real)),
  }));
}

const toValues = ({ precision, recall }: SymmetricPrecisionRecall) => ({ precision, recall });

export const row = metric({
  id: "sym-pr",
  label: "Symmetric precision and recall",
  unit: "share of samples",
  direction: "higher",
  needs: { real: ["features"], fake: ["features"] },
  source: {
    paper:
      "Khayatkhoei & AbdAlmageed 2023, Emergent Asymmetry of Precision and Recall for Measuring Fidelity and Diversity of Generative Models in High Dimensions (arXiv 2306.09618)",
    library: "emergent_asymmetry_pr",
  },
  defaults: DEFAULTS,
  least: ({ k }) => ({ real: k + 1, fake: k + 1, fewer: (there) => `${FLAG} ${Math.max(1, there - 1)}` }),
  keys: { precision: "symmetric_precision", recall: "symmetric_recall" },
  names: { precision: "Symmetric precision", recall: "Symmetric recall" },
  range: [0, 1],
  hasFloor: true,
  measure: async (sides, { k }, context) => {
    const crossNeighbours = await shareCrossNeighbours(sidesToFeatures(sides), { k, flag: FLAG }, context);
    const balls = neighboursToBalls(crossNeighbours, k, FLAG);
    const effect = "they contain nothing, because a ball does not include its surface";
    for (const role of ["real", "fake"] as const)
      warnOfZeroRadii(balls[role], role, { k, flag: FLAG, effect }, context.warn);
    const [all] = await crossPairsToSymmetric(crossNeighbours.crossPairs, [balls]);
    return toValues(all);
  },
  halve: async (sides, seed, { k }, context) => {
    const sidesAndSeed = [sidesToFeatures(sides), { k, flag: FLAG }, context, seed] as const;
    const crossNeighbours = await shareCrossNeighbours(...sidesAndSeed);
    const balls = neighboursToHalfBalls(crossNeighbours, k, FLAG);
    return halvesToPairs((await crossPairsToSymmetric(crossNeighbours.crossPairs, balls)).map(toValues));
  },
});
