/**
 * A replay pool: a discriminator is shown some fakes again that were made earlier. Source: Shrivastava et al. 2017; as in
 * CycleGAN (Zhu et al. 2017).
 */
import type { ArrayValue } from "../../engine/engine.ts";
import { sizeOf } from "../networks/shapes.ts";
import type { RandomStream } from "../random.ts";
import type { Pool } from "./scheme.ts";

/**
 * While it is not full, every new image is stored and shown. Afterwards, with probability 1/2 each, a stored image is
 * shown and the new one takes its place, or the new one is shown and not stored.
 */
export class ReplayPool {
  private readonly size: number;
  private readonly length: number;
  private readonly shape: Pool["shape"];
  private readonly images: Float32Array;
  private readonly random: RandomStream;
  private count = 0;
  /** What the step that was drawn is shown: the other half of its draw. */
  from: Int32Array = new Int32Array(0);
  /** Where the images of the step that was drawn go: slot by place of the batch. */
  private placed: readonly (number | undefined)[] = [];

  constructor({ size, shape }: Pool, random: RandomStream) {
    this.size = size;
    this.shape = shape;
    this.length = sizeOf(shape);
    this.images = new Float32Array(size * this.length);
    this.random = random;
  }

  /**
   * Draws what a step of n images is shown: stored images `[n, ...shape]`, and in `from` which image each place of the batch
   * shows: i the stored image i, n + i the image i that the step makes.
   */
  draw(n: number): Float32Array {
    const { length, images } = this;
    const stored = new Float32Array(n * length);
    const from = Int32Array.from({ length: n }, (_, i) => n + i);
    const uniform = this.random.uniform(new Float32Array(2 * n));
    const placed: (number | undefined)[] = [];
    /** Slots whose image is one of this batch. */
    const fresh = new Map<number, number>();
    for (let i = 0; i < n; i++) {
      if (this.size === 0) break;
      if (this.count < this.size) {
        placed[i] = this.count++;
        fresh.set(placed[i]!, i);
      } else if (uniform[2 * i] > 0.5) {
        const slot = Math.floor(uniform[2 * i + 1] * this.size);
        const made = fresh.get(slot);
        if (made === undefined) {
          stored.set(images.subarray(slot * length, (slot + 1) * length), i * length);
          from[i] = i;
        } else from[i] = n + made;
        placed[i] = slot;
        fresh.set(slot, i);
      }
    }
    this.placed = placed;
    this.from = from;
    return stored;
  }

  /** Takes the images that the step made. */
  take(made: Float32Array): void {
    const { length } = this;
    this.placed.forEach((slot, i) => {
      if (slot !== undefined) this.images.set(made.subarray(i * length, (i + 1) * length), slot * length);
    });
    this.placed = [];
  }

  get stored(): number {
    return this.count;
  }

  toState(): ArrayValue {
    return { data: this.images.slice(), shape: [this.size, ...this.shape] };
  }

  fromState({ data }: ArrayValue, count: number): void {
    this.images.set(data as Float32Array);
    this.count = count;
  }
}
