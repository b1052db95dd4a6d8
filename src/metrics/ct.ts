/** C_T: the three-sample test for data copying. */

import { GanEvalError } from "../errors.ts";
import { rowsToCentres, rowsToLabels, sidesToRows } from "../math/clusters/clusters.ts";
import type { MemoContext } from "../math/compute-context.ts";
import { checkSides, sidesToMean } from "../math/features/centred-features.ts";
import { type Features, selectRows } from "../math/features/statistics.ts";
import { rowsToNearestOf } from "../math/neighbours/nearest-of.ts";
import { aloneWith } from "../math/neighbours/shared.ts";
import type { Role } from "../math/role.ts";
import { checkLeast, checkWhole } from "./check-parameters.ts";
import { metric } from "./metric.ts";
import { PARAMETER_ROWS, parametersToDefaults } from "./parameter-rows.ts";

const DEFAULTS = parametersToDefaults(PARAMETER_ROWS.ct);

type CopyingParameters = typeof DEFAULTS;

/** Fewer fakes in a cell say nothing about it. */
const FAKES_A_CELL = 20;

/**
 * C_T of training features [n, d] (real), generated ones (fake) and held-out ones. In each of `cells` k-means clusters of the
 * training samples that has 20 fakes or more, and held-out samples, U counts the pairs of which the fake one is farther from
 * its nearest training sample of the cell than the held-out one is from its own, half for a tie:
 *
 *     z   = (U - f h / 2) / sqrt(f h (f + h + 1) / 12),  f fakes and h held-out samples in the cell
 *     C_T = sum over those cells of h z / sum of h
 *
 * About 0, with a standard deviation of about 1, where fakes are as far from the training samples as new real ones are; below
 * -3 the generator copies them; above 3 it lies apart from them. Grows with the root of the numbers. Exact, as if all
 * distances were computed in float64. The authors bring features of more than 64 values to 64 by principal components first,
 * and shift U by a half; here neither is done.
 * Source: Meehan et al. 2020 (arXiv 2004.05675).
 *
 * @throws GanEvalError `usage.ct-cells`, `usage.seed`, `input.too-few-samples`, `input.feature-width`,
 *   `input.features-not-finite`
 */
export async function featuresToCopyingTest(
  real: Features,
  fake: Features,
  heldOut: Features,
  options: Partial<CopyingParameters> & { readonly threads?: number } = {},
): Promise<number> {
  return sidesToTest({ real, fake, heldOut }, { ...DEFAULTS, ...options }, aloneWith(options));
}

/**
 * (U - f h / 2) / sqrt(f h (f + h + 1) / 12), U the pairs with fake > held out, half for a tie: the Mann-Whitney statistic of
 * two samples as a standard score, without a correction for ties. Agrees with scipy.stats.mannwhitneyu's U.
 */
export function distancesToScore(fake: Float64Array, heldOut: Float64Array): number {
  const sorted = heldOut.slice().sort();
  /** How many of `sorted` are below (or, with `orEqual`, at) a value. */
  const countBelow = (value: number, orEqual: boolean): number => {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle] < value || (orEqual && sorted[middle] === value)) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const u = fake.reduce((sum, value) => sum + (countBelow(value, false) + countBelow(value, true)) / 2, 0);
  const [f, h] = [fake.length, heldOut.length];
  return (u - (f * h) / 2) / Math.sqrt((f * h * (f + h + 1)) / 12);
}

async function sidesToTest(
  sides: Readonly<Record<Role, Features>>,
  { cells, seed }: CopyingParameters,
  context: MemoContext,
): Promise<number> {
  const { real, fake, heldOut } = sides;
  checkWhole("ct-cells", cells, 1, `The authors use ${DEFAULTS.cells}.`);
  checkSides([real, fake, heldOut]);
  checkLeast(real.rows, cells, `on the real side for ${cells} cells`, "Give more real images.");
  checkLeast(fake.rows, FAKES_A_CELL, "on the fake side for a cell", "Give more fake images.");
  const mean = sidesToMean([real]);
  const rows = sidesToRows([real], mean);
  const centres = await rowsToCentres(rows, { clusters: cells, runs: 1, seed }, context);
  const labelsOf = async (of: Features): Promise<Int32Array> => {
    const [labels] = await rowsToLabels(of === real ? rows : sidesToRows([of], mean), centres, 1, context);
    return labels;
  };
  const labels = {
    real: await labelsOf(real),
    fake: await labelsOf(fake),
    heldOut: await labelsOf(heldOut),
  };
  let [sum, weight] = [0, 0];
  for (let cell = 0; cell < cells; cell++) {
    const of = (role: Role) => selectRows(sides[role], (row) => labels[role][row] === cell);
    const [training, fakes, others] = [of("real"), of("fake"), of("heldOut")];
    if (training.rows === 0 || fakes.rows < FAKES_A_CELL || others.rows === 0) continue;
    const nearest = async (some: Features): Promise<Float64Array> =>
      (await rowsToNearestOf(some, training, undefined, context)).squared;
    sum += others.rows * distancesToScore(await nearest(fakes), await nearest(others));
    weight += others.rows;
  }
  if (weight > 0) return sum / weight;
  throw new GanEvalError(
    "input.too-few-samples",
    `expected a cell of ${cells} with ${FAKES_A_CELL} fake samples and a held-out one, got none`,
    { hint: "Give more fake and held-out images, or fewer cells with --ct-cells 1." },
  );
}

export const row = metric({
  id: "ct",
  label: "Data-copying test (C_T)",
  unit: "standard score, 0 is best",
  direction: "none",
  needs: { real: ["features"], fake: ["features"], heldOut: ["features"] },
  againstTrained: true,
  source: {
    paper: "Meehan et al. 2020, A Non-Parametric Test to Detect Data-Copying (arXiv 2004.05675)",
    library: "data-copying data_copying_tests.py, without its half and its principal components",
  },
  defaults: DEFAULTS,
  least: ({ cells }) => ({ real: cells, fake: FAKES_A_CELL }),
  keys: { score: "ct_score" },
  names: { score: "C_T" },
  withoutInterval: {
    score: "it is a standard score already: 1 is its standard deviation where nothing is copied",
  },
  measure: async ({ real, fake, heldOut }, parameters, context) => ({
    score: await sidesToTest(
      { real: real!.features!, fake: fake.features!, heldOut: heldOut!.features! },
      parameters,
      context,
    ),
  }),
});
