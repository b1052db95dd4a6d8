/** Geometry that convolutions and pools share: layouts, and the paddings that make ONNX's windows tensorflow.js's. */

import { GanEvalError } from "../../errors.ts";
import type { Value } from "../graph.ts";
import type { GraphBuilder } from "../graph-builder.ts";
import { backend_util } from "../tfjs.ts";

export type ConvInfo = backend_util.Conv2DInfo;
type Shape4 = [number, number, number, number];

export interface WindowAttrs {
  readonly strides: [number, number] | number;
  readonly pad: backend_util.PadInfo["type"] | "valid" | "same" | number | backend_util.ExplicitPadding;
  readonly dataFormat?: "NHWC" | "NCHW";
  readonly dilations?: [number, number] | number;
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
}

/** tensorflow.js's own geometry of a convolution. */
export function convGeometry(
  inputShape: readonly number[],
  filterShape: readonly number[],
  attrs: WindowAttrs,
  depthwise = false,
): ConvInfo {
  const format = attrs.dataFormat ?? "NHWC";
  const info = backend_util.computeConv2DInfo(
    inputShape as Shape4,
    filterShape as Shape4,
    attrs.strides,
    attrs.dilations ?? 1,
    attrs.pad as "same",
    attrs.dimRoundingMode,
    depthwise,
    backend_util.convertConv2DDataFormat(format),
  );
  return checkedGeometry(info, attrs);
}

/** tensorflow.js's own geometry of a pool. */
export function poolGeometry(
  inputShape: readonly number[],
  attrs: WindowAttrs & { readonly filterSize: [number, number] | number },
): ConvInfo {
  const info = backend_util.computePool2DInfo(
    inputShape as Shape4,
    attrs.filterSize,
    attrs.strides,
    attrs.dilations ?? 1,
    attrs.pad as "same",
    attrs.dimRoundingMode,
  );
  return checkedGeometry(info, attrs);
}

/** With one number for padding tensorflow.js sizes the output's width by the window's height: a wrong size otherwise. */
function checkedGeometry(info: ConvInfo, attrs: WindowAttrs): ConvInfo {
  const square =
    info.effectiveFilterHeight === info.effectiveFilterWidth && info.strideHeight === info.strideWidth;
  if (typeof attrs.pad === "number" && attrs.pad !== 0 && !square)
    throw new GanEvalError(
      "usage.numeric-padding",
      `expected a square window for padding by the single number ${attrs.pad}, got ${info.effectiveFilterHeight}x${info.effectiveFilterWidth}, strides ${info.strideHeight}x${info.strideWidth}`,
      { hint: "Give the padding of each side: [[0, 0], [top, bottom], [left, right], [0, 0]]." },
    );
  return info;
}

/** Padding after the last element that makes ONNX's floor give exactly `out` windows; negative: elements never read. */
function padAfter(size: number, out: number, stride: number, extent: number, before: number): number {
  return (out - 1) * stride + extent - size - before;
}

/** Padding `[top, left, bottom, right]` as the geometry needs it; negative entries are elements that no window reads. */
export function signedPads(info: ConvInfo): [number, number, number, number] {
  const { top, left } = info.padInfo;
  return [
    top,
    left,
    padAfter(info.inHeight, info.outHeight, info.strideHeight, info.effectiveFilterHeight, top),
    padAfter(info.inWidth, info.outWidth, info.strideWidth, info.effectiveFilterWidth, left),
  ];
}

/** The same as an ONNX attribute, which takes no negative padding: floor ignores those elements by itself. */
export const onnxPads = (info: ConvInfo): number[] => signedPads(info).map((pad) => Math.max(0, pad));

export const strides = (info: ConvInfo): number[] => [info.strideHeight, info.strideWidth];
export const dilations = (info: ConvInfo): number[] => [info.dilationHeight, info.dilationWidth];

/** To NCHW, from the layout the kernel says. ONNX Runtime's layout optimizer removes what cancels. */
export const toChannelsFirst = (g: GraphBuilder, x: Value, format: "NHWC" | "NCHW" = "NHWC"): Value =>
  format === "NCHW" ? x : g.transpose(x, [0, 3, 1, 2]);

/** From NCHW, to the layout the kernel says. */
export const fromChannelsFirst = (g: GraphBuilder, x: Value, format: "NHWC" | "NCHW" = "NHWC"): Value =>
  format === "NCHW" ? x : g.transpose(x, [0, 2, 3, 1]);

/** To NHWC, from the layout the kernel says. */
export const toChannelsLast = (g: GraphBuilder, x: Value, format: "NHWC" | "NCHW"): Value =>
  format === "NHWC" ? x : g.transpose(x, [0, 2, 3, 1]);

/** From NHWC, to the layout the kernel says. */
export const fromChannelsLast = (g: GraphBuilder, x: Value, format: "NHWC" | "NCHW"): Value =>
  format === "NHWC" ? x : g.transpose(x, [0, 3, 1, 2]);
