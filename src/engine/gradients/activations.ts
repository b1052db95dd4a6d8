/**
 * Gradients that tensorflow.js computes from a saved output. A saved output counts as a constant in a second
 * derivative, which then comes out wrong without a word: here the output is computed again from the input. A compiled
 * graph shares the two.
 */
import * as tf from "../tfjs.ts";
import { unbroadcast } from "./broadcasting.ts";
import type { GradientRow } from "./row.ts";

/** dy times the slope at x. */
const bySlope = (slope: (x: tf.Tensor) => tf.Tensor): GradientRow => ({
  inputsToSave: ["x"],
  gradFunc: (dy, [x]) => ({ x: () => tf.mul(dy as tf.Tensor, slope(x)) }),
});

export const activations = {
  Elu: bySlope((x) => tf.where(tf.greater(x, 0), tf.onesLike(x), tf.exp(tf.minimum(x, 0)))),
  Exp: bySlope((x) => tf.exp(x)),
  Sigmoid: bySlope((x) => {
    const y = tf.sigmoid(x);
    return tf.mul(y, tf.sub(1, y));
  }),
  Tanh: bySlope((x) => tf.sub(1, tf.square(tf.tanh(x)))),
  Softmax: {
    inputsToSave: ["logits"],
    gradFunc: (dy, [logits], attrs) => ({
      logits: () => {
        const { dim } = attrs as unknown as tf.SoftmaxAttrs;
        const y = tf.softmax(logits, dim);
        const weighted = tf.mul(dy as tf.Tensor, y);
        return tf.sub(weighted, tf.mul(tf.sum(weighted, dim, true), y));
      },
    }),
  },
  // d a^b: b a^(b-1) and a^b log a, the latter 0 where a is not positive.
  Pow: {
    inputsToSave: ["a", "b"],
    gradFunc: (dy, [a, b]) => ({
      a: () => {
        const exponent = tf.cast(b, "float32");
        return unbroadcast(
          tf.mul(dy as tf.Tensor, tf.mul(exponent, tf.pow(a, tf.sub(exponent, 1)))),
          a.shape,
        );
      },
      b: () => {
        const positive = tf.greater(a, 0);
        const logarithm = tf.where(positive, tf.log(tf.where(positive, a, tf.onesLike(a))), tf.zerosLike(a));
        return unbroadcast(tf.mul(dy as tf.Tensor, tf.mul(tf.pow(a, b), logarithm)), b.shape);
      },
    }),
  },
} as const satisfies Record<string, GradientRow>;
