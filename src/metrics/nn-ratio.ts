/** Memorisation, seen in distances to the training samples and to held-out ones. */
import type { MemoContext } from "../math/compute-context.ts";
import { checkSides } from "../math/features/centred-features.ts";
import type { Features } from "../math/features/statistics.ts";
import {
  cutsToHalves,
  type Half,
  type Halves,
  halvesToPairs,
  isInHalf,
} from "../math/intervals/split-halves.ts";
import { medianOf } from "../math/median.ts";
import { drawRows } from "../math/neighbours/equal-numbers.ts";
import { findNearest, type NearestLists } from "../math/neighbours/nearest-finder.ts";
import { rowsToNearestOf } from "../math/neighbours/nearest-of.ts";
import { aloneWith, shareHalves } from "../math/neighbours/shared.ts";
import type { Role } from "../math/role.ts";
import { metric, type Sides } from "./metric.ts";
import { PARAMETER_ROWS, parametersToDefaults } from "./parameter-rows.ts";

export interface NeighbourRatio {
  /** The median over fake samples of d(fake, nearest real) / d(fake, nearest held-out); 1 is best. */
  readonly ratio: number;
  /** The share of fake samples that are nearer to a real sample than to any held-out one; 0.5 is best. */
  readonly nearer: number;
}

interface NearestOfFakes {
  readonly fake: Features;
  /** Of the fake rows. */
  readonly halves?: Halves;
  readonly real: NearestLists;
  readonly heldOut: NearestLists;
}

/**
 * Memorisation, as seen against real samples that no generator was trained on: for each fake sample the distance to the
 * nearest training sample over that to the nearest held-out one,
 *
 *     ratio  = median_j min_i |fake_j - real_i| / min_i |fake_j - heldOut_i|
 *     nearer = mean_j [ min_i |fake_j - real_i| < min_i |fake_j - heldOut_i| ], half for a tie.
 *
 * Training and held-out samples of one distribution and of equal numbers are equally near to a generator that has learned
 * the distribution: 1 and 0.5. Less than 1 and more than 0.5 where it repeats its training set. 0 / 0 counts as 1. Exact,
 * as if all distances were computed in float64.
 *
 * @throws GanEvalError `input.too-few-samples` for an empty side, `input.feature-width`, `input.features-not-finite`
 */
export async function featuresToNeighbourRatio(
  real: Features,
  fake: Features,
  heldOut: Features,
  options: { readonly threads?: number } = {},
): Promise<NeighbourRatio> {
  return nearestToRatio(await shareNearest({ real, fake, heldOut }, aloneWith(options)));
}

/** Of all rows, or of a half of each side's. */
function nearestToRatio({ fake, halves, ...nearest }: NearestOfFakes, half?: Half): NeighbourRatio {
  const distance = (lists: NearestLists, j: number): number =>
    Math.sqrt(lists.squared[findNearest(lists, j, 1, half?.cut)]);
  const ratios: number[] = [];
  let nearer = 0;
  for (let j = 0; j < fake.rows; j++) {
    if (half && halves && !isInHalf(halves, j, half)) continue;
    const [toReal, toHeldOut] = [distance(nearest.real, j), distance(nearest.heldOut, j)];
    ratios.push(toReal === toHeldOut ? 1 : toReal / toHeldOut);
    nearer += toReal < toHeldOut ? 1 : toReal === toHeldOut ? 0.5 : 0;
  }
  return { ratio: medianOf(Float64Array.from(ratios)), nearer: nearer / ratios.length };
}

async function shareNearest(
  { real, fake, heldOut }: Readonly<Record<Role, Features>>,
  context: MemoContext,
  halvesSeed?: number,
): Promise<NearestOfFakes> {
  checkSides([real, fake, heldOut]);
  const halvesOf = (side: Features, role: Role): Halves | undefined =>
    halvesSeed === undefined ? undefined : shareHalves(side, role, halvesSeed, context);
  const halves = halvesOf(fake, "fake");
  const find = (side: Features, role: Role): Promise<NearestLists> => {
    const others = halvesOf(side, role);
    const cuts = halves && others && { count: halves.count, own: halves.ofRow, others: others.ofRow };
    return rowsToNearestOf(fake, side, cuts, context);
  };
  return {
    fake,
    ...(halves && { halves }),
    real: await find(real, "real"),
    heldOut: await find(heldOut, "heldOut"),
  };
}

/** Equal numbers of real and held-out rows: the larger side is drawn from by seed. */
function sidesToRows(sides: Sides, seed: number, context: MemoContext): Readonly<Record<Role, Features>> {
  const [real, heldOut] = [sides.real!.features!, sides.heldOut!.features!];
  const count = Math.min(real.rows, heldOut.rows);
  return {
    real: drawRows(real, count, seed, context),
    fake: sides.fake.features!,
    heldOut: drawRows(heldOut, count, seed, context),
  };
}

export const row = metric({
  id: "nn-ratio",
  label: "Nearest-neighbour distance ratio (memorisation)",
  unit: "ratio of distances, 1 is best",
  units: { nearer: "share of samples" },
  direction: "none",
  needs: { real: ["features"], fake: ["features"], heldOut: ["features"] },
  againstTrained: true,
  source: {
    paper:
      "Lopez-Paz & Oquab 2017 (arXiv 1610.06545); Meehan et al. 2020, A Non-Parametric Test to Detect Data-Copying (arXiv 2004.05675)",
    library: "none",
  },
  defaults: parametersToDefaults(PARAMETER_ROWS["nn-ratio"]),
  keys: { ratio: "neighbour_distance_ratio", nearer: "nearer_to_real_share" },
  names: { ratio: "Neighbour distance ratio", nearer: "Fake samples nearer to real than to held-out ones" },
  range: [0, Number.POSITIVE_INFINITY],
  measure: async (sides, { seed }, context) => ({
    ...nearestToRatio(await shareNearest(sidesToRows(sides, seed, context), context)),
  }),
  halve: async (sides, halvesSeed, { seed }, context) => {
    const nearest = await shareNearest(sidesToRows(sides, seed, context), context, halvesSeed);
    const halves = cutsToHalves(nearest.halves!.count);
    return halvesToPairs(halves.map((half) => ({ ...nearestToRatio(nearest, half) })));
  },
});
