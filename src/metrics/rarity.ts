/** The rarity score: how sparse real samples are where a fake one lies. */
import type { Features } from "../math/features/statistics.ts";
import { halvesToPairs } from "../math/intervals/split-halves.ts";
import { type Balls, countOf, neighboursToBalls, neighboursToHalfBalls } from "../math/neighbours/balls.ts";
import type { CrossPairs } from "../math/neighbours/cross-pairs.ts";
import { aloneWith, shareCrossNeighbours } from "../math/neighbours/shared.ts";
import { metric } from "./metric.ts";
import { PARAMETER_ROWS, parametersToDefaults } from "./parameter-rows.ts";
import { sidesToFeatures } from "./sides-to-features.ts";

const FLAG = "--rarity-neighbours";
const DEFAULTS = parametersToDefaults(PARAMETER_ROWS.rarity);

export interface RarityOptions {
  /** A ball reaches to the k-th nearest other real sample (default 3). */
  readonly k?: number;
  /** Threads (default: one a core). */
  readonly threads?: number;
}

/**
 * [m] The rarity of each fake sample of features [n, d] and [m, d], in feature units,
 *
 *     rarity_j = min { r_i : |real_i - fake_j| <= r_i },  r_i to real_i's k-th nearest other real sample:
 *
 * the smallest of the real balls that hold it, NaN where none does: what lies outside the real samples' manifold is an
 * artefact, not a rarity. A point on a ball's surface is in it. Exact, as if all distances were computed in float64.
 * Source: Han et al. 2023 (arXiv 2206.08549).
 *
 * @throws GanEvalError `input.too-few-samples` where a side has k samples or fewer, `usage.neighbours`,
 *   `input.feature-width`, `input.features-not-finite`
 */
export async function featuresToRarity(
  real: Features,
  fake: Features,
  { k = DEFAULTS.k, ...options }: RarityOptions = {},
): Promise<Float64Array> {
  const crossNeighbours = await shareCrossNeighbours({ real, fake }, { k, flag: FLAG }, aloneWith(options));
  const [all] = await crossPairsToRarity(crossNeighbours.crossPairs, [
    neighboursToBalls(crossNeighbours, k, FLAG),
  ]);
  return all;
}

/** [m] For each of several sets of balls, by one walk over the pairs; -1 of rows that take no part. */
async function crossPairsToRarity(crossPairs: CrossPairs, balls: readonly Balls[]): Promise<Float64Array[]> {
  const least = balls.map(({ fake }) => fake.map((radius) => (radius < 0 ? -1 : Number.POSITIVE_INFINITY)));
  await crossPairs.forEach((pair) => {
    for (let b = 0; b < balls.length; b++) {
      const radius = balls[b].real[pair.real];
      if (radius >= 0 && radius < least[b][pair.fake] && pair.isWithin(radius)) least[b][pair.fake] = radius;
    }
  });
  return least.map((squared) =>
    squared.map((radius) => (radius < 0 ? -1 : Number.isFinite(radius) ? Math.sqrt(radius) : Number.NaN)),
  );
}

/** The mean over the samples that have a rarity (NaN of none), and the share that they are. */
function rarityToValues(rarity: Float64Array, { fake }: Balls): { mean: number; inside: number } {
  const inside = rarity.filter((value) => value >= 0);
  return {
    mean: inside.reduce((sum, value) => sum + value, 0) / inside.length,
    inside: inside.length / countOf(fake),
  };
}

export const row = metric({
  id: "rarity",
  label: "Rarity score",
  unit: "feature units",
  units: { inside: "share of samples" },
  direction: "none",
  directions: { inside: "higher" },
  needs: { real: ["features"], fake: ["features"] },
  source: {
    paper:
      "Han et al. 2023, Rarity Score: A New Metric to Evaluate the Uncommonness of Synthesized Images (arXiv 2206.08549)",
    library: "none; the paper's formula",
  },
  defaults: DEFAULTS,
  least: ({ k }) => ({ real: k + 1, fake: k + 1, fewer: (there) => `${FLAG} ${Math.max(1, there - 1)}` }),
  keys: { mean: "rarity_mean", inside: "rarity_inside_share" },
  names: { mean: "Rarity, mean", inside: "Fake samples with a rarity" },
  range: [0, Number.POSITIVE_INFINITY],
  ranges: { inside: [0, 1] },
  hasFloor: true,
  measure: async (sides, { k }, context) => {
    const crossNeighbours = await shareCrossNeighbours(sidesToFeatures(sides), { k, flag: FLAG }, context);
    const balls = neighboursToBalls(crossNeighbours, k, FLAG);
    const [all] = await crossPairsToRarity(crossNeighbours.crossPairs, [balls]);
    const values = rarityToValues(all, balls);
    if (values.inside === 0)
      context.warn({
        code: "no-rarity",
        message: `rarity: none of the ${all.length} fake samples lies within a real one's ball, so their mean rarity is not a number`,
        hint: `Rarity is defined among realistic samples: look at precision first, or take larger balls with ${FLAG}.`,
      });
    return values;
  },
  halve: async (sides, seed, { k }, context) => {
    const sidesAndSeed = [sidesToFeatures(sides), { k, flag: FLAG }, context, seed] as const;
    const crossNeighbours = await shareCrossNeighbours(...sidesAndSeed);
    const balls = neighboursToHalfBalls(crossNeighbours, k, FLAG);
    const rarity = await crossPairsToRarity(crossNeighbours.crossPairs, balls);
    return halvesToPairs(rarity.map((of, i) => rarityToValues(of, balls[i])));
  },
  perImage: async (sides, { k }, context) => {
    const crossNeighbours = await shareCrossNeighbours(sidesToFeatures(sides), { k, flag: FLAG }, context);
    const balls = neighboursToBalls(crossNeighbours, k, FLAG);
    const [rarity] = await crossPairsToRarity(crossNeighbours.crossPairs, [balls]);
    return { rarity };
  },
});
