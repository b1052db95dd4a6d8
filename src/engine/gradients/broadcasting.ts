/**
 * Gradients of binary kernels whose inputs broadcast. tensorflow.js's own return the slope in the output's shape, and
 * fail where an input is smaller: maximum(x, 0) among them.
 */
import * as tf from "../tfjs.ts";
import type { GradientRow } from "./row.ts";

/** Sums a slope of the output's shape over the axes along which an input of `shape` was repeated. */
export function unbroadcast(slope: tf.Tensor, shape: number[]): tf.Tensor {
  const axes = tf.broadcast_util.getReductionAxes(shape, slope.shape);
  return tf.reshape(axes.length > 0 ? tf.sum(slope, axes) : slope, shape);
}

/** dy times the partial derivative, gathered back into each input's shape. */
function byPartials(
  partials: (a: tf.Tensor, b: tf.Tensor) => { a: () => tf.Tensor; b: () => tf.Tensor },
): GradientRow {
  return {
    inputsToSave: ["a", "b"],
    gradFunc: (dy, [a, b]) => {
      const partial = partials(a, b);
      return {
        a: () => unbroadcast(tf.mul(dy as tf.Tensor, partial.a()), a.shape),
        b: () => unbroadcast(tf.mul(dy as tf.Tensor, partial.b()), b.shape),
      };
    },
  };
}

const where = (condition: tf.Tensor): tf.Tensor => tf.cast(condition, "float32");

export const broadcasting = {
  Maximum: byPartials((a, b) => ({
    a: () => where(tf.greaterEqual(a, b)),
    b: () => where(tf.less(a, b)),
  })),
  Minimum: byPartials((a, b) => ({
    a: () => where(tf.lessEqual(a, b)),
    b: () => where(tf.greater(a, b)),
  })),
  SquaredDifference: byPartials((a, b) => ({
    a: () => tf.mul(tf.sub(a, b), 2),
    b: () => tf.mul(tf.sub(b, a), 2),
  })),
} as const satisfies Record<string, GradientRow>;

export const running = {
  // A running sum's slope is the running sum from the other end; tensorflow.js's own transposes it where the axis is
  // not the last.
  Cumsum: {
    gradFunc: (dy, _saved, attrs) => {
      const { axis, exclusive, reverse } = attrs as unknown as tf.CumsumAttrs;
      return { x: () => tf.cumsum(dy as tf.Tensor, axis, exclusive, !reverse) };
    },
  },
} as const satisfies Record<string, GradientRow>;
