/** A symmetric matrix brought to tridiagonal form. */
import { addProduct, submatrix } from "./product.ts";
import type { Matrix, Workspace } from "./workspace.ts";

/** Columns of one panel; measured at n = 2048: 24 to 48 are within 5 %. */
const PANEL = 32;
/** Strips of the matrix-vector product; fixed, so that sums do not depend on the threads. */
const STRIPS = 16;
/** Below this the matrix-vector product is one strip, on one thread. */
const ONE_STRIP = 192;

/** A symmetric tridiagonal matrix: diagonal [n] and off-diagonal [n - 1]. */
export interface Tridiagonal {
  readonly diagonal: Float64Array;
  readonly offDiagonal: Float64Array;
}

/** Bytes that `toTridiagonal` needs beside its matrix (and a product's). */
export const tridiagonalBytes = (n: number): number => 8 * (3 * PANEL + STRIPS + 2) * (n + 2) + 256;

/**
 * T = Q' A Q by Householder reflectors, A [n, n] symmetric, of which only the lower triangle is read; A is destroyed.
 * Rows are reduced from the last one up, so that each is contiguous; reflectors are gathered into panels and applied
 * to the rest as one product (LAPACK's dsytrd, dlatrd). 4/3 n^3 operations, half of them in matrix-vector products that
 * read each element once. T has A's eigenvalues to a few eps ||A||.
 */
export function toTridiagonal(ws: Workspace, a: Matrix): Tridiagonal {
  const n = a.rows;
  const mark = ws.mark();
  // V, W and V again: [V; W]' [W; V] = V'W + W'V is one product.
  const panel = ws.matrix(3 * PANEL, n);
  const v = panel.pointer;
  const w = v + 8 * PANEL * panel.ld;
  const partial = ws.matrix(STRIPS, n);
  const d = ws.allocate(8 * n);
  const e = ws.allocate(8 * n);
  let c = 0;
  for (let i = n - 1; i >= 1; i--) {
    ws.run("tridiagonalRow", 1, [a.pointer, a.ld, i, c, v, w, panel.ld, d, e]);
    const tau = ws.floats[0] as number;
    const reflector = v + 8 * c * panel.ld;
    const strips = i < ONE_STRIP ? 1 : STRIPS;
    ws.run("symmetricTimesVector", strips, [
      a.pointer,
      a.ld,
      i,
      reflector,
      partial.pointer,
      partial.ld,
      strips,
    ]);
    ws.run("tridiagonalColumn", 1, [partial.pointer, partial.ld, strips, i, c, v, w, panel.ld], [tau]);
    c++;
    if (c === PANEL || i === 1) {
      ws.bytes(v + 16 * PANEL * panel.ld, 8 * PANEL * panel.ld).set(ws.bytes(v, 8 * PANEL * panel.ld));
      const vw = submatrix(panel, 0, 0, 2 * PANEL, i);
      const wv = submatrix(panel, PANEL, 0, 2 * PANEL, i);
      if (c === PANEL) {
        addProduct(ws, vw, wv, submatrix(a, 0, 0, i, i), { transposeA: true, alpha: -1, lowerOnly: true });
      }
      if (i > 1) c = 0;
    }
  }
  // A[0, 0] still lacks the last, unfinished panel.
  let corner = ws.doubles(a.pointer, 1)[0] as number;
  if (c < PANEL) {
    const rows = ws.doubles(v, 2 * PANEL * panel.ld);
    for (let j = 0; j < c; j++) {
      corner -= 2 * (rows[j * panel.ld] as number) * (rows[(PANEL + j) * panel.ld] as number);
    }
  }
  ws.doubles(d, 1)[0] = corner;
  const result = {
    diagonal: ws.doubles(d, n).slice(),
    offDiagonal: ws.doubles(e, Math.max(0, n - 1)).slice(),
  };
  ws.release(mark);
  return result;
}
