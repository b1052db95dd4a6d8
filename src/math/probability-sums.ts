/** What the scores of classifier probabilities need of rows: sums, from which rows can be taken out again. */
import { GanEvalError } from "../errors.ts";
import type { Features } from "./features/statistics.ts";

/** Over rows of probabilities p = softmax(logits). */
export interface ProbabilitySums {
  count: number;
  /** sum_i sum_c p_ic log p_ic */
  negativeEntropy: number;
  /** [classes] sum_i p_ic */
  readonly marginal: Float64Array;
}

const openSums = (classes: number): ProbabilitySums => ({
  count: 0,
  negativeEntropy: 0,
  marginal: new Float64Array(classes),
});

/**
 * Sums of the rows at `positions`, in float64, a part each.
 *
 * @param partOf the part of a row, 0 to parts - 1
 */
export function logitsToSums(
  { data, width }: Features,
  positions: Iterable<number>,
  parts: number,
  partOf: (row: number) => number,
): ProbabilitySums[] {
  const all = Array.from({ length: parts }, () => openSums(width));
  for (const position of positions) {
    const sums = all[partOf(position)]!;
    const row = data.subarray(position * width, (position + 1) * width);
    const largest = row.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    const logTotal = Math.log(row.reduce((total, value) => total + Math.exp(value - largest), 0));
    for (let c = 0; c < width; c++) {
      const logP = row[c]! - largest - logTotal;
      const p = Math.exp(logP);
      sums.negativeEntropy += p * logP;
      sums.marginal[c]! += p;
    }
    sums.count++;
  }
  return all;
}

/** The sums of several parts together. */
export function joinSums(parts: readonly ProbabilitySums[]): ProbabilitySums {
  const joined = openSums(parts[0]!.marginal.length);
  for (const { count, negativeEntropy, marginal } of parts) {
    joined.count += count;
    joined.negativeEntropy += negativeEntropy;
    for (let c = 0; c < marginal.length; c++) joined.marginal[c]! += marginal[c]!;
  }
  return joined;
}

/** The mean of KL(p_i || mean p) over rows, in nats. */
export function sumsToDivergence({ count, negativeEntropy, marginal }: ProbabilitySums): number {
  let cross = 0;
  for (const sum of marginal) if (sum > 0) cross += (sum / count) * Math.log(sum / count);
  // Not negative; equal rows may round to just below zero.
  return Math.max(0, negativeEntropy / count - cross);
}

/** Throws `input.logits-shape`, `input.logits-not-finite`. */
export function checkLogits({ data, rows, width }: Features): void {
  if (!(Number.isInteger(width) && width > 0 && data.length === rows * width))
    throw new GanEvalError(
      "input.logits-shape",
      `expected logits [rows, classes], got ${rows} rows of ${width} in ${data.length} values`,
      { hint: "logits are one row an image, one column a class" },
    );
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return;
  throw new GanEvalError(
    "input.logits-not-finite",
    `expected finite logits, got ${data[bad]} in row ${Math.floor(bad / width)}, column ${bad % width} (both from 0)`,
    { hint: "look at the image of that number; a network with broken weights gives NaN too" },
  );
}
