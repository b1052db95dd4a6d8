/** What the outputs of a translator say of its health: whether they copy their input, ignore it, or are all alike. */

import { meanOf } from "../../math/mean.ts";

/** Rows that are compared with each other, at most; each with as many others as there are steps. */
const MOST_ROWS = 256;
/** How far apart in their order two rows are that are compared: neighbours in a folder may be of one kind. */
const STEPS = [1, 2, 5, 13] as const;
/** With fewer rows a correlation of nothing with nothing may be far from 0. */
const LEAST_ROWS = 32;

/** Mean |x - y| over all numbers. */
function distance(x: Float32Array, y: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += Math.abs(x[i] - y[i]);
  return sum / x.length;
}

/** Distances of pairs of rows, the same pairs for all sets of n rows. */
function rowsToDistances(values: Float32Array, n: number): Float64Array {
  const size = values.length / n;
  const rows = Math.min(n, MOST_ROWS);
  const row = (i: number) => values.subarray((i % n) * size, ((i % n) + 1) * size);
  const steps = STEPS.filter((step) => step === 1 || 2 * step < n);
  return Float64Array.from({ length: rows * steps.length }, (_, k) => {
    const i = k % rows;
    return distance(row(i), row(i + steps[Math.floor(k / rows)]));
  });
}

/** Pearson's r; 0 where one of both does not vary. */
function correlation(x: Float64Array, y: Float64Array): number {
  const [mx, my] = [meanOf(x), meanOf(y)];
  let [xy, xx, yy] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    xy += (x[i] - mx) * (y[i] - my);
    xx += (x[i] - mx) ** 2;
    yy += (y[i] - my) ** 2;
  }
  return xx === 0 || yy === 0 ? 0 : xy / Math.sqrt(xx * yy);
}

/** Below it a set of images is one image. */
const LEAST_DISTANCE = 1e-6;

/**
 * Signs of what a maker makes of n inputs, by mean absolute differences of levels:
 *
 * - `output_spread`: how far two outputs are apart, over how far two images of the target are; near 0 where all are alike.
 * - `input_distance`: how far outputs are from their inputs, over how far images of the target are from the same inputs; near
 *   0 where inputs are copied. Only where inputs are images of the outputs' shape.
 * - `input_dependence`: correlation, over pairs of rows, of how far the inputs and how far their outputs are apart; near 0
 *   where inputs are ignored. Only of 32 rows or more, whose inputs are images of any shape. Of outputs that are all alike
 *   it says nothing, and `output_spread` does.
 *
 * What target and source say is computed once.
 * @param target `[n, ...]`, row-major, in [-1, 1]: images that the outputs should look like; partners of the inputs or not
 * @param source `[n, ...]` images that the maker started from, if it did
 * @returns the signs of outputs `[n, ...]`
 */
export function targetToSigns(
  target: Float32Array,
  source: Float32Array | undefined,
  n: number,
): (made: Float32Array) => Record<string, number> {
  const targetSpread = Math.max(meanOf(rowsToDistances(target, n)), LEAST_DISTANCE);
  const between =
    source?.length === target.length ? Math.max(distance(target, source), LEAST_DISTANCE) : undefined;
  const sourceApart = source && n >= LEAST_ROWS ? rowsToDistances(source, n) : undefined;
  return (made) => {
    const apart = rowsToDistances(made, n);
    const signs: Record<string, number> = { output_spread: meanOf(apart) / targetSpread };
    if (source !== undefined && between !== undefined && source.length === made.length)
      signs.input_distance = distance(made, source) / between;
    if (sourceApart) signs.input_dependence = correlation(apart, sourceApart);
    return signs;
  };
}
