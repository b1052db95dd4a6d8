/** The squared distance of two feature rows, in float64. */
import type { Features } from "../features/statistics.ts";

/**
 * |a_i - b_j|^2 in float64: differences of float32 numbers, squared and summed in an order that the width alone decides.
 * The same both ways round, and zero for equal rows, to the bit; right to width 2^-53 of itself.
 */
export function squaredDistance(a: Features, i: number, b: Features, j: number): number {
  const { data: x, width } = a;
  const { data: y } = b;
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let p = i * width;
  let q = j * width;
  for (const end = p + (width & ~3); p < end; p += 4, q += 4) {
    const d0 = x[p] - y[q];
    const d1 = x[p + 1] - y[q + 1];
    const d2 = x[p + 2] - y[q + 2];
    const d3 = x[p + 3] - y[q + 3];
    s0 += d0 * d0;
    s1 += d1 * d1;
    s2 += d2 * d2;
    s3 += d3 * d3;
  }
  for (const end = (i + 1) * width; p < end; p++, q++) {
    const d = x[p] - y[q];
    s0 += d * d;
  }
  return s0 + s1 + (s2 + s3);
}
