/** Layers that make one number of several pixels. */
import * as tf from "../../engine/tfjs.ts";
import { GanEvalError } from "../../errors.ts";
import type { LayerRow } from "./layer-row.ts";
import { requireImage, requirePixels, type Shape } from "./shapes.ts";

export interface PoolOptions {
  /** Of the square that is pooled. */
  readonly size: number;
  /** From one square to the next; the size if left out. */
  readonly stride?: number;
  /** Pixels beyond each side, at most half of the size; they count for nothing. 0 if left out. */
  readonly padding?: number;
}

/** (side + 2 padding - size) / stride + 1, rounded down: a rest at the right and at the bottom is left out. */
function pooledShape(input: Shape, { size, stride = size, padding = 0 }: PoolOptions): Shape {
  if (2 * padding > size)
    throw new GanEvalError(
      "usage.network",
      `expected a pool's padding of at most half its size ${size}, got ${padding}`,
    );
  const [height, width, channels] = requireImage(input);
  const pooled = (side: number): number => Math.floor((side + 2 * padding - size) / stride) + 1;
  return requirePixels([pooled(height), pooled(width), channels], input);
}

type PoolFunction = typeof tf.avgPool;

const poolRow = (pool: PoolFunction): LayerRow<PoolOptions> => ({
  output: pooledShape,
  apply: (x, _arrays, { size, stride = size, padding = 0 }) => ({
    output:
      padding === 0
        ? pool(x as tf.Tensor4D, size, stride, "valid")
        : pool(x as tf.Tensor4D, size, stride, padding, "floor"),
  }),
});

/** Averages of squares of pixels; padding does not count in the divisor. */
export const averagePool = poolRow(tf.avgPool);

/** The largest of squares of pixels. */
export const maxPool = poolRow(tf.maxPool);

/** The sum of all pixels, for each channel. */
export const globalSumPool: LayerRow<object> = {
  output: (input) => [requireImage(input)[2]],
  apply: (x) => ({ output: tf.sum(x, [1, 2]) }),
};

/** The mean of all pixels, for each channel. */
export const globalAveragePool: LayerRow<object> = {
  output: (input) => [requireImage(input)[2]],
  apply: (x) => ({ output: tf.mean(x, [1, 2]) }),
};
