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
  /** Numbers that change from step to step, computed in float64 outside of the graph; `step` counts from 1. */
  readonly scalars: (step: number, rate: number, options: OptimizerOptions) => Record<string, number>;
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

/** `old decay + new (1 - decay)` */
const runningMean = (old: tf.Tensor, value: tf.Tensor, decay: number): tf.Tensor =>
  tf.add(tf.mul(old, decay), tf.mul(value, 1 - decay));

/** Every optimizer, by the name of `--optimizer`. `g` is the gradient, `t` the step. */
export const OPTIMIZERS = {
  /** m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2; w -= rate / (1 - b1^t) m / (sqrt(v / (1 - b2^t)) + epsilon). */
  adam: {
    carries: ["first", "second"],
    scalars: (step, rate, { b1, b2 }) => ({
      rate: rate / (1 - b1 ** step),
      unbias: 1 / Math.sqrt(1 - b2 ** step),
    }),
    update: (weight, gradient, carried, { rate, unbias }, { b1, b2, epsilon }) => {
      const first = runningMean(carried.first, gradient, b1);
      const second = runningMean(carried.second, tf.square(gradient), b2);
      const scale = tf.add(tf.mul(tf.sqrt(second), unbias), epsilon);
      return { weight: tf.sub(weight, tf.mul(tf.div(first, scale), rate)), carried: { first, second } };
    },
    source: "Kingma and Ba 2015; torch.optim.Adam",
  },
  /** v = decay v + (1 - decay) g^2; w -= rate g / (sqrt(v) + epsilon). */
  rmsprop: {
    carries: ["second"],
    scalars: (_step, rate) => ({ rate }),
    update: (weight, gradient, carried, { rate }, { decay, epsilon }) => {
      const second = runningMean(carried.second, tf.square(gradient), decay);
      const step = tf.div(gradient, tf.add(tf.sqrt(second), epsilon));
      return { weight: tf.sub(weight, tf.mul(step, rate)), carried: { second } };
    },
    source: "Hinton's lecture 6e; torch.optim.RMSprop",
  },
  /** u = momentum u + g; w -= rate u. */
  sgd: {
    carries: ["velocity"],
    scalars: (_step, rate) => ({ rate }),
    update: (weight, gradient, carried, { rate }, { momentum }) => {
      const velocity = tf.add(tf.mul(carried.velocity, momentum), gradient);
      return { weight: tf.sub(weight, tf.mul(velocity, rate)), carried: { velocity } };
    },
    source: "torch.optim.SGD",
  },
} as const satisfies Readonly<Record<string, Optimizer>>;

export type OptimizerName = keyof typeof OPTIMIZERS;
