import { GanEvalError } from "../errors.ts";
import type { MetricMeta } from "./meta.ts";
import { createRandomState } from "./random/random-state.ts";

export const meta = {
  id: "is",
  label: "Inception Score (IS)",
  unit: "classes",
  direction: "higher",
  needs: "fake-logits",
  source: {
    paper: "Salimans et al. 2016, Improved Techniques for Training GANs (arXiv 1606.03498)",
    library: "improved-gan inception_score; torch-fidelity metric_isc.py",
  },
  defaults: { splits: 10, shuffle: true, seed: 2020 },
  keys: {
    inception: { mean: "inception_score_mean", std: "inception_score_std" },
    digits: { mean: "digits_score_mean", std: "digits_score_std" },
  },
} as const satisfies MetricMeta;

export interface InceptionScoreOptions {
  /** Parts whose scores are averaged (default 10). */
  readonly splits?: number;
  /** Shuffle the rows first, as NumPy's RandomState(seed).permutation does (default true). */
  readonly shuffle?: boolean;
  /** Default 2020. */
  readonly seed?: number;
}

export interface InceptionScore {
  readonly mean: number;
  /** Over the splits, ddof 0. */
  readonly std: number;
  readonly perSplit: readonly number[];
}

/**
 * Inception Score of logits [n, classes] (float32, row-major): per split,
 * exp( mean_i sum_c p_ic (log p_ic - log mean_i p_ic) ), p = softmax of a row; from 1 to `classes`. Split i is rows
 * floor(i n / splits) to floor((i + 1) n / splits). Log-softmax in float64: no log of zero.
 *
 * Throws `usage.too-many-splits` where a split would be empty, `usage.splits`, `usage.seed`,
 * `input.logits-not-finite`, `input.logits-shape`. Agrees with torch-fidelity to 1e-12 on the same logits.
 */
export function logitsToInceptionScore(
  logits: Float32Array,
  n: number,
  classes: number,
  options: InceptionScoreOptions = {},
): InceptionScore {
  const { splits, shuffle, seed } = { ...meta.defaults, ...options };
  checkOptions(logits, n, classes, splits);
  const order = shuffle
    ? createRandomState(seed).permutation(n)
    : Int32Array.from({ length: n }, (_, i) => i);
  const perSplit = Array.from({ length: splits }, (_, split) => {
    const from = Math.floor((split * n) / splits);
    const to = Math.floor(((split + 1) * n) / splits);
    return rowsToScore(logits, classes, order.subarray(from, to));
  });
  const mean = perSplit.reduce((a, b) => a + b, 0) / splits;
  const variance = perSplit.reduce((sum, score) => sum + (score - mean) ** 2, 0) / splits;
  return { mean, std: Math.sqrt(variance), perSplit };
}

/** The score of the rows at `positions`: exp of the mean entropy of the mean less the mean of the entropies. */
function rowsToScore(logits: Float32Array, classes: number, positions: Int32Array): number {
  const marginal = new Float64Array(classes);
  let negativeEntropy = 0;
  for (const position of positions) {
    const row = logits.subarray(position * classes, (position + 1) * classes);
    let largest = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < classes; c++) largest = Math.max(largest, row[c]!);
    let total = 0;
    for (let c = 0; c < classes; c++) total += Math.exp(row[c]! - largest);
    const logTotal = Math.log(total);
    for (let c = 0; c < classes; c++) {
      const logP = row[c]! - largest - logTotal;
      const p = Math.exp(logP);
      negativeEntropy += p * logP;
      marginal[c]! += p;
    }
  }
  const count = positions.length;
  let cross = 0;
  for (const sum of marginal) if (sum > 0) cross += (sum / count) * Math.log(sum / count);
  // The divergence is not negative; equal rows may round to just below zero.
  return Math.exp(Math.max(0, negativeEntropy / count - cross));
}

function checkOptions(logits: Float32Array, n: number, classes: number, splits: number): void {
  if (!Number.isInteger(splits) || splits < 1) {
    throw new GanEvalError("usage.splits", `expected a whole number of splits, 1 or more, got ${splits}`, {
      hint: `--splits ${meta.defaults.splits} is what papers report`,
    });
  }
  if (!(Number.isInteger(n) && Number.isInteger(classes) && classes > 0 && logits.length === n * classes)) {
    throw new GanEvalError(
      "input.logits-shape",
      `expected logits [${n}, ${classes}], got ${logits.length} values`,
      { hint: "logits are one row a picture, one column a class" },
    );
  }
  if (n < splits) {
    throw new GanEvalError(
      "usage.too-many-splits",
      `expected at least one picture for each of the ${splits} splits, got ${n} in all`,
      { hint: `give more pictures, or --splits ${Math.max(1, n)} or less` },
    );
  }
  const bad = logits.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new GanEvalError(
      "input.logits-not-finite",
      `expected finite logits, got ${logits[bad]} in row ${Math.floor(bad / classes)}, column ${bad % classes} (both from 0)`,
      { hint: "look at the picture of that number; a network with broken weights gives NaN too" },
    );
  }
}
