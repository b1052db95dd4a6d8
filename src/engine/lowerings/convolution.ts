/**
 * Convolutions and their two gradients. tensorflow.js is NHWC with filters [h, w, in, out]; ONNX is NCHW with
 * filters [out, in / group, h, w].
 */

import type { Value } from "../graph.ts";
import type { GraphBuilder } from "../graph-builder.ts";
import type { Lowerings } from "../kernels.ts";
import { activate } from "./elementwise.ts";
import {
  type ConvInfo,
  convGeometry,
  dilations,
  fromChannelsFirst,
  onnxPads,
  signedPads,
  strides,
  toChannelsFirst,
  type WindowAttrs,
} from "./windows.ts";

type Format = "NHWC" | "NCHW";

function convolve(g: GraphBuilder, x: Value, filter: Value, attrs: WindowAttrs, depthwise: boolean): Value {
  const info = convGeometry(x.shape, filter.shape, attrs, depthwise);
  const convolved = g.op(
    "Conv",
    [
      toChannelsFirst(g, x, attrs.dataFormat),
      depthwise ? depthwiseFilter(g, filter) : denseFilter(g, filter),
    ],
    {
      kernel_shape: [info.filterHeight, info.filterWidth],
      strides: strides(info),
      pads: onnxPads(info),
      dilations: dilations(info),
      group: depthwise ? info.inChannels : 1,
    },
  );
  return fromChannelsFirst(g, convolved, attrs.dataFormat);
}

/** [h, w, in, out] to [out, in, h, w]. */
const denseFilter = (g: GraphBuilder, filter: Value): Value => g.transpose(filter, [3, 2, 0, 1]);

/** [h, w, in, multiplier] to [in * multiplier, 1, h, w]. */
function depthwiseFilter(g: GraphBuilder, filter: Value): Value {
  const [height, width, channels, multiplier] = filter.shape;
  return g.reshape(g.transpose(filter, [2, 3, 0, 1]), [channels * multiplier, 1, height, width]);
}

/**
 * The gradient with respect to the input, a transposed convolution. Where floor left elements unread at the end,
 * output_padding brings them back as zeros.
 */
function convolveBack(
  g: GraphBuilder,
  dy: Value,
  filter: Value,
  info: ConvInfo,
  group: number,
  format: Format,
): Value {
  const [top, left, bottom, right] = signedPads(info);
  const back = g.op(
    "ConvTranspose",
    [toChannelsFirst(g, dy, format), group === 1 ? denseFilter(g, filter) : depthwiseFilter(g, filter)],
    {
      kernel_shape: [info.filterHeight, info.filterWidth],
      strides: strides(info),
      pads: [top, left, Math.max(0, bottom), Math.max(0, right)],
      output_padding: [Math.max(0, -bottom), Math.max(0, -right)],
      dilations: dilations(info),
      group,
    },
  );
  return fromChannelsFirst(g, back, format);
}

/** For each tap of the filter, the input elements (NHWC) that it meets: `[batch * outHeight * outWidth, inChannels]`. */
function taps(g: GraphBuilder, x: Value, info: ConvInfo): Value[] {
  const [top, left, bottom, right] = signedPads(info).map((pad) => Math.max(0, pad));
  const padded =
    top + left + bottom + right === 0
      ? x
      : g.op("Pad", [x, g.list([0, top, left, 0, 0, bottom, right, 0])], { mode: "constant" });
  const rows = info.batchSize * info.outHeight * info.outWidth;
  const taps: Value[] = [];
  for (let h = 0; h < info.filterHeight; h++) {
    for (let w = 0; w < info.filterWidth; w++) {
      const startH = h * info.dilationHeight;
      const startW = w * info.dilationWidth;
      const endH = startH + (info.outHeight - 1) * info.strideHeight + 1;
      const endW = startW + (info.outWidth - 1) * info.strideWidth + 1;
      const whole =
        endH - startH === padded.shape[1] &&
        endW - startW === padded.shape[2] &&
        info.strideHeight * info.strideWidth === 1;
      const met = whole
        ? padded
        : g.op("Slice", [
            padded,
            g.list([startH, startW]),
            g.list([endH, endW]),
            g.list([1, 2]),
            g.list(strides(info)),
          ]);
      taps.push(g.reshape(met, [rows, info.inChannels]));
    }
  }
  return taps;
}

/** dW[h, w, i, o] = sum over positions of x at the tap times dy: one matrix product of all taps side by side. */
function filterGradient(g: GraphBuilder, x: Value, dy: Value, info: ConvInfo): Value {
  const patches = taps(g, x, info);
  const all = patches.length === 1 ? patches[0] : g.op("Concat", patches, { axis: 1 });
  const product = g.op("Gemm", [all, g.reshape(dy, [all.shape[0], info.outChannels])], { transA: 1 });
  return g.reshape(product, [info.filterHeight, info.filterWidth, info.inChannels, info.outChannels]);
}

/** dW[h, w, c, m] = sum over positions of x[c] at the tap times dy[c, m]. */
function depthwiseFilterGradient(g: GraphBuilder, x: Value, dy: Value, info: ConvInfo): Value {
  const rows = info.batchSize * info.outHeight * info.outWidth;
  const multiplier = info.outChannels / info.inChannels;
  const slopes = g.reshape(dy, [rows, info.inChannels, multiplier]);
  const sums = taps(g, x, info).map((tap) => {
    const product = g.op("Mul", [g.reshape(tap, [rows, info.inChannels, 1]), slopes]);
    return g.reduce("ReduceSum", product, [0], true);
  });
  const stacked = sums.length === 1 ? sums[0] : g.op("Concat", sums, { axis: 0 });
  return g.reshape(stacked, [info.filterHeight, info.filterWidth, info.inChannels, multiplier]);
}

const toNhwc = (g: GraphBuilder, x: Value, format: Format): Value =>
  format === "NHWC" ? x : g.transpose(x, [0, 2, 3, 1]);

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
  Conv2D: (g, { x, filter }, attrs) => convolve(g, x, filter, attrs, false),
  Conv2DBackpropInput: (g, { dy, filter }, attrs) => {
    const info = convGeometry(attrs.inputShape, filter.shape, attrs);
    return convolveBack(g, dy, filter, info, 1, attrs.dataFormat);
  },
  Conv2DBackpropFilter: (g, { x, dy }, attrs) => {
    const info = convGeometry(x.shape, attrs.filterShape, attrs);
    return filterGradient(g, toNhwc(g, x, attrs.dataFormat), toNhwc(g, dy, attrs.dataFormat), info);
  },
  DepthwiseConv2dNative: (g, { x, filter }, attrs) => convolve(g, x, filter, attrs, true),
  DepthwiseConv2dNativeBackpropInput: (g, { dy, filter }, attrs) => {
    const info = convGeometry(attrs.inputShape, filter.shape, attrs, true);
    return convolveBack(g, dy, filter, info, info.inChannels, "NHWC");
  },
  DepthwiseConv2dNativeBackpropFilter: (g, { x, dy }, attrs) =>
    depthwiseFilterGradient(g, x, dy, convGeometry(x.shape, attrs.filterShape, attrs, true)),
  FusedConv2D: (g, { x, filter, bias, preluActivationWeights }, attrs) => {
    const sum = addBias(g, convolve(g, x, filter, attrs, false), bias, attrs.dataFormat);
    return activate(g, sum, attrs.activation, { ...attrs, preluActivationWeights });
  },
  FusedDepthwiseConv2D: (g, { x, filter, bias, preluActivationWeights }, attrs) => {
    const sum = addBias(g, convolve(g, x, filter, attrs, true), bias, attrs.dataFormat);
    return activate(g, sum, attrs.activation, { ...attrs, preluActivationWeights });
  },
};
