/** Updates of weights from gradients, to PyTorch's formulas. */
import * as tf from "@tensorflow/tfjs";
import type { Tensors } from "../engine/engine.ts";

export interface OptimizerOptions {
  /** Decay rates: Adam's two; RMSprop's is `decay`; SGD's momentum. */
  readonly b1: number;
  readonly b2: number;
  readonly decay: number;
  readonly momentum: number;
  readonly epsilon: number;
}

export const OPTIMIZER_DEFAULTS: OptimizerOptions = {
  b1: 0.5,
  b2: 0.999,
  decay: 0.99,
  momentum: 0,
  epsilon: 1e-8,
};

export interface Optimizer {
  /** Arrays of a weight's shape that are carried along, zero at first. */
  readonly carries: readonly string[];
  /** Numbers that change from step to step, computed in float64 outside of the graph; `t` counts steps from 1. */
  readonly scalars: (t: number, rate: number, options: OptimizerOptions) => Record<string, number>;
  /** The new weight and the new carried arrays. */
  readonly update: (
    weight: tf.Tensor,
    gradient: tf.Tensor,
    carried: Tensors,
    scalars: Tensors,
    options: OptimizerOptions,
  ) => { weight: tf.Tensor; carried: Tensors };
  readonly source: string;
}

/** `old decay + new`: a running mean times 1 / (1 - decay). */
const decayingSum = (old: tf.Tensor, value: tf.Tensor, decay: number): tf.Tensor =>
  tf.add(tf.mul(old, decay), value);

/** `weight - rate numerator / (sqrt(second) + epsilon)` */
const step = (
  weight: tf.Tensor,
  numerator: tf.Tensor,
  second: tf.Tensor,
  { rate, epsilon }: Tensors,
): tf.Tensor => {
  const direction = tf.div(numerator, tf.add(tf.sqrt(second), epsilon));
  return tf.sub(weight, tf.mul(direction, rate));
};

/**
 * Every optimizer, by the name of `--optimizer`. `g` is the gradient, `t` the step.
 *
 * A pass over all weights costs as much as any other, so constant factors are kept out of the carried arrays (they are
 * sums, `M = m / (1 - b1)`, `V = v / (1 - b2)`) and gathered in the scalars.
 */
export const OPTIMIZERS = {
  /** m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2; w -= rate / (1 - b1^t) m / (sqrt(v / (1 - b2^t)) + epsilon). */
  adam: {
    carries: ["first", "second"],
    scalars: (t, rate, { b1, b2, epsilon }) => {
      // sqrt(v / (1 - b2^t)) is k sqrt(V).
      const k = Math.sqrt((1 - b2) / (1 - b2 ** t));
      return { rate: (rate * (1 - b1)) / (1 - b1 ** t) / k, epsilon: epsilon / k };
    },
    update: (weight, gradient, carried, scalars, { b1, b2 }) => {
      const first = decayingSum(carried.first, gradient, b1);
      const second = decayingSum(carried.second, tf.square(gradient), b2);
      return { weight: step(weight, first, second, scalars), carried: { first, second } };
    },
    source: "Kingma and Ba 2015; torch.optim.Adam",
  },
  /** v = decay v + (1 - decay) g^2; w -= rate g / (sqrt(v) + epsilon). */
  rmsprop: {
    carries: ["second"],
    scalars: (_t, rate, { decay, epsilon }) => {
      const k = Math.sqrt(1 - decay);
      return { rate: rate / k, epsilon: epsilon / k };
    },
    update: (weight, gradient, carried, scalars, { decay }) => {
      const second = decayingSum(carried.second, tf.square(gradient), decay);
      return { weight: step(weight, gradient, second, scalars), carried: { second } };
    },
    source: "Hinton's lecture 6e; torch.optim.RMSprop",
  },
  /** u = momentum u + g; w -= rate u. */
  sgd: {
    carries: ["velocity"],
    scalars: (_t, rate) => ({ rate }),
    update: (weight, gradient, carried, { rate }, { momentum }) => {
      const velocity = tf.add(tf.mul(carried.velocity, momentum), gradient);
      return { weight: tf.sub(weight, tf.mul(velocity, rate)), carried: { velocity } };
    },
    source: "torch.optim.SGD",
  },
} as const satisfies Readonly<Record<string, Optimizer>>;

export type OptimizerName = keyof typeof OPTIMIZERS;
