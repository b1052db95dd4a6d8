/** Precision and recall for distributions (PRD), by clusters of features. */

import { labelsToCounts, rowsToCentres, rowsToLabels, sidesToRows } from "../math/clusters/clusters.ts";
import { sidesToMean } from "../math/features/centred-features.ts";
import { checkSides } from "../math/features/check-features.ts";
import { type Features, selectRows } from "../math/features/statistics.ts";
import {
  measureQuarters,
  type Part,
  type QuarterValues,
  sidesToQuarters,
} from "../math/intervals/split-halves.ts";
import { drawRows } from "../math/neighbours/equal-numbers.ts";
import { aloneWith } from "../math/neighbours/shared.ts";
import { checkLeast, checkWhole } from "./check-parameters.ts";
import { type MetricContext, metric, type Sides } from "./metric.ts";
import { PARAMETER_ROWS, parametersToDefaults } from "./parameter-rows.ts";

const DEFAULTS = parametersToDefaults(PARAMETER_ROWS.prd);

type PrdParameters = typeof DEFAULTS;

/** Precision against recall, a point an angle. */
export interface PrdCurve {
  readonly precision: Float64Array;
  readonly recall: Float64Array;
}

/** Distance of the first and the last angle from the axes, and of a denominator from zero: compare_gan's. */
const EPSILON = 1e-10;
const BETA = 8;

/**
 * The curve of precision and recall for distributions between two histograms,
 *
 *     precision(l) = sum_c min(l real_c, fake_c),  recall(l) = precision(l) / l,
 *
 * l the tangents of `angles` equal steps from 0 to a right angle. Histograms are normalised to 1. Agrees with compare_gan's
 * prd_score.py to 1e-12 (whose arguments are the other way round: eval, ref).
 *
 * @param real counts or shares, as many as of `fake`
 * @throws GanEvalError `usage.prd-angles` for fewer than 3 or more than a million
 */
export function histogramsToPrd(
  real: ArrayLike<number>,
  fake: ArrayLike<number>,
  angles = DEFAULTS.angles,
): PrdCurve {
  checkWhole(
    "prd-angles",
    angles <= 1e6 ? angles : Number.NaN,
    3,
    "The usual value is --prd-angles 1001, the largest 1,000,000.",
  );
  const [p, q] = [toShares(real), toShares(fake)];
  const precision = new Float64Array(angles);
  const recall = new Float64Array(angles);
  for (let i = 0; i < angles; i++) {
    const slope = Math.tan(EPSILON + (i * (Math.PI / 2 - 2 * EPSILON)) / (angles - 1));
    let sum = 0;
    for (let c = 0; c < p.length; c++) sum += Math.min(slope * p[c]!, q[c]!);
    precision[i] = Math.min(1, sum);
    recall[i] = Math.min(1, sum / slope);
  }
  return { precision, recall };
}

function toShares(histogram: ArrayLike<number>): Float64Array {
  const counts = Float64Array.from(histogram);
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => count / total);
}

/** The largest F_beta on a curve; beta above 1 gives recall more weight. */
export function prdToF({ precision, recall }: PrdCurve, beta: number): number {
  return precision.reduce((most, p, i) => {
    const r = recall[i]!;
    return Math.max(most, ((1 + beta ** 2) * p * r) / (beta ** 2 * p + r + EPSILON));
  }, 0);
}

/** The curves of several runs, point by point. */
function toMeanCurve(curves: readonly PrdCurve[]): PrdCurve {
  const mean = (name: keyof PrdCurve): Float64Array =>
    curves[0]![name].map((_, i) => curves.reduce((sum, curve) => sum + curve[name][i]!, 0) / curves.length);
  return { precision: mean("precision"), recall: mean("recall") };
}

interface Labelled {
  /** [runs] of [real rows + fake rows], as many of each side. */
  readonly labels: readonly Int32Array[];
  /** Rows of either side. */
  readonly count: number;
}

async function sidesToLabels(
  real: Features,
  fake: Features,
  parameters: PrdParameters,
  context: MetricContext,
): Promise<Labelled> {
  const { clusters, runs, seed } = parameters;
  checkWhole("prd-clusters", clusters, 1, "The usual value is --prd-clusters 20.");
  checkWhole("prd-runs", runs, 1, "The usual value is --prd-runs 10.");
  checkSides(real, fake);
  const count = Math.min(real.rows, fake.rows);
  checkLeast(
    count,
    clusters,
    `per side for ${clusters} clusters`,
    `Give more images, or --prd-clusters ${count}.`,
  );
  if (real.rows !== fake.rows)
    context.warn({
      code: "unequal-numbers",
      message: `prd: compares equal numbers, so ${count} of the ${Math.max(real.rows, fake.rows)} images of the larger side are drawn`,
      hint: "Give both sides the same number of images.",
    });
  const union = [real, fake].map((side) => drawRows(side, count, seed, context));
  const rows = sidesToRows(union, sidesToMean(union));
  const centres = await rowsToCentres(rows, { clusters, runs, seed }, context);
  return { labels: await rowsToLabels(rows, centres, runs, context), count };
}

/** The mean curve over the runs. */
function labelsToPrd({ labels, count }: Labelled, { clusters, angles }: PrdParameters): PrdCurve {
  const partOf = (row: number): number => (row < count ? 0 : 1);
  return toMeanCurve(
    labels.map((run) => {
      const [ofReal, ofFake] = labelsToCounts(run, clusters, 2, partOf);
      return histogramsToPrd(ofReal!, ofFake!, angles);
    }),
  );
}

/**
 * Precision and recall for distributions (PRD) of features [n, d] and [m, d]: both sides are clustered together, and the
 * curve is that of the histograms over the clusters (`histogramsToPrd`), averaged over the runs. Compares equal numbers:
 * of the larger side as many rows are drawn as the smaller has, with the warning `unequal-numbers`. Clusters are
 * `rowsToCentres`'s, where compare_gan has scikit-learn's MiniBatchKMeans: equal to it within the spread of its own runs.
 *
 * @throws GanEvalError `usage.prd-clusters`, `usage.prd-runs`, `usage.prd-angles`, `input.too-few-samples`,
 *   `input.feature-width`, `input.features-not-finite`
 */
export async function featuresToPrd(
  real: Features,
  fake: Features,
  options: Partial<PrdParameters> & Partial<MetricContext> = {},
): Promise<PrdCurve> {
  const parameters = { ...DEFAULTS, ...options };
  return labelsToPrd(
    await sidesToLabels(real, fake, parameters, { warn: () => {}, ...aloneWith({}), ...options }),
    parameters,
  );
}

const curveToValues = (curve: PrdCurve) => ({ f8: prdToF(curve, BETA), f1_8: prdToF(curve, 1 / BETA) });

type PrdValues = ReturnType<typeof curveToValues>;

/** Each costs three fourths of a measurement. */
const CUTS = 10;

/**
 * Each half and quarter of the rows with clusters of its own, of half as many runs and a quarter of them: what other rows
 * would change in the clusters, and the runs' own chance, are a part of what varies.
 */
async function quarter(
  { real, fake }: Sides,
  seed: number,
  parameters: PrdParameters,
  context: MetricContext,
): Promise<QuarterValues<PrdValues>[]> {
  const count = Math.min(real!.features!.rows, fake.features!.rows);
  const union = [real!, fake].map(({ features }) => drawRows(features!, count, parameters.seed, context));
  const quiet = { ...context, progress: () => {} };
  const measure = async ({ cut, share, number, isIn }: Part): Promise<PrdValues> => {
    const [some, others] = union.map((rows, side) => selectRows(rows, (row) => isIn(side, row)));
    const runs = Math.max(1, Math.round(parameters.runs / share));
    const own = { ...parameters, runs, seed: (parameters.seed + 6 * cut + share + number) >>> 0 };
    return curveToValues(labelsToPrd(await sidesToLabels(some!, others!, own, quiet), own));
  };
  return measureQuarters(sidesToQuarters([count, count], seed, CUTS), measure, context.progress);
}

export const row = metric({
  id: "prd",
  label: "Precision and recall for distributions (PRD)",
  unit: "share",
  direction: "higher",
  needs: { real: ["features"], fake: ["features"] },
  source: {
    paper: "Sajjadi et al. 2018, Assessing Generative Models via Precision and Recall (arXiv 1806.00035)",
    library: "compare_gan prd_score.py, statistically (its clusters are drawn otherwise)",
  },
  defaults: DEFAULTS,
  least: ({ clusters }) => ({
    real: clusters,
    fake: clusters,
    fewer: (there) => `--prd-clusters ${Math.max(1, there)}`,
  }),
  keys: { f8: "prd_f8", f1_8: "prd_f1_8" },
  names: { f8: "PRD F8 (recall)", f1_8: "PRD F1/8 (precision)" },
  range: [0, 1],
  measure: async ({ real, fake }, parameters, context) =>
    curveToValues(
      labelsToPrd(await sidesToLabels(real!.features!, fake.features!, parameters, context), parameters),
    ),
  quarter,
});
