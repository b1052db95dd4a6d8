/** The Inception Score extrapolated to infinitely many samples. */

import type { ComputeContext } from "../math/compute-context.ts";
import type { Features } from "../math/features/statistics.ts";
import type { Blocks } from "../math/intervals/blocks.ts";
import {
  checkLogits,
  joinSums,
  logitsToSums,
  type ProbabilitySums,
  sumsToDivergence,
} from "../math/probability-sums.ts";
import {
  drawPrefixes,
  EXTRAPOLATION_DEFAULTS,
  type ExtrapolationParameters,
  LEAST_ROWS,
  rowsToPointCounts,
  scoresToIntercept,
} from "./extrapolation.ts";
import { metric } from "./metric.ts";

type IsInfinityOptions = Partial<ExtrapolationParameters> & ComputeContext;

const sumsToScore = (sums: ProbabilitySums): number => Math.exp(sumsToDivergence(sums));

/** For every point the sums of its rows, a part each. */
function logitsToPoints(
  logits: Features,
  options: IsInfinityOptions,
  parts: number,
  partOf: (row: number) => number,
): ProbabilitySums[][] {
  const parameters = { ...EXTRAPOLATION_DEFAULTS, ...options };
  checkLogits(logits);
  const counts = rowsToPointCounts(logits.rows, parameters, "is-inf");
  const points: ProbabilitySums[][] = [];
  for (const rows of drawPrefixes(logits.rows, counts, parameters.seed)) {
    options.signal?.throwIfAborted();
    points.push(logitsToSums(logits, rows, parts, partOf));
    options.progress?.(points.length, counts.length);
  }
  return points;
}

const pointsToIntercept = (points: readonly ProbabilitySums[]): number =>
  scoresToIntercept(
    points.map(({ count }) => count),
    points.map(sumsToScore),
  ).intercept;

/**
 * The Inception Score of infinitely many samples: scores in one split of random rows, N of them at each point
 * (`rowsToPointCounts`), on a line through 1 / N; its value at 0. The Inception Score of few samples is too low, in
 * proportion to 1 / N.
 *
 * @throws GanEvalError `input.logits-shape`, `input.logits-not-finite`, `input.too-few-samples`, `usage.is-inf-points`,
 *   `usage.is-inf-smallest`
 */
export const logitsToIsInfinity = (logits: Features, options: IsInfinityOptions = {}): number =>
  pointsToIntercept(logitsToPoints(logits, options, 1, () => 0).map(([sums]) => sums!));

/** Every point keeps its draw, less the block's rows in it. */
function logitsToScoresWithoutBlocks(
  logits: Features,
  { count, ofRow }: Blocks,
  options: IsInfinityOptions,
): number[] {
  const points = logitsToPoints(logits, options, count, (row) => ofRow[row]!);
  return Array.from({ length: count }, (_, block) => {
    const rest = points.map((parts) => joinSums(parts.filter((_, part) => part !== block)));
    // A point of few rows may have none outside the block.
    return pointsToIntercept(rest.filter((sums) => sums.count > 0));
  });
}

export const row = metric({
  id: "is-inf",
  label: "Inception Score of infinitely many samples (IS∞)",
  unit: "classes",
  direction: "higher",
  needs: { fake: ["logits"] },
  source: {
    paper: "Chong & Forsyth 2020, Effectively Unbiased FID and Inception Score (arXiv 1911.07023)",
    library: "FID_IS_infinity score_infinity.py; dgm-eval, below 50,000 samples",
  },
  defaults: EXTRAPOLATION_DEFAULTS,
  least: () => ({ fake: LEAST_ROWS }),
  keys: { score: "{extractor}_score_infinity" },
  names: { score: "{Extractor} score, infinitely many" },
  measure: ({ fake }, parameters, { signal, progress }) => ({
    score: logitsToIsInfinity(fake.logits!, { ...parameters, ...(signal && { signal }), progress }),
  }),
  leaveOut: ({ fake }, blocks, parameters, { signal, progress }) =>
    logitsToScoresWithoutBlocks(fake.logits!, blocks, {
      ...parameters,
      ...(signal && { signal }),
      progress,
    }).map((score) => ({ score })),
});
