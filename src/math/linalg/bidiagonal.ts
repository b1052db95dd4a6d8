/** Singular values: a matrix brought to bidiagonal form, and the values of that. */
import { submatrix } from "./product.ts";
import type { Tridiagonal } from "./tridiagonal.ts";
import { tridiagonalToEigenvalues } from "./tridiagonal-eigenvalues.ts";
import type { Matrix, Workspace } from "./workspace.ts";

/** Strips of rows; fixed, so that sums do not depend on the threads. */
const STRIPS = 16;
/** Below this many rows everything is one strip, on one thread. */
const ONE_STRIP = 128;

/** An upper bidiagonal matrix: diagonal [n], superdiagonal [n - 1]. */
export interface Bidiagonal {
  readonly diagonal: Float64Array;
  readonly superdiagonal: Float64Array;
}

export const bidiagonalBytes = (rows: number, columns: number): number =>
  8 * (STRIPS + 5) * (columns + 2) + 8 * rows + 256;

/**
 * B = U' A V by Householder reflectors from both sides, A [m, n] with m >= n; A is destroyed. Each step reads the
 * matrix once and rewrites it once, with both reflectors in the second pass (8/3 n^3 operations where m = n).
 * B has A's singular values to a few eps ||A||. Source: Golub and Kahan 1965; LAPACK dgebd2.
 */
export function toBidiagonal(ws: Workspace, a: Matrix): Bidiagonal {
  const { rows: m, columns: n } = a;
  const mark = ws.mark();
  const partial = ws.matrix(STRIPS, n);
  const x = ws.allocate(8 * n);
  const v = ws.allocate(8 * n);
  const u = ws.allocate(8 * m);
  const d = ws.allocate(8 * n);
  const e = ws.allocate(8 * n);
  for (let k = 0; k < n; k++) {
    const active = submatrix(a, k, k, m - k, n - k);
    const width = n - k - 1;
    ws.run("bidiagonalColumn", 1, [active.pointer, a.ld, m - k, u, d + 8 * k]);
    if (width === 0) break;
    const tauU = ws.floats[0] as number;
    const strips = m - k < ONE_STRIP ? 1 : STRIPS;
    const right = active.pointer + 8;
    ws.run("transposedTimesVector", strips, [
      right,
      a.ld,
      m - k,
      width,
      u,
      partial.pointer,
      partial.ld,
      strips,
    ]);
    ws.run("bidiagonalRow", 1, [partial.pointer, partial.ld, strips, width, x, right, v, e + 8 * k], [tauU]);
    const tauV = ws.floats[1] as number;
    const below = right + 8 * a.ld;
    ws.run("bidiagonalUpdate", strips, [below, a.ld, m - k - 1, width, u + 8, x, v, strips], [tauU, tauV]);
  }
  const result = {
    diagonal: ws.doubles(d, n).slice(),
    superdiagonal: ws.doubles(e, Math.max(0, n - 1)).slice(),
  };
  ws.release(mark);
  return result;
}

/**
 * Singular values of a bidiagonal matrix, each right to a few eps ||B||, in no order: the absolute eigenvalues of the
 * Golub-Kahan matrix, tridiagonal with a zero diagonal and d1, e1, d2, e2, ... beside it, have each of them twice.
 * Squares are never taken, so small singular values do not drown at sqrt(eps) ||B||.
 */
export function bidiagonalToSingularValues({ diagonal, superdiagonal }: Bidiagonal): Float64Array {
  const n = diagonal.length;
  const interleaved: Tridiagonal = {
    diagonal: new Float64Array(2 * n),
    offDiagonal: Float64Array.from(
      { length: Math.max(0, 2 * n - 1) },
      (_, i) => (i % 2 === 0 ? diagonal[i / 2] : superdiagonal[(i - 1) / 2]) as number,
    ),
  };
  const sorted = tridiagonalToEigenvalues(interleaved).sort();
  return Float64Array.from({ length: n }, (_, i) =>
    Math.max(0, ((sorted[2 * n - 1 - i] as number) - (sorted[i] as number)) / 2),
  );
}
