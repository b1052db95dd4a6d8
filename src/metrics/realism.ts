/** The realism of fake samples, by the balls of real ones. */
import type { MemoContext } from "../math/compute-context.ts";
import { checkSides } from "../math/features/check-features.ts";
import type { Features } from "../math/features/statistics.ts";
import { cutsToHalves, type Halves, halvesToPairs, isInHalf } from "../math/intervals/split-halves.ts";
import { medianOf } from "../math/median.ts";
import { memoPair } from "../math/memo-pair.ts";
import { checkNeighbours, neighbourhoodsToRadii } from "../math/neighbours/neighbourhoods.ts";
import { scanPairs } from "../math/neighbours/pair-scan.ts";
import { aloneWith, shareHalves, shareNeighbourhoods, type TwoSides } from "../math/neighbours/shared.ts";
import { squaredDistance } from "../math/neighbours/squared-distance.ts";
import { metric } from "./metric.ts";
import { PARAMETER_ROWS, parametersToDefaults } from "./parameter-rows.ts";
import { sidesToFeatures } from "./sides-to-features.ts";

const FLAG = "--realism-neighbours";
const DEFAULTS = parametersToDefaults(PARAMETER_ROWS.realism);

/** Added to a distance, so that the realism of a copy is finite. */
const EPSILON = 1e-5;
/** A row that is not asked, for its ball is large. */
const PRUNED = -1;

export interface RealismOptions {
  /** A ball reaches to the k-th nearest other real sample (default 3). */
  readonly k?: number;
  /** Threads (default: one a core). */
  readonly threads?: number;
}

/**
 * [m] The realism of each fake sample,
 *
 *     realism_j = max_i r_i / (|real_i - fake_j| + 1e-5),  r_i to real_i's k-th nearest other real sample,
 *
 * over the real samples whose radius is below the median of all radii: 1 or more within one of those balls, and the less
 * the farther away. This is the paper's definition, with plain distances and the larger half of the balls left out, which
 * keeps outliers from lending realism to all around them; the addend is the authors' code's, which however divides squared
 * distances and prunes nothing. Where no radius is below the median, those equal to it are taken. Exact: the sample
 * attaining the maximum is the one by float64 distances.
 * A copy of a real sample whose ball has shrunk to a point, since the real set holds it k times more, is at its surface: 1.
 *
 * @throws GanEvalError `input.too-few-samples` for k real samples or fewer, `usage.neighbours`, `input.feature-width`,
 *   `input.features-not-finite`
 */
export async function featuresToRealism(
  real: Features,
  fake: Features,
  { k = DEFAULTS.k, ...options }: RealismOptions = {},
): Promise<Float64Array> {
  const [all] = await shareRealism({ real, fake }, k, aloneWith(options));
  return all;
}

/** 0 / 0 is a copy at the surface of a ball that is a point. */
const toRatio = (radius: number, distance: number): number =>
  radius === 0 && distance === 0 ? 1 : radius / (distance + EPSILON);

/** Radii of the rows asked, `PRUNED` for the others. */
function radiiToPruned(squaredRadii: Float64Array): Float64Array {
  const asked = squaredRadii.filter((squared) => squared >= 0);
  const median = medianOf(asked);
  const isAnyBelow = asked.some((squared) => squared < median);
  return squaredRadii.map((squared) =>
    squared >= 0 && (isAnyBelow ? squared < median : squared <= median) ? Math.sqrt(squared) : PRUNED,
  );
}

/** Realism by each of several sets of radii, from one pass over the distances. */
async function radiiToRealism(
  { real, fake }: TwoSides,
  radii: readonly Float64Array[],
  context: MemoContext,
): Promise<Float64Array[]> {
  const best = radii.map(() => new Float64Array(fake.rows).fill(-1));
  const largest = radii.map((each) => each.reduce((a, b) => Math.max(a, b), PRUNED));
  const reachA = new Float64Array(real.rows).fill(-1);
  const reachB = new Float64Array(fake.rows).fill(Number.POSITIVE_INFINITY);
  /** Farther than this, no ball gives more than the best so far; the last factor is for the rounding. */
  const toReach = (v: number, j: number): number => {
    if (best[v][j] < 0) return Number.POSITIVE_INFINITY;
    if (largest[v] === 0) return best[v][j] < 1 ? 0 : -1;
    return Math.max(0, largest[v] / best[v][j] - EPSILON) ** 2 * (1 + 1e-12);
  };
  const visit = (i: number, j: number, low: number): void => {
    let distance = -1;
    const least = Math.sqrt(low);
    for (let v = 0; v < radii.length; v++) {
      const radius = radii[v][i];
      if (radius < 0 || toRatio(radius, least) < best[v][j]) continue;
      if (distance < 0) distance = Math.sqrt(squaredDistance(real, i, fake, j));
      best[v][j] = Math.max(best[v][j], toRatio(radius, distance));
    }
    if (distance < 0) return;
    reachB[j] = -1;
    for (let v = 0; v < radii.length; v++) reachB[j] = Math.max(reachB[j], toReach(v, j));
  };
  await scanPairs({ a: real, b: fake, reachA, reachB, visit }, context);
  return best;
}

/** [m] Of all rows (one array), or by each half of the real ones, cut by cut. */
async function shareRealism(
  { real, fake }: TwoSides,
  k: number,
  context: MemoContext,
  halves?: Halves,
): Promise<Float64Array[]> {
  checkSides(real, fake);
  checkNeighbours(k, { real }, FLAG);
  return memoPair(context, halves ?? real, fake, `realism of ${k}`, async () => {
    const neighbourhoods = await shareNeighbourhoods(real, "real", k, context, halves);
    const radii = (halves ? cutsToHalves(halves.count) : [undefined]).map((half) =>
      radiiToPruned(neighbourhoodsToRadii(neighbourhoods, k, FLAG, half)),
    );
    return radiiToRealism({ real, fake }, radii, context);
  });
}

const realismToValues = (realism: Float64Array): { mean: number; median: number } => ({
  mean: realism.reduce((a, b) => a + b, 0) / realism.length,
  median: medianOf(realism),
});

export const row = metric({
  id: "realism",
  label: "Realism",
  unit: "radius over distance, 1 at a ball's surface",
  direction: "higher",
  needs: { real: ["features"], fake: ["features"] },
  source: {
    paper:
      "Kynkäänniemi et al. 2019, Improved Precision and Recall Metric for Assessing Generative Models (arXiv 1904.06991), 5",
    library: "dgm-eval",
  },
  defaults: DEFAULTS,
  least: ({ k }) => ({ real: k + 1, fewer: (there) => `${FLAG} ${Math.max(1, there - 1)}` }),
  keys: { mean: "realism_mean", median: "realism_median" },
  names: { mean: "Realism, mean", median: "Realism, median" },
  range: [0, Number.POSITIVE_INFINITY],
  hasFloor: true,
  measure: async (sides, { k }, context) => {
    const [all] = await shareRealism(sidesToFeatures(sides), k, context);
    return realismToValues(all);
  },
  halve: async (sides, seed, { k }, context) => {
    const { real, fake } = sidesToFeatures(sides);
    const ofReal = shareHalves(real, "real", seed, context);
    const ofFake = shareHalves(fake, "fake", seed, context);
    const realism = await shareRealism({ real, fake }, k, context, ofReal);
    const values = cutsToHalves(ofReal.count).map((half, i) =>
      realismToValues(realism[i].filter((_, j) => isInHalf(ofFake, j, half))),
    );
    return halvesToPairs(values);
  },
  perImage: async (sides, { k }, context) => {
    const [all] = await shareRealism(sidesToFeatures(sides), k, context);
    return { realism: all };
  },
});
