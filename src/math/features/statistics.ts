/** Features, and their moments: count, mean and scatter in float64. */
import { GanEvalError } from "../../errors.ts";
import { addProduct, productBytes, submatrix } from "../linalg/product.ts";
import {
  type Matrix,
  matrixBytes,
  openWorkspace,
  type Workspace,
  withWorkspace,
} from "../linalg/workspace.ts";
import { type LeafOptions, LeafWalk } from "./leaves.ts";
import { type MomentsNode, MomentsTree, triangleLength } from "./moments-tree.ts";

/** Count, mean and scatter of feature rows, in float64: what Frechet distances need of them. */
export interface Moments {
  readonly n: number;
  readonly d: number;
  /** [d] */
  readonly mean: Float64Array;
  /** [d, d] row-major: the sum over rows of (x - mean)(x - mean)'. */
  readonly scatter: Float64Array;
  /** The rows themselves, [n, d] float32, kept while n <= d: with them a singular covariance loses no digits. */
  readonly rows?: Float32Array;
}

/** Row-major `[rows, width]` float32, as extractors give them. */
export interface Features {
  readonly data: Float32Array;
  readonly rows: number;
  readonly width: number;
}

/** Rows that are centred and multiplied together; the same for every batch size, so that it cannot matter. */
const BLOCK = 256;

export interface MomentsAccumulator {
  readonly n: number;
  /**
   * Adds rows. `positions` are those of their images in the source, ascending, where some were skipped (default: a row's
   * number). Throws `input.features-not-finite` naming the row, `input.feature-width`.
   */
  add(features: Features, positions?: ArrayLike<number>): void;
  /** Ends the accumulation. */
  finish(): Moments;
}

/**
 * Gathers moments from batches of any size, in memory that hardly grows with their number (d^2 doubles, and half as many
 * for each doubling of the leaves).
 *
 * A set is divided into leaves of 8,192 rows in the order of the source. In a leaf rows are taken in blocks of 256: each
 * block is centred on its own mean in float64, and joined to the rest by Chan's formula, scatter += sum (x - m_b)(x - m_b)'
 * + n_a n_b / (n_a + n_b) (m_b - m_a)(m_b - m_a)', so a large common offset cancels nothing. Leaves are joined by the same
 * formula in a binary tree (`MomentsTree`). So neither batch sizes, nor threads, nor a division of the leaves among
 * machines change a bit; the order of rows changes the last digits (1e-13 of the trace).
 * Source: Chan, Golub, LeVeque 1983.
 */
export function createMomentsAccumulator(d: number, leaves: LeafOptions = {}): MomentsAccumulator {
  return makeAccumulator(openWorkspace(accumulatorBytes(d, 1)), d, leaves);
}

export interface MomentsOptions extends LeafOptions {
  /** Default: as many as the machine runs at once, at most 8. */
  readonly threads?: number;
  /** The place of each row's image in its source, ascending (default: the row's number). */
  readonly positions?: ArrayLike<number>;
}

/** Moments of a whole matrix, to the same bits as by an accumulator, on several threads. */
export function featuresToMoments(features: Features, options: MomentsOptions = {}): Moments {
  const { width: d } = features;
  const threads = options.threads ?? (features.rows * d * d < 1e9 ? 1 : undefined);
  return withWorkspace(
    { bytes: accumulatorBytes(d, 8), ...(threads && { threads: Math.min(8, threads) }) },
    (ws) => {
      const accumulator = makeAccumulator(ws, d, options);
      accumulator.add(features, options.positions);
      return accumulator.finish();
    },
  );
}

const accumulatorBytes = (d: number, threads: number): number =>
  matrixBytes(d, d) + matrixBytes(BLOCK + 1, d) + productBytes(d, threads);

function makeAccumulator(ws: Workspace, d: number, leaves: LeafOptions): MomentsAccumulator {
  checkWidth(d);
  const scatter = ws.matrix(d, d);
  const centred = ws.matrix(BLOCK + 1, d);
  const mean = new Float64Array(d);
  const block = new Float32Array(BLOCK * d);
  const walk = new LeafWalk(leaves);
  const tree = new MomentsTree();
  let kept: Float32Array | undefined = new Float32Array(0);
  /** Rows in closed leaves; in the leaf in hand; in its block that is not full. */
  let closed = 0;
  let joined = 0;
  let waiting = 0;
  let finished = false;

  const join = (): void => {
    if (waiting === 0) return;
    joinBlock(ws, { scatter, centred, mean }, block, waiting, joined);
    joined += waiting;
    waiting = 0;
  };

  const closeLeaf = (): void => {
    join();
    const node = joined === 0 ? undefined : { n: joined, mean: mean.slice(), lower: tree.takeTriangle(d) };
    if (node) {
      matrixToTriangle(ws, scatter, node.lower);
      ws.doubles(scatter.pointer, d * scatter.ld).fill(0);
      mean.fill(0);
    }
    tree.add(node);
    closed += joined;
    joined = 0;
  };

  const leafToMoments = (): Moments => ({ n: joined, d, mean, scatter: toSymmetric(ws, scatter) });

  const treeToMoments = (): Moments => {
    closeLeaf();
    return nodeToMoments(tree.finish()!);
  };

  return {
    get n() {
      return closed + joined + waiting;
    },
    add: ({ data, rows, width }, positions) => {
      if (finished) throw new GanEvalError("internal.moments", "rows were added after the end");
      if (width !== d || data.length !== rows * width) {
        throw new GanEvalError(
          "input.feature-width",
          `expected features of width ${d}, got ${rows} rows of width ${width} in ${data.length} values`,
          { hint: "both sides, and all batches of a side, must come from one extractor" },
        );
      }
      const first = closed + joined + waiting;
      checkFinite(data, d, first);
      kept = kept && appendRows(kept, data, d);
      const positionOf = (row: number): number => (positions ? positions[row]! : first + row);
      for (let row = 0; row < rows; ) {
        for (const position = positionOf(row); position >= walk.end; walk.step()) closeLeaf();
        let count = Math.min(rows - row, BLOCK - waiting);
        while (positionOf(row + count - 1) >= walk.end) count--;
        block.set(data.subarray(row * d, (row + count) * d), waiting * d);
        row += count;
        waiting += count;
        if (waiting === BLOCK) join();
      }
    },
    finish: () => {
      join();
      finished = true;
      const moments = closed === 0 ? leafToMoments() : treeToMoments();
      return kept ? { ...moments, rows: kept } : moments;
    },
  };
}

/** Joins `count` rows to mean and (lower) scatter of `before` rows; Chan's term is one more row of the product. */
function joinBlock(
  ws: Workspace,
  { scatter, centred, mean }: { scatter: Matrix; centred: Matrix; mean: Float64Array },
  block: Float32Array,
  count: number,
  before: number,
): void {
  const d = mean.length;
  const blockMean = new Float64Array(d);
  for (let r = 0; r < count; r++) for (let j = 0; j < d; j++) blockMean[j]! += block[r * d + j]!;
  for (let j = 0; j < d; j++) blockMean[j]! /= count;
  const to = ws.doubles(centred.pointer, (count + 1) * centred.ld);
  for (let r = 0; r < count; r++) {
    for (let j = 0; j < d; j++) to[r * centred.ld + j] = block[r * d + j]! - blockMean[j]!;
  }
  const total = before + count;
  const weight = Math.sqrt((before / total) * count);
  for (let j = 0; j < d; j++) {
    const difference = blockMean[j]! - mean[j]!;
    to[count * centred.ld + j] = weight * difference;
    mean[j]! += difference * (count / total);
  }
  const used = submatrix(centred, 0, 0, count + 1, d);
  addProduct(ws, used, used, scatter, { transposeA: true, lowerOnly: true });
}

function toSymmetric(ws: Workspace, { pointer, rows: d, ld }: Matrix): Float64Array {
  const lower = ws.doubles(pointer, d * ld);
  const full = new Float64Array(d * d);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= i; j++) full[i * d + j] = full[j * d + i] = lower[i * ld + j]!;
  }
  return full;
}

/** The lower triangle of a matrix in a workspace, written into `lower`. */
function matrixToTriangle(ws: Workspace, { pointer, rows: d, ld }: Matrix, lower: Float64Array): void {
  const from = ws.doubles(pointer, d * ld);
  for (let i = 0, at = 0; i < d; at += ++i) lower.set(from.subarray(i * ld, i * ld + i + 1), at);
}

/** A node of the tree as moments: the scatter whole. */
export function nodeToMoments({ n, mean, lower }: MomentsNode): Moments {
  const d = mean.length;
  const scatter = new Float64Array(d * d);
  for (let i = 0, at = 0; i < d; i++)
    for (let j = 0; j <= i; j++, at++) scatter[i * d + j] = scatter[j * d + i] = lower[at]!;
  return { n, d, mean, scatter };
}

/** Moments as a node of the tree; of the scatter the lower triangle is taken. */
export function momentsToNode({ n, d, mean, scatter }: Moments): MomentsNode {
  const lower = new Float64Array(triangleLength(d));
  for (let i = 0, at = 0; i < d; at += ++i) lower.set(scatter.subarray(i * d, i * d + i + 1), at);
  return { n, mean: mean.slice(), lower };
}

/** The kept rows with more behind them; nothing once there are more rows than columns. */
function appendRows(kept: Float32Array, data: Float32Array, d: number): Float32Array | undefined {
  if (kept.length + data.length > d * d) return undefined;
  const all = new Float32Array(kept.length + data.length);
  all.set(kept);
  all.set(data, kept.length);
  return all;
}

function checkWidth(d: number): void {
  if (Number.isInteger(d) && d > 0) return;
  throw new GanEvalError("input.feature-width", `expected features of width 1 or more, got width ${d}`, {
    hint: "an array of features is [images, width]",
  });
}

function checkFinite(data: Float32Array, d: number, firstRow: number): void {
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return;
  const row = firstRow + Math.floor(bad / d);
  throw new GanEvalError(
    "input.features-not-finite",
    `expected finite features, got ${data[bad]} in row ${row}, column ${bad % d} (both from 0)`,
    {
      hint: "look at the image or feature row of that number; a network with broken weights gives NaN too",
    },
  );
}

/** Moments of the rows of both, as if they had been accumulated together (Chan's formula). */
export function mergeMoments(a: Moments, b: Moments): Moments {
  if (a.d !== b.d) {
    throw new GanEvalError("input.feature-width", `expected moments of one width, got ${a.d} and ${b.d}`, {
      hint: "only statistics of the same extractor can be merged",
    });
  }
  if (a.n === 0) return b;
  if (b.n === 0) return a;
  const { d } = a;
  const n = a.n + b.n;
  const difference = b.mean.map((value, j) => value - a.mean[j]!);
  const weight = (a.n / n) * b.n;
  const scatter = new Float64Array(d * d);
  for (let i = 0; i < d; i++) {
    const along = weight * difference[i]!;
    for (let j = 0; j < d; j++) {
      const at = i * d + j;
      scatter[at] = a.scatter[at]! + b.scatter[at]! + along * difference[j]!;
    }
  }
  const rows = a.rows && b.rows && appendRows(a.rows, b.rows, d);
  const mean = a.mean.map((value, j) => value + difference[j]! * (b.n / n));
  return rows ? { n, d, mean, scatter, rows } : { n, d, mean, scatter };
}

/** scatter / (n - ddof), [d, d]. ddof 1 is NumPy's `cov`, 0 StyleGAN's. Throws `input.too-few-samples` for n <= ddof. */
export function momentsToCovariance(moments: Moments, ddof: 0 | 1 = 1): Float64Array {
  checkCount(moments.n, ddof);
  return moments.scatter.map((value) => value / (moments.n - ddof));
}

/** Throws `input.too-few-samples` where n samples have no covariance. */
export function checkCount(n: number, ddof: 0 | 1): void {
  if (n > ddof) return;
  throw new GanEvalError(
    "input.too-few-samples",
    `expected at least ${ddof + 1} samples for a covariance with ddof ${ddof}, got ${n}`,
    { hint: "give more images; scores begin to mean something at a few thousand" },
  );
}

/** Moments of those rows of `all` that are not in `part`: `mergeMoments` undone. */
function subtractMoments(all: Moments, part: Moments): Moments {
  const { d } = all;
  const n = all.n - part.n;
  const mean = all.mean.map((value, j) => value + (value - part.mean[j]!) * (part.n / n));
  const difference = mean.map((value, j) => value - part.mean[j]!);
  const weight = (n / all.n) * part.n;
  const scatter = new Float64Array(d * d);
  for (let i = 0; i < d; i++) {
    const along = weight * difference[i]!;
    for (let j = 0; j < d; j++) {
      const at = i * d + j;
      scatter[at] = all.scatter[at]! - part.scatter[at]! - along * difference[j]!;
    }
  }
  return { n, d, mean, scatter };
}

/** The rows whose place `keep` says yes to. */
export function selectRows({ data, rows, width }: Features, keep: (row: number) => boolean): Features {
  const chosen: number[] = [];
  for (let row = 0; row < rows; row++) if (keep(row)) chosen.push(row);
  const selected = new Float32Array(chosen.length * width);
  for (const [i, row] of chosen.entries())
    selected.set(data.subarray(row * width, (row + 1) * width), i * width);
  return { data: selected, rows: chosen.length, width };
}

/**
 * Gives moments of the rows with some blocks left out. Of more rows than columns by subtraction, so that a block costs
 * its own rows only (to 1e-12 of the trace); of fewer, whose rows are kept, from the other rows anew.
 */
export function openLeavingOut(
  features: Features,
  { count, ofRow }: { readonly count: number; readonly ofRow: Int32Array },
  options: { readonly threads?: number } = {},
): (without: readonly number[]) => Moments {
  const { rows, width } = features;
  const least = rows - 2 * Math.ceil(rows / count);
  const all = least > width ? featuresToMoments(features, options) : undefined;
  return (without) => {
    const isOut = (row: number): boolean => without.includes(ofRow[row]!);
    if (all) return subtractMoments(all, featuresToMoments(selectRows(features, isOut), options));
    return featuresToMoments(
      selectRows(features, (row) => !isOut(row)),
      options,
    );
  };
}
