/** Density and cell masses of equal round normals: a mixture's modes, a curve's points, a point set's kernels. */
import type { Bounds } from "../../drawing/points-to-image.ts";
import type { Mixture } from "../../math/clusters/mode-coverage.ts";
import { normalDistribution } from "../../math/intervals/normal-distribution.ts";
import { pointsToShares } from "../cells.ts";

/** In deviations: what lies farther weighs less than 1e-15. */
const REACH = 8;

/** p at points `[n, d]`: the mean of the normal densities. Infinite at the centres where the deviation is 0, else 0. */
export function kernelsToDensity(
  { centres, d, deviation }: Mixture,
  points: ArrayLike<number>,
): Float64Array {
  const peak = d / centres.length / (deviation * Math.sqrt(2 * Math.PI)) ** d;
  return Float64Array.from({ length: points.length / d }, (_, i) => {
    let sum = 0;
    for (let at = 0; at < centres.length; at += d) {
      let squared = 0;
      for (let axis = 0; axis < d; axis++) squared += (points[i * d + axis] - centres[at + axis]) ** 2;
      if (deviation > 0) sum += Math.exp(-squared / (2 * deviation ** 2));
      else if (squared === 0) return Number.POSITIVE_INFINITY;
    }
    return deviation > 0 ? peak * sum : 0;
  });
}

/** One normal's mass by place along an axis, from the first place that it reaches. */
function centreToAxis(centre: number, deviation: number, low: number, width: number, side: number) {
  const toPlace = (x: number) => Math.floor((x - low) / width);
  const first = Math.max(0, toPlace(centre - REACH * deviation));
  const last = Math.min(side - 1, toPlace(centre + REACH * deviation));
  const masses: number[] = [];
  let below = normalDistribution((low + first * width - centre) / deviation);
  for (let place = first; place <= last; place++) {
    const upTo = normalDistribution((low + (place + 1) * width - centre) / deviation);
    masses.push(upTo - below);
    below = upTo;
  }
  return { first, masses };
}

/**
 * Exact mass of each cell: products of differences of the normal distribution function, averaged over the centres. What
 * lies outside is 1 minus the sum. 2,048 centres and 60 x 60 cells: some 10 ms.
 */
export function kernelsToMasses(kernels: Mixture, bounds: Bounds, side: number): Float64Array {
  const { centres, d, deviation } = kernels;
  if (deviation === 0) return Float64Array.from(pointsToShares(centres, bounds, side));
  const masses = new Float64Array(side ** d);
  const widths = bounds.low.map((low, axis) => (bounds.high[axis] - low) / side);
  for (let at = 0; at < centres.length; at += d) {
    const [x, y] = widths.map((width, axis) =>
      centreToAxis(centres[at + axis], deviation, bounds.low[axis], width, side),
    );
    for (const [row, across] of (y?.masses ?? [1]).entries())
      for (const [column, mass] of x.masses.entries())
        masses[((y?.first ?? 0) + row) * side + x.first + column] += across * mass;
  }
  return masses.map((mass) => (mass * d) / centres.length);
}
