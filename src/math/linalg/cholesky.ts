/** Cholesky factors, plain and with complete pivoting. */
import { addProduct, submatrix } from "./product.ts";
import type { Matrix, Workspace } from "./workspace.ts";

const BLOCK = 128;
const STRIP = 64;

/**
 * Cholesky factor, in place: the lower triangle of the symmetric A [n, n] (its upper one is not read) becomes L with
 * A = L L', the upper one zeros. Returns the smallest pivot (a square of L's diagonal, >= 0 for a positive
 * semi-definite A up to rounding); where it is not above `floor` the factor is unfinished and A is of no use any more.
 *
 * n^3 / 3 operations, blocks of 128 columns, left to right.
 */
export function choleskyInPlace(ws: Workspace, a: Matrix, floor: number): number {
  const n = a.rows;
  let least = Number.POSITIVE_INFINITY;
  for (let j = 0; j < n; j += BLOCK) {
    const width = Math.min(BLOCK, n - j);
    const diagonal = submatrix(a, j, j, width, width);
    ws.run("factorBlock", 1, [diagonal.pointer, a.ld, width], [0, floor]);
    const pivot = ws.floats[0] as number;
    // NaN is the smallest pivot of all.
    if (!(pivot >= least)) least = pivot;
    if (!(pivot > floor)) return least;
    const rest = n - j - width;
    if (rest > 0) {
      const below = submatrix(a, j + width, j, rest, width);
      ws.run("solveRows", Math.ceil(rest / STRIP), [
        below.pointer,
        a.ld,
        rest,
        diagonal.pointer,
        a.ld,
        width,
      ]);
      const trailing = submatrix(a, j + width, j + width, rest, rest);
      addProduct(ws, below, below, trailing, { transposeB: true, alpha: -1, lowerOnly: true });
    }
  }
  const view = ws.doubles(a.pointer, n * a.ld);
  for (let i = 0; i < n; i++) view.fill(0, i * a.ld + i + 1, i * a.ld + n);
  return least;
}

export interface PivotedFactor {
  /** L [n, rank] in the first columns of `l`, rows in the order of A. */
  readonly factor: Matrix;
  readonly rank: number;
  /** Largest |entry| that was met in what A - L L' leaves where the factorisation stopped. */
  readonly residual: number;
}

/**
 * Cholesky with complete pivoting: A = L L' + R, L [n, rank], for a symmetric positive semi-definite A. It stops where
 * the largest remaining pivot g is not above `floor`, or where a remaining entry of its column exceeds it, which no
 * semi-definite matrix has: what is left there is rounding (or an indefinite A; `residual` tells).
 *
 * n rank^2 operations, by columns; A keeps its values. Needs `l` [n, n], zeros, for L.
 * Source: N. J. Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 10.3.
 */
export function pivotedCholesky(ws: Workspace, a: Matrix, l: Matrix, floor: number): PivotedFactor {
  const n = a.rows;
  const mark = ws.mark();
  const columnAt = ws.allocate(8 * n);
  const takenAt = ws.allocate(n);
  const column = ws.doubles(columnAt, n);
  const taken = ws.bytes(takenAt, n).fill(0);
  const factor = ws.doubles(l.pointer, n * l.ld);
  const values = ws.doubles(a.pointer, n * a.ld);
  const remaining = Float64Array.from({ length: n }, (_, i) => values[i * a.ld + i] as number);
  for (let k = 0; k < n; k++) {
    let pivot = -1;
    let lowest = 0;
    for (let i = 0; i < n; i++) {
      if (taken[i]) continue;
      lowest = Math.min(lowest, remaining[i] as number);
      if (pivot < 0 || (remaining[i] as number) > (remaining[pivot] as number)) pivot = i;
    }
    ws.run("pivotColumn", Math.ceil(n / STRIP), [
      a.pointer,
      a.ld,
      l.pointer,
      l.ld,
      k,
      pivot,
      n,
      columnAt,
      takenAt,
    ]);
    const g = column[pivot] as number;
    let largest = -lowest;
    for (let i = 0; i < n; i++) largest = Math.max(largest, Math.abs(column[i] as number));
    if (!(g > floor) || largest > g * (1 + 1e-6)) {
      ws.release(mark);
      return { factor: { ...l, columns: k }, rank: k, residual: Math.max(largest, 0) };
    }
    const root = Math.sqrt(g);
    for (let i = 0; i < n; i++) {
      if (taken[i]) continue;
      const value = (column[i] as number) / root;
      factor[i * l.ld + k] = value;
      remaining[i] = (remaining[i] as number) - value * value;
    }
    taken[pivot] = 1;
  }
  ws.release(mark);
  return { factor: l, rank: n, residual: 0 };
}
