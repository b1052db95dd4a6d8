/** Authenticity (AuthPct): the percentage of fakes that are not near copies of real samples. */
import type { Features } from "../math/features/statistics.ts";
import { cutsToHalves, type Half, halvesToPairs, isInHalf } from "../math/intervals/split-halves.ts";
import { findNearest } from "../math/neighbours/nearest-finder.ts";
import { aloneWith, type CrossNeighbours, shareCrossNeighbours } from "../math/neighbours/shared.ts";
import { metric } from "./metric.ts";
import { sidesToFeatures } from "./sides-to-features.ts";

/** A real sample's nearest other real one. */
const NEAREST = { k: 1 };

export interface Authenticity {
  /** 0 to 100 */
  readonly percent: number;
  /** [m] 1 where a fake sample is authentic, else 0. */
  readonly authentic: Float64Array;
  /** [m] The nearest real sample of each fake one, of equally near ones the first, and how far it is. */
  readonly nearestReal: Float64Array;
  readonly distance: Float64Array;
}

/**
 * AuthPct: a fake sample is authentic where some other real sample is nearer to its nearest real sample than it is itself,
 *
 *     authentic_j = [ min_(l != i) |real_l - real_i| < |fake_j - real_i| ],  i the nearest real sample of j,
 *
 * and the value is the percentage of authentic ones. Copies of the training set give 0, also of one that holds its images
 * twice: as near is not nearer. Exact, as if all distances were
 * computed in float64; dgm-eval's value. About 50 where real and fake samples are of one distribution, for half of the
 * time a new sample is the nearer one: read it beside real against real.
 *
 * @throws GanEvalError `input.too-few-samples` for fewer than 2 samples a side, `input.feature-width`,
 *   `input.features-not-finite`
 */
export async function featuresToAuthenticity(
  real: Features,
  fake: Features,
  options: { readonly threads?: number } = {},
): Promise<Authenticity> {
  return neighboursToAuthenticity(await shareCrossNeighbours({ real, fake }, NEAREST, aloneWith(options)));
}

/** A fake row's nearest real one, of all or of those in its half by a cut, and whether the fake one is authentic. */
function findReal({ real, crossPairs: { nearestReal } }: CrossNeighbours, fake: number, cut?: number) {
  const at = findNearest(nearestReal, fake, 1, cut);
  const [who, squared] = [nearestReal.who[at], nearestReal.squared[at]];
  const own = real.nearest.squared[findNearest(real.nearest, who, 1, cut)];
  return { who, squared, isAuthentic: own < squared };
}

function neighboursToAuthenticity(crossNeighbours: CrossNeighbours): Authenticity {
  const { rows } = crossNeighbours.fake.features;
  const authentic = new Float64Array(rows);
  const nearestReal = new Float64Array(rows);
  const distance = new Float64Array(rows);
  for (let j = 0; j < rows; j++) {
    const { who, squared, isAuthentic } = findReal(crossNeighbours, j);
    authentic[j] = isAuthentic ? 1 : 0;
    nearestReal[j] = who;
    distance[j] = Math.sqrt(squared);
  }
  return { percent: (100 * sumOf(authentic)) / rows, authentic, nearestReal, distance };
}

/** Of a half of each side's rows. */
function neighboursToPercent(crossNeighbours: CrossNeighbours, half: Half): number {
  const { features, halves } = crossNeighbours.fake;
  let [authentic, count] = [0, 0];
  for (let j = 0; j < features.rows; j++) {
    if (!isInHalf(halves!, j, half)) continue;
    if (findReal(crossNeighbours, j, half.cut).isAuthentic) authentic++;
    count++;
  }
  return (100 * authentic) / count;
}

const sumOf = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);

export const row = metric({
  id: "authpct",
  label: "Authenticity (AuthPct)",
  unit: "percent of fake samples",
  direction: "higher",
  needs: { real: ["features"], fake: ["features"] },
  againstTrained: true,
  source: {
    paper:
      "Alaa et al. 2022, How Faithful is your Synthetic Data? (arXiv 2102.08921); Stein et al. 2023 (arXiv 2306.04675)",
    library: "dgm-eval authpct.py",
  },
  defaults: {},
  least: () => ({ real: 2, fake: 2 }),
  keys: { percent: "authpct" },
  names: { percent: "Authentic fake samples" },
  range: [0, 100],
  hasFloor: true,
  measure: async (sides, _parameters, context) => {
    const crossNeighbours = await shareCrossNeighbours(sidesToFeatures(sides), NEAREST, context);
    return { percent: neighboursToAuthenticity(crossNeighbours).percent };
  },
  halve: async (sides, seed, _parameters, context) => {
    const crossNeighbours = await shareCrossNeighbours(sidesToFeatures(sides), NEAREST, context, seed);
    const halves = cutsToHalves(crossNeighbours.real.halves!.count);
    return halvesToPairs(halves.map((half) => ({ percent: neighboursToPercent(crossNeighbours, half) })));
  },
  perImage: async (sides, _parameters, context) => {
    const crossNeighbours = await shareCrossNeighbours(sidesToFeatures(sides), NEAREST, context);
    const { authentic, nearestReal, distance } = neighboursToAuthenticity(crossNeighbours);
    return { authentic, nearest_real: nearestReal, nearest_real_distance: distance };
  },
});
