/**
 * Convolutions as one product of a row for each place: where a batch has few places and many channels, the filter is the
 * larger side, and bringing it into ONNX's order costs more than the arithmetic. As `[taps * in, out]` it is read where
 * it lies, and its gradient is written there.
 */
import type { Value } from "../graph.ts";
import type { GraphBuilder } from "../graph-builder.ts";
import { isConstant } from "../rewrites/shapes.ts";
import { placesOf, type Windows } from "./channels-first.ts";
import { filledTo } from "./shaping.ts";
import { elementsMetByTaps } from "./taps.ts";

/** Rows for each channel that a filter makes up to which copies of the image cost less than those of the filter. */
const ROWS_PER_CHANNEL = 2;

/** Whether the filter `[height, width, in, out]` is large beside what it meets; one that stays is reordered but once. */
export function isByRows(filter: Value, batch: number, windows: Windows): boolean {
  const { dilations, pads, output } = windows;
  if (isConstant(filter) || dilations.some((step) => step !== 1) || pads.some((pad) => pad < 0)) return false;
  return hasFewRows(batch * placesOf(output), filter.shape[3]);
}

export const hasFewRows = (rows: number, to: number): boolean => rows <= ROWS_PER_CHANNEL * to;

/** What the taps meet at each place, side by side: `[batch * places, taps * in]`. @param x channels last */
function imageToRows(g: GraphBuilder, x: Value, windows: Windows): Value {
  const rows = x.shape[0] * placesOf(windows.output);
  const met = elementsMetByTaps(g, x, windows, 1).map((tap) => g.reshape(tap, [rows, x.shape[3]]));
  return g.concat(met, 1);
}

/** The filter as a matrix, `[taps * in, out]`. */
const filterToMatrix = (g: GraphBuilder, filter: Value): Value =>
  g.reshape(filter, [filter.shape[0] * filter.shape[1] * filter.shape[2], filter.shape[3]]);

/** @param x channels last, as the result is */
export function convolveRows(g: GraphBuilder, x: Value, filter: Value, windows: Windows): Value {
  const product = g.op("Gemm", [imageToRows(g, x, windows), filterToMatrix(g, filter)]);
  return g.reshape(product, [x.shape[0], ...windows.output, filter.shape[3]]);
}

/**
 * The sum of what rows put where their taps lie: the transpose of `imageToRows`.
 *
 * Along an axis of stride s, tap q s + r of place o meets element o s + q s + r. So the taps r = 0..s-1 of a place are s
 * neighbours, and for each q the places together are a whole image, moved by q s.
 */
function rowsToImage(g: GraphBuilder, rows: Value, batch: number, channels: number, windows: Windows): Value {
  const { size, output, strides, input, pads } = windows;
  const taps = g.reshape(rows, [batch, ...output, ...size, channels]);
  const toStrides = (axis: 0 | 1) => Math.ceil(size[axis] / strides[axis]) * strides[axis];
  const whole = filledTo(g, filledTo(g, taps, 3, toStrides(0)), 4, toStrides(1));
  const turns = [whole.shape[3] / strides[0], whole.shape[4] / strides[1]];
  const split = g.reshape(whole, [batch, ...output, turns[0], strides[0], turns[1], strides[1], channels]);
  const sides = output.map((side, axis) => side * strides[axis]);
  const images = g.reshape(g.transpose(split, [3, 5, 0, 1, 4, 2, 6, 7]), [
    turns[0] * turns[1],
    batch,
    ...sides,
    channels,
  ]);
  let sum: Value | undefined;
  for (let q = 0; q < turns[0] * turns[1]; q++) {
    const moved = [Math.floor(q / turns[1]) * strides[0], (q % turns[1]) * strides[1]];
    const left = turns.map((count, axis) => (count - 1) * strides[axis] - moved[axis]);
    const image = g.reshape(g.op("Slice", [images, g.list([q]), g.list([q + 1]), g.list([0])]), [
      batch,
      ...sides,
      channels,
    ]);
    const placed = g.op("Pad", [image, g.list([0, ...moved, 0, 0, ...left, 0])], { mode: "constant" });
    sum = sum ? g.op("Add", [sum, placed]) : placed;
  }
  const [top, leading] = pads;
  return g.op("Slice", [
    sum,
    g.list([top, leading]),
    g.list([top + input[0], leading + input[1]]),
    g.list([1, 2]),
  ]);
}

/** The gradient with respect to the image, which a transposed convolution computes too. @param dy channels last, as the result is */
export function inputGradientByRows(g: GraphBuilder, dy: Value, filter: Value, windows: Windows): Value {
  const [batch, height, width, to] = dy.shape;
  const slopes = g.reshape(dy, [batch * height * width, to]);
  const rows = g.op("Gemm", [slopes, filterToMatrix(g, filter)], { transB: 1 });
  return rowsToImage(g, rows, batch, filter.shape[2], windows);
}

/** The gradient with respect to the filter. @param x channels last @param dy channels last */
export function filterGradientByRows(g: GraphBuilder, x: Value, dy: Value, windows: Windows): Value {
  const [batch, height, width, to] = dy.shape;
  const slopes = g.reshape(dy, [batch * height * width, to]);
  const product = g.op("Gemm", [imageToRows(g, x, windows), slopes], { transA: 1 });
  return g.reshape(product, [...windows.size, x.shape[3], to]);
}
