/** The layers that networks are made of: what each keeps, what shape it gives, what it computes. */
import * as tf from "@tensorflow/tfjs";
import type { Tensors } from "../../engine/engine.ts";
import { GanEvalError } from "../../errors.ts";

/** The shape of one example, without the batch. */
export type Shape = readonly number[];

/** How an array is filled before training. */
export type Initializer =
  | { readonly kind: "zeros" | "ones" }
  /** Uniform in [-bound, bound). */
  | { readonly kind: "uniform"; readonly bound: number }
  | { readonly kind: "normal"; readonly mean: number; readonly deviation: number };

export interface ArraySpec {
  readonly shape: Shape;
  readonly initializer: Initializer;
}

export type Specs = Readonly<Record<string, ArraySpec>>;

/** `train`: batch statistics, which also update the running ones; `evaluate`: the running ones. */
export type Mode = "train" | "evaluate";

interface Applied {
  readonly output: tf.Tensor;
  /** Running statistics after this batch, by their names. */
  readonly buffers?: Tensors;
}

export interface LayerRow<Options> {
  readonly weights?: (input: Shape, options: Options) => Specs;
  readonly buffers?: (input: Shape, options: Options) => Specs;
  readonly output?: (input: Shape, options: Options) => Shape;
  readonly apply: (
    x: tf.Tensor,
    arrays: { readonly weights: Tensors; readonly buffers: Tensors },
    options: Options,
    mode: Mode,
  ) => Applied;
}

export interface DenseOptions {
  readonly units: number;
  /** Normal with this deviation; PyTorch's default (uniform, 1 / sqrt(inputs), biases too) if left out. */
  readonly deviation?: number;
  readonly bias?: boolean;
}

export interface BatchNormOptions {
  /** Added to the variance. PyTorch-GAN's scripts pass 0.8 here, where they meant the momentum. */
  readonly epsilon: number;
  /** How much of a batch goes into the running statistics. */
  readonly momentum: number;
}

/** PyTorch's defaults. */
export const BATCH_NORM: BatchNormOptions = { epsilon: 1e-5, momentum: 0.1 };

export interface LayerOptions {
  readonly dense: DenseOptions;
  readonly "batch-norm": BatchNormOptions;
  readonly "leaky-relu": { readonly slope: number };
  readonly relu: object;
  readonly tanh: object;
  readonly reshape: { readonly shape: Shape };
}

export type LayerKind = keyof LayerOptions;

/** One layer of a network. */
export type Layer = { [Kind in LayerKind]: { readonly kind: Kind } & LayerOptions[Kind] }[LayerKind];

export const sizeOf = (shape: Shape): number => shape.reduce((size, side) => size * side, 1);

const inputsOf = (input: Shape): number => {
  if (input.length === 1) return input[0];
  throw new GanEvalError("usage.network", `expected a flat input for a dense layer, got [${input}]`, {
    hint: "Put a reshape layer before it.",
  });
};

const denseInitializer = (inputs: number, { deviation }: DenseOptions): Initializer =>
  deviation === undefined
    ? { kind: "uniform", bound: 1 / Math.sqrt(inputs) }
    : { kind: "normal", mean: 0, deviation };

/** Moments over all axes but the last; the running variance takes the unbiased one, as PyTorch does. */
function batchNorm(
  x: tf.Tensor,
  { weights, buffers }: { readonly weights: Tensors; readonly buffers: Tensors },
  { epsilon, momentum }: BatchNormOptions,
  mode: Mode,
): Applied {
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
}

/** Every kind of layer. */
export const LAYERS: { readonly [Kind in LayerKind]: LayerRow<LayerOptions[Kind]> } = {
  dense: {
    weights: (input, options) => {
      const initializer = denseInitializer(inputsOf(input), options);
      return {
        weights: { shape: [inputsOf(input), options.units], initializer },
        ...(options.bias !== false && {
          biases: {
            shape: [options.units],
            initializer: options.deviation === undefined ? initializer : { kind: "zeros" },
          },
        }),
      };
    },
    output: (_input, { units }) => [units],
    apply: (x, { weights: { weights, biases } }) => {
      const product = tf.matMul(x as tf.Tensor2D, weights as tf.Tensor2D);
      return { output: biases ? tf.add(product, biases) : product };
    },
  },
  "batch-norm": {
    weights: (input) => ({
      scale: { shape: input.slice(-1), initializer: { kind: "ones" } },
      offset: { shape: input.slice(-1), initializer: { kind: "zeros" } },
    }),
    buffers: (input) => ({
      mean: { shape: input.slice(-1), initializer: { kind: "zeros" } },
      variance: { shape: input.slice(-1), initializer: { kind: "ones" } },
    }),
    apply: batchNorm,
  },
  "leaky-relu": { apply: (x, _arrays, { slope }) => ({ output: tf.leakyRelu(x, slope) }) },
  relu: { apply: (x) => ({ output: tf.relu(x) }) },
  tanh: { apply: (x) => ({ output: tf.tanh(x) }) },
  reshape: {
    output: (input, { shape }) => {
      if (sizeOf(input) === sizeOf(shape)) return shape;
      throw new GanEvalError("usage.network", `expected ${sizeOf(input)} numbers in a shape, got [${shape}]`);
    },
    apply: (x, _arrays, { shape }) => ({ output: tf.reshape(x, [x.shape[0], ...shape]) }),
  },
};
