/**
 * The gradient of a convolution with respect to its filter, dW[h, w, i, o]: the sum, over images and places, of what
 * tap (h, w) meets in channel i times dy in channel o. Which way of computing it is fast depends on what is small.
 */
import type { Value } from "../graph.ts";
import type { GraphBuilder } from "../graph-builder.ts";
import { convolve, placesOf, tapsOf, turned, type Windows } from "./channels-first.ts";
import { filterGradientByRows, hasFewRows } from "./convolution-by-rows.ts";
import { filterGradientInBlocks, isGradientInBlocks } from "./convolution-in-blocks.ts";
import { elementsMetByTaps } from "./taps.ts";
import { toChannelsLast } from "./windows.ts";

/** Of x and dy, channels first, to dW. */
type FilterGradient = (g: GraphBuilder, x: Value, dy: Value, windows: Windows) => Value;

/** The sum over images of `side[channels, places]` times `[places, taps * channels of the other side]`. */
function productWithTaps(g: GraphBuilder, side: Value, met: readonly Value[]): Value {
  const [batch, channels, height, width] = side.shape;
  const places = height * width;
  const patches = g.concat(
    met.map((tap) => g.reshape(tap, [batch, tap.shape[1], places])),
    1,
  );
  const product = g.op("MatMul", [
    g.reshape(side, [batch, channels, places]),
    g.transpose(patches, [0, 2, 1]),
  ]);
  return g.reduce("ReduceSum", product, [0], false);
}

const patchesOfImage: FilterGradient = (g, x, dy, windows) => {
  const sum = productWithTaps(g, dy, elementsMetByTaps(g, x, windows, 2));
  return g.reshape(g.transpose(sum, [1, 0]), [...windows.size, x.shape[1], dy.shape[1]]);
};

/** Tap by tap, where x meets dy is where dy meets x in the turned windows, the last tap first. */
const patchesOfSlopes: FilterGradient = (g, x, dy, windows) => {
  const met = elementsMetByTaps(g, dy, turned(windows)!, 2).reverse();
  const [from, to] = [x.shape[1], dy.shape[1]];
  const sum = g.reshape(productWithTaps(g, x, met), [from, tapsOf(windows), to]);
  return g.reshape(g.transpose(sum, [1, 0, 2]), [...windows.size, from, to]);
};

/** A convolution of x with dy as its filter; batch and channels change places, and so do stride and dilation. */
const exchange: FilterGradient = (g, x, dy, windows) => {
  const { size, input, output, strides, dilations, pads } = windows;
  const sums = convolve(g, g.transpose(x, [1, 0, 2, 3]), g.transpose(dy, [1, 0, 2, 3]), {
    size: output,
    input,
    output: size,
    pads,
    strides: dilations,
    dilations: strides,
  });
  // Elements that no window reads look like further taps.
  const isExact = sums.shape[2] === size[0] && sums.shape[3] === size[1];
  const cut = isExact ? sums : g.op("Slice", [sums, g.list([0, 0]), g.list(size), g.list([2, 3])]);
  return g.transpose(cut, [2, 3, 0, 1]);
};

/** One product of all patches, as rows with the taps side by side, and dy, channels last. */
const rows: FilterGradient = (g, x, dy, windows) =>
  filterGradientByRows(g, toChannelsLast(g, x, "NCHW"), toChannelsLast(g, dy, "NCHW"), windows);

/** Every way to compute it. */
export const FILTER_GRADIENTS = {
  /** One product an image, [out, places] and [places, taps * in]: for few channels in x. */
  patchesOfImage,
  /** The same with the sides exchanged, for few channels in dy and stride 1. */
  patchesOfSlopes,
  /** One product a channel of x, [out, batch * places] and [batch * places, taps]: nothing is copied but transposed. */
  exchange,
  /** One product, [taps * in, batch * places] and [batch * places, out]: the fastest product, of copies of x. */
  rows,
} as const satisfies Record<string, FilterGradient>;

/** Columns of a matrix in one register of AVX-512: a product of fewer wastes the rest. */
const COLUMNS = 16;

/** Multiplications from which on a faster product is worth the copies. */
const MANY = 2 ** 26;

/** The other side has so many times more channels: patches of this one are the smaller copies. */
const FEW = 4;

function fastest(x: Value, dy: Value, windows: Windows): keyof typeof FILTER_GRADIENTS {
  const taps = tapsOf(windows);
  const [from, to] = [x.shape[1], dy.shape[1]];
  if (from * taps <= 2 * COLUMNS) return "patchesOfImage";
  if ((to * taps <= 2 * COLUMNS || FEW * to <= from) && turned(windows) !== undefined)
    return "patchesOfSlopes";
  if (hasFewRows(x.shape[0] * placesOf(windows.output), to)) return "rows";
  const work = x.shape[0] * placesOf(windows.output) * taps * from * to;
  return 4 * taps < 3 * COLUMNS && work > MANY ? "rows" : "exchange";
}

/** dW `[height, width, in, out]`, of x and dy channels first. */
export const filterGradient: FilterGradient = (g, x, dy, windows) =>
  isGradientInBlocks(g, x.shape[0], [x.shape[1], dy.shape[1]], windows)
    ? filterGradientInBlocks(g, toChannelsLast(g, x, "NCHW"), toChannelsLast(g, dy, "NCHW"), windows)
    : FILTER_GRADIENTS[fastest(x, dy, windows)](g, x, dy, windows);
