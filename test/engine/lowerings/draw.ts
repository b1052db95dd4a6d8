import type { ArrayData, InputType } from "../../../src/engine/engine.ts";

export interface DrawnTensor {
  readonly data: ArrayData;
  readonly shape: readonly number[];
  readonly dtype: Exclude<InputType, "uint8">;
}

/** A seeded source of small test inputs. */
export class Draw {
  private state: number;

  constructor(seed: number) {
    this.state = seed | 0;
  }

  /** mulberry32, in [0, 1). */
  uniform(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  int(low: number, high: number): number {
    return low + Math.floor(this.uniform() * (high - low + 1));
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.int(0, choices.length - 1)];
  }

  flag(): boolean {
    return this.uniform() < 0.5;
  }

  shape(fewest = 0, most = 4): number[] {
    return Array.from({ length: this.int(fewest, most) }, () => this.int(1, 4));
  }

  /** Some of 0 ... rank - 1, at least one, in order. */
  axes(rank: number): number[] {
    const some = Array.from({ length: rank }, (_, axis) => axis).filter(() => this.flag());
    return some.length > 0 ? some : [this.int(0, rank - 1)];
  }

  floats(shape: readonly number[], low = -2, high = 2): DrawnTensor {
    return this.tensor(shape, "float32", () => low + this.uniform() * (high - low));
  }

  /** Distinct values, for kernels whose result at a tie is anybody's choice. */
  distinct(shape: readonly number[]): DrawnTensor {
    const size = shape.reduce((product, dim) => product * dim, 1);
    const order = this.permutation(size);
    let next = 0;
    return this.tensor(shape, "float32", () => (order[next++] - size / 2) / 4 + this.uniform() / 16);
  }

  ints(shape: readonly number[], low: number, high: number): DrawnTensor {
    return this.tensor(shape, "int32", () => this.int(low, high));
  }

  bools(shape: readonly number[]): DrawnTensor {
    return this.tensor(shape, "bool", () => this.int(0, 1));
  }

  permutation(size: number): number[] {
    const order = Array.from({ length: size }, (_, i) => i);
    for (let i = size - 1; i > 0; i--) {
      const j = this.int(0, i);
      [order[i], order[j]] = [order[j], order[i]];
    }
    return order;
  }

  private tensor(shape: readonly number[], dtype: DrawnTensor["dtype"], value: () => number): DrawnTensor {
    const size = shape.reduce((product, dim) => product * dim, 1);
    const values = Array.from({ length: size }, value);
    const arrays = { float32: Float32Array, int32: Int32Array, bool: Uint8Array };
    return { data: new arrays[dtype](values), shape, dtype };
  }
}
