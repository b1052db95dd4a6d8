/** Eigenvalues of a symmetric tridiagonal matrix. */
import { GanEvalError } from "../../errors.ts";
import type { Tridiagonal } from "./tridiagonal.ts";

/** QL steps allowed for one eigenvalue; two are usual, EISPACK gives up after 30. */
const MOST_STEPS = 60;

/**
 * Eigenvalues of a symmetric tridiagonal matrix, in no order, by implicit QL steps with Wilkinson's shift.
 *
 * An off-diagonal counts as zero where it is not above eps ||T||, an absolute test: the relative one,
 * |e_i| <= eps (|d_i| + |d_i+1|), does not come to an end on the clustered zero eigenvalues of rank-deficient
 * covariances. Each eigenvalue is right to a few eps ||T||. About 15 n^2 operations.
 *
 * Source: tql1 of EISPACK (Bowdler, Martin, Reinsch, Wilkinson 1968).
 */
export function tridiagonalToEigenvalues({ diagonal, offDiagonal }: Tridiagonal): Float64Array {
  const n = diagonal.length;
  const d = diagonal.slice();
  const e = new Float64Array(n);
  e.set(offDiagonal);
  let norm = 0;
  for (let i = 0; i < n; i++) {
    norm = Math.max(norm, Math.abs(d[i]!) + Math.abs(e[i]!) + (i > 0 ? Math.abs(e[i - 1]!) : 0));
  }
  const tolerance = Number.EPSILON * norm;
  for (let l = 0; l < n; l++) {
    for (let steps = 0; ; steps++) {
      let m = l;
      while (m < n - 1 && Math.abs(e[m]!) > tolerance) m++;
      if (m === l) break;
      if (steps === MOST_STEPS) {
        throw new GanEvalError(
          "internal.eigenvalues",
          `QL took more than ${MOST_STEPS} steps for one eigenvalue`,
        );
      }
      stepUp(d, e, l, m);
    }
  }
  return d;
}

/** One implicit QL step on the block l..m, shifted by the eigenvalue of its upper 2x2 corner nearest to d[l]. */
function stepUp(d: Float64Array, e: Float64Array, l: number, m: number): void {
  const half = (d[l + 1]! - d[l]!) / (2 * e[l]!);
  const root = Math.sqrt(half * half + 1);
  let g = d[m]! - d[l]! + e[l]! / (half + (half >= 0 ? root : -root));
  let s = 1;
  let c = 1;
  let p = 0;
  for (let i = m - 1; i >= l; i--) {
    const f = s * e[i]!;
    const b = c * e[i]!;
    let r = Math.sqrt(f * f + g * g);
    e[i + 1] = r;
    if (r === 0) {
      // The block has split by itself: take back the shift and start anew.
      d[i + 1] = d[i + 1]! - p;
      e[m] = 0;
      return;
    }
    s = f / r;
    c = g / r;
    g = d[i + 1]! - p;
    r = (d[i]! - g) * s + 2 * c * b;
    p = s * r;
    d[i + 1] = g + p;
    g = c * r - b;
  }
  d[l] = d[l]! - p;
  e[l] = g;
  e[m] = 0;
}
