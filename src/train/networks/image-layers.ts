/** Layers that change the size of images. */
import * as tf from "../../engine/tfjs.ts";
import { GanEvalError } from "../../errors.ts";
import type { LayerRow } from "./layer-row.ts";
import { requireImage } from "./shapes.ts";

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

export interface ShuffleOptions {
  /** Times that each side becomes larger. */
  readonly factor: number;
}

/**
 * Channels to squares of pixels, in torch.nn.PixelShuffle's order: channel c r^2 + i r + j of a pixel is channel c of the
 * pixel in row i and column j of its square. Shi et al. 2016.
 */
export const pixelShuffle: LayerRow<ShuffleOptions> = {
  output: (input, { factor }) => {
    const [height, width, channels] = requireImage(input);
    const area = factor * factor;
    if (channels % area === 0) return [height * factor, width * factor, channels / area];
    throw new GanEvalError(
      "usage.network",
      `expected a multiple of ${area} channels to shuffle into squares of ${factor} x ${factor} pixels, got [${input}]`,
    );
  },
  apply: (x, _arrays, { factor }) => {
    const [batch, height, width, channels] = x.shape as [number, number, number, number];
    const filters = channels / (factor * factor);
    const squares = tf.reshape(x, [batch, height, width, filters, factor, factor]);
    const placed = tf.transpose(squares, [0, 1, 4, 2, 5, 3]);
    return { output: tf.reshape(placed, [batch, height * factor, width * factor, filters]) };
  },
};
