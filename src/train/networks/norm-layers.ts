/** Layers that normalise each example by itself: nothing is shared in a batch, and nothing is carried along. */
import * as tf from "../../engine/tfjs.ts";
import { GanEvalError } from "../../errors.ts";
import type { LayerRow, Specs } from "./layer-row.ts";
import { requireImage, type Shape, sizeOf } from "./shapes.ts";

export interface InstanceNormOptions {
  /** Added to the variance; 1e-5 if left out, as in PyTorch. */
  readonly epsilon?: number;
  /** A learnt scale and offset for each channel; none if left out. */
  readonly affine?: boolean;
  /** Scales normal around 1 with this deviation; 1 if left out. */
  readonly deviation?: number;
}

export interface LayerNormOptions {
  /** Added to the standard deviation; 1e-5 if left out. */
  readonly epsilon?: number;
}

export interface AdaptiveNormOptions {
  /** The side input `[length]` that holds offsets and scales. */
  readonly side: string;
  readonly length: number;
  /** Where this layer's numbers begin: an offset for each channel, then a scale for each. 0 if left out. */
  readonly from?: number;
  /** Added to the variance; 1e-5 if left out. */
  readonly epsilon?: number;
}

const EPSILON = 1e-5;

const PLACES = [1, 2];

/** y = (x - mean) / deviation, with the biased moments of each image's channels over height and width. */
function standardized(x: tf.Tensor, epsilon: number): { y: tf.Tensor; deviation: tf.Tensor } {
  const { mean, variance } = tf.moments(x, PLACES, true);
  const deviation = tf.sqrt(tf.add(variance, epsilon));
  return { y: tf.div(tf.sub(x, mean), deviation), deviation };
}

/**
 * (x - mean) / sqrt(variance + epsilon). Its gradient is written out, which takes a third of the passes that the gradients
 * of its parts take: dx = (dy - mean(dy) - y mean(y dy)) / deviation.
 */
function normalized(x: tf.Tensor, epsilon = EPSILON): tf.Tensor {
  const norm = tf.customGrad((...given) => {
    const [input, save] = given as [tf.Tensor, tf.GradSaveFunc];
    save([input]);
    return {
      value: standardized(input, epsilon).y,
      gradFunc: (dy, [saved]) => {
        // Computed of x once more, so that gradients of this gradient know it; in a graph these are the same nodes.
        const { y, deviation } = standardized(saved, epsilon);
        const along = tf.mul(y, tf.mean(tf.mul(dy, y), PLACES, true));
        return tf.div(tf.sub(tf.sub(dy, tf.mean(dy, PLACES, true)), along), deviation);
      },
    };
  });
  return norm(x);
}

const affineSpecs = (channels: number, deviation?: number): Specs => ({
  scale: {
    shape: [channels],
    initializer: deviation === undefined ? { kind: "ones" } : { kind: "normal", mean: 1, deviation },
  },
  offset: { shape: [channels], initializer: { kind: "zeros" } },
});

/** @throws GanEvalError `usage.network` for one pixel alone, of which a norm leaves nothing; PyTorch refuses it too */
function requireSeveral(input: Shape): Shape {
  const [height, width, channels] = requireImage(input);
  if (height * width > 1) return [height, width, channels];
  throw new GanEvalError(
    "usage.network",
    `expected more than one pixel for instance norm, which makes 0 of one, got [${input}]`,
    { hint: "Take larger images (--img-size), fewer layers that shrink them, or another norm." },
  );
}

/** Each channel of each image with mean 0 and variance 1: torch.nn.InstanceNorm2d. */
export const instanceNorm: LayerRow<InstanceNormOptions> = {
  weights: (input, { affine, deviation }) => (affine ? affineSpecs(input[2], deviation) : {}),
  output: requireSeveral,
  apply: (x, { weights: { scale, offset } }, { epsilon }) => {
    const output = normalized(x, epsilon);
    return { output: scale ? tf.add(tf.mul(output, scale), offset) : output };
  },
};

/**
 * (x - mean) / (deviation + epsilon) over all numbers of an image, the deviation with n - 1; then a learnt scale, uniform
 * in [0, 1) before training, and offset for each channel. As in MUNIT's decoder (Huang et al. 2018).
 */
export const layerNorm: LayerRow<LayerNormOptions> = {
  weights: (input) => {
    const shape: Shape = [requireImage(input)[2]];
    return {
      scale: {
        shape,
        initializer: { kind: "drawn", draw: (random) => random.uniform(new Float32Array(sizeOf(shape))) },
      },
      offset: { shape, initializer: { kind: "zeros" } },
    };
  },
  output: (input) => [...requireImage(input)],
  apply: (x, { weights: { scale, offset } }, { epsilon = EPSILON }) => {
    const { mean, variance } = tf.moments(x, [1, 2, 3], true);
    const count = sizeOf(x.shape.slice(1));
    const deviation = tf.sqrt(tf.mul(variance, count / Math.max(1, count - 1)));
    const scaled = tf.div(tf.sub(x, mean), tf.add(deviation, epsilon));
    return { output: tf.add(tf.mul(scaled, scale), offset) };
  },
};

/** Instance norm whose offsets and scales come from outside, another pair for each image. Huang and Belongie 2017. */
export const adaptiveNorm: LayerRow<AdaptiveNormOptions> = {
  sides: (_input, { side, length }) => ({ [side]: [length] }),
  output: requireSeveral,
  apply: (x, { sides }, { side, from = 0, epsilon }) => {
    const channels = x.shape[3]!;
    const part = (begin: number): tf.Tensor =>
      tf.reshape(tf.slice(sides![side], [0, begin], [-1, channels]), [-1, 1, 1, channels]);
    return { output: tf.add(tf.mul(normalized(x, epsilon), part(from + channels)), part(from)) };
  },
};
