/**
 * The gradient of a convolution with respect to its filter, dW[h, w, i, o]: the sum, over pictures and places, of what
 * tap (h, w) meets in channel i times dy in channel o. There are three ways to compute it; which is fast depends on
 * what is small.
 */
import type { Value } from "../graph.ts";
import type { GraphBuilder } from "../graph-builder.ts";
import { convolve, tapsOf, type Windows } from "./channels-first.ts";

/** x and dy channels first. */
interface Sides {
  readonly x: Value;
  readonly dy: Value;
  readonly windows: Windows;
}

const placesOf = ([height, width]: readonly [number, number]): number => height * width;

/** Height and width padded with zeros. */
function padded(g: GraphBuilder, x: Value, pads: readonly number[]): Value {
  const [top, left, bottom, right] = pads.map((pad) => Math.max(0, pad));
  if (top + left + bottom + right === 0) return x;
  return g.op("Pad", [x, g.list([0, 0, top, left, 0, 0, bottom, right])], { mode: "constant" });
}

/** For each tap, from the first row on, what it meets: `[batch, channels, places]`. */
function metByTaps(g: GraphBuilder, x: Value, windows: Windows): Value[] {
  const { size, output, strides, dilations, pads } = windows;
  const around = padded(g, x, pads);
  return Array.from({ length: tapsOf(windows) }, (_, tap) => {
    const place = [Math.floor(tap / size[1]), tap % size[1]];
    const start = place.map((at, axis) => at * dilations[axis]);
    const end = start.map((at, axis) => at + (output[axis] - 1) * strides[axis] + 1);
    const whole =
      strides.every((stride) => stride === 1) && end.every((at, axis) => at - start[axis] === around.shape[axis + 2]);
    const met = whole
      ? around
      : g.op("Slice", [around, g.list(start), g.list(end), g.list([2, 3]), g.list(strides)]);
    return g.reshape(met, [x.shape[0], x.shape[1], placesOf(output)]);
  });
}

const joined = (g: GraphBuilder, parts: readonly Value[], axis: number): Value =>
  parts.length === 1 ? parts[0] : g.op("Concat", parts, { axis });

/** The sum over pictures of `side[c, places] * met[k, places]`, as `[channels, taps * channels of the other]`. */
function productWithPatches(g: GraphBuilder, side: Value, patches: Value): Value {
  const [batch, channels, height, width] = side.shape;
  const product = g.op("MatMul", [
    g.reshape(side, [batch, channels, height * width]),
    g.transpose(patches, [0, 2, 1]),
  ]);
  return g.reduce("ReduceSum", product, [0], false);
}

/** With few channels in x: one product a picture, with the patches of x. */
function fromPatchesOfInput(g: GraphBuilder, { x, dy, windows }: Sides): Value {
  const patches = joined(g, metByTaps(g, x, windows), 1);
  const sum = productWithPatches(g, dy, patches);
  return g.reshape(g.transpose(sum, [1, 0]), [...windows.size, x.shape[1], dy.shape[1]]);
}

/** With few channels in dy, at stride 1: one product a picture, with the patches of dy that meet each x. */
function fromPatchesOfOutput(g: GraphBuilder, { x, dy, windows }: Sides): Value {
  const { size, input, output, dilations, pads } = windows;
  const reach = size.map((side, axis) => dilations[axis] * (side - 1));
  const turned: Windows = {
    ...windows,
    ...{ input: output, output: input },
    pads: pads.map((pad, i) => reach[i % 2] - pad) as [number, number, number, number],
  };
  const patches = joined(g, metByTaps(g, dy, turned).reverse(), 1);
  const [from, to] = [x.shape[1], dy.shape[1]];
  const sum = g.reshape(productWithPatches(g, x, patches), [from, tapsOf(windows), to]);
  return g.reshape(g.transpose(sum, [1, 0, 2]), [...size, from, to]);
}

const exchanged = (g: GraphBuilder, x: Value): Value => g.transpose(x, [1, 0, 2, 3]);

/**
 * A convolution of x with dy as its filter, batch and channels exchanged, stride and dilation too: its output has the
 * size of the filter. One product of [out, places] and [places, taps] for each channel of x.
 */
function fromExchange(g: GraphBuilder, { x, dy, windows }: Sides): Value {
  const { size, input, output, strides, dilations, pads } = windows;
  const sums = convolve(g, exchanged(g, x), exchanged(g, dy), {
    ...{ size: output, input, output: size, pads },
    ...{ strides: dilations, dilations: strides },
  });
  const exact = sums.shape[2] === size[0] && sums.shape[3] === size[1];
  // What no window of the convolution reads, further taps would.
  const cut = exact ? sums : g.op("Slice", [sums, g.list([0, 0]), g.list(size), g.list([2, 3])]);
  return g.transpose(cut, [2, 3, 0, 1]);
}

/** One product of all patches, side by side in channels-last rows, and dy. */
function fromRows(g: GraphBuilder, { x, dy, windows }: Sides): Value {
  const rows = (value: Value): Value => g.transpose(value, [0, 2, 3, 1]);
  const { size, output, strides, dilations, pads } = windows;
  const [top, left, bottom, right] = pads.map((pad) => Math.max(0, pad));
  const last = rows(x);
  const around =
    top + left + bottom + right === 0
      ? last
      : g.op("Pad", [last, g.list([0, top, left, 0, 0, bottom, right, 0])], { mode: "constant" });
  const count = x.shape[0] * placesOf(output);
  const patches = Array.from({ length: tapsOf(windows) }, (_, tap) => {
    const start = [Math.floor(tap / size[1]) * dilations[0], (tap % size[1]) * dilations[1]];
    const end = start.map((at, axis) => at + (output[axis] - 1) * strides[axis] + 1);
    const whole = end.every((at, axis) => at - start[axis] === around.shape[axis + 1]);
    const met =
      whole && strides[0] * strides[1] === 1
        ? around
        : g.op("Slice", [around, g.list(start), g.list(end), g.list([1, 2]), g.list(strides)]);
    return g.reshape(met, [count, x.shape[1]]);
  });
  const product = g.op("Gemm", [joined(g, patches, 1), g.reshape(rows(dy), [count, dy.shape[1]])], {
    transA: 1,
  });
  return g.reshape(product, [...size, x.shape[1], dy.shape[1]]);
}

/** Columns of a matrix that one register of AVX-512 holds, and so the fewest that are worth a matrix product. */
const COLUMNS = 16;
/** Multiplications from which on the rearrangement into rows pays. */
const MANY = 2 ** 28;

/** dW `[height, width, in, out]`, of x and dy channels first. */
export function filterGradient(g: GraphBuilder, x: Value, dy: Value, windows: Windows): Value {
  const sides = { x, dy, windows };
  const taps = tapsOf(windows);
  const [from, to] = [x.shape[1], dy.shape[1]];
  const isPlain = windows.strides.every((stride) => stride === 1);
  const inReach = windows.pads.every(
    (pad, i) => pad >= 0 && pad <= windows.dilations[i % 2] * (windows.size[i % 2] - 1),
  );
  if (from * taps <= 2 * COLUMNS) return fromPatchesOfInput(g, sides);
  if (to * taps <= 2 * COLUMNS && isPlain && inReach) return fromPatchesOfOutput(g, sides);
  const work = x.shape[0] * placesOf(windows.output) * taps * from * to;
  return 4 * taps < 3 * COLUMNS && work > MANY ? fromRows(g, sides) : fromExchange(g, sides);
}
