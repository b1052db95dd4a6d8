/** The Vendi score: how many different samples one side amounts to. */

import { GanEvalError } from "../errors.ts";
import type { ComputeContext } from "../math/compute-context.ts";
import { checkRows } from "../math/features/check-features.ts";
import type { Features } from "../math/features/statistics.ts";
import type { Blocks } from "../math/intervals/blocks.ts";
import { addProduct, productBytes, submatrix } from "../math/linalg/product.ts";
import { toTridiagonal, tridiagonalBytes } from "../math/linalg/tridiagonal.ts";
import { tridiagonalToEigenvalues } from "../math/linalg/tridiagonal-eigenvalues.ts";
import {
  defaultThreads,
  type Matrix,
  matrixBytes,
  type Workspace,
  withWorkspace,
} from "../math/linalg/workspace.ts";
import { metric } from "./metric.ts";

/** Rows multiplied at a time. */
const BLOCK = 512;

type VendiOptions = ComputeContext;

/** [n] 1 / |x| */
function toInverseLengths({ data, rows, width }: Features): Float64Array {
  return Float64Array.from({ length: rows }, (_, r) => {
    let squared = 0;
    for (let at = r * width; at < (r + 1) * width; at++) squared += data[at]! ** 2;
    if (squared > 0) return 1 / Math.sqrt(squared);
    throw new GanEvalError(
      "input.zero-row",
      `expected features that are not all zero, got only zeros in row ${r} (from 0)`,
      {
        hint: "The Vendi score compares directions, and a zero vector has none. Look at the image with that number.",
      },
    );
  });
}

/** Rows, scaled to length 1. */
interface UnitRows {
  readonly features: Features;
  readonly inverseLengths: Float64Array;
}

function withSquares<T>(
  side: number,
  width: number,
  { threads }: VendiOptions,
  use: (ws: Workspace) => T,
): T {
  const most = side < 256 ? 1 : Math.min(8, threads ?? defaultThreads());
  const bytes =
    2 * matrixBytes(side, side) +
    2 * matrixBytes(BLOCK, width) +
    productBytes(Math.max(side, width), most) +
    tridiagonalBytes(side);
  return withWorkspace({ bytes, threads: most }, use);
}

function load(
  ws: Workspace,
  to: Matrix,
  { features, inverseLengths }: UnitRows,
  chosen: readonly number[],
): Matrix {
  const { data, width } = features;
  const place = ws.doubles(to.pointer, to.rows * to.ld);
  chosen.forEach((row, r) => {
    const factor = inverseLengths[row]!;
    for (let j = 0; j < width; j++) place[r * to.ld + j] = data[row * width + j]! * factor;
  });
  return submatrix(to, 0, 0, chosen.length, width);
}

/** exp of the entropy of the eigenvalues of A / n, whose lower triangle is read; A is destroyed. */
function toScore(ws: Workspace, a: Matrix, n: number): number {
  let entropy = 0;
  for (const value of tridiagonalToEigenvalues(toTridiagonal(ws, a))) {
    const share = value / n;
    // Rounding leaves zero eigenvalues at 1e-16 on either side: x ln x of them is nothing.
    if (share > 0) entropy -= share * Math.log(share);
  }
  return Math.exp(entropy);
}

/** Scores of all rows, and of the rows without each block. */
interface VendiScores {
  readonly score: number;
  readonly without: readonly number[];
}

/** d < n: X'X, from which a block's share is taken out again. */
function byColumns(unit: UnitRows, blocks: Blocks | undefined, options: VendiOptions): VendiScores {
  const { rows: n, width: d } = unit.features;
  return withSquares(d, d, options, (ws) => {
    const [whole, work, part] = [ws.matrix(d, d), ws.matrix(d, d), ws.matrix(BLOCK, d)];
    const values = ws.doubles(work.pointer, d * work.ld);
    const addGram = (to: Matrix, chosen: readonly number[], alpha: number): void => {
      for (let at = 0; at < chosen.length; at += BLOCK) {
        const x = load(ws, part, unit, chosen.slice(at, at + BLOCK));
        addProduct(ws, x, x, to, { transposeA: true, lowerOnly: true, alpha });
      }
    };
    const all = Array.from({ length: n }, (_, i) => i);
    addGram(whole, all, 1);
    const copy = (): void => values.set(ws.doubles(whole.pointer, d * whole.ld));
    copy();
    const score = toScore(ws, work, n);
    const without = Array.from({ length: blocks?.count ?? 0 }, (_, block) => {
      options.signal?.throwIfAborted();
      const out = all.filter((row) => blocks!.ofRow[row] === block);
      copy();
      addGram(work, out, -1);
      options.progress?.(block + 1, blocks!.count);
      return toScore(ws, work, n - out.length);
    });
    return { score, without };
  });
}

/** n <= d: XX', whose rows and columns a block takes with it. */
function byRows(unit: UnitRows, blocks: Blocks | undefined, options: VendiOptions): VendiScores {
  const { rows: n, width: d } = unit.features;
  return withSquares(n, d, options, (ws) => {
    const [whole, work] = [ws.matrix(n, n), ws.matrix(n, n)];
    const [left, right] = [ws.matrix(BLOCK, d), ws.matrix(BLOCK, d)];
    const range = (from: number): number[] =>
      Array.from({ length: Math.min(BLOCK, n - from) }, (_, i) => from + i);
    for (let i = 0; i < n; i += BLOCK)
      for (let j = 0; j <= i; j += BLOCK) {
        const [a, b] = [load(ws, left, unit, range(i)), load(ws, right, unit, range(j))];
        addProduct(ws, a, b, submatrix(whole, i, j, a.rows, b.rows), { transposeB: true });
      }
    const from = ws.doubles(whole.pointer, n * whole.ld);
    const to = ws.doubles(work.pointer, n * work.ld);
    const scoreOf = (kept: readonly number[]): number => {
      kept.forEach((i, r) => {
        for (let c = 0; c <= r; c++) to[r * work.ld + c] = from[i * whole.ld + kept[c]!]!;
      });
      return toScore(ws, submatrix(work, 0, 0, kept.length, kept.length), kept.length);
    };
    const all = Array.from({ length: n }, (_, i) => i);
    const score = scoreOf(all);
    const without = Array.from({ length: blocks?.count ?? 0 }, (_, block) => {
      options.signal?.throwIfAborted();
      options.progress?.(block + 1, blocks!.count);
      return scoreOf(all.filter((row) => blocks!.ofRow[row] !== block));
    });
    return { score, without };
  });
}

function featuresToScores(features: Features, options: VendiOptions, blocks?: Blocks): VendiScores {
  checkRows(features, "fake");
  const unit = { features, inverseLengths: toInverseLengths(features) };
  return (features.rows <= features.width ? byRows : byColumns)(unit, blocks, options);
}

/**
 * Vendi score of features [n, d]: exp of the entropy (natural logarithm) of the eigenvalues of XX' / n, the rows of X
 * scaled to length 1: the number of images, all unlike (orthogonal), that would be as diverse; from 1 to min(n, d).
 * Eigenvalues are those of the smaller of XX' [n, n] and X'X [d, d]. Agrees with the vendi-score package and dgm-eval to
 * 1e-10. Grows with n until that is far above d: compare values of equal n. 10,000 rows of 2,048 take 4 s on two cores, an
 * interval 20 reductions of X'X more (32 s).
 *
 * @throws GanEvalError `input.zero-row` for a row without a direction, `input.too-few-samples`, `input.feature-width`,
 *   `input.features-not-finite`
 */
export const featuresToVendi = (features: Features, options: VendiOptions = {}): number =>
  featuresToScores(features, options).score;

export const row = metric({
  id: "vendi",
  label: "Vendi score",
  unit: "effective images",
  direction: "higher",
  needs: { fake: ["features"] },
  source: {
    paper: "Friedman & Dieng 2023, The Vendi Score (arXiv 2210.02410)",
    library: "vendi-score (vendi.score_dual); dgm-eval vendi.py",
  },
  defaults: {},
  keys: { score: "vendi_{extractor}_score" },
  names: { score: "Vendi score" },
  range: [1, Number.POSITIVE_INFINITY],
  measure: ({ fake }, _, context) => ({ score: featuresToVendi(fake.features!, context) }),
  leaveOut: ({ fake }, blocks, _, context) =>
    featuresToScores(fake.features!, context, blocks).without.map((score) => ({ score })),
});
