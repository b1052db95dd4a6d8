/**
 * Convolutions and their gradients by ONNX Runtime's direct convolution, whose channels lie in blocks of a register. It
 * gathers no patches and shares all of its work among threads. ONNX Runtime uses it by itself where filters are
 * constants; these bring a filter that training moves into its order as a part of the graph.
 *
 * A filter in blocks is `[out / block, in / block, height, width, block of in, block of out]`; with fewer channels in than
 * a block, `[out / block, in, height, width, block of out]`, and the image stays as ONNX has it. Fewer channels out than
 * a block are filled up with zeros.
 */
import type { Value } from "../graph.ts";
import type { GraphBuilder } from "../graph-builder.ts";
import { isConstant } from "../rewrites/shapes.ts";
import { notNegative, placesOf, turned, type Windows } from "./channels-first.ts";

/** Places of a batch from which on bringing the filter into order costs less than the patches would. */
const MANY_PLACES = 128;

const TO_CHANNELS_LAST = [0, 2, 3, 1];

/** Whether blocks hold so many channels without waste, or with waste where there are fewer than one. */
const fits = (channels: number, block: number): boolean => channels < block || channels % block === 0;

/** What stands at the taps of a stride of the transposed convolution's image, along one axis. */
interface Phases {
  /** Taps of the filter that meet one of `stride` neighbours of the image: each of them as many. */
  readonly taps: number;
  readonly stride: number;
  /** Rows of `stride` neighbours, the first and the last cut. */
  readonly rows: number;
  /** Zeros before and after the small image. */
  readonly before: number;
  readonly after: number;
  /** Neighbours of the first row that lie before the image. */
  readonly cut: number;
}

/**
 * Element e of the image meets, at tap r + s j, place m - j, where e + padding = s m + r: for each of the s phases r a
 * convolution of the small image at stride 1.
 */
function toPhases(windows: Windows, axis: 0 | 1): Phases {
  const [size, input, output] = [windows.size[axis], windows.input[axis], windows.output[axis]];
  const [stride, pad] = [windows.strides[axis], Math.max(0, windows.pads[axis])];
  const taps = Math.ceil(size / stride);
  const first = Math.floor(pad / stride);
  const last = Math.floor((input - 1 + pad) / stride);
  return {
    taps,
    stride,
    rows: last - first + 1,
    before: taps - 1 - first,
    after: last - (output - 1),
    cut: pad - stride * first,
  };
}

/** Whether the convolution and its transpose, which is its gradient, can be computed in blocks here. */
export function fitsBlocks(g: GraphBuilder, filter: Value, windows: Windows): boolean {
  if (g.channelBlock === 1 || isConstant(filter) || windows.dilations.some((step) => step !== 1))
    return false;
  const [from, to] = filter.shape.slice(2);
  if (!fits(from, g.channelBlock) || !fits(to, g.channelBlock)) return false;
  const phases = [toPhases(windows, 0), toPhases(windows, 1)];
  return phases.every(({ before, after }) => before >= 0 && after >= 0);
}

const hasManyPlaces = (batch: number, windows: Windows): boolean =>
  batch * placesOf(windows.output) >= MANY_PLACES;

/** Whether they can, and are faster so. */
export const isInBlocks = (g: GraphBuilder, filter: Value, batch: number, windows: Windows): boolean =>
  fitsBlocks(g, filter, windows) && hasManyPlaces(batch, windows);

/** Zeros behind an axis until it is so long. */
function filledTo(g: GraphBuilder, x: Value, axis: number, length: number): Value {
  if (x.shape[axis] === length) return x;
  const amounts = Array<number>(2 * x.shape.length).fill(0);
  amounts[x.shape.length + axis] = length - x.shape[axis];
  return g.op("Pad", [x, g.list(amounts)], { mode: "constant" });
}

const filledLength = (channels: number, block: number): number => Math.ceil(channels / block) * block;

/** @param x channels last */
function imageToBlocks(g: GraphBuilder, x: Value): Value {
  if (x.shape[3] < g.channelBlock) return g.transpose(x, [0, 3, 1, 2]);
  const below = g.producer(x, "Transpose");
  return `${below?.attributes.perm}` === `${TO_CHANNELS_LAST}`
    ? g.op("ReorderInput", [below!.inputs[0]])
    : g.op("ReorderInput", [x], { channels_last: 1 });
}

/** Channels last. */
const blocksToImage = (g: GraphBuilder, y: Value, channels: number): Value =>
  g.op("ReorderOutput", [y], { channels, channels_last: 1 });

/**
 * The taps of a filter, each in blocks: `[height, width, out / block, in / block, block of in, block of out]`.
 * @param filter `[height, width, from, to]`
 * @param back whether it is to lead from `to` to `from`
 */
function filterToTaps(g: GraphBuilder, filter: Value, back: boolean): Value {
  const block = g.channelBlock;
  const outAxis = back ? 2 : 3;
  const whole = filledTo(g, filter, outAxis, filledLength(filter.shape[outAxis], block));
  const [height, width, from, to] = whole.shape;
  // Each tap as an image whose channels are those that lead out: nothing else brings them into blocks as fast.
  const blocks = back
    ? g.op("ReorderInput", [g.reshape(whole, [height * width, from, 1, to])])
    : g.op("ReorderInput", [g.reshape(whole, [height * width, 1, from, to])], { channels_last: 1 });
  const [outs, ins] = back ? [from, to] : [to, from];
  const inner = ins < block ? 1 : block;
  return g.reshape(blocks, [height, width, outs / block, ins / inner, inner, block]);
}

const blockedConvolution = (
  g: GraphBuilder,
  x: Value,
  filter: Value,
  strides: readonly number[],
  pads: readonly number[],
): Value =>
  g.op("BlockedConv", [x, filter], {
    kernel_shape: filter.shape.slice(2),
    strides,
    pads,
    dilations: [1, 1],
    group: 1,
  });

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
  return g.transpose(
    moved.reduce((sum, part) => g.op("Add", [sum, part])),
    TO_CHANNELS_LAST,
  );
}

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
  return blockedConvolution(g, imageToBlocks(g, x), order, strides, notNegative(pads));
}

/** Whether taking columns for channels saves a half of the arithmetic. */
function isByColumns(g: GraphBuilder, [, width, , to]: readonly number[]): boolean {
  const filled = (channels: number) => filledLength(channels, g.channelBlock);
  return 2 * filled(width * to) <= width * filled(to);
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
  if (!back && isByColumns(g, filter.shape)) return convolveByColumns(g, x, filter, windows);
  return blocksToImage(g, convolvedBlocks(g, x, filter, windows, back), filter.shape[back ? 2 : 3]);
}

/** From the last to the first along two axes. */
function reversed(g: GraphBuilder, x: Value, axes: readonly [number, number]): Value {
  const turning = axes.filter((axis) => x.shape[axis] > 1);
  if (turning.length === 0) return x;
  const all = (value: number) => g.list(turning.map(() => value));
  const starts = g.list(turning.map((axis) => x.shape[axis] - 1));
  return g.op("Slice", [x, starts, all(-Number.MAX_SAFE_INTEGER), g.list(turning), all(-1)]);
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
  if (around !== undefined && back) {
    const [height, width, to, from] = filter.shape;
    if (isByColumns(g, [height, width, from, to])) {
      const exchanged = g.transpose(reversed(g, filter, [0, 1]), [0, 1, 3, 2]);
      return convolveByColumns(g, y, exchanged, around);
    }
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
  const phases = blockedConvolution(g, imageToBlocks(g, y), order, [1, 1], pads);
  const channels = filter.shape[back ? 2 : 3];
  if (down * across === 1) return blocksToImage(g, phases, channels);

  const batch = y.shape[0];
  const apart = g.reshape(blocksToImage(g, phases, phases.shape[1]), [
    batch,
    rows.rows,
    columns.rows,
    down,
    across,
    outs * block,
  ]);
  const image = g.reshape(g.transpose(apart, [0, 1, 3, 2, 4, 5]), [
    batch,
    rows.rows * down,
    columns.rows * across,
    outs * block,
  ]);
  const starts = [rows.cut, columns.cut, 0];
  const lengths = [windows.input[0], windows.input[1], channels];
  if (starts.every((start, i) => start === 0 && lengths[i] === image.shape[i + 1])) return image;
  return g.op("Slice", [
    image,
    g.list(starts),
    g.list(starts.map((start, i) => start + lengths[i])),
    g.list([1, 2, 3]),
  ]);
}

/** `[channels, batch, height, width]`. @param x channels last */
const channelsToBatch = (g: GraphBuilder, x: Value): Value => g.transpose(x, [3, 0, 1, 2]);

/** An image as a filter that meets it with channels and batch exchanged. @param x channels last, whole blocks of them */
function imageToFilter(g: GraphBuilder, x: Value): Value {
  const [batch, height, width, channels] = x.shape;
  const blocks = channels / g.channelBlock;
  const apart = g.reshape(imageToBlocks(g, x), [batch, blocks, height * width * g.channelBlock]);
  return g.reshape(g.transpose(apart, [1, 0, 2]), [channels, batch, height, width]);
}

/** Whether the gradient with respect to the filter can be computed in blocks: the batch takes the place of the channels in. */
export function gradientFitsBlocks(
  g: GraphBuilder,
  batch: number,
  [from, to]: readonly [number, number],
  windows: Windows,
): boolean {
  const block = g.channelBlock;
  if (block === 1 || batch >= block || windows.dilations.some((step) => step !== 1)) return false;
  if (windows.pads.some((pad) => pad < 0)) return false;
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
    const product = g.op("BlockedConv", [channelsToBatch(g, image), imageToFilter(g, filter)], {
      kernel_shape: filter.shape.slice(1, 3),
      strides: [1, 1],
      pads,
      dilations,
      group: 1,
    });
    return blocksToImage(g, product, filter.shape[3]);
  };
  if (dy.shape[3] % g.channelBlock === 0)
    return g.transpose(sumOver(x, dy, windows.strides, windows.pads), [1, 2, 0, 3]);
  const { pads } = turned(windows)!;
  return g.transpose(reversed(g, sumOver(dy, x, [1, 1], pads), [1, 2]), [1, 2, 3, 0]);
}
