/** Layers that change the size of images. */
import * as tf from "../../engine/tfjs.ts";
import { GanEvalError } from "../../errors.ts";
import type { LayerRow } from "./layer-row.ts";
import { requireImage, requirePixels } from "./shapes.ts";

export interface SizeOptions {
  readonly height: number;
  readonly width: number;
}

/** To a larger size, by the nearest pixel. */
export const upSampling: LayerRow<SizeOptions> = {
  output: (input, { height, width }) => [height, width, requireImage(input)[2]],
  apply: (x, _arrays, { height, width }) => ({
    output: tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [height, width]),
  }),
};

/** To a smaller size: the top left part. */
export const crop: LayerRow<SizeOptions> = {
  output: (input, { height, width }) => {
    const [rows, columns, channels] = requireImage(input);
    if (height <= rows && width <= columns) return [height, width, channels];
    throw new GanEvalError(
      "usage.network",
      `expected at least ${height} x ${width} pixels to crop from, got [${input}]`,
    );
  },
  apply: (x, _arrays, { height, width }) => ({
    output: tf.slice(x as tf.Tensor4D, [0, 0, 0, 0], [-1, height, width, -1]),
  }),
};

/** Averages of squares of pixels; a rest at the right and at the bottom is left out. */
export const averagePool: LayerRow<{ readonly size: number }> = {
  output: (input, { size }) => {
    const [height, width, channels] = requireImage(input);
    return requirePixels([Math.floor(height / size), Math.floor(width / size), channels], input);
  },
  apply: (x, _arrays, { size }) => ({ output: tf.avgPool(x as tf.Tensor4D, size, size, "valid") }),
};

/** The sum of all pixels, for each channel. */
export const globalSumPool: LayerRow<object> = {
  output: (input) => [requireImage(input)[2]],
  apply: (x) => ({ output: tf.sum(x, [1, 2]) }),
};
