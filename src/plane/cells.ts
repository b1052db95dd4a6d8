/** The cells of the plane, or of the line: `side` along each axis, row by row from the lowest. */
import type { Bounds } from "../drawing/points-to-image.ts";

/** Middles of the cells, row-major `[cells, d]`. */
export function boundsToCells({ low, high }: Bounds, side: number): Float32Array<ArrayBuffer> {
  const d = low.length;
  const cells = new Float32Array(side ** d * d);
  for (let i = 0; i < side ** d; i++)
    for (let axis = 0; axis < d; axis++) {
      const at = axis === 0 ? i % side : Math.floor(i / side);
      cells[i * d + axis] = low[axis] + ((high[axis] - low[axis]) * (at + 0.5)) / side;
    }
  return cells;
}

/** The cell of a point by number, -1 outside. */
function pointToCell(points: ArrayLike<number>, at: number, { low, high }: Bounds, side: number): number {
  const d = low.length;
  let cell = 0;
  for (let axis = d - 1; axis >= 0; axis--) {
    const place = Math.floor(((points[at + axis] - low[axis]) / (high[axis] - low[axis])) * side);
    // Not a number is outside too.
    if (!(place >= 0 && place < side)) return -1;
    cell = cell * side + place;
  }
  return cell;
}

/** The share of points in each cell; what lies outside is 1 minus the sum. */
export function pointsToShares(points: ArrayLike<number>, bounds: Bounds, side: number): Float32Array {
  const d = bounds.low.length;
  const shares = new Float32Array(side ** d);
  const counts = new Uint32Array(shares.length);
  for (let at = 0; at < points.length; at += d) {
    const cell = pointToCell(points, at, bounds, side);
    if (cell >= 0) counts[cell]++;
  }
  for (const [cell, count] of counts.entries()) shares[cell] = (count * d) / points.length;
  return shares;
}
