/** How sure a value is: its interval from what it becomes as blocks of rows are left out. */

import { meanOf } from "../mean.ts";
import { createRandomState } from "../random/random-state.ts";
import type { Role } from "../role.ts";
import type { Blocks } from "./blocks.ts";
import { type Bounds, errorToInterval, type Interval } from "./interval.ts";

/** Rows of a side in `count` blocks, drawn so that the order of images means nothing. */
export function rowsToBlocks(role: Role, rows: number, count: number, seed: number): Blocks {
  const ofRow = new Int32Array(rows);
  for (const [i, row] of createRandomState(seed).permutation(rows).entries()) ofRow[row] = i % count;
  return { role, count, ofRow };
}

/** Whether a row of a side is in block `out[i]` of `blocks[i]` for any i, of the blocks that are of its side. */
export function toIsLeftOut(
  role: Role,
  blocks: readonly Blocks[],
  out: readonly number[],
): (row: number) => boolean {
  const own = blocks.flatMap(({ role: of, ofRow }, i) => (of === role ? [{ ofRow, block: out[i] }] : []));
  return (row) => own.some(({ ofRow, block }) => ofRow[row] === block);
}

/** (B - 1) / B sum (x_b - mean x)^2 */
function jackknifeVariance(values: readonly number[]): number {
  const mean = meanOf(values);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return (squares * (values.length - 1)) / values.length;
}

/** Pairs of blocks to leave out together, all different, drawn by seed. */
export function drawPairs(
  [first, second]: readonly [Blocks, Blocks],
  count: number,
  seed: number,
): (readonly [number, number])[] {
  const isOneSide = first.role === second.role;
  const all: (readonly [number, number])[] = [];
  for (let a = 0; a < first.count; a++)
    for (let b = isOneSide ? a + 1 : 0; b < second.count; b++) all.push([a, b]);
  const drawn = createRandomState(seed).permutation(all.length).subarray(0, count);
  return Array.from(drawn, (at) => all[at]);
}

/** What a value becomes without one block and another, and without both, over some pairs. */
export interface PairsLeftOut {
  readonly oneSide: boolean;
  /** Blocks of the first side, and of the second. */
  readonly counts: readonly [number, number];
  readonly pairs: readonly (readonly [number, number])[];
  /** [blocks] of the first side, and of the second. */
  readonly without: readonly [readonly number[], readonly number[]];
  /** [pairs] */
  readonly withoutBoth: readonly number[];
}

/** The expected square of an interaction within a side of B blocks, in units of the variance between two blocks. */
function withinFactor(B: number): number {
  const [whole, one, two] = [1 / B ** 2, 1 / (B - 1) ** 2, 1 / (B - 2) ** 2];
  const others = whole - 2 * one + two;
  return (
    4 * whole ** 2 +
    2 * (B - 2) * (2 * (whole - one)) ** 2 +
    ((B - 2) * (B - 3) * (2 * others) ** 2) / 2 +
    2 * (2 * (whole - one) ** 2 + (B - 2) * others ** 2)
  );
}

/**
 * The variance that second-order terms give a value: sums over pairs of samples, which is all that is left where real
 * and fake are alike, and a part of it where they are close. Interactions I = x - x_(a) - x_(b) + x_(ab) of blocks see
 * nothing else but the value's bias, which is their mean: (B - 1) (C - 1) var I across two sides, and 2 / B^2 var I over its
 * factor within one.
 * The jackknife counts this part twice (Efron & Stein 1981, The Jackknife Estimate of Variance).
 */
export function pairsToSecondOrder(value: number, of: PairsLeftOut): number {
  const { oneSide, counts, pairs, without, withoutBoth } = of;
  const [B, C] = counts;
  const interactions = pairs.map(([a, b], i) => value - without[0][a] - without[1][b] + withoutBoth[i]);
  const mean = meanOf(interactions);
  const squares = interactions.reduce((sum, interaction) => sum + (interaction - mean) ** 2, 0);
  const variance = squares / (pairs.length - 1);
  return oneSide ? ((2 / B ** 2) * variance) / withinFactor(B) : (B - 1) * (C - 1) * variance;
}

/**
 * The interval of a value by the delete-block jackknife: the sides are independent, so that their variances add,
 *
 *     se^2 = sum_sides (B - 1) / B sum_b (x_b - mean x)^2 - second-order part + variance of the metric's own draws,
 *
 * and the interval is value -+ t se, t of Student's distribution with the degrees of freedom that Satterthwaite gives the
 * sum. It is about the mean of the value at these numbers of samples: what the same measurement of as many other samples
 * would give. A bias that depends on their number (the Frechet distance's) is in both.
 * Sources: Shao & Wu 1989, A General Theory for Jackknife Variance Estimation; Satterthwaite 1946.
 *
 * @param leftOut one array a side
 */
export function leftOutToInterval(
  value: number,
  leftOut: readonly (readonly number[])[],
  {
    drawVariance = 0,
    secondOrder = 0,
    ...bounds
  }: Bounds & {
    readonly drawVariance?: number;
    /** See `pairsToSecondOrder`. */
    readonly secondOrder?: number;
  },
): Interval {
  const variances = leftOut.map(jackknifeVariance);
  const jackknife = variances.reduce((sum, v) => sum + v, 0);
  // Of a variance V1 + V2 the jackknife sees V1 + 2 V2: at least a half remains.
  const variance = Math.max(jackknife - secondOrder, jackknife / 2) + drawVariance;
  const spread = variances.reduce((sum, v, side) => sum + v ** 2 / (leftOut[side].length - 1), 0);
  return errorToInterval(value, Math.sqrt(variance), variance ** 2 / spread, bounds);
}

/** A side's values without each block, and what pairs of blocks showed (`pairsToSecondOrder`). */
export interface ReferenceParts {
  /** Of the sides that are the reference (real, held out), one array a side. */
  readonly leftOut: readonly (readonly number[])[];
  /** Of pairs with at least one block of the reference. */
  readonly secondOrder: number;
}

/**
 * The share of an interval's variance that is of the reference images alone, and so the same for all that is measured with
 * them: the jackknife of their sides, less what it counts twice within them and what belongs to pairs with the fakes.
 */
export function leftOutToReferenceShare(
  { leftOut, secondOrder }: ReferenceParts,
  standardError: number,
): number {
  const jackknife = leftOut.map(jackknifeVariance).reduce((sum, v) => sum + v, 0);
  if (standardError === 0) return 0;
  return Math.min(1, Math.max(0, jackknife - secondOrder) / standardError ** 2);
}
