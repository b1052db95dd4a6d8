/** A convolution's geometry and its operations as ONNX has them: images [batch, channels, height, width]. */
import type { Value } from "../graph.ts";
import type { GraphBuilder } from "../graph-builder.ts";
import { type ConvInfo, dilations, signedPads, strides } from "./windows.ts";

type Pair = readonly [number, number];

/** How windows lie on an image, height first. */
export interface Windows {
  readonly size: Pair;
  readonly input: Pair;
  readonly output: Pair;
  readonly strides: Pair;
  readonly dilations: Pair;
  /** Top, left, bottom, right; a negative one is rows or columns that no window reads. */
  readonly pads: readonly [number, number, number, number];
}

export const infoToWindows = (info: ConvInfo): Windows => ({
  size: [info.filterHeight, info.filterWidth],
  input: [info.inHeight, info.inWidth],
  output: [info.outHeight, info.outWidth],
  strides: strides(info) as [number, number],
  dilations: dilations(info) as [number, number],
  pads: signedPads(info),
});

/** How many elements of a channel a window reads. */
export const tapsOf = ({ size }: Windows): number => size[0] * size[1];

/** How many places a side of windows has. */
export const placesOf = ([height, width]: Pair): number => height * width;

/**
 * The windows in which each element of the output meets what meets it in these: a convolution with the filter turned by
 * half a turn is the transpose of the one in these. Undefined for strides other than 1, and where it would need
 * negative padding.
 */
export function turned({ size, input, output, strides, dilations, pads }: Windows): Windows | undefined {
  if (strides[0] * strides[1] !== 1) return undefined;
  const reach = size.map((side, axis) => dilations[axis] * (side - 1));
  const around = pads.map((pad, i) => reach[i % 2] - pad) as [number, number, number, number];
  if (around.some((pad) => pad < 0)) return undefined;
  return { size, input: output, output: input, strides, dilations, pads: around };
}

/** As an attribute, which takes no negative padding: floor leaves out by itself what no window reads. */
export const notNegative = (pads: readonly number[]): number[] => pads.map((pad) => Math.max(0, pad));

/** @param filter `[out, in / groups, height, width]` */
export const convolve = (g: GraphBuilder, x: Value, filter: Value, windows: Windows, group = 1): Value =>
  g.op("Conv", [x, filter], {
    kernel_shape: windows.size,
    strides: windows.strides,
    // Floor leaves out by itself what no window reads.
    pads: notNegative(windows.pads),
    dilations: windows.dilations,
    group,
  });

/**
 * The transpose of `convolve` as a linear map, and so its gradient with respect to the image. What no window reads
 * comes back as zeros.
 * @param filter `[out, in / groups, height, width]` of the convolution
 */
export function convolveTransposed(
  g: GraphBuilder,
  y: Value,
  filter: Value,
  windows: Windows,
  group = 1,
): Value {
  const [top, left, bottom, right] = windows.pads;
  return g.op("ConvTranspose", [y, filter], {
    kernel_shape: windows.size,
    strides: windows.strides,
    pads: notNegative([top, left, bottom, right]),
    output_padding: notNegative([-bottom, -right]),
    dilations: windows.dilations,
    group,
  });
}

/** [height, width, in, out] to [out, in, height, width]. */
export const denseFilter = (g: GraphBuilder, filter: Value): Value => g.transpose(filter, [3, 2, 0, 1]);
