/**
 * Convolutions and their gradients by ONNX Runtime's direct convolution, which gathers no patches and shares all of its
 * work among threads. ONNX Runtime takes it by itself where filters are constants; here the graph brings filters that
 * training moves into its order.
 */
import type { Value } from "../graph.ts";
import type { GraphBuilder } from "../graph-builder.ts";
import { isConstant } from "../rewrites/shapes.ts";
import {
  blocksToImage,
  convolveBlocks,
  exchangedToBlocks,
  filterToTaps,
  imageToBlocks,
  imageToFilter,
  wholeBlocks,
} from "./channel-blocks.ts";
import { notNegative, placesOf, turned, type Windows } from "./channels-first.ts";
import { filledTo, reversed } from "./shaping.ts";
import { fromChannelsFirst } from "./windows.ts";

/** Places of a batch from which on bringing the filter into order costs less than the patches would. */
const MANY_PLACES = 128;

/** A transposed convolution along one axis, as convolutions of the small image at stride 1. */
interface Phases {
  /** How many neighbours of the large image stand for one place: each is a phase, and has a convolution of its own. */
  readonly stride: number;
  /** Taps of each of these convolutions. */
  readonly taps: number;
  /** Places of each, the first and the last of which may lie in part beyond the large image. */
  readonly places: number;
  /** Zeros around the small image. */
  readonly before: number;
  readonly after: number;
  /** Neighbours of the first place that lie before the large image. */
  readonly cut: number;
}

/** Element e of the large image meets, at tap r + s j, place m - j, where e + padding = s m + r. */
function toPhases(windows: Windows, axis: 0 | 1): Phases {
  const [size, input, output] = [windows.size[axis], windows.input[axis], windows.output[axis]];
  const [stride, pad] = [windows.strides[axis], Math.max(0, windows.pads[axis])];
  const taps = Math.ceil(size / stride);
  const first = Math.floor(pad / stride);
  const last = Math.floor((input - 1 + pad) / stride);
  return {
    stride,
    taps,
    places: last - first + 1,
    before: taps - 1 - first,
    after: last - (output - 1),
    cut: pad - stride * first,
  };
}

/** Whether the convolution and its transpose, which is its gradient, can be computed in blocks here. */
export function fitsBlocks(g: GraphBuilder, filter: Value, windows: Windows): boolean {
  const block = g.channelBlock;
  if (block === 1 || isConstant(filter) || windows.dilations.some((step) => step !== 1)) return false;
  const channels = filter.shape.slice(2);
  if (channels.every((count) => count < block)) return false;
  if (!channels.every((count) => count < block || count % block === 0)) return false;
  return ([0, 1] as const).every((axis) => {
    const { before, after } = toPhases(windows, axis);
    return before >= 0 && after >= 0;
  });
}

const hasManyPlaces = (batch: number, windows: Windows): boolean =>
  batch * placesOf(windows.output) >= MANY_PLACES;

/** Whether they can, and are faster so. */
export const isInBlocks = (g: GraphBuilder, filter: Value, batch: number, windows: Windows): boolean =>
  fitsBlocks(g, filter, windows) && hasManyPlaces(batch, windows);

/** The result in blocks. @param x channels last */
function convolvedBlocks(
  g: GraphBuilder,
  x: Value,
  filter: Value,
  { strides, pads }: Pick<Windows, "strides" | "pads">,
  back: boolean,
): Value {
  const taps = filterToTaps(g, filter, back);
  const [height, width, outs, ins, inner, block] = taps.shape;
  const order = g.reshape(g.transpose(taps, [2, 3, 0, 1, 4, 5]), [outs * block, ins * inner, height, width]);
  return convolveBlocks(g, imageToBlocks(g, x), order, { strides, pads: notNegative(pads) });
}

/** Whether taking columns of the filter for channels saves half of the arithmetic. */
const isByColumns = (g: GraphBuilder, width: number, to: number): boolean =>
  2 * wholeBlocks(g, width * to) <= width * wholeBlocks(g, to);

/**
 * A convolution to few channels: the columns of the filter become channels too, so that fewer are filled up, and what
 * each of them gives is moved to its place and added up.
 */
function convolveByColumns(g: GraphBuilder, x: Value, filter: Value, windows: Windows): Value {
  const [height, width, from, to] = filter.shape;
  const columns = g.reshape(g.transpose(filter, [0, 2, 1, 3]), [height, 1, from, width * to]);
  const narrow = { ...windows, strides: [windows.strides[0], 1] as const };
  const y = g.op("ReorderOutput", [convolvedBlocks(g, x, columns, narrow, false)], { channels: width * to });
  const reach = (windows.output[1] - 1) * windows.strides[1] + 1;
  const moved = Array.from({ length: width }, (_, column) =>
    g.op("Slice", [
      y,
      g.list([column * to, column]),
      g.list([(column + 1) * to, column + reach]),
      g.list([1, 3]),
      g.list([1, windows.strides[1]]),
    ]),
  );
  return fromChannelsFirst(
    g,
    moved.reduce((sum, part) => g.op("Add", [sum, part])),
  );
}

/**
 * @param x channels last, as the result is
 * @param filter `[height, width, in, out]`; with `back` `[height, width, out, in]`
 */
export function convolveInBlocks(
  g: GraphBuilder,
  x: Value,
  filter: Value,
  windows: Windows,
  back = false,
): Value {
  const [, width, from, to] = filter.shape;
  if (!back && isByColumns(g, width, to)) return convolveByColumns(g, x, filter, windows);
  return blocksToImage(g, convolvedBlocks(g, x, filter, windows, back), back ? from : to);
}

/**
 * The transpose of `convolveInBlocks`, and so its gradient with respect to the image.
 * @param y channels last, as the result is
 * @param filter `[height, width, in, out]`; with `back` false `[height, width, out, in]`
 */
export function convolveTransposedInBlocks(
  g: GraphBuilder,
  y: Value,
  filter: Value,
  windows: Windows,
  back = true,
): Value {
  const around = turned(windows);
  const channels = filter.shape[back ? 2 : 3];
  if (around !== undefined && back && isByColumns(g, filter.shape[1], channels)) {
    const exchanged = g.transpose(reversed(g, filter, [0, 1]), [0, 1, 3, 2]);
    return convolveByColumns(g, y, exchanged, around);
  }
  const [rows, columns] = [toPhases(windows, 0), toPhases(windows, 1)];
  const [down, across] = [rows.stride, columns.stride];
  const taps = filterToTaps(g, filter, back);
  const [, , outs, ins, inner, block] = taps.shape;
  const whole = filledTo(g, filledTo(g, taps, 0, rows.taps * down), 1, columns.taps * across);
  const split = g.reshape(whole, [rows.taps, down, columns.taps, across, outs, ins, inner, block]);
  const inOrder = g.transpose(reversed(g, split, [0, 2]), [1, 3, 4, 5, 0, 2, 6, 7]);
  const order = g.reshape(inOrder, [down * across * outs * block, ins * inner, rows.taps, columns.taps]);
  const pads = [rows.before, columns.before, rows.after, columns.after];
  const phases = convolveBlocks(g, imageToBlocks(g, y), order, { pads });
  if (down * across === 1) return blocksToImage(g, phases, channels);

  // Neighbours are channels still: they go to their places, and what lies beyond the image is cut off.
  const sides = [rows.places, columns.places];
  const apart = g.reshape(blocksToImage(g, phases, phases.shape[1]), [
    y.shape[0],
    ...sides,
    down,
    across,
    outs * block,
  ]);
  const image = g.reshape(g.transpose(apart, [0, 1, 3, 2, 4, 5]), [
    y.shape[0],
    rows.places * down,
    columns.places * across,
    outs * block,
  ]);
  const starts = [rows.cut, columns.cut, 0];
  const lengths = [...windows.input, channels];
  if (starts.every((start, i) => start === 0 && lengths[i] === image.shape[i + 1])) return image;
  const ends = starts.map((start, i) => start + lengths[i]);
  return g.op("Slice", [image, g.list(starts), g.list(ends), g.list([1, 2, 3])]);
}

/** Whether the gradient with respect to the filter can be computed in blocks: the batch takes the place of the channels in. */
export function gradientFitsBlocks(
  g: GraphBuilder,
  batch: number,
  [from, to]: readonly [number, number],
  windows: Windows,
): boolean {
  const block = g.channelBlock;
  if (block === 1 || windows.dilations.some((step) => step !== 1)) return false;
  if (windows.pads.some((pad) => pad < 0)) return false;
  // Of many images with few channels the patches are small.
  if (batch >= block) return [batch, from, to].every((count) => count % block === 0);
  return to % block === 0 || (from % block === 0 && turned(windows) !== undefined);
}

/** Whether it can, and is faster so. */
export const isGradientInBlocks = (
  g: GraphBuilder,
  batch: number,
  channels: readonly [number, number],
  windows: Windows,
): boolean => gradientFitsBlocks(g, batch, channels, windows) && hasManyPlaces(batch, windows);

/**
 * The gradient with respect to the filter, `[height, width, in, out]`: a convolution of x with dy as its filter, channels
 * and batch exchanged. Where dy has few channels, of dy with x, and the last tap comes first.
 * @param x channels last @param dy channels last
 */
export function filterGradientInBlocks(g: GraphBuilder, x: Value, dy: Value, windows: Windows): Value {
  const sumOver = (image: Value, filter: Value, dilations: readonly number[], pads: readonly number[]) => {
    const exchanged = exchangedToBlocks(g, image);
    const sums = convolveBlocks(g, exchanged, imageToFilter(g, filter), { dilations, pads });
    return blocksToImage(g, sums, filter.shape[3]);
  };
  if (dy.shape[3] % g.channelBlock === 0)
    return g.transpose(sumOver(x, dy, windows.strides, windows.pads), [1, 2, 0, 3]);
  const { pads } = turned(windows)!;
  return g.transpose(reversed(g, sumOver(dy, x, [1, 1], pads), [1, 2]), [1, 2, 3, 0]);
}
