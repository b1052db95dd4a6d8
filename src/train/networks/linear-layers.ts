/** Layers that multiply by weights and add biases. */

import type { Tensors } from "../../engine/engine.ts";
import * as tf from "../../engine/tfjs.ts";
import { GanEvalError } from "../../errors.ts";
import type { Initializer } from "./initial-arrays.ts";
import type { LayerRow, Specs } from "./layer-row.ts";
import { requireFlat, requireImage, requirePixels, type Shape, sizeOf } from "./shapes.ts";
import { dividedByNorm, outputsLast, powerIteration, spectralSpecs, type ToMatrix } from "./spectral-norm.ts";

export interface Linear {
  /** Weights normal with this deviation; PyTorch's default (uniform within 1 / sqrt(inputs of a unit)) if left out. */
  readonly deviation?: number;
  /** Weights uniform in [-bound, bound). */
  readonly bound?: number;
  /** PyTorch's default if left out: uniform within 1 / sqrt(inputs of a unit), whatever the weights are. */
  readonly bias?: boolean | "zeros";
  /** Divides the weights by the largest singular value of their matrix. */
  readonly spectral?: boolean;
}

export interface DenseOptions extends Linear {
  readonly units: number;
}

export interface MaxoutOptions extends DenseOptions {
  /** Linear functions of which a unit takes the largest. */
  readonly pieces: number;
}

export interface ConvolutionOptions extends Linear {
  readonly filters: number;
  readonly size: number;
  readonly stride: number;
  /** Zeros on each side. */
  readonly padding: number;
}

export interface TransposedConvolutionOptions extends ConvolutionOptions {
  /** Pixels more at the right and at the bottom, fewer than the stride; 0 if left out. */
  readonly outputPadding?: number;
}

function weightsInitializer({ deviation, bound }: Linear, inputs: number): Initializer {
  if (deviation !== undefined) return { kind: "normal", mean: 0, deviation };
  return { kind: "uniform", bound: bound ?? 1 / Math.sqrt(inputs) };
}

function biasInitializer({ bias }: Linear, inputs: number): Initializer {
  return bias === "zeros" ? { kind: "zeros" } : { kind: "uniform", bound: 1 / Math.sqrt(inputs) };
}

/** The weights of one linear layer. */
interface Plan {
  readonly shape: Shape;
  readonly units: number;
  /** Numbers that a unit sees, as PyTorch counts them. */
  readonly inputs: number;
}

/** A row of the table whose `weights` make a product with the input, and whose `biases` are added to it. */
function linearRow<Options extends Linear>(
  plan: (input: Shape, options: Options) => Plan,
  product: (x: tf.Tensor, weights: tf.Tensor, options: Options) => tf.Tensor,
  output: (input: Shape, options: Options) => Shape,
  toMatrix: ToMatrix = outputsLast,
): LayerRow<Options> {
  return {
    weights: (input, options) => {
      const { shape, units, inputs } = plan(input, options);
      const biases = { shape: [units], initializer: biasInitializer(options, inputs) };
      return {
        weights: { shape, initializer: weightsInitializer(options, inputs) },
        ...(options.bias !== false && { biases }),
      };
    },
    buffers: (input, options): Specs => {
      if (!options.spectral) return {};
      const { shape, units } = plan(input, options);
      return spectralSpecs(sizeOf(shape) / units, units);
    },
    output,
    apply: (x, { weights: { weights, biases }, buffers: { u, v } }, options) => {
      const used = options.spectral ? dividedByNorm(weights, toMatrix, u, v) : weights;
      const multiplied = product(x, used, options);
      return { output: biases ? tf.add(multiplied, biases) : multiplied };
    },
    advance: ({ weights }, buffers, { spectral }): Tensors =>
      spectral ? powerIteration(toMatrix(weights), buffers) : {},
  };
}

const multiply = (x: tf.Tensor, weights: tf.Tensor): tf.Tensor =>
  tf.matMul(x as tf.Tensor2D, weights as tf.Tensor2D);

export const dense = linearRow<DenseOptions>(
  (input, { units }) => ({ shape: [requireFlat(input), units], units, inputs: requireFlat(input) }),
  multiply,
  (_input, { units }) => [units],
);

const pieces = linearRow<MaxoutOptions>(
  (input, { units, pieces }) => ({
    shape: [requireFlat(input), units * pieces],
    units: units * pieces,
    inputs: requireFlat(input),
  }),
  multiply,
  (_input, { units }) => [units],
);

/** The largest of `pieces` linear functions for each unit; a unit's pieces lie side by side. Goodfellow et al. 2013. */
export const maxout: LayerRow<MaxoutOptions> = {
  ...pieces,
  apply: (x, arrays, options, mode) => {
    const { output } = pieces.apply(x, arrays, options, mode);
    return { output: tf.max(tf.reshape(output, [-1, options.units, options.pieces]), 2) };
  },
};

const explicitPadding = (padding: number): [[0, 0], [number, number], [number, number], [0, 0]] => [
  [0, 0],
  [padding, padding],
  [padding, padding],
  [0, 0],
];

/** The size that a convolution gives along one axis. */
const convolved = (side: number, { size, stride, padding }: ConvolutionOptions): number =>
  Math.floor((side + 2 * padding - size) / stride) + 1;

/** Weights `[height, width, in, out]`. */
export const convolution = linearRow<ConvolutionOptions>(
  (input, { size, filters }) => {
    const [, , channels] = requireImage(input);
    return { shape: [size, size, channels, filters], units: filters, inputs: size * size * channels };
  },
  (x, weights, { stride, padding }) =>
    tf.conv2d(x as tf.Tensor4D, weights as tf.Tensor4D, stride, explicitPadding(padding)),
  (input, options) => {
    const [height, width] = requireImage(input);
    return requirePixels([convolved(height, options), convolved(width, options), options.filters], input);
  },
);

/** The size that a transposed convolution gives along one axis. */
const transposed = (
  side: number,
  { size, stride, padding, outputPadding = 0 }: TransposedConvolutionOptions,
): number => (side - 1) * stride - 2 * padding + size + outputPadding;

/** Weights `[height, width, out, in]`; PyTorch counts a unit's inputs by the output channels here. */
export const transposedConvolution = linearRow<TransposedConvolutionOptions>(
  (input, { size, filters }) => {
    const [, , channels] = requireImage(input);
    return { shape: [size, size, filters, channels], units: filters, inputs: size * size * filters };
  },
  (x, weights, options) => {
    const [batch, height, width] = x.shape;
    const shape = [batch, transposed(height!, options), transposed(width!, options), options.filters];
    return tf.conv2dTranspose(
      x as tf.Tensor4D,
      weights as tf.Tensor4D,
      shape as [number, number, number, number],
      options.stride,
      explicitPadding(options.padding),
    );
  },
  (input, options) => {
    const [height, width] = requireImage(input);
    const { stride, outputPadding = 0 } = options;
    if (outputPadding >= stride)
      throw new GanEvalError(
        "usage.network",
        `expected an output padding of less than the stride ${stride}, got ${outputPadding}`,
      );
    return requirePixels([transposed(height, options), transposed(width, options), options.filters], input);
  },
  (weights) => outputsLast(tf.transpose(weights, [0, 1, 3, 2])),
);
