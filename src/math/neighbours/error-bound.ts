/** What is known of a squared distance by products in float32. */

/** The largest float32 that is not above x. */
export function roundDown(x: number): number {
  const nearest = Math.fround(x);
  return nearest <= x ? nearest : Math.fround(x - Math.abs(x) * 2 ** -23 - 2 ** -149);
}

/**
 * How far a squared distance by float32 products, A + B - 2ab of centred rows, can be from the true one, as a share of
 * A + B: a product of d terms loses d u / (1 - d u) of |a||b| <= (A + B) / 2 in whatever order it is summed (u = 2^-24,
 * with or without fused additions), centring 4 u (A + B); norms and distances in float64 lose less than the 4 u more.
 * Source: Higham 2002, Accuracy and Stability of Numerical Algorithms, 3.1.
 */
export function widthToError(width: number): number {
  const u = 2 ** -24;
  // Beyond, nothing is known, and all is computed in float64.
  return width * u < 0.5 ? (width * u) / (1 - width * u) + 8 * u : 2 ** 1000;
}

/** What float32 cannot hold for smallness adds up to less, in the units of rows that are scaled. */
export const TINY = 2 ** -90;
