/** How sure a value of neighbours is: its interval from what halves of the rows give. */
import type { Interval } from "./jackknife.ts";
import { createRandomState } from "./random/random-state.ts";
import { studentQuantile } from "./student.ts";

/** A side's rows cut in two halves, again and again. */
export interface Halves {
  /** Cuts, 31 at most. */
  readonly count: number;
  /** [n] Bit c: the half that a row is in by cut c. */
  readonly ofRow: Int32Array;
}

/** The values of both halves of the rows. */
export type OfHalves<T> = readonly [T, T];

/** Cuts that intervals are made of: a bit each. */
export const CUTS = 30;

/** Every cut puts floor(n / 2) rows, drawn by seed, in the one half and the rest in the other. */
export function rowsToHalves(rows: number, seed: number, count = CUTS): Halves {
  const ofRow = new Int32Array(rows);
  const random = createRandomState(seed);
  for (let cut = 0; cut < count; cut++)
    for (const row of random.permutation(rows).subarray(0, Math.floor(rows / 2))) ofRow[row]! |= 1 << cut;
  return { count, ofRow };
}

/** One half of the rows by one of the cuts. */
export interface Half {
  readonly cut: number;
  readonly half: 0 | 1;
}

export const isInHalf = ({ ofRow }: Halves, row: number, { cut, half }: Half): boolean =>
  ((ofRow[row]! >>> cut) & 1) === half;

/** Of every cut the one half and the other. */
export const cutsToHalves = (count: number): Half[] =>
  Array.from({ length: 2 * count }, (_, i) => ({ cut: i >> 1, half: i % 2 === 0 ? 0 : 1 }));

/** What was found of each of `cutsToHalves`, cut by cut. */
export const halvesToPairs = <T>(ofHalves: readonly T[]): OfHalves<T>[] =>
  Array.from({ length: ofHalves.length / 2 }, (_, cut) => [ofHalves[2 * cut]!, ofHalves[2 * cut + 1]!]);

/**
 * The interval of a value from the halves of both sides' rows: of cut c, x_c of the one half of real and of fake rows and
 * y_c of the other are independent, so that (x_c - y_c)^2 / 2 has the variance of the value of half the rows as its mean,
 * whatever the value is. That of all rows is about half of it,
 *
 *     se^2 = mean_c (x_c - y_c)^2 / 4,
 *
 * where the variance falls as 1 / n: so it does for sums over samples of what the nearest samples say, in which terms of
 * every order are of one size. (The jackknife counts those of order k k times, and finds 2 times the variance of precision.)
 * The interval is value -+ t se, t of Student's distribution with as many degrees of freedom as there are cuts. It is about
 * the mean of the value at these numbers of samples.
 * Sources: McCarthy 1969, Pseudo-Replication: Half Samples; Penrose & Yukich 2001, Central Limit Theorems for Some Graphs
 * in Computational Geometry (the variance of sums over nearest neighbours).
 *
 * @param halves of each cut
 * @param level 0.95
 */
export function halvesToInterval(
  value: number,
  halves: readonly OfHalves<number>[],
  {
    level,
    range: [least, most] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  }: { readonly level: number; readonly range?: readonly [number, number] },
): Interval {
  const squares = halves.reduce((sum, [x, y]) => sum + (x - y) ** 2, 0);
  const standardError = Math.sqrt(squares / (4 * halves.length));
  const reach = studentQuantile((1 + level) / 2, halves.length) * standardError;
  return { low: Math.max(least, value - reach), high: Math.min(most, value + reach), standardError };
}
