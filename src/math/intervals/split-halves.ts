/** How sure a value is: its interval from what halves, and quarters, of the rows give. */
import { meanOf } from "../mean.ts";
import { createRandomState } from "../random/random-state.ts";
import { type Bounds, errorToInterval, type Interval } from "./interval.ts";

/** A side's rows cut in two halves, again and again. */
export interface Halves {
  /** Cuts, 31 at most. */
  readonly count: number;
  /** [n] Bit c: the half that a row is in by cut c. */
  readonly ofRow: Int32Array;
}

/** The values of both halves of the rows. */
export type HalfValues<T> = readonly [T, T];

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
export const halvesToPairs = <T>(ofHalves: readonly T[]): HalfValues<T>[] =>
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
 */
export function halvesToInterval(
  value: number,
  halves: readonly HalfValues<number>[],
  bounds: Bounds,
): Interval {
  const variance = meanOf(halves.map(([x, y]) => (x - y) ** 2 / 4));
  return errorToInterval(value, Math.sqrt(variance), halves.length, bounds);
}

/** A side's rows cut in four quarters, again and again; the first two are the one half, the others the other. */
export interface Quarters {
  readonly count: number;
  /** [count][n] */
  readonly ofRow: readonly Uint8Array[];
}

/** What halves and quarters of the rows give by one cut. */
export interface QuarterValues<T> {
  readonly halves: HalfValues<T>;
  readonly quarters: readonly [T, T, T, T];
}

export const mapQuarters = <T, U>(
  { halves: [x, y], quarters: [a, b, c, d] }: QuarterValues<T>,
  to: (value: T) => U,
): QuarterValues<U> => ({ halves: [to(x), to(y)], quarters: [to(a), to(b), to(c), to(d)] });

/** Cuts in quarters that intervals are made of. */
export const QUARTER_CUTS = 20;

/** Quarters are equal to a row; which rows they have is drawn by seed. */
export function rowsToQuarters(rows: number, seed: number, count = QUARTER_CUTS): Quarters {
  const random = createRandomState(seed);
  const ofRow = Array.from({ length: count }, () => {
    const quarters = new Uint8Array(rows);
    for (const [i, row] of random.permutation(rows).entries()) quarters[row] = Math.floor((4 * i) / rows);
    return quarters;
  });
  return { count, ofRow };
}

/** Cuts of several sides, each in its own way. */
export const sidesToQuarters = (rows: readonly number[], seed: number, count?: number): Quarters[] =>
  rows.map((n, side) => rowsToQuarters(n, (seed + side) >>> 0, count));

/** One of the two halves or the four quarters of a cut. */
export interface Part {
  readonly cut: number;
  readonly share: 2 | 4;
  readonly number: number;
  /** Whether a row of a side is in it. */
  isIn(side: number, row: number): boolean;
}

/** Measures the parts of every cut, one after another. */
export async function measureQuarters<T>(
  sides: readonly Quarters[],
  measure: (part: Part) => Promise<T>,
  progress: (done: number, total: number) => void,
): Promise<QuarterValues<T>[]> {
  const count = Math.min(...sides.map((each) => each.count));
  const found: QuarterValues<T>[] = [];
  for (let cut = 0; cut < count; cut++) {
    progress(cut, count);
    const half = (number: number): Promise<T> =>
      measure({ cut, share: 2, number, isIn: (side, row) => sides[side]!.ofRow[cut]![row]! >> 1 === number });
    const quarter = (number: number): Promise<T> =>
      measure({ cut, share: 4, number, isIn: (side, row) => sides[side]!.ofRow[cut]![row] === number });
    found.push({
      halves: [await half(0), await half(1)],
      quarters: [await quarter(0), await quarter(1), await quarter(2), await quarter(3)],
    });
  }
  return found;
}

/**
 * The same from halves and quarters, of values whose variance has a part that falls as 1 / n and another as 1 / n^2, as
 * that of squared distances between sides that are alike or nearly so. From the variances of halves V2 (`halvesToInterval`)
 * and of quarters V4 (of the four of a cut, which are independent too),
 *
 *     se^2 = 3/4 V2 - 1/8 V4,
 *
 * which is V2 / 2 where the variance falls as 1 / n, and V2 / 4, than which it is not taken for less, where as 1 / n^2.
 *
 * @param quarters of each cut
 */
export function quartersToInterval(
  value: number,
  quarters: readonly QuarterValues<number>[],
  bounds: Bounds,
): Interval {
  const ofHalves = meanOf(quarters.map(({ halves: [x, y] }) => (x - y) ** 2 / 2));
  const ofQuarters = meanOf(
    quarters.map(({ quarters: each }) => {
      const middle = meanOf(each);
      return each.reduce((sum, x) => sum + (x - middle) ** 2, 0) / 3;
    }),
  );
  const variance = Math.max((3 * ofHalves) / 4 - ofQuarters / 8, ofHalves / 4);
  return errorToInterval(value, Math.sqrt(variance), quarters.length, bounds);
}
