/** The classifier of 28x28 grey digits behind `--extractor digits`: its shape, as a function of images and weights. */

import type { Tensors } from "../../engine/engine.ts";
import * as tf from "../../engine/tfjs.ts";

/** Width and height of an image. */
export const DIGITS_SIDE = 28;
/** Width of the last layer before the classes: what the Frechet distance is taken over. */
export const DIGITS_FEATURES = 64;
export const DIGITS_CLASSES = 10;

interface Convolution {
  /** [height, width, in, out] */
  readonly filter: readonly [number, number, number, number];
  readonly stride: number;
  readonly pad: "same" | "valid";
}

/**
 * 28x28x1 to 14x14x24 to 14x14x32 to 7x7x48 to 5x5x64, each followed by a rectifier. Strides instead of pools, and no
 * batch normalisation: nothing to fold, and a step costs little more than its matrix products.
 */
const CONVOLUTIONS = {
  conv1: { filter: [5, 5, 1, 24], stride: 2, pad: "same" },
  conv2: { filter: [3, 3, 24, 32], stride: 1, pad: "same" },
  conv3: { filter: [3, 3, 32, 48], stride: 2, pad: "same" },
  conv4: { filter: [3, 3, 48, 64], stride: 1, pad: "valid" },
} as const satisfies Record<string, Convolution>;

/** [in, out] */
const DENSE = {
  features: [5 * 5 * 64, DIGITS_FEATURES],
  logits: [DIGITS_FEATURES, DIGITS_CLASSES],
} as const;

type LayerName = keyof typeof CONVOLUTIONS | keyof typeof DENSE;

export type DigitsWeightName = `${LayerName}/${"weights" | "biases"}`;

const withBias = (layer: string, weights: readonly number[]) => [
  [`${layer}/weights`, weights],
  [`${layer}/biases`, weights.slice(-1)],
];

/** The shape of every weight, in the order of the layers: 152,266 numbers. */
export const DIGITS_WEIGHTS: Readonly<Record<DigitsWeightName, readonly number[]>> = Object.fromEntries([
  ...Object.entries(CONVOLUTIONS).flatMap(([layer, { filter }]) => withBias(layer, filter)),
  ...Object.entries(DENSE).flatMap(([layer, shape]) => withBias(layer, shape)),
]);

/**
 * @param images `[n, 28, 28, 1]`, 0 (background) to 1 (ink)
 * @param dropout `[n, 64]` factors of the features on their way to the logits, while training: 0, or 1 / (1 - rate)
 * @returns features `[n, 64]`, not negative; logits `[n, 10]`
 */
export function digitsNetwork(
  images: tf.Tensor,
  weights: Tensors<DigitsWeightName>,
  dropout?: tf.Tensor,
): { features: tf.Tensor2D; logits: tf.Tensor2D } {
  let maps = images as tf.Tensor4D;
  for (const [layer, { stride, pad }] of Object.entries(CONVOLUTIONS)) {
    const name = layer as keyof typeof CONVOLUTIONS;
    const convolved = tf.conv2d(maps, weights[`${name}/weights`] as tf.Tensor4D, stride, pad);
    maps = tf.relu(tf.add(convolved, weights[`${name}/biases`]));
  }
  const dense = (x: tf.Tensor2D, name: keyof typeof DENSE): tf.Tensor2D =>
    tf.add(tf.matMul(x, weights[`${name}/weights`] as tf.Tensor2D), weights[`${name}/biases`]);
  const features = tf.relu(dense(tf.reshape(maps, [maps.shape[0], DENSE.features[0]]), "features"));
  const logits = dense(dropout === undefined ? features : tf.mul(features, dropout), "logits");
  return { features, logits };
}
