/**
 * Images and filters in blocks of channels, as ONNX Runtime's direct convolution takes them: as many channels as a register
 * holds lie side by side. A filter in blocks is `[out / block, in / block, height, width, block of in, block of out]`. With
 * fewer channels in than a block it is `[out / block, in, height, width, block of out]`, and the image stays as ONNX has
 * it; fewer channels out than a block are filled up with zeros.
 */
import type { Value } from "../graph.ts";
import type { GraphBuilder } from "../graph-builder.ts";
import { TO_CHANNELS_LAST } from "../rewrites/transposes.ts";
import { filledTo } from "./shaping.ts";
import { toChannelsFirst } from "./windows.ts";

/** So many channels, filled up to whole blocks. */
export const wholeBlocks = (g: GraphBuilder, channels: number): number =>
  Math.ceil(channels / g.channelBlock) * g.channelBlock;

/** @param x channels last */
export function imageToBlocks(g: GraphBuilder, x: Value): Value {
  if (x.shape[3] < g.channelBlock) return toChannelsFirst(g, x);
  const below = g.producer(x, "Transpose");
  return `${below?.attributes.perm}` === `${TO_CHANNELS_LAST}`
    ? g.op("ReorderInput", [below!.inputs[0]])
    : g.op("ReorderInput", [x], { channels_last: 1 });
}

/** The first so many channels, which are last in the result. */
export const blocksToImage = (g: GraphBuilder, y: Value, channels: number): Value =>
  g.op("ReorderOutput", [y], { channels, channels_last: 1 });

/**
 * The taps of a filter, each in blocks: `[height, width, out / block, in / block, block of in, block of out]`.
 * @param filter `[height, width, from, to]`
 * @param back whether it is to lead from `to` to `from`
 */
export function filterToTaps(g: GraphBuilder, filter: Value, back: boolean): Value {
  const block = g.channelBlock;
  const outAxis = back ? 2 : 3;
  const whole = filledTo(g, filter, outAxis, wholeBlocks(g, filter.shape[outAxis]));
  const [height, width, from, to] = whole.shape;
  // Each tap as an image whose channels are those that lead out: nothing else brings them into blocks as fast.
  const blocks = back
    ? g.op("ReorderInput", [g.reshape(whole, [height * width, from, 1, to])])
    : g.op("ReorderInput", [g.reshape(whole, [height * width, 1, from, to])], { channels_last: 1 });
  const [outs, ins] = back ? [from, to] : [to, from];
  const inner = ins < block ? 1 : block;
  return g.reshape(blocks, [height, width, outs / block, ins / inner, inner, block]);
}

/**
 * An image with channels and batch exchanged, `[channels, batch, height, width]`, in blocks of the batch where that holds
 * whole ones.
 * @param x channels last
 */
export function exchangedToBlocks(g: GraphBuilder, x: Value): Value {
  const [batch, height, width, channels] = x.shape;
  if (batch < g.channelBlock) return g.transpose(x, [3, 0, 1, 2]);
  const first = g.reshape(toChannelsFirst(g, x), [1, batch, 1, channels * height * width]);
  const apart = g.reshape(g.op("ReorderInput", [first]), [
    batch / g.channelBlock,
    channels,
    height * width * g.channelBlock,
  ]);
  return g.reshape(g.transpose(apart, [1, 0, 2]), [channels, batch, height, width]);
}

/** An image as a filter in blocks that meets such an exchanged one. @param x channels last, whole blocks of them */
export function imageToFilter(g: GraphBuilder, x: Value): Value {
  const [batch, height, width, channels] = x.shape;
  const block = g.channelBlock;
  const inner = batch < block ? 1 : block;
  const apart = g.reshape(imageToBlocks(g, x), [
    batch / inner,
    inner,
    channels / block,
    height * width,
    block,
  ]);
  return g.reshape(g.transpose(apart, [2, 0, 3, 1, 4]), [channels, batch, height, width]);
}

/** @param filter in blocks, typed as ONNX's: `[out, in, height, width]` */
export const convolveBlocks = (
  g: GraphBuilder,
  x: Value,
  filter: Value,
  {
    strides = [1, 1],
    dilations = [1, 1],
    pads,
  }: {
    readonly strides?: readonly number[];
    readonly dilations?: readonly number[];
    readonly pads: readonly number[];
  },
): Value =>
  g.op("BlockedConv", [x, filter], {
    kernel_shape: filter.shape.slice(2),
    strides,
    pads,
    dilations,
    group: 1,
  });
