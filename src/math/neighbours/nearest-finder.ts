/** The k nearest of each row, also within its half of the rows. */

/** Which half each row, and each of the others, is in: bit c by cut c. */
export interface Cuts {
  readonly count: number;
  readonly own: Int32Array;
  readonly others: Int32Array;
}

/** For each row its nearest others, nearest first, of equal ones that with the lower number. */
export interface NearestLists {
  /** [rows + 1] Where a row's part begins. */
  readonly starts: Int32Array;
  readonly squared: Float64Array;
  readonly who: Int32Array;
  /** Where lists are long enough for every row to have its k in its own half by each of the cuts. */
  readonly cuts?: Cuts;
}

/** Room that a row's list has at first beside its k entries, or thrice k of them where there are halves. */
const SPARE = 12;

/**
 * Gathers lists from distances known to lie within bounds. An entry is of no use once so many others are certainly
 * nearer that k of them are in the row's half by every cut; what may be of use is kept, and computed exactly in the end,
 * or when a list is full.
 */
export class NearestFinder {
  /** [rows] Squared distances from which on others are of no use; Infinity while a list is short. */
  readonly reach: Float64Array;
  private readonly rows: number;
  private readonly k: number;
  private readonly cuts: Cuts | undefined;
  private readonly exact: (row: number, other: number) => number;
  /** [k] Bit c of element i: whether more than i entries are in the row's half by cut c. */
  private readonly found: Int32Array;
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
    cuts: Cuts | undefined,
  ) {
    this.rows = rows;
    this.k = k;
    this.exact = exact;
    this.cuts = cuts;
    this.found = new Int32Array(k);
    this.room = (cuts ? 3 * k : k) + SPARE;
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

  /** How many entries from the first on have k in the row's half by every cut; 0 where even all do not. */
  private countNeeded(row: number): number {
    const { k, cuts, found } = this;
    const length = this.length[row];
    if (cuts === undefined) return length >= k ? k : 0;
    const first = row * this.room;
    const every = 2 ** cuts.count - 1;
    found.fill(0);
    for (let taken = 1; taken <= length; taken++) {
      const together = ~(cuts.own[row] ^ cuts.others[this.who[first + taken - 1]]) & every;
      for (let i = k - 1; i > 0; i--) found[i] |= found[i - 1] & together;
      found[0] |= together;
      if (found[k - 1] === every) return taken;
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
    return { starts, squared, who, ...(this.cuts && { cuts: this.cuts }) };
  }
}

/** Where in the lists the `nth` nearest (from 1) of a row stands, of those in its half by a cut; -1 where there is none. */
export function findNearest(
  { starts, who, cuts }: NearestLists,
  row: number,
  nth: number,
  cut?: number,
): number {
  let left = nth;
  for (let at = starts[row]; at < starts[row + 1]; at++) {
    if (cut !== undefined && cuts && ((cuts.own[row] ^ cuts.others[who[at]]) >>> cut) & 1) continue;
    if (--left === 0) return at;
  }
  return -1;
}
