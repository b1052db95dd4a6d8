/**
 * Convolutions and their two gradients. tensorflow.js is NHWC with filters [h, w, in, out]; ONNX is NCHW with
 * filters [out, in / group, h, w].
 */

import type { Value } from "../graph.ts";
import type { GraphBuilder } from "../graph-builder.ts";
import type { Lowerings } from "../kernels.ts";
import { convolve, convolveTransposed, denseFilter, infoToWindows, type Windows } from "./channels-first.ts";
import { convolveRows, inputGradientByRows, isByRows } from "./convolution-by-rows.ts";
import { filterGradient } from "./convolution-filter-gradient.ts";
import { convolveInBlocks, convolveTransposedInBlocks, isInBlocks } from "./convolution-in-blocks.ts";
import { inputGradient, rememberInputGradient } from "./convolution-input-gradient.ts";
import { activate } from "./elementwise.ts";
import { repeatedFrom } from "./repetition.ts";
import { elementsMetByTaps } from "./taps.ts";
import { convolveRepeated, pairToWindows, repeatedFilterGradient } from "./up-sampled-convolution.ts";
import {
  type ConvInfo,
  convGeometry,
  fromChannelsFirst,
  fromChannelsLast,
  toChannelsFirst,
  toChannelsLast,
  type WindowAttrs,
} from "./windows.ts";

type Format = "NHWC" | "NCHW";

/** [h, w, in, multiplier] to [in * multiplier, 1, h, w]. */
function depthwiseFilter(g: GraphBuilder, filter: Value): Value {
  const [height, width, channels, multiplier] = filter.shape;
  return g.reshape(g.transpose(filter, [2, 3, 0, 1]), [channels * multiplier, 1, height, width]);
}

/** The image that x repeats, and the convolution whose transpose the two are together. */
function repeatedPair(g: GraphBuilder, x: Value, windows: Windows, format: Format) {
  const repeated = format === "NHWC" ? repeatedFrom(g, x) : undefined;
  const pair = repeated && pairToWindows(windows, repeated.times);
  return pair && { repeated, pair };
}

function dense(g: GraphBuilder, x: Value, filter: Value, attrs: WindowAttrs & { dataFormat: Format }): Value {
  const windows = infoToWindows(convGeometry(x.shape, filter.shape, attrs));
  const up = repeatedPair(g, x, windows, attrs.dataFormat);
  if (!up && isInBlocks(g, filter, x.shape[0], windows)) {
    const convolved = convolveInBlocks(g, toChannelsLast(g, x, attrs.dataFormat), filter, windows);
    return fromChannelsLast(g, convolved, attrs.dataFormat);
  }
  if (!up && isByRows(filter, x.shape[0], windows)) {
    const product = convolveRows(g, toChannelsLast(g, x, attrs.dataFormat), filter, windows);
    return fromChannelsLast(g, product, attrs.dataFormat);
  }
  const convolved = up
    ? convolveRepeated(g, up.repeated, filter, up.pair)
    : convolve(g, toChannelsFirst(g, x, attrs.dataFormat), denseFilter(g, filter), windows);
  return fromChannelsFirst(g, convolved, attrs.dataFormat);
}

function depthwise(
  g: GraphBuilder,
  x: Value,
  filter: Value,
  attrs: WindowAttrs & { dataFormat: Format },
): Value {
  const info = convGeometry(x.shape, filter.shape, attrs, true);
  const first = toChannelsFirst(g, x, attrs.dataFormat);
  const convolved = convolve(g, first, depthwiseFilter(g, filter), infoToWindows(info), info.inChannels);
  return fromChannelsFirst(g, convolved, attrs.dataFormat);
}

function denseInputGradient(
  g: GraphBuilder,
  dy: Value,
  filter: Value,
  windows: Windows,
  format: Format,
): Value {
  const first = toChannelsFirst(g, dy, format);
  const last = () => toChannelsLast(g, dy, format);
  const gradient = isInBlocks(g, filter, dy.shape[0], windows)
    ? fromChannelsLast(g, convolveTransposedInBlocks(g, last(), filter, windows), format)
    : isByRows(filter, dy.shape[0], windows)
      ? fromChannelsLast(g, inputGradientByRows(g, last(), filter, windows), format)
      : fromChannelsFirst(g, inputGradient(g, first, filter, windows), format);
  // Where the image was an up-sampled one, its gradient is better computed without this one.
  if (format === "NHWC") rememberInputGradient(gradient, { dy: first, filter, windows });
  return gradient;
}

function denseFilterGradient(g: GraphBuilder, x: Value, dy: Value, windows: Windows, format: Format): Value {
  const slopes = toChannelsFirst(g, dy, format);
  const up = repeatedPair(g, x, windows, format);
  if (up) return repeatedFilterGradient(g, up.repeated, slopes, windows.size, up.pair);
  return filterGradient(g, toChannelsFirst(g, x, format), slopes, windows);
}

/** dW[h, w, c, m] = sum over positions of x[c] at the tap times dy[c, m]. */
function depthwiseFilterGradient(g: GraphBuilder, x: Value, dy: Value, info: ConvInfo): Value {
  const rows = info.batchSize * info.outHeight * info.outWidth;
  const multiplier = info.outChannels / info.inChannels;
  const slopes = g.reshape(dy, [rows, info.inChannels, multiplier]);
  const sums = elementsMetByTaps(g, x, infoToWindows(info), 1).map((tap) => {
    const product = g.op("Mul", [g.reshape(tap, [rows, info.inChannels, 1]), slopes]);
    return g.reduce("ReduceSum", product, [0], true);
  });
  return g.reshape(g.concat(sums, 0), [info.filterHeight, info.filterWidth, info.inChannels, multiplier]);
}

/** A bias of shape [out] lies along the channels, which NCHW has second. */
function addBias(g: GraphBuilder, x: Value, bias: Value | undefined, format: Format): Value {
  if (bias === undefined) return x;
  const along = format === "NCHW" && bias.shape.length === 1 ? g.reshape(bias, [bias.shape[0], 1, 1]) : bias;
  return g.op("Add", [x, along]);
}

export const convolution: Lowerings<
  | "Conv2D"
  | "Conv2DBackpropFilter"
  | "Conv2DBackpropInput"
  | "DepthwiseConv2dNative"
  | "DepthwiseConv2dNativeBackpropFilter"
  | "DepthwiseConv2dNativeBackpropInput"
  | "FusedConv2D"
  | "FusedDepthwiseConv2D"
> = {
  Conv2D: (g, { x, filter }, attrs) => dense(g, x, filter, attrs),
  Conv2DBackpropInput: (g, { dy, filter }, attrs) => {
    const info = convGeometry(attrs.inputShape, filter.shape, attrs);
    return denseInputGradient(g, dy, filter, infoToWindows(info), attrs.dataFormat);
  },
  Conv2DBackpropFilter: (g, { x, dy }, attrs) => {
    const info = convGeometry(x.shape, attrs.filterShape, attrs);
    return denseFilterGradient(g, x, dy, infoToWindows(info), attrs.dataFormat);
  },
  DepthwiseConv2dNative: (g, { x, filter }, attrs) => depthwise(g, x, filter, attrs),
  DepthwiseConv2dNativeBackpropInput: (g, { dy, filter }, attrs) => {
    const info = convGeometry(attrs.inputShape, filter.shape, attrs, true);
    const kernel = depthwiseFilter(g, filter);
    const first = toChannelsFirst(g, dy);
    return fromChannelsFirst(g, convolveTransposed(g, first, kernel, infoToWindows(info), info.inChannels));
  },
  DepthwiseConv2dNativeBackpropFilter: (g, { x, dy }, attrs) =>
    depthwiseFilterGradient(g, x, dy, convGeometry(x.shape, attrs.filterShape, attrs, true)),
  FusedConv2D: (g, { x, filter, bias, preluActivationWeights }, attrs) => {
    const sum = addBias(g, dense(g, x, filter, attrs), bias, attrs.dataFormat);
    return activate(g, sum, attrs.activation, { ...attrs, preluActivationWeights });
  },
  FusedDepthwiseConv2D: (g, { x, filter, bias, preluActivationWeights }, attrs) => {
    const sum = addBias(g, depthwise(g, x, filter, attrs), bias, attrs.dataFormat);
    return activate(g, sum, attrs.activation, { ...attrs, preluActivationWeights });
  },
};
