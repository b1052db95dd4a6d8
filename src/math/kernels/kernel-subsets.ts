/** Sums of a kernel over pairs within drawn subsets of two sides. */

import type { ComputeContext } from "../compute-context.ts";
import {
  countKernels,
  gatherRows,
  type KernelProducts,
  type KernelSide,
  type KernelSums,
  kernelSumsToPairSums,
  type PairSums,
  sidesToKernelSums,
  type VisitRow,
  type WalkOptions,
} from "./kernel-sums.ts";

/** [subsets] Rows of each side. */
export type Subsets = readonly (readonly [a: Int32Array, b: Int32Array])[];

export interface SubsetSums {
  readonly perSubset: readonly PairSums[];
  /** Of all rows, where they were on the way. */
  readonly sums?: KernelSums;
}

/**
 * Sums of each subset: from the kernels of its own rows, or, where that is less, from those of all pairs of rows, of
 * which a subset's are picked. Both give the same to 1e-12 of the sums.
 */
export function subsetsToSums(
  products: KernelProducts,
  sides: readonly [KernelSide, KernelSide],
  subsets: Subsets,
  { signal, progress }: ComputeContext = {},
): Promise<SubsetSums> {
  const all = countKernels(sides[0].terms.length, sides[1].terms.length);
  const drawn = subsets.reduce((sum, [a, b]) => sum + countKernels(a.length, b.length), 0);
  let done = 0;
  const options: WalkOptions = {
    ...(signal && { signal }),
    onTile: (kernels) => {
      done += kernels;
      progress?.(done, Math.min(all, drawn));
    },
  };
  return all <= drawn
    ? pickSubsets(products, sides, subsets, options)
    : walkSubsets(products, sides, subsets, options);
}

async function walkSubsets(
  products: KernelProducts,
  [a, b]: readonly [KernelSide, KernelSide],
  subsets: Subsets,
  options: WalkOptions,
): Promise<SubsetSums> {
  const perSubset: PairSums[] = [];
  for (const [rowsA, rowsB] of subsets) {
    const drawn = [gatherRows(a, rowsA), gatherRows(b, rowsB)] as const;
    perSubset.push(kernelSumsToPairSums(await sidesToKernelSums(products, drawn, options)));
  }
  return { perSubset };
}

/** Which subsets a side's rows are in. */
interface Membership {
  /** [subsets] Ascending rows. */
  readonly rows: readonly Int32Array[];
  /** [rows] Subsets of each. */
  readonly ofRow: readonly (readonly number[])[];
}

function toMembership(count: number, subsets: readonly Int32Array[]): Membership {
  const ofRow: number[][] = Array.from({ length: count }, () => []);
  const rows = subsets.map((subset) => subset.toSorted());
  for (const [s, subset] of rows.entries()) for (const row of subset) ofRow[row]!.push(s);
  return { rows, ofRow };
}

async function pickSubsets(
  products: KernelProducts,
  sides: readonly [KernelSide, KernelSide],
  subsets: Subsets,
  options: WalkOptions,
): Promise<SubsetSums> {
  const toMembers = (side: 0 | 1) =>
    toMembership(
      sides[side].terms.length,
      subsets.map((subset) => subset[side]),
    );
  const members = [toMembers(0), toMembers(1)] as const;
  const [aa, ab, bb] = [0, 1, 2].map(() => new Float64Array(subsets.length)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const sums = await sidesToKernelSums(products, sides, {
    ...options,
    visitor: (left, right) =>
      picker(members[left], members[right], left !== right ? ab : left === 0 ? aa : bb),
  });
  const perSubset = subsets.map(([a, b], s) => ({
    n: a.length,
    m: b.length,
    aa: aa[s]!,
    bb: bb[s]!,
    ab: ab[s]!,
  }));
  return { perSubset, sums };
}

/** Adds what a row's kernels are with the other rows of each subset that it is in. */
function picker(left: Membership, right: Membership, to: Float64Array): VisitRow {
  // Where each subset's rows begin and end in the tile's columns.
  const first = new Int32Array(to.length);
  const end = new Int32Array(to.length);
  let [at, width] = [-1, -1];
  return (i, from, values, times) => {
    if (from !== at || values.length !== width) {
      [at, width] = [from, values.length];
      for (const [s, rows] of right.rows.entries()) {
        first[s] = lowerBound(rows, from);
        end[s] = lowerBound(rows, from + width);
      }
    }
    for (const s of left.ofRow[i]!) {
      const rows = right.rows[s]!;
      let sum = 0;
      for (let k = first[s]!, last = end[s]!; k < last; k++) sum += values[rows[k]! - from]!;
      to[s]! += times * sum;
    }
  };
}

/** The first position of an ascending array whose value is not below `value`. */
function lowerBound(ascending: Int32Array, value: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
