/** Pools and their gradients. Padding never counts: maxima ignore it, averages leave it out of the divisor. */

import type { Value } from "../graph.ts";
import type { GraphBuilder } from "../graph-builder.ts";
import type { Lowerings } from "../kernels.ts";
import { pooledPositions } from "./pooled-positions.ts";
import {
  type ConvInfo,
  fromChannelsFirst,
  onnxPads,
  poolGeometry,
  signedPads,
  strides,
  toChannelsFirst,
} from "./windows.ts";

function windowAttributes(info: ConvInfo): Record<string, number[]> {
  return {
    kernel_shape: [info.filterHeight, info.filterWidth],
    strides: strides(info),
    pads: onnxPads(info),
  };
}

/** ONNX calls a pool with a 1x1 window and no stride what it is: nothing. */
const isIdentity = (info: ConvInfo): boolean =>
  info.filterHeight * info.filterWidth * info.strideHeight * info.strideWidth === 1;

/** Maxima, and where they are: positions in the flattened NCHW input, int64. @param x `[n, c, h, w]` */
function maximaAndPositions(g: GraphBuilder, x: Value, info: ConvInfo): readonly [Value, Value] {
  if (g.device !== "webgpu") {
    const [values, positions] = g.ops("MaxPool", [x], windowAttributes(info), 2);
    return [values, positions];
  }
  const values = g.op("MaxPool", [x], windowAttributes(info));
  return [values, pooledPositions(g, x, values, info)];
}

/** Each maximum's slope goes to the first element that has it; elements in several windows gather the sum. */
function maxPoolGradient(g: GraphBuilder, dy: Value, input: Value, info: ConvInfo): Value {
  const x = toChannelsFirst(g, input);
  const [, positions] = maximaAndPositions(g, x, info);
  const size = x.shape.reduce((product, dim) => product * dim, 1);
  const count = positions.shape.reduce((product, dim) => product * dim, 1);
  const zeros = g.expand(g.scalar(0), [size]);
  const slopes = g.reshape(toChannelsFirst(g, dy), [count]);
  const scattered = g.op("ScatterElements", [zeros, g.reshape(positions, [count]), slopes], {
    axis: 0,
    reduction: "add",
  });
  return fromChannelsFirst(g, g.reshape(scattered, x.shape));
}

/**
 * Maxima and where they are: the position in the flattened NHWC batch, from ONNX's position in NCHW,
 * ((n C + c) H + h) W + w to ((n H + h) W + w) C + c.
 */
function maxima(g: GraphBuilder, x: Value, info: ConvInfo, includeBatch: boolean): [Value, Value] {
  const [values, first] = maximaAndPositions(g, toChannelsFirst(g, x), info);
  const { inHeight: height, inWidth: width, inChannels: channels } = info;
  const area = g.scalar(height * width, "int64");
  const plane = g.op("Div", [first, area]);
  const inPlane = g.op("Mod", [first, area], { fmod: 0 });
  const count = g.scalar(channels, "int64");
  const channel = g.op("Mod", [plane, count], { fmod: 0 });
  const pixel = g.op("Add", [g.op("Mul", [g.op("Div", [plane, count]), area]), inPlane]);
  const spot = includeBatch ? pixel : inPlane;
  const position = g.op("Add", [g.op("Mul", [spot, count]), channel]);
  return [fromChannelsFirst(g, values), g.cast(fromChannelsFirst(g, position), "int32")];
}

/**
 * Each slope is spread evenly over its window: a transposed convolution with ones. As tensorflow.js's kernel, it
 * divides by the whole window at padded borders too; the gradient that is registered for AvgPool corrects dy first.
 */
function averagePoolGradient(g: GraphBuilder, dy: Value, info: ConvInfo): Value {
  const [top, left, bottom, right] = signedPads(info);
  const share = 1 / (info.filterHeight * info.filterWidth);
  const filterShape = [info.inChannels, 1, info.filterHeight, info.filterWidth];
  const size = filterShape.reduce((product, dim) => product * dim, 1);
  const ones = g.constant(new Float32Array(size).fill(share), filterShape, "float32");
  const spread = g.op("ConvTranspose", [toChannelsFirst(g, dy), ones], {
    kernel_shape: [info.filterHeight, info.filterWidth],
    strides: strides(info),
    pads: [top, left, Math.max(0, bottom), Math.max(0, right)],
    output_padding: [Math.max(0, -bottom), Math.max(0, -right)],
    group: info.inChannels,
  });
  return fromChannelsFirst(g, spread);
}

export const pooling: Lowerings<"AvgPool" | "AvgPoolGrad" | "MaxPool" | "MaxPoolGrad" | "MaxPoolWithArgmax"> =
  {
    AvgPool: (g, { x }, attrs) => {
      const info = poolGeometry(x.shape, attrs);
      if (isIdentity(info)) return x;
      const attributes = { ...windowAttributes(info), count_include_pad: 0 };
      return fromChannelsFirst(g, g.op("AveragePool", [toChannelsFirst(g, x)], attributes));
    },
    AvgPoolGrad: (g, { dy, input }, attrs) => averagePoolGradient(g, dy, poolGeometry(input.shape, attrs)),
    MaxPool: (g, { x }, attrs) => {
      const info = poolGeometry(x.shape, attrs);
      if (isIdentity(info)) return x;
      return fromChannelsFirst(g, g.op("MaxPool", [toChannelsFirst(g, x)], windowAttributes(info)));
    },
    MaxPoolGrad: (g, { dy, input }, attrs) => maxPoolGradient(g, dy, input, poolGeometry(input.shape, attrs)),
    MaxPoolWithArgmax: (g, { x }, { includeBatchInIndex, ...attrs }) =>
      maxima(g, x, poolGeometry(x.shape, attrs), includeBatchInIndex),
  };
