/** Long series, thinned so that no extreme is lost. */

/** A gap is null. */
export type Point = readonly [x: number, y: number | null];

/** Twice as many points, and a screen has no more columns. */
const BINS = 400;

/** Six significant digits: a chart shows three. */
const toShort = (value: number): number | null =>
  Number.isFinite(value) ? Number(value.toPrecision(6)) : null;

/**
 * A column over the rounds as points. Of more than two a bin, the least and the greatest of each bin are kept, in their
 * order, the first and the last of all, and one break a bin where a value is no number.
 */
export function columnToPoints(rounds: ArrayLike<number>, values: ArrayLike<number>, bins = BINS): Point[] {
  const n = Math.min(rounds.length, values.length);
  const at = (i: number): Point => [rounds[i], toShort(values[i])];
  if (n <= 2 * bins) return Array.from({ length: n }, (_, i) => at(i));
  const kept = new Set<number>([0, n - 1]);
  for (let bin = 0; bin < bins; bin++) {
    const from = Math.floor((bin * n) / bins);
    const to = Math.floor(((bin + 1) * n) / bins);
    let least = -1;
    let greatest = -1;
    let broken = -1;
    for (let i = from; i < to; i++) {
      if (!Number.isFinite(values[i])) {
        if (broken < 0) broken = i;
        continue;
      }
      if (least < 0 || values[i] < values[least]) least = i;
      if (greatest < 0 || values[i] > values[greatest]) greatest = i;
    }
    for (const i of [least, greatest, broken]) if (i >= 0) kept.add(i);
  }
  return [...kept].sort((a, b) => a - b).map(at);
}

/** At most `most` places of n, evenly, the first and the last among them. */
export function evenPlaces(n: number, most: number): number[] {
  if (n <= most) return Array.from({ length: n }, (_, i) => i);
  return Array.from({ length: most }, (_, i) => Math.round((i * (n - 1)) / (most - 1)));
}
