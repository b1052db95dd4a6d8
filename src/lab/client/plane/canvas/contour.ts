/** The line on which a field over the cells is 0, by marching squares. */

/** Crossings on the four edges of a square, for each of the 16 cases of corners above 0: pairs of edges. */
const EDGES: readonly (readonly number[])[] = [
  [],
  [3, 0],
  [0, 1],
  [3, 1],
  [1, 2],
  [3, 0, 1, 2],
  [0, 2],
  [3, 2],
  [2, 3],
  [2, 0],
  [0, 1, 2, 3],
  [2, 1],
  [1, 3],
  [1, 0],
  [0, 3],
  [],
];

/**
 * Segments `x1, y1, x2, y2, ...` in cells: 0.5 is the middle of the first.
 *
 * @param cells row-major `[side, side]`
 */
export function cellsToContour(cells: Float32Array, side: number): number[] {
  const segments: number[] = [];
  for (let row = 0; row + 1 < side; row++)
    for (let column = 0; column + 1 < side; column++) {
      const at = row * side + column;
      const corners = [cells[at], cells[at + 1], cells[at + side + 1], cells[at + side]];
      const which = corners.reduce((sum, value, i) => sum + (value > 0 ? 1 << i : 0), 0);
      for (const edge of EDGES[which]) {
        const share = corners[edge] / (corners[edge] - corners[(edge + 1) % 4]);
        const [x, y] = [
          [share, 0],
          [1, share],
          [1 - share, 1],
          [0, 1 - share],
        ][edge];
        segments.push(column + 0.5 + x, row + 0.5 + y);
      }
    }
  return segments;
}
