/** Layers that look at the whole batch. */
import * as tf from "../../engine/tfjs.ts";
import type { LayerRow } from "./layer-row.ts";
import { sizeOf } from "./shapes.ts";

export interface BatchNormOptions {
  /** Added to the variance. PyTorch-GAN's scripts pass 0.8 here, where they meant the momentum. */
  readonly epsilon: number;
  /** How much of a batch goes into the running statistics. */
  readonly momentum: number;
  /** Scales normal around 1 with this deviation; 1 if left out. */
  readonly deviation?: number;
}

/** PyTorch's defaults. */
export const BATCH_NORM: BatchNormOptions = { epsilon: 1e-5, momentum: 0.1 };

/** Moments over all axes but the last; the running variance takes the unbiased one, as PyTorch does. */
export const batchNorm: LayerRow<BatchNormOptions> = {
  weights: (input, { deviation }) => ({
    scale: {
      shape: input.slice(-1),
      initializer: deviation === undefined ? { kind: "ones" } : { kind: "normal", mean: 1, deviation },
    },
    offset: { shape: input.slice(-1), initializer: { kind: "zeros" } },
  }),
  buffers: (input) => ({
    mean: { shape: input.slice(-1), initializer: { kind: "zeros" } },
    variance: { shape: input.slice(-1), initializer: { kind: "ones" } },
  }),
  apply: (x, { weights, buffers }, { epsilon, momentum }, mode) => {
    const normalize = (mean: tf.Tensor, variance: tf.Tensor): tf.Tensor => {
      const scaled = tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, epsilon)));
      return tf.add(tf.mul(scaled, weights.scale), weights.offset);
    };
    if (mode === "evaluate") return { output: normalize(buffers.mean, buffers.variance) };
    const axes = x.shape.slice(0, -1).map((_, axis) => axis);
    const { mean, variance } = tf.moments(x, axes);
    const count = sizeOf(x.shape.slice(0, -1));
    const running = (old: tf.Tensor, value: tf.Tensor): tf.Tensor =>
      tf.add(tf.mul(old, 1 - momentum), tf.mul(value, momentum));
    return {
      output: normalize(mean, variance),
      buffers: {
        mean: running(buffers.mean, mean),
        variance: running(buffers.variance, tf.mul(variance, count / Math.max(1, count - 1))),
      },
    };
  },
};

/** Keeps the root's slope finite where a batch does not vary. */
const VARIANCE_EPSILON = 1e-8;

/**
 * Appends one channel (of a flat example one number), the same everywhere: the standard deviation over the batch (biased,
 * 1e-8 added to the variance), averaged over all places and channels. Karras et al. 2018, with the batch as one group.
 */
export const batchDeviation: LayerRow<object> = {
  output: (input) => [...input.slice(0, -1), input[input.length - 1] + 1],
  apply: (x) => {
    const { variance } = tf.moments(x, 0);
    const deviation = tf.mean(tf.sqrt(tf.add(variance, VARIANCE_EPSILON)));
    const channel = tf.add(tf.zeros([...x.shape.slice(0, -1), 1]), deviation);
    return { output: tf.concat([x, channel], -1) };
  },
};
