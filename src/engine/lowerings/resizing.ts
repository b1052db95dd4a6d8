/**
 * Resizing of images [batch, height, width, channels]. Bilinear positions are those of TensorFlow's kernel, computed
 * in float32 as there (tensorflow/core/kernels/image/resize_bilinear_op.cc), and results are equal to the bit:
 * top = TL + (TR - TL) tx; bottom likewise; top + (bottom - top) ty.
 */

import type { Value } from "../graph.ts";
import type { GraphBuilder } from "../graph-builder.ts";
import type { Lowerings } from "../kernels.ts";
import { inputGradientOf } from "./convolution-input-gradient.ts";
import { repeat } from "./repetition.ts";
import { pairToWindows, repeatedInputGradient } from "./up-sampled-convolution.ts";
import { fromChannelsFirst } from "./windows.ts";

const f32 = Math.fround;

interface ResizeAttrs {
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
  readonly size: readonly number[];
}

/** How far apart in the input two neighbours of the output are. */
const stepOf = (input: number, output: number, alignCorners: boolean): number =>
  alignCorners && output > 1 ? (input - 1) / (output - 1) : input / output;

interface Interpolation {
  readonly low: number[];
  readonly high: number[];
  readonly weight: number[];
}

function interpolation(input: number, output: number, attrs: ResizeAttrs): Interpolation {
  const step = f32(stepOf(input, output, attrs.alignCorners));
  const result: Interpolation = { low: [], high: [], weight: [] };
  for (let i = 0; i < output; i++) {
    const position = attrs.halfPixelCenters ? f32(f32((i + 0.5) * step) - 0.5) : f32(i * step);
    const floor = Math.floor(position);
    result.low.push(Math.max(floor, 0));
    result.high.push(Math.min(attrs.halfPixelCenters ? Math.ceil(position) : floor + 1, input - 1));
    result.weight.push(f32(position - floor));
  }
  return result;
}

function interpolateAlong(
  g: GraphBuilder,
  x: Value,
  axis: number,
  { low, high, weight }: Interpolation,
): Value {
  const lower = g.op("Gather", [x, g.list(low)], { axis });
  const upper = g.op("Gather", [x, g.list(high)], { axis });
  const shape = x.shape.map((_, i) => (i === axis ? weight.length : 1));
  const weights = g.numbers(weight, shape, "float32");
  return g.op("Add", [lower, g.op("Mul", [g.op("Sub", [upper, lower]), weights])]);
}

/** Positions in float64, as every backend of tensorflow.js has them: at a boundary they decide which pixel is taken. */
function nearest(input: number, output: number, attrs: ResizeAttrs): number[] {
  const step = stepOf(input, output, attrs.alignCorners);
  return Array.from({ length: output }, (_, i) => {
    const position = attrs.halfPixelCenters ? (i + 0.5) * step : i * step;
    const whole = attrs.alignCorners ? Math.round(position) : Math.floor(position);
    return Math.min(whole, input - 1);
  });
}

/** The matrix [input, output] whose column i says where output i comes from, transposed for the gradient. */
function spreadMatrix(
  input: number,
  output: number,
  weights: (i: number) => [number, number][],
): Float32Array {
  const matrix = new Float32Array(input * output);
  for (let i = 0; i < output; i++)
    for (const [from, weight] of weights(i)) matrix[from * output + i] += weight;
  return matrix;
}

/** dx = H dy W', both axes by a matrix product. */
function spreadBack(
  g: GraphBuilder,
  dy: Value,
  inputShape: readonly number[],
  rows: Float32Array,
  columns: Float32Array,
): Value {
  const [n, outH, outW, c] = dy.shape;
  const [, inH, inW] = inputShape;
  const byRows = g.op("MatMul", [
    g.constant(rows, [inH, outH], "float32"),
    g.reshape(dy, [n, outH, outW * c]),
  ]);
  const byColumns = g.op("MatMul", [
    g.constant(columns, [inW, outW], "float32"),
    g.reshape(byRows, [n * inH, outW, c]),
  ]);
  return g.reshape(byColumns, [n, inH, inW, c]);
}

/** The gradient of a whole repetition: through the convolution that dy is the input gradient of, or the sum of each pixel's copies. */
function repeatBack(g: GraphBuilder, dy: Value, timesH: number, timesW: number): Value {
  const [n, outH, outW, c] = dy.shape;
  const through = inputGradientOf(dy);
  const pair = through && pairToWindows(through.windows, [timesH, timesW]);
  if (pair)
    return fromChannelsFirst(g, repeatedInputGradient(g, through.dy, through.filter, [timesH, timesW], pair));
  const blocks = g.reshape(dy, [n, outH / timesH, timesH, outW / timesW, timesW, c]);
  return g.reduce("ReduceSum", blocks, [2, 4], false);
}

const isWhole = (attrs: ResizeAttrs, timesH: number, timesW: number): boolean =>
  !attrs.alignCorners && Number.isInteger(timesH) && Number.isInteger(timesW);

export const resizing: Lowerings<
  "ResizeBilinear" | "ResizeBilinearGrad" | "ResizeNearestNeighbor" | "ResizeNearestNeighborGrad"
> = {
  ResizeBilinear: (g, { images }, attrs) => {
    const [, height, width] = images.shape;
    const x = g.cast(images, "float32");
    const wide = interpolateAlong(g, x, 2, interpolation(width, attrs.size[1], attrs));
    return interpolateAlong(g, wide, 1, interpolation(height, attrs.size[0], attrs));
  },
  ResizeBilinearGrad: (g, { images, dy }, attrs) => {
    const [, height, width] = images.shape;
    const [outH, outW] = dy.shape.slice(1);
    const matrix = (input: number, output: number): Float32Array => {
      const { low, high, weight } = interpolation(input, output, attrs);
      return spreadMatrix(input, output, (i) => [
        [low[i], 1 - weight[i]],
        [high[i], weight[i]],
      ]);
    };
    return spreadBack(g, dy, images.shape, matrix(height, outH), matrix(width, outW));
  },
  ResizeNearestNeighbor: (g, { images }, attrs) => {
    const [, height, width] = images.shape;
    const [outH, outW] = attrs.size;
    if (isWhole(attrs, outH / height, outW / width)) return repeat(g, images, outH / height, outW / width);
    const wide = g.op("Gather", [images, g.list(nearest(width, outW, attrs))], { axis: 2 });
    return g.op("Gather", [wide, g.list(nearest(height, outH, attrs))], { axis: 1 });
  },
  ResizeNearestNeighborGrad: (g, { images, dy }, attrs) => {
    const [, height, width] = images.shape;
    const [outH, outW] = dy.shape.slice(1);
    if (isWhole(attrs, outH / height, outW / width)) return repeatBack(g, dy, outH / height, outW / width);
    const matrix = (input: number, output: number): Float32Array => {
      const from = nearest(input, output, attrs);
      return spreadMatrix(input, output, (i) => [[from[i], 1]]);
    };
    return spreadBack(g, dy, images.shape, matrix(height, outH), matrix(width, outW));
  },
};
