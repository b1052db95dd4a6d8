/** The Inception Score of logits. */
import { GanEvalError } from "../errors.ts";
import type { Features } from "../math/features/statistics.ts";
import type { Blocks } from "../math/intervals/blocks.ts";
import { createRandomState } from "../math/random/random-state.ts";
import { createTorchRandom } from "../math/random/torch-random.ts";
import { metric } from "./metric.ts";
import { PARAMETER_ROWS, parametersToDefaults } from "./parameter-rows.ts";

const DEFAULTS = parametersToDefaults(PARAMETER_ROWS.is);

export interface InceptionScoreOptions {
  /** Parts whose scores are averaged (default 10). */
  readonly splits?: number;
  /** Shuffle the rows first, as NumPy's RandomState(seed).permutation does (default true). */
  readonly shuffle?: boolean;
  /** Default 2020. */
  readonly seed?: number;
  /** What shuffles: `numpy` (default), or torchmetrics' `torch.randperm` (`torch`). */
  readonly draw?: string;
  /** `even` (default): part i from floor(i n / splits) on; `chunks`: parts of ceil(n / splits), as torch.chunk cuts. */
  readonly parts?: string;
  /** Parts of so many rows, the last one shorter, however many they are (guided-diffusion: 5,000); 0 (default) for `splits`. */
  readonly partSize?: number;
  /** The spread's divisor is the number of parts less this (default 0). */
  readonly stdDdof?: number;
}

export interface InceptionScore {
  readonly mean: number;
  /** Over the splits; 0 of a single one. */
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
  const all = { ...DEFAULTS, ...options };
  checkOptions(logits, n, classes, all);
  const order = toOrder(n, all);
  const perSplit = toParts(n, all).map(([from, to]) => {
    const sums = openSums(classes);
    for (const position of order.subarray(from, to)) addRow(sums, logits, position);
    return sumsToScore(sums);
  });
  return { ...perSplitToScore(perSplit, all.stdDdof), perSplit };
}

type Required = { readonly [Name in keyof InceptionScoreOptions]-?: InceptionScoreOptions[Name] };

function toOrder(n: number, { shuffle, seed, draw }: Required): Int32Array {
  if (!shuffle) return Int32Array.from({ length: n }, (_, i) => i);
  return draw === "torch" ? createTorchRandom(seed).randperm(n) : createRandomState(seed).permutation(n);
}

/** Where parts begin and end. */
function toParts(n: number, { splits, parts, partSize }: Required): (readonly [from: number, to: number])[] {
  const size = partSize > 0 ? partSize : parts === "chunks" ? Math.ceil(n / splits) : undefined;
  if (size !== undefined)
    return Array.from({ length: Math.ceil(n / size) }, (_, i) => [i * size, Math.min(n, (i + 1) * size)]);
  return Array.from({ length: splits }, (_, i) => [
    Math.floor((i * n) / splits),
    Math.floor(((i + 1) * n) / splits),
  ]);
}

function perSplitToScore(perSplit: readonly number[], ddof: number): { mean: number; std: number } {
  const mean = perSplit.reduce((a, b) => a + b, 0) / perSplit.length;
  const squares = perSplit.reduce((sum, score) => sum + (score - mean) ** 2, 0);
  return { mean, std: perSplit.length > 1 ? Math.sqrt(squares / (perSplit.length - ddof)) : 0 };
}

/** What rows add up to: a score is a function of it, and rows can be taken out again. */
interface ScoreSums {
  count: number;
  /** sum over rows of sum_c p log p */
  negativeEntropy: number;
  /** [classes] sum over rows of p */
  readonly marginal: Float64Array;
}

const openSums = (classes: number): ScoreSums => ({
  count: 0,
  negativeEntropy: 0,
  marginal: new Float64Array(classes),
});

function addRow(sums: ScoreSums, logits: Float32Array, position: number): void {
  const classes = sums.marginal.length;
  const row = logits.subarray(position * classes, (position + 1) * classes);
  let largest = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < classes; c++) largest = Math.max(largest, row[c]!);
  let total = 0;
  for (let c = 0; c < classes; c++) total += Math.exp(row[c]! - largest);
  const logTotal = Math.log(total);
  for (let c = 0; c < classes; c++) {
    const logP = row[c]! - largest - logTotal;
    const p = Math.exp(logP);
    sums.negativeEntropy += p * logP;
    sums.marginal[c]! += p;
  }
  sums.count++;
}

/** exp of the mean entropy of the mean less the mean of the entropies; of `sums` less those `without`. */
function sumsToScore(sums: ScoreSums, without: readonly ScoreSums[] = []): number {
  const left = (of: (sums: ScoreSums) => number): number =>
    without.reduce((rest, part) => rest - of(part), of(sums));
  const count = left((part) => part.count);
  const negativeEntropy = left((part) => part.negativeEntropy);
  let cross = 0;
  for (let c = 0; c < sums.marginal.length; c++) {
    const share = left((part) => part.marginal[c]!) / count;
    if (share > 0) cross += share * Math.log(share);
  }
  // The divergence is not negative; equal rows may round to just below zero.
  return Math.exp(Math.max(0, negativeEntropy / count - cross));
}

/**
 * Means over the splits with blocks of rows left out, those of `out` at a time. Rows stay in their splits, so that
 * shuffling anew is no part of what differs.
 */
function logitsToScoresWithoutBlocks(
  { data, rows, width }: Features,
  { count, ofRow }: Blocks,
  out: readonly (readonly number[])[],
  parameters: Required,
): number[] {
  const order = toOrder(rows, parameters);
  const sums = toParts(rows, parameters).map(([from, to]) => {
    const ofBlock = Array.from({ length: count }, () => openSums(width));
    for (const position of order.subarray(from, to)) addRow(ofBlock[ofRow[position]!]!, data, position);
    const all = openSums(width);
    for (const block of ofBlock) {
      all.count += block.count;
      all.negativeEntropy += block.negativeEntropy;
      for (let c = 0; c < width; c++) all.marginal[c]! += block.marginal[c]!;
    }
    return { all, ofBlock };
  });
  return out.map((blocks) => {
    const scores = sums.flatMap(({ all, ofBlock }) => {
      const without = blocks.map((block) => ofBlock[block]!);
      const isEmpty = all.count === without.reduce((sum, part) => sum + part.count, 0);
      return isEmpty ? [] : [sumsToScore(all, without)];
    });
    return scores.reduce((a, b) => a + b, 0) / scores.length;
  });
}

/** The words that a parameter may be. */
const WORDS = {
  draw: PARAMETER_ROWS.is.draw.kind.choices!,
  parts: PARAMETER_ROWS.is.parts.kind.choices!,
};

function checkOptions(logits: Float32Array, n: number, classes: number, options: Required): void {
  const { splits, partSize } = options;
  for (const [name, words] of Object.entries(WORDS) as ["draw" | "parts", readonly string[]][])
    if (!words.includes(options[name]))
      throw new GanEvalError(
        "usage.parameter",
        `expected ${name} to be ${words.join(" or ")}, got ${options[name]}`,
      );
  if (!Number.isInteger(splits) || splits < 1) {
    throw new GanEvalError("usage.splits", `expected a whole number of splits, at least 1, got ${splits}`, {
      hint: `Papers report --splits ${DEFAULTS.splits}.`,
    });
  }
  if (!(Number.isInteger(n) && Number.isInteger(classes) && classes > 0 && logits.length === n * classes)) {
    throw new GanEvalError(
      "input.logits-shape",
      `expected logits [${n}, ${classes}], got ${logits.length} values`,
      { hint: "Logits have one row per image and one column per class." },
    );
  }
  if (partSize === 0 && n < splits) {
    throw new GanEvalError(
      "usage.too-many-splits",
      `expected at least one image for each of the ${splits} splits, got ${n} in all`,
      { hint: `Give more images, or at most --splits ${Math.max(1, n)}.` },
    );
  }
  const bad = logits.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new GanEvalError(
      "input.logits-not-finite",
      `expected finite logits, got ${logits[bad]} in row ${Math.floor(bad / classes)}, column ${bad % classes} (both from 0)`,
      { hint: "Look at the image with that number. A network with broken weights also gives NaN." },
    );
  }
}

const toMean = (mean: number) => ({ mean, std: Number.NaN });

export const row = metric({
  id: "is",
  label: "Inception Score (IS)",
  unit: "classes",
  direction: "higher",
  needs: { fake: ["logits"] },
  source: {
    paper: "Salimans et al. 2016, Improved Techniques for Training GANs (arXiv 1606.03498)",
    library: "improved-gan inception_score; torch-fidelity metric_isc.py",
  },
  defaults: DEFAULTS,
  least: ({ splits, partSize }) => ({
    fake: partSize === 0 ? splits : 1,
    fewer: (there) => `--splits ${Math.max(1, there)}`,
  }),
  keys: { mean: "{extractor}_score_mean", std: "{extractor}_score_std" },
  names: { mean: "{Extractor} score" },
  range: [1, Number.POSITIVE_INFINITY],
  withoutInterval: { std: "a spread itself" },
  measure: ({ fake }, parameters) => {
    const { data, rows, width } = fake.logits!;
    const { mean, std } = logitsToInceptionScore(data, rows, width, parameters);
    return { mean, std };
  },
  leaveOut: ({ fake }, blocks, parameters) => {
    const out = Array.from({ length: blocks.count }, (_, block) => [block]);
    return logitsToScoresWithoutBlocks(fake.logits!, blocks, out, parameters).map(toMean);
  },
  pairs: "all",
  leaveOutPairs: ({ fake }, [blocks], pairs, parameters) =>
    logitsToScoresWithoutBlocks(fake.logits!, blocks, pairs, parameters).map(toMean),
});
