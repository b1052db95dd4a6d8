/** Sums of a kernel over pairs of feature rows, from products in float32: what maximum mean discrepancies are made of. */

import type { ComputeContext } from "../compute-context.ts";
import { centreFeatures, checkSides, sidesToMean } from "../features/centred-features.ts";
import { FLOAT_TILE, type FloatProducts, openFloatProducts } from "../features/float-products.ts";
import type { Features } from "../features/statistics.ts";
import { type Kernel, type KernelTile, openKernelTile } from "./kernel-rows.ts";

/**
 * Rows about the mean m of both sides, and what a kernel's argument needs beside their products: x'y is
 * (x - m)'(y - m) + (m'x - m'm / 2) + (m'y - m'm / 2), and -|x - y|^2 / 2 is (x - m)'(y - m) - |x - m|^2 / 2 - |y - m|^2 / 2.
 */
export interface KernelSide {
  readonly centred: Features;
  /** [n] */
  readonly terms: Float64Array;
}

/** Of fake and real features, say. Throws as `checkSides`. */
export function featuresToKernelSides(
  features: readonly [Features, Features],
  kernel: Kernel,
): readonly [KernelSide, KernelSide] {
  checkSides(features);
  const mean = sidesToMean(features);
  const half = mean.reduce((sum, value) => sum + value * value, 0) / 2;
  const toSide = (original: Features): KernelSide => {
    const { data, width } = original;
    const centred = centreFeatures(original, mean);
    const terms = new Float64Array(original.rows);
    for (let row = 0, at = 0; row < terms.length; row++) {
      let sum = 0;
      if (kernel.name === "rbf") for (let k = 0; k < width; k++, at++) sum -= centred.data[at]! ** 2 / 2;
      else for (let k = 0; k < width; k++, at++) sum += data[at]! * mean[k]!;
      terms[row] = kernel.name === "rbf" ? sum : sum - half;
    }
    return { centred, terms };
  };
  const a = toSide(features[0]);
  return [a, features[1] === features[0] ? { ...a } : toSide(features[1])];
}

/** Some rows of a side, gathered. */
export function gatherRows({ centred, terms }: KernelSide, rows: ArrayLike<number>): KernelSide {
  const { data, width } = centred;
  const gathered = new Float32Array(rows.length * width);
  for (let i = 0; i < rows.length; i++)
    gathered.set(data.subarray(rows[i]! * width, (rows[i]! + 1) * width), i * width);
  return {
    centred: { data: gathered, rows: rows.length, width },
    terms: Float64Array.from(rows, (row) => terms[row]!),
  };
}

/** Products, and the tile that they are written into. */
export interface KernelProducts {
  readonly products: FloatProducts;
  readonly tile: KernelTile;
}

/** Opens products of a width for `use`, and closes them. */
export async function withKernelProducts<T>(
  kernel: Kernel,
  width: number,
  { threads }: ComputeContext,
  use: (products: KernelProducts) => Promise<T>,
): Promise<T> {
  const products = await openFloatProducts({ width, ...(threads !== undefined && { threads }) });
  try {
    return await use({ products, tile: openKernelTile(kernel) });
  } finally {
    await products.close();
  }
}

/** Equal steps of at most FLOAT_TILE. */
function* tilesOf(rows: number): Generator<readonly [from: number, count: number]> {
  const step = Math.ceil(rows / Math.ceil(rows / FLOAT_TILE));
  for (let from = 0; from < rows; from += step) yield [from, Math.min(step, rows - from)];
}

/**
 * Is shown k(a_i, b_j) for j = from.. in `values`, which the next row overwrites. `times` is 2 where b is a and the pairs
 * stand for themselves and their mirror images; a row with itself has 0.
 */
export type VisitRow = (i: number, from: number, values: Float64Array, times: 1 | 2) => void;

export interface WalkOptions extends ComputeContext {
  readonly visit?: VisitRow;
  /** Of each tile, the number of kernels in it. */
  readonly onTile?: (kernels: number) => void;
}

/**
 * [n] and [m]: what each row's kernels with all rows of the other side sum to. Of a side with itself (`b` is `a`) both
 * are one array, each pair is computed once, tile by tile, and a row with itself left out.
 */
export async function walkKernel(
  { products, tile }: KernelProducts,
  a: KernelSide,
  b: KernelSide,
  { visit, signal, onTile }: WalkOptions = {},
): Promise<readonly [a: Float64Array, b: Float64Array]> {
  const sums = new Float64Array(a.terms.length);
  const otherSums = a === b ? sums : new Float64Array(b.terms.length);
  for (const [i, rows] of tilesOf(a.terms.length))
    for (const [j, columns] of tilesOf(b.terms.length)) {
      if (a === b && j > i) break;
      signal?.throwIfAborted();
      const out = tile.products.subarray(0, rows * columns);
      await products.product(a.centred, i, rows, b.centred, j, columns, out);
      tile.begin(b.terms.subarray(j, j + columns));
      const values = tile.values();
      const isDiagonal = a === b && i === j;
      for (let r = 0; r < rows; r++) {
        let sum = tile.row(r, a.terms[i + r]!);
        if (isDiagonal) {
          sum -= values[r]!;
          values[r] = 0;
        } else tile.addToColumns();
        sums[i + r]! += sum;
        visit?.(i + r, j, values, a === b && !isDiagonal ? 2 : 1);
      }
      if (!isDiagonal) for (const [c, sum] of tile.columnSums().entries()) otherSums[j + c]! += sum;
      onTile?.(rows * columns);
    }
  return [sums, otherSums];
}

/** Kernels that are computed for all pairs of two sides and of each with itself. */
export function countKernels(n: number, m: number): number {
  const within = (rows: number): number =>
    [...tilesOf(rows)].reduce((sum, [from, count]) => sum + (from + count) * count, 0);
  return within(n) + within(m) + n * m;
}

/** What the kernels of each row of two sides sum to. */
export interface KernelSums {
  /** With the other rows of the row's own side. */
  readonly within: readonly [a: Float64Array, b: Float64Array];
  /** With the rows of the other side. */
  readonly across: readonly [a: Float64Array, b: Float64Array];
}

export interface SumOptions extends Omit<WalkOptions, "visit"> {
  /** Who sees the rows of a pair of sides: a (0) with a, b (1) with b, a with b. */
  readonly visitor?: (left: 0 | 1, right: 0 | 1) => VisitRow;
}

export async function sidesToKernelSums(
  products: KernelProducts,
  [a, b]: readonly [KernelSide, KernelSide],
  { visitor, ...options }: SumOptions = {},
): Promise<KernelSums> {
  const walk = (left: 0 | 1, right: 0 | 1) =>
    walkKernel(products, left === 0 ? a : b, right === 0 ? a : b, {
      ...options,
      ...(visitor && { visit: visitor(left, right) }),
    });
  const [withinA] = await walk(0, 0);
  const [withinB] = await walk(1, 1);
  return { within: [withinA, withinB], across: await walk(0, 1) };
}

/** Sums over all pairs, and how many rows of each side they are of. */
export interface PairSums {
  readonly n: number;
  readonly m: number;
  /** Over ordered pairs of different rows. */
  readonly aa: number;
  readonly bb: number;
  readonly ab: number;
}

const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);

export const kernelSumsToPairSums = ({ within: [a, b], across: [ab] }: KernelSums): PairSums => ({
  n: a.length,
  m: b.length,
  aa: total(a),
  bb: total(b),
  ab: total(ab),
});

/** |mean of phi(a) - mean of phi(b)|^2 without bias: pairs of different rows only. May be below zero. Needs n, m > 1. */
export const pairSumsToUnbiased = ({ n, m, aa, bb, ab }: PairSums): number =>
  aa / (n * (n - 1)) + bb / (m * (m - 1)) - (2 * ab) / (n * m);

/** The same of all pairs, for a kernel that is 1 of a row with itself. */
export const pairSumsToBiased = ({ n, m, aa, bb, ab }: PairSums): number =>
  (aa + n) / n ** 2 + (bb + m) / m ** 2 - (2 * ab) / (n * m);
