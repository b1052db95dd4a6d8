/** PR-cover: precision and recall by balls that hold enough samples of the other side. */
import type { Features } from "../math/features/statistics.ts";
import { halvesToPairs } from "../math/intervals/split-halves.ts";
import { type Balls, countOf, neighboursToBalls, neighboursToHalfBalls } from "../math/neighbours/balls.ts";
import type { CrossPairs } from "../math/neighbours/cross-pairs.ts";
import { aloneWith, shareCrossNeighbours } from "../math/neighbours/shared.ts";
import { checkWhole } from "./check-parameters.ts";
import { metric } from "./metric.ts";
import { PARAMETER_ROWS, parametersToDefaults } from "./parameter-rows.ts";
import { sidesToFeatures } from "./sides-to-features.ts";

const FLAG = "--pr-cover-neighbours";
const DEFAULTS = parametersToDefaults(PARAMETER_ROWS["pr-cover"]);

export interface PrecisionRecallCover {
  /** The share of fake samples whose ball holds k real ones. */
  readonly precision: number;
  /** The share of real samples whose ball holds k fake ones. */
  readonly recall: number;
}

export type PrecisionRecallCoverOptions = Partial<typeof DEFAULTS> & {
  /** Threads (default: one a core). */
  readonly threads?: number;
};

/**
 * PR-cover of features [n, d] and [m, d]. With r_i the distance of real_i to its (factor k)-th nearest other real sample, s_j
 * that of fake_j to its (factor k)-th nearest other fake one,
 *
 *     precision = mean_j [ #{ i : |real_i - fake_j| <= s_j } >= k ]
 *     recall    = mean_i [ #{ j : |real_i - fake_j| <= r_i } >= k ]
 *
 * both from 0 to 1 (defaults k 3, factor 3: balls of 9 neighbours that are to hold 3). A single outlier covers nothing and is
 * covered by nothing. Expects sides of about equal numbers: balls of the larger side are smaller. A point on a ball's surface
 * is in it. Exact, as if all distances were computed in float64, in the time of precision and recall. The authors' PRCover(P,
 * Q) calls the share of its first argument's balls precision: it is this precision of P the fakes.
 * Source: Cheema & Urner 2023.
 *
 * @throws GanEvalError `input.too-few-samples` where a side has factor k samples or fewer, `usage.neighbours`,
 *   `usage.pr-cover-factor`, `input.feature-width`, `input.features-not-finite`
 */
export async function featuresToPrecisionRecallCover(
  real: Features,
  fake: Features,
  { k = DEFAULTS.k, factor = DEFAULTS.factor, ...options }: PrecisionRecallCoverOptions = {},
): Promise<PrecisionRecallCover> {
  const request = toRequest({ k, factor });
  const crossNeighbours = await shareCrossNeighbours({ real, fake }, request, aloneWith(options));
  const balls = [neighboursToBalls(crossNeighbours, request.k, FLAG)];
  const [all] = await crossPairsToCover(crossNeighbours.crossPairs, balls, k);
  return all;
}

/** Neighbours that a ball reaches to. */
function toRequest({ k, factor }: typeof DEFAULTS): { k: number; flag: string } {
  checkWhole("pr-cover-factor", factor, 1, `The authors use ${DEFAULTS.factor}.`);
  return { k: factor * k, flag: FLAG };
}

const shareWith = (counts: Float64Array, least: number, radii: Float64Array): number =>
  counts.reduce((sum, count) => sum + (count >= least ? 1 : 0), 0) / countOf(radii);

/** For each of several sets of balls, by one walk over the pairs. */
async function crossPairsToCover(
  crossPairs: CrossPairs,
  balls: readonly Balls[],
  k: number,
): Promise<PrecisionRecallCover[]> {
  const counts = balls.map(({ real, fake }) => ({
    real: new Float64Array(real.length),
    fake: new Float64Array(fake.length),
  }));
  await crossPairs.forEach((pair) => {
    for (let b = 0; b < balls.length; b++) {
      const ofReal = balls[b].real[pair.real];
      const ofFake = balls[b].fake[pair.fake];
      if (ofReal < 0 || ofFake < 0) continue;
      const { real, fake } = counts[b];
      if (real[pair.real] < k && pair.isWithin(ofReal)) real[pair.real]++;
      if (fake[pair.fake] < k && pair.isWithin(ofFake)) fake[pair.fake]++;
    }
  });
  return balls.map(({ real, fake }, b) => ({
    precision: shareWith(counts[b].fake, k, fake),
    recall: shareWith(counts[b].real, k, real),
  }));
}

const toValues = ({ precision, recall }: PrecisionRecallCover) => ({ precision, recall });

/** The largest k whose balls find their neighbours among so many. */
const rowsToK = (rows: number, factor: number): number => Math.max(1, Math.floor((rows - 1) / factor));

export const row = metric({
  id: "pr-cover",
  label: "Precision and recall cover (PR-cover)",
  unit: "share of samples",
  direction: "higher",
  needs: { real: ["features"], fake: ["features"] },
  source: {
    paper: "Cheema & Urner 2023, Precision Recall Cover: A Method For Assessing Generative Models",
    library: "GenerativeMetrics PRCover",
  },
  defaults: DEFAULTS,
  least: ({ k, factor }) => ({
    real: factor * k + 1,
    fake: factor * k + 1,
    fewer: (there) => `${FLAG} ${rowsToK(there, factor)}`,
  }),
  keys: { precision: "precision_cover", recall: "recall_cover" },
  names: { precision: "Precision cover", recall: "Recall cover" },
  range: [0, 1],
  hasFloor: true,
  measure: async (sides, parameters, context) => {
    const request = toRequest(parameters);
    const crossNeighbours = await shareCrossNeighbours(sidesToFeatures(sides), request, context);
    const balls = [neighboursToBalls(crossNeighbours, request.k, FLAG)];
    const [all] = await crossPairsToCover(crossNeighbours.crossPairs, balls, parameters.k);
    return toValues(all);
  },
  halve: async (sides, seed, parameters, context) => {
    const request = toRequest(parameters);
    const crossNeighbours = await shareCrossNeighbours(sidesToFeatures(sides), request, context, seed);
    const balls = neighboursToHalfBalls(crossNeighbours, request.k, FLAG);
    const found = await crossPairsToCover(crossNeighbours.crossPairs, balls, parameters.k);
    return halvesToPairs(found.map(toValues));
  },
});
