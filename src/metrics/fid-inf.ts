/** The Frechet distance extrapolated to infinitely many fakes. */

import type { ComputeContext } from "../math/compute-context.ts";
import { checkRows } from "../math/features/check-features.ts";
import {
  type Features,
  featuresToMoments,
  type Moments,
  mergeMoments,
  selectRows,
} from "../math/features/statistics.ts";
import { memoPair } from "../math/memo-pair.ts";
import {
  drawPrefixes,
  EXTRAPOLATION_DEFAULTS,
  type Extrapolated,
  type ExtrapolationParameters,
  LEAST_ROWS,
  rowsToPointCounts,
  scoresToIntercept,
} from "./extrapolation.ts";
import { row as distance, type FeatureStatistics, sidesToFrechetDistance } from "./fid.ts";
import { type MetricContext, metric, type Sides } from "./metric.ts";

type FidInfinityOptions = Partial<ExtrapolationParameters> & ComputeContext;

/** Rows that are taken out are merged in a negative number: Chan's formula holds for them too. */
const withoutRows = (all: Moments, { n, d, mean, scatter }: Moments): Moments =>
  mergeMoments(all, { n: -n, d, mean, scatter: scatter.map((value) => -value) });

/** Moments of some rows; of more than half of them, and more than columns, as those of all less those of the rest. */
function prefixToMoments(
  features: Features,
  all: Moments,
  prefix: Int32Array,
  options: { readonly threads?: number },
): Moments {
  const { rows: n, width: d } = features;
  const chosen = new Uint8Array(n);
  for (const row of prefix) chosen[row] = 1;
  const part = (which: number): Moments =>
    featuresToMoments(
      selectRows(features, (row) => chosen[row] === which),
      options,
    );
  if (prefix.length === n) return all;
  return prefix.length > Math.max(n / 2, d) ? withoutRows(all, part(0)) : part(1);
}

/**
 * The Fréchet distance of infinitely many fakes from the real side as it is: distances of N random fake rows from all real
 * ones, at each point's N (`rowsToPointCounts`), on a line through 1 / N; its value at 0. Below zero where noise is more
 * than the distance. The bias by the number of real rows stays: compare values of equal real sides.
 *
 * Costs as many distances as there are points, and moments of half the rows that the points have in all (subtraction
 * gives the larger ones, to 1e-12 of the trace): 10,000 fakes of 2,048 features take 76 s on two cores.
 *
 * @throws GanEvalError `input.too-few-samples`, `input.feature-width`, `input.features-not-finite`,
 *   `usage.fid-inf-points`, `usage.fid-inf-smallest`
 */
export const featuresToFidInfinity = (
  real: Moments | FeatureStatistics,
  fake: Features,
  options: FidInfinityOptions = {},
): number => extrapolateDistance(real, fake, options).intercept;

function extrapolateDistance(
  real: Moments | FeatureStatistics,
  fake: Features,
  options: FidInfinityOptions,
  toMoments = (): Moments => featuresToMoments(fake, options.threads ? { threads: options.threads } : {}),
): Extrapolated {
  const parameters = { ...EXTRAPOLATION_DEFAULTS, ...options };
  const threads = options.threads ? { threads: options.threads } : {};
  checkRows(fake, "fake");
  const counts = rowsToPointCounts(fake.rows, parameters, "fid-inf");
  const all = toMoments();
  const distances: number[] = [];
  for (const prefix of drawPrefixes(fake.rows, counts, parameters.seed)) {
    options.signal?.throwIfAborted();
    const moments = prefixToMoments(fake, all, prefix, threads);
    distances.push(sidesToFrechetDistance(real, moments, threads).distance);
    options.progress?.(distances.length, counts.length);
  }
  return scoresToIntercept(counts, distances);
}

export const row = metric({
  id: "fid-inf",
  label: "Fréchet distance of infinitely many fakes (FID∞)",
  unit: "squared feature units",
  direction: "lower",
  needs: { real: ["statistics"], fake: ["features"] },
  source: {
    paper: "Chong & Forsyth 2020, Effectively Unbiased FID and Inception Score (arXiv 1911.07023)",
    library: "FID_IS_infinity score_infinity.py; dgm-eval, below 50,000 samples",
  },
  defaults: EXTRAPOLATION_DEFAULTS,
  least: () => ({ real: 2, fake: LEAST_ROWS }),
  keys: { distance: "frechet_{extractor}_distance_infinity" },
  names: { distance: "Frechet {Extractor} distance, infinitely many" },
  hasFloor: true,
  measure: ({ real, fake }, parameters, context) => ({
    distance: extrapolatedOnce(real!.statistics!, fake.features!, parameters, context).intercept,
  }),
  // One more row of a side moves the extrapolated distance as it moves that of all rows, to the first order.
  leaveOut: (sides, blocks, _, context) =>
    distance.leaveOut!(withStatistics(sides, context), blocks, distance.defaults, context),
  leaveOutPairs: (sides, blocks, pairs, _, context) =>
    distance.leaveOutPairs!(withStatistics(sides, context), blocks, pairs, distance.defaults, context),
  leaveOutNone: (sides, _, context) =>
    distance.measure(withStatistics(sides, context), distance.defaults, context),
  drawVariance: (_, parameters, { real, fake }, context) => ({
    distance: extrapolatedOnce(real!.statistics!, fake.features!, parameters, context).drawVariance,
  }),
});

const extrapolatedOnce = (
  real: Moments | FeatureStatistics,
  fake: Features,
  parameters: ExtrapolationParameters,
  context: MetricContext,
): Extrapolated =>
  memoPair(context, fake, real, `fid-inf ${JSON.stringify(parameters)}`, () => {
    const { threads, signal, progress } = context;
    const options = {
      ...parameters,
      ...(threads !== undefined && { threads }),
      ...(signal && { signal }),
      progress,
    };
    return extrapolateDistance(real, fake, options, () => momentsOnce(fake, context));
  });

const momentsOnce = (features: Features, { threads, memo }: MetricContext): Moments =>
  memo(features, "moments of all rows", () =>
    featuresToMoments(features, threads === undefined ? {} : { threads }),
  );

/** The fake side with moments of all its rows. */
const withStatistics = ({ fake, ...others }: Sides, context: MetricContext): Sides => ({
  ...others,
  fake: { ...fake, statistics: momentsOnce(fake.features!, context) },
});
