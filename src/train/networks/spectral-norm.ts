/**
 * Spectral norm: weights divided by the largest singular value of their matrix. Its singular vectors are found by power
 * iteration, one iteration a step. Source: Miyato et al. 2018, as torch.nn.utils.spectral_norm computes it.
 */

import type { Tensors } from "../../engine/engine.ts";
import * as tf from "../../engine/tfjs.ts";
import type { Specs } from "./layer-row.ts";

const EPSILON = 1e-12;

/** Weights as a matrix `[rest, out]`, a column for each output. */
export type ToMatrix = (weights: tf.Tensor) => tf.Tensor2D;

/** Where the outputs are the last axis. */
export const outputsLast: ToMatrix = (weights) =>
  tf.reshape(weights, [-1, weights.shape[weights.rank - 1]]) as tf.Tensor2D;

/** `u [out]` and `v [rest]`, unit vectors. */
export const spectralSpecs = (rest: number, out: number): Specs => ({
  u: { shape: [out], initializer: { kind: "direction" } },
  v: { shape: [rest], initializer: { kind: "direction" } },
});

const column = (x: tf.Tensor): tf.Tensor2D => tf.reshape(x, [-1, 1]) as tf.Tensor2D;

const normalized = (x: tf.Tensor): tf.Tensor1D => {
  const length = tf.sqrt(tf.sum(tf.square(x)));
  return tf.reshape(tf.div(x, tf.maximum(length, EPSILON)), [-1]) as tf.Tensor1D;
};

/** `W / sigma` with `sigma = v' W u`. The slope of sigma is `v u'`: both vectors count as constants. */
export function dividedByNorm(weights: tf.Tensor, toMatrix: ToMatrix, u: tf.Tensor, v: tf.Tensor): tf.Tensor {
  const projected = tf.matMul(column(v), toMatrix(weights), true);
  return tf.div(weights, tf.sum(tf.mul(projected, tf.reshape(u, [1, -1]))));
}

/** One power iteration: `v` is `W u` and `u` is `W' v`, each divided by its length or 1e-12 if that is larger. */
export function powerIteration(matrix: tf.Tensor2D, { u }: Tensors): { u: tf.Tensor; v: tf.Tensor } {
  const v = normalized(tf.matMul(matrix, column(u)));
  return { u: normalized(tf.matMul(matrix, column(v), true)), v };
}
