/** Leaves: the fixed pieces of a set whose moments are joined by a tree, whoever computes them. */
import { GanEvalError } from "../../errors.ts";

/** Rows in a leaf: 32 blocks of 256. */
export const LEAF_ROWS = 8192;

/** How a set is divided into leaves. Positions, not rows, decide: an image that was skipped moves no other. */
export interface LeafOptions {
  /** Positions at which a leaf begins, ascending, where the source has such places (default: none but by number). */
  readonly leafStarts?: ArrayLike<number> | undefined;
  /** Positions in a leaf (default 8,192). Other numbers are for tests: they give other last digits. */
  readonly leafRows?: number | undefined;
}

/** Follows ascending positions from leaf to leaf. */
export class LeafWalk {
  /** The number of the leaf in hand, from 0. */
  leaf = 0;
  begin = 0;
  /** The position after its last. */
  end = 0;
  private readonly starts: ArrayLike<number>;
  private readonly rows: number;
  private next = 0;

  constructor({ leafStarts = [], leafRows = LEAF_ROWS }: LeafOptions = {}) {
    this.starts = leafStarts;
    this.rows = leafRows;
    this.end = this.endOf(0);
  }

  /** Goes on to the leaf behind this one. */
  step(): void {
    this.leaf++;
    this.begin = this.end;
    this.end = this.endOf(this.begin);
  }

  private endOf(begin: number): number {
    while (this.next < this.starts.length && this.starts[this.next]! <= begin) this.next++;
    return Math.min(begin + this.rows, this.starts[this.next] ?? Number.POSITIVE_INFINITY);
  }
}

/** The first position of each leaf of `count` positions; none of an empty set. */
export function countToLeaves(count: number, options: LeafOptions = {}): Int32Array {
  const begins: number[] = [];
  for (const walk = new LeafWalk(options); walk.begin < count; walk.step()) begins.push(walk.begin);
  return Int32Array.from(begins);
}

/** Leaves from number `from` to `to - 1`: a node of the tree, where `isAligned` says so. */
export interface LeafRange {
  readonly from: number;
  readonly to: number;
}

/** The least level whose nodes have so many leaves: 0 of 1, 3 of 5 to 8. */
export const leavesToLevel = (leaves: number): number => 32 - Math.clz32(leaves - 1);

/** Whether a range is one node of the tree over `count` leaves; the last may lack leaves at its end. */
export function isAligned({ from, to }: LeafRange, count: number): boolean {
  if (!(Number.isInteger(from) && Number.isInteger(to) && 0 <= from && from < to && to <= count))
    return false;
  const size = 2 ** leavesToLevel(to - from);
  return from % size === 0 && (to - from === size || to === count);
}

/**
 * The groups of `size` leaves that `count` leaves are, the last perhaps smaller.
 * @throws GanEvalError `usage.leaf-group` for a size that is no power of two
 */
export function leavesToGroups(count: number, size: number): LeafRange[] {
  if (!Number.isInteger(size) || size < 1 || !Number.isInteger(Math.log2(size)))
    throw new GanEvalError(
      "usage.leaf-group",
      `expected a leaf group of 1, 2, 4, 8, ... leaves, got ${size}`,
      {
        hint: "Only a power of two gives the same digits for every size: leave --leaf-group out, or give 8 or 16.",
      },
    );
  return Array.from({ length: Math.ceil(count / size) }, (_, i) => ({
    from: i * size,
    to: Math.min(count, (i + 1) * size),
  }));
}
