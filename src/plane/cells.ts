/** The cells of the plane, or of the line: `side` along each axis, row by row from the lowest. */
import type { Bounds } from "../drawing/points-to-image.ts";
import { PARTS } from "./latent-lattice.ts";

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

/** Which cell a point lies in, -1 outside; `y` counts where there are two axes. */
function boundsToPlaces({ low, high }: Bounds, side: number): (x: number, y: number) => number {
  const [left, scale] = [low[0], side / (high[0] - low[0])];
  // Not a number is outside too.
  const isIn = (place: number): boolean => place >= 0 && place < side;
  if (low.length === 1)
    return (x) => {
      const place = Math.floor((x - left) * scale);
      return isIn(place) ? place : -1;
    };
  const [bottom, rise] = [low[1], side / (high[1] - low[1])];
  return (x, y) => {
    const [column, row] = [Math.floor((x - left) * scale), Math.floor((y - bottom) * rise)];
    return isIn(column) && isIn(row) ? row * side + column : -1;
  };
}

/** The share of points `[n, d]` in each cell; what lies outside is 1 minus the sum. */
export function pointsToShares(points: ArrayLike<number>, bounds: Bounds, side: number): Float32Array {
  const d = bounds.low.length;
  const place = boundsToPlaces(bounds, side);
  const counts = new Float64Array(side ** d);
  for (let at = 0; at < points.length; at += d) {
    const cell = place(points[at], points[at + d - 1]);
    if (cell >= 0) counts[cell]++;
  }
  return Float32Array.from(counts, (count) => (count * d) / points.length);
}

/** In cells: a step of the lattice whose image is wider than this is a jump between modes, and is not interpolated. */
const JUMP = 3;

/**
 * The same of a square lattice of latents of two numbers that was sent through the generator: `images` `[side^2, d]`,
 * `masses` of parts along each axis. Between four neighbours images are interpolated, in 8 x 8 parts; where they lie far
 * apart each takes the parts that are nearest to it.
 */
export function latticeToShares(
  images: Float32Array,
  masses: Float64Array,
  bounds: Bounds,
  side: number,
): Float32Array {
  const d = bounds.low.length;
  const steps = masses.length / PARTS;
  const width = steps + 1;
  const whole = Float64Array.from({ length: steps }, (_, i) =>
    masses.subarray(i * PARTS, (i + 1) * PARTS).reduce((sum, mass) => sum + mass, 0),
  );
  const place = boundsToPlaces(bounds, side);
  const cells = Int32Array.from({ length: width ** 2 }, (_, i) =>
    place(images[i * d], images[i * d + d - 1]),
  );
  const reach = (JUMP * (bounds.high[0] - bounds.low[0])) / side;
  const shares = new Float64Array(side ** d);
  const spread = (first: number, row: number, column: number): void => {
    const corners = [first, first + 1, first + width, first + width + 1];
    const x = corners.map((corner) => images[corner * d]);
    const y = corners.map((corner) => images[corner * d + d - 1]);
    const isNear = Math.max(...x) - Math.min(...x) < reach && Math.max(...y) - Math.min(...y) < reach;
    for (let b = 0; b < PARTS; b++) {
      const v = isNear ? (b + 0.5) / PARTS : b < PARTS / 2 ? 0 : 1;
      const across = masses[row * PARTS + b];
      const [x0, x1] = [x[0] + v * (x[2] - x[0]), x[1] + v * (x[3] - x[1])];
      const [y0, y1] = [y[0] + v * (y[2] - y[0]), y[1] + v * (y[3] - y[1])];
      for (let a = 0; a < PARTS; a++) {
        const u = isNear ? (a + 0.5) / PARTS : a < PARTS / 2 ? 0 : 1;
        const cell = place(x0 + u * (x1 - x0), y0 + u * (y1 - y0));
        if (cell >= 0) shares[cell] += across * masses[column * PARTS + a];
      }
    }
  };
  for (let row = 0; row < steps; row++)
    for (let column = 0; column < steps; column++) {
      const first = row * width + column;
      const cell = cells[first];
      // Most quadrilaterals lie in one cell as a whole.
      if (
        cell >= 0 &&
        cell === cells[first + 1] &&
        cell === cells[first + width] &&
        cell === cells[first + width + 1]
      )
        shares[cell] += whole[row] * whole[column];
      else spread(first, row, column);
    }
  return Float32Array.from(shares);
}
