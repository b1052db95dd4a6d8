/** Columns of numbers that grow: what was handed out before stays as it is. */

const FIRST_CAPACITY = 1024;

export class GrowingColumns {
  readonly names: readonly string[];
  private arrays: Float64Array[];
  length = 0;

  constructor(names: readonly string[]) {
    this.names = names;
    this.arrays = names.map(() => new Float64Array(FIRST_CAPACITY));
  }

  push(values: readonly number[]): void {
    if (this.length === this.arrays[0].length) this.arrays = this.arrays.map(toTwice);
    for (let i = 0; i < this.arrays.length; i++) this.arrays[i][this.length] = values[i];
    this.length++;
  }

  /** All values of a column so far, without a copy. */
  view(column: number): Float64Array {
    return this.arrays[column].subarray(0, this.length);
  }
}

function toTwice(array: Float64Array): Float64Array {
  const larger = new Float64Array(2 * array.length);
  larger.set(array);
  return larger;
}
