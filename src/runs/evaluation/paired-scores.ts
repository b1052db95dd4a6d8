/** Scores of made images against the images that they should be, pixel by pixel. */

import { samplesToPixels } from "../../images/decode/samples-to-pixels.ts";

/** By id: which end is better. */
export const PAIRED_SCORES = {
  l1: { lowerIsBetter: true },
  psnr: { lowerIsBetter: false },
} as const;

export type PairedScoreName = keyof typeof PAIRED_SCORES;
export const isPairedScore = (id: string): id is PairedScoreName => Object.hasOwn(PAIRED_SCORES, id);

/** Levels of one pair: the same as of its files. */
function pairToError(a: Uint8Array, b: Uint8Array): { readonly l1: number; readonly psnr: number } {
  let [absolute, squares] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    const difference = a[i] - b[i];
    absolute += Math.abs(difference);
    squares += difference * difference;
  }
  return {
    l1: absolute / (255 * a.length),
    psnr: squares === 0 ? Number.POSITIVE_INFINITY : 10 * Math.log10((255 ** 2 * a.length) / squares),
  };
}

/** The mean over pairs of each score. @param made row-major `[n, ...shape]` in [-1, 1], as the target */
export function pairsToScores(
  made: Float32Array,
  target: Float32Array,
  shape: readonly number[],
  names: readonly PairedScoreName[],
): Record<PairedScoreName, number> {
  const size = shape.reduce((product, side) => product * side, 1);
  const n = made.length / size;
  const [a, b] = [samplesToPixels(made), samplesToPixels(target)];
  const sums = Object.fromEntries(names.map((name) => [name, 0])) as Record<PairedScoreName, number>;
  for (let i = 0; i < n; i++) {
    const errors = pairToError(a.subarray(i * size, (i + 1) * size), b.subarray(i * size, (i + 1) * size));
    for (const name of names) sums[name] += errors[name] / n;
  }
  return sums;
}
