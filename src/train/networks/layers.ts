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

/** The arrays that a layer works with: what it learnt, its running statistics, and fresh uniform numbers. */
export interface LayerArrays {
  readonly weights: Tensors;
  readonly buffers: Tensors;
  readonly noise: Tensors;
}

interface Applied {
  readonly output: tf.Tensor;
  /** Running statistics after this batch, by their names. */
  readonly buffers?: Tensors;
}

export interface LayerRow<Options> {
  readonly weights?: (input: Shape, options: Options) => Specs;
  readonly buffers?: (input: Shape, options: Options) => Specs;
  /** Uniform numbers in [0, 1) that an application in training reads: shapes of one example. */
  readonly noise?: (input: Shape, options: Options) => Readonly<Record<string, Shape>>;
  readonly output?: (input: Shape, options: Options) => Shape;
  readonly apply: (x: tf.Tensor, arrays: LayerArrays, options: Options, mode: Mode) => Applied;
}

interface Linear {
  /**
   * Weights normal with this deviation; PyTorch's default (uniform within 1 / sqrt(inputs of a unit)) if left out.
   * Biases are PyTorch's default either way.
   */
  readonly deviation?: number;
  readonly bias?: boolean;
}

export interface DenseOptions extends Linear {
  readonly units: number;
}

export interface ConvolutionOptions extends Linear {
  readonly filters: number;
  readonly size: number;
  readonly stride: number;
  /** Zeros on each side. */
  readonly padding: number;
}

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

export interface LayerOptions {
  readonly dense: DenseOptions;
  readonly "batch-norm": BatchNormOptions;
  readonly "leaky-relu": { readonly slope: number };
  readonly relu: object;
  readonly tanh: object;
  readonly reshape: { readonly shape: Shape };
  readonly convolution: ConvolutionOptions;
  readonly "transposed-convolution": ConvolutionOptions;
  /** To a larger size, by the nearest pixel. */
  readonly "up-sampling": { readonly height: number; readonly width: number };
  /** Whole channels of an example are left out with this probability, and the others scaled up for it. */
  readonly "channel-dropout": { readonly rate: number };
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

const heightWidthChannels = (input: Shape): readonly [number, number, number] => {
  if (input.length === 3) return [input[0], input[1], input[2]];
  throw new GanEvalError("usage.network", `expected height, width and channels as input, got [${input}]`, {
    hint: "Put a reshape layer before it.",
  });
};

/** Weights of a linear layer, each unit of which sees `inputs` numbers. */
function linearSpecs(shape: Shape, units: number, inputs: number, { deviation, bias }: Linear): Specs {
  const uniform: Initializer = { kind: "uniform", bound: 1 / Math.sqrt(inputs) };
  const initializer: Initializer = deviation === undefined ? uniform : { kind: "normal", mean: 0, deviation };
  return {
    weights: { shape, initializer },
    ...(bias !== false && { biases: { shape: [units], initializer: uniform } }),
  };
}

const plusBiases = (x: tf.Tensor, { biases }: Tensors): tf.Tensor => (biases ? tf.add(x, biases) : x);

/** The size that a convolution gives along one axis. */
const convolved = (side: number, { size, stride, padding }: ConvolutionOptions): number =>
  Math.floor((side + 2 * padding - size) / stride) + 1;

/** The size that a transposed convolution gives along one axis. */
const transposed = (side: number, { size, stride, padding }: ConvolutionOptions): number =>
  (side - 1) * stride - 2 * padding + size;

function requirePixels(output: Shape, input: Shape): Shape {
  if (output.every((side) => side >= 1)) return output;
  throw new GanEvalError("usage.network", `expected a picture that is large enough, got [${input}]`, {
    hint: "Take larger pictures, or fewer layers that shrink them.",
  });
}

const explicitPadding = (padding: number): [[0, 0], [number, number], [number, number], [0, 0]] => [
  [0, 0],
  [padding, padding],
  [padding, padding],
  [0, 0],
];

/** Moments over all axes but the last; the running variance takes the unbiased one, as PyTorch does. */
function batchNorm(
  x: tf.Tensor,
  { weights, buffers }: LayerArrays,
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
      const inputs = inputsOf(input);
      return linearSpecs([inputs, options.units], options.units, inputs, options);
    },
    output: (_input, { units }) => [units],
    apply: (x, { weights }) => ({
      output: plusBiases(tf.matMul(x as tf.Tensor2D, weights.weights as tf.Tensor2D), weights),
    }),
  },
  convolution: {
    /** `[height, width, in, out]` */
    weights: (input, options) => {
      const [, , channels] = heightWidthChannels(input);
      const { size, filters } = options;
      return linearSpecs([size, size, channels, filters], filters, size * size * channels, options);
    },
    output: (input, options) => {
      const [height, width] = heightWidthChannels(input);
      return requirePixels([convolved(height, options), convolved(width, options), options.filters], input);
    },
    apply: (x, { weights }, { stride, padding }) => {
      const pads = explicitPadding(padding);
      const filters = weights.weights as tf.Tensor4D;
      return {
        output: plusBiases(tf.conv2d(x as tf.Tensor4D, filters, stride, pads), weights),
      };
    },
  },
  "transposed-convolution": {
    /** `[height, width, out, in]`; PyTorch counts a unit's inputs by the output channels here. */
    weights: (input, options) => {
      const [, , channels] = heightWidthChannels(input);
      const { size, filters } = options;
      return linearSpecs([size, size, filters, channels], filters, size * size * filters, options);
    },
    output: (input, options) => {
      const [height, width] = heightWidthChannels(input);
      return requirePixels([transposed(height, options), transposed(width, options), options.filters], input);
    },
    apply: (x, { weights }, options) => {
      const [batch, height, width] = x.shape;
      const shape = [batch, transposed(height!, options), transposed(width!, options), options.filters];
      return {
        output: plusBiases(
          tf.conv2dTranspose(
            x as tf.Tensor4D,
            weights.weights as tf.Tensor4D,
            shape as [number, number, number, number],
            options.stride,
            explicitPadding(options.padding),
          ),
          weights,
        ),
      };
    },
  },
  "up-sampling": {
    output: (input, { height, width }) => [height, width, heightWidthChannels(input)[2]],
    apply: (x, _arrays, { height, width }) => ({
      output: tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [height, width]),
    }),
  },
  "channel-dropout": {
    noise: (input) => ({ keep: input.map((side, axis) => (axis === input.length - 1 ? side : 1)) }),
    apply: (x, { noise: { keep } }, { rate }, mode) => {
      if (mode === "evaluate" || rate === 0) return { output: x };
      const mask = tf.cast(tf.greaterEqual(keep, rate), "float32");
      return { output: tf.mul(x, tf.div(mask, 1 - rate)) };
    },
  },
  "batch-norm": {
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
