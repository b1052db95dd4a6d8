/** Distances of images by the maps of a network, as LPIPS defines them: functions of tensors. */
import type { Tensors } from "../../engine/engine.ts";
import * as tf from "../../engine/tfjs.ts";
import { applyLayers } from "./apply-layers.ts";
import type { NetworkLayer } from "./layers.ts";

/** So that a place without any feature has no direction, instead of NaN. */
const TINY = 1e-10;

/** Each place's vector of length 1: x / (|x| + 1e-10). */
const toDirections = (maps: tf.Tensor): tf.Tensor =>
  tf.div(maps, tf.add(tf.sqrt(tf.sum(tf.square(maps), 3, true)), TINY));

export interface TappedNetwork {
  readonly layers: readonly NetworkLayer[];
  readonly taps: readonly string[];
  /** Images in [-1, 1] as the network expects them. */
  normalize(images: tf.Tensor): tf.Tensor;
}

/**
 * What images are compared by: the directions of their vectors at every place of every tap, `[n, h, w, c]` each.
 * @param images `[n, h, w, 3]` in [-1, 1]
 */
export const imagesToDirections = (
  images: tf.Tensor,
  { layers, taps, normalize }: TappedNetwork,
  weights: Tensors,
): tf.Tensor[] => applyLayers(normalize(images), layers, weights, taps).map(toDirections);

/**
 *     sum over taps of the mean over places of sum_c w_c (a_c / |a| - b_c / |b|)^2
 *
 * @param a, b `[n, h, w, 3]` in [-1, 1]
 * @param weights the network's, and `lin0`, `lin1`, ...: `[c]` of each tap
 * @returns `[n]`
 */
export function imagesToDistances(
  a: tf.Tensor,
  b: tf.Tensor,
  network: TappedNetwork,
  weights: Tensors,
): tf.Tensor {
  const [ofA, ofB] = [a, b].map((images) => imagesToDirections(images, network, weights));
  const parts = ofA!.map((directions, i) => {
    const squares = tf.square(tf.sub(directions, ofB![i]!));
    return tf.mean(tf.sum(tf.mul(squares, weights[`lin${i}`]!), 3), [1, 2]);
  });
  return parts.reduce((sum, part) => tf.add(sum, part));
}
