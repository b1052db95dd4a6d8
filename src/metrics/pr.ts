/** Improved precision and recall, by the balls of nearest neighbours. */
import type { Features } from "../math/features/statistics.ts";
import { halvesToPairs } from "../math/intervals/split-halves.ts";
import {
  type Balls,
  countOf,
  neighboursToBalls,
  neighboursToHalfBalls,
  warnOfZeroRadii,
} from "../math/neighbours/balls.ts";
import { type CrossPairs, neighbourhoodsToCrossPairs } from "../math/neighbours/cross-pairs.ts";
import type { Neighbourhoods } from "../math/neighbours/neighbourhoods.ts";
import { aloneWith, shareCrossNeighbours } from "../math/neighbours/shared.ts";
import { metric } from "./metric.ts";
import { PARAMETER_ROWS, parametersToDefaults } from "./parameter-rows.ts";
import { sidesToFeatures } from "./sides-to-features.ts";

const FLAG = "--pr-neighbours";
const DEFAULTS = parametersToDefaults(PARAMETER_ROWS.pr);

export interface PrecisionRecall {
  /** The share of fake samples within the ball of some real one. */
  readonly precision: number;
  /** The share of real samples within the ball of some fake one. */
  readonly recall: number;
}

export interface PrecisionRecallOptions {
  /** A ball reaches to the k-th nearest other sample of its own side (default 3). */
  readonly k?: number;
  /** Threads (default: one a core). */
  readonly threads?: number;
}

/**
 * Improved precision and recall of features [n, d] and [m, d],
 *
 *     precision = mean_j [ some i has |real_i - fake_j| <= r_i ],  r_i to real_i's k-th nearest other real sample
 *     recall    = mean_i [ some j has |real_i - fake_j| <= s_j ],  s_j to fake_j's k-th nearest other fake sample
 *
 * both from 0 to 1. A point on a ball's surface is in it (the authors', torch-fidelity's and guided-diffusion's rule;
 * prdc leaves it out), so samples repeated k + 1 times cover exactly themselves. Exact, as if all distances were computed
 * in float64, in time n^2 d at the machine's rate of float32 products. Depends on the numbers of samples: compare values
 * of equal n and m only. One far real sample has a large ball, and whatever is in it counts as precise: uniform noise has
 * a precision of 0.99 by the digits network. Read it beside a distance.
 *
 * @throws GanEvalError `input.too-few-samples` where a side has k samples or fewer, `usage.neighbours`,
 *   `input.feature-width`, `input.features-not-finite`
 */
export async function featuresToPrecisionRecall(
  real: Features,
  fake: Features,
  { k = DEFAULTS.k, ...options }: PrecisionRecallOptions = {},
): Promise<PrecisionRecall> {
  const crossNeighbours = await shareCrossNeighbours({ real, fake }, { k, flag: FLAG }, aloneWith(options));
  const [all] = await crossPairsToPrecisionRecall(crossNeighbours.crossPairs, [
    neighboursToBalls(crossNeighbours, k, FLAG),
  ]);
  return all;
}

/** The same from neighbourhoods of k rows or more: those of a reference are found once for many generators. */
export async function neighbourhoodsToPrecisionRecall(
  real: Neighbourhoods,
  fake: Neighbourhoods,
  { k = DEFAULTS.k, ...options }: PrecisionRecallOptions = {},
): Promise<PrecisionRecall> {
  const crossPairs = await neighbourhoodsToCrossPairs(real, fake, options);
  const [all] = await crossPairsToPrecisionRecall(crossPairs, [neighboursToBalls({ real, fake }, k)]);
  return all;
}

/** Precision and recall for each of several sets of balls, by one walk over the pairs. */
async function crossPairsToPrecisionRecall(
  crossPairs: CrossPairs,
  balls: readonly Balls[],
): Promise<PrecisionRecall[]> {
  const covered = balls.map(({ real, fake }) => ({
    real: new Uint8Array(real.length),
    fake: new Uint8Array(fake.length),
  }));
  await crossPairs.forEach((pair) => {
    for (let b = 0; b < balls.length; b++) {
      const ofReal = balls[b].real[pair.real];
      const ofFake = balls[b].fake[pair.fake];
      if (ofReal < 0 || ofFake < 0) continue;
      const { real, fake } = covered[b];
      if (!fake[pair.fake] && pair.isWithin(ofReal)) fake[pair.fake] = 1;
      if (!real[pair.real] && pair.isWithin(ofFake)) real[pair.real] = 1;
    }
  });
  return balls.map(({ real, fake }, b) => ({
    precision: sumOf(covered[b].fake) / countOf(fake),
    recall: sumOf(covered[b].real) / countOf(real),
  }));
}

const sumOf = (flags: Uint8Array): number => flags.reduce((sum, is) => sum + is, 0);

/** F = 2 P R / max(1e-5, P + R), as torch-fidelity has it. */
const withFScore = ({ precision, recall }: PrecisionRecall) => ({
  precision,
  recall,
  f_score: (2 * precision * recall) / Math.max(1e-5, precision + recall),
});

export const row = metric({
  id: "pr",
  label: "Improved precision and recall",
  unit: "share of samples",
  direction: "higher",
  needs: { real: ["features"], fake: ["features"] },
  source: {
    paper:
      "Kynkäänniemi et al. 2019, Improved Precision and Recall Metric for Assessing Generative Models (arXiv 1904.06991)",
    library:
      "improved-precision-and-recall-metric; torch-fidelity metric_prc.py; guided-diffusion evaluator.py",
  },
  defaults: DEFAULTS,
  least: ({ k }) => ({ real: k + 1, fake: k + 1, fewer: (there) => `${FLAG} ${Math.max(1, there - 1)}` }),
  keys: { precision: "precision", recall: "recall", f_score: "f_score" },
  names: { precision: "Precision", recall: "Recall", f_score: "F score" },
  range: [0, 1],
  hasFloor: true,
  measure: async (sides, { k }, context) => {
    const crossNeighbours = await shareCrossNeighbours(sidesToFeatures(sides), { k, flag: FLAG }, context);
    const balls = neighboursToBalls(crossNeighbours, k, FLAG);
    const effect = "they contain only those copies";
    for (const role of ["real", "fake"] as const)
      warnOfZeroRadii(balls[role], role, { k, flag: FLAG, effect }, context.warn);
    const [all] = await crossPairsToPrecisionRecall(crossNeighbours.crossPairs, [balls]);
    return withFScore(all);
  },
  halve: async (sides, seed, { k }, context) => {
    const crossNeighbours = await shareCrossNeighbours(
      sidesToFeatures(sides),
      { k, flag: FLAG },
      context,
      seed,
    );
    const balls = neighboursToHalfBalls(crossNeighbours, k, FLAG);
    return halvesToPairs(
      (await crossPairsToPrecisionRecall(crossNeighbours.crossPairs, balls)).map(withFScore),
    );
  },
});
