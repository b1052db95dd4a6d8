/** The k nearest of each row, also with any one block of the others left out. */
import type { Blocks } from "../metric.ts";

/** For each row its nearest others, nearest first, of equal ones that with the lower number. */
export interface NearestLists {
  /** [rows + 1] Where a row's part begins. */
  readonly starts: Int32Array;
  readonly squared: Float64Array;
  readonly who: Int32Array;
  /** The blocks of the others, where lists are long enough for any one of them to be left out. */
  readonly blocks?: Blocks;
}

/** Room that a row's list has at first beside its k entries. */
const SPARE = 12;

/**
 * Gathers lists from distances known to lie within bounds. An entry is of no use once so many others are certainly
 * nearer that k of them remain whichever block is left out; what may be of use is kept, and computed exactly in the end,
 * or when a list is full.
 */
export class NearestFinder {
  /** [rows] Squared distances from which on others are of no use; Infinity while a list is short. */
  readonly reach: Float64Array;
  private readonly rows: number;
  private readonly k: number;
  private readonly blocks: Blocks | undefined;
  private readonly exact: (row: number, other: number) => number;
  private readonly tally: Int32Array;
  private room: number;
  /** [rows, room], by `high`, of which the first `length` are used. */
  private low: Float64Array;
  private high: Float64Array;
  private who: Int32Array;
  private readonly length: Int32Array;

  constructor(
    rows: number,
    k: number,
    exact: (row: number, other: number) => number,
    blocks: Blocks | undefined,
  ) {
    this.rows = rows;
    this.k = k;
    this.exact = exact;
    this.blocks = blocks;
    this.tally = new Int32Array(blocks?.count ?? 0);
    this.room = k + SPARE;
    this.reach = new Float64Array(rows).fill(Number.POSITIVE_INFINITY);
    this.length = new Int32Array(rows);
    this.low = new Float64Array(rows * this.room);
    this.high = new Float64Array(rows * this.room);
    this.who = new Int32Array(rows * this.room);
  }

  /** The squared distance of `row` to `other` is from low to high. Others must come in ascending order. */
  offer(row: number, other: number, low: number, high: number): void {
    if (low >= this.reach[row]) return;
    if (this.length[row] === this.room) {
      this.makeRoom(row);
      if (low >= this.reach[row]) return;
    }
    this.insert(row, other, low, high);
    const needed = this.countNeeded(row);
    if (needed > 0) this.reach[row] = this.high[row * this.room + needed - 1];
  }

  private insert(row: number, other: number, low: number, high: number): void {
    const first = row * this.room;
    let at = first + this.length[row]++;
    for (; at > first && this.high[at - 1] > high; at--) {
      this.low[at] = this.low[at - 1];
      this.high[at] = this.high[at - 1];
      this.who[at] = this.who[at - 1];
    }
    this.low[at] = low;
    this.high[at] = high;
    this.who[at] = other;
  }

  /** How many entries from the first on leave k whichever block goes; 0 where even all do not. */
  private countNeeded(row: number): number {
    const { k, blocks, tally } = this;
    const length = this.length[row];
    if (blocks === undefined) return length >= k ? k : 0;
    const first = row * this.room;
    tally.fill(0);
    let most = 0;
    for (let taken = 1; taken <= length; taken++) {
      most = Math.max(most, ++tally[blocks.ofRow[this.who[first + taken - 1]]]);
      if (taken - most >= k) return taken;
    }
    return 0;
  }

  private makeRoom(row: number): void {
    this.dropUseless(row);
    if (this.length[row] < this.room) return;
    this.resolve(row);
    if (this.length[row] === this.room) this.grow();
  }

  private dropUseless(row: number): void {
    const needed = this.countNeeded(row);
    if (needed === 0) return;
    const first = row * this.room;
    let kept = first + needed;
    for (let at = kept; at < first + this.length[row]; at++) {
      if (this.low[at] >= this.reach[row]) continue;
      this.low[kept] = this.low[at];
      this.high[kept] = this.high[at];
      this.who[kept++] = this.who[at];
    }
    this.length[row] = kept - first;
  }

  /** Computes a row's entries exactly and keeps those it needs. */
  private resolve(row: number): void {
    const first = row * this.room;
    const entries = Array.from({ length: this.length[row] }, (_, i) => {
      const other = this.who[first + i];
      const known = this.low[first + i] === this.high[first + i];
      return { other, value: known ? this.low[first + i] : this.exact(row, other) };
    });
    entries.sort((a, b) => a.value - b.value || a.other - b.other);
    entries.forEach(({ other, value }, i) => {
      this.low[first + i] = value;
      this.high[first + i] = value;
      this.who[first + i] = other;
    });
    const needed = this.countNeeded(row);
    if (needed === 0) return;
    this.length[row] = needed;
    this.reach[row] = this.high[first + needed - 1];
  }

  private grow(): void {
    const to = 2 * this.room;
    const widen = <A extends Float64Array | Int32Array>(from: A, wide: A): A => {
      for (let row = 0; row < this.rows; row++)
        wide.set(from.subarray(row * this.room, (row + 1) * this.room), row * to);
      return wide;
    };
    this.low = widen(this.low, new Float64Array(this.rows * to));
    this.high = widen(this.high, new Float64Array(this.rows * to));
    this.who = widen(this.who, new Int32Array(this.rows * to));
    this.room = to;
  }

  finish(): NearestLists {
    const starts = new Int32Array(this.rows + 1);
    for (let row = 0; row < this.rows; row++) {
      this.dropUseless(row);
      this.resolve(row);
      starts[row + 1] = starts[row] + this.length[row];
    }
    const squared = new Float64Array(starts[this.rows]);
    const who = new Int32Array(starts[this.rows]);
    for (let row = 0; row < this.rows; row++) {
      const [from, to] = [row * this.room, row * this.room + this.length[row]];
      squared.set(this.high.subarray(from, to), starts[row]);
      who.set(this.who.subarray(from, to), starts[row]);
    }
    return { starts, squared, who, ...(this.blocks && { blocks: this.blocks }) };
  }
}

/**
 * Where in the lists the `nth` nearest (from 1) of a row stands, with the block `without` of the others left out; -1
 * where there is none.
 */
export function findNearest(lists: NearestLists, row: number, nth: number, without?: number): number {
  const { starts, who, blocks } = lists;
  let left = nth;
  for (let at = starts[row]; at < starts[row + 1]; at++) {
    if (without !== undefined && blocks?.ofRow[who[at]] === without) continue;
    if (--left === 0) return at;
  }
  return -1;
}
