/**
 * Up-sampling by the nearest pixel, t times, and a convolution of stride 1 and k taps after it, are together one
 * transposed convolution of stride t and k + t - 1 taps: output o meets pixel i at every tap that falls on one of its t
 * copies, so that tap e of the new filter is the sum of the old filter's taps k - 1 - e to k - 1 - e + t - 1. For t = 2
 * and k = 3 that takes 4/9 of the arithmetic, in the convolution and in both of its gradients, and the up-sampled
 * image is never made.
 */
import type { Value } from "../graph.ts";
import type { GraphBuilder } from "../graph-builder.ts";
import { convolve, convolveTransposed, tapsOf, turned, type Windows } from "./channels-first.ts";
import { filterGradient } from "./convolution-filter-gradient.ts";
import { convolveInBlocks, convolveTransposedInBlocks, isInBlocks } from "./convolution-in-blocks.ts";
import type { Repeated } from "./repetition.ts";
import { toChannelsFirst, toChannelsLast } from "./windows.ts";

/** The convolution from the large image to the small one whose transpose the pair is; undefined if there is none. */
export function pairToWindows(windows: Windows, times: readonly [number, number]): Windows | undefined {
  const { size, input, output, dilations, pads } = windows;
  const around = turned(windows);
  const isPlain = dilations.every((step) => step === 1) && pads.every((pad) => pad >= 0);
  if (around === undefined || !isPlain || tapsOf(windows) === 1) return undefined;
  return {
    size: [size[0] + times[0] - 1, size[1] + times[1] - 1],
    input: output,
    output: [input[0] / times[0], input[1] / times[1]],
    strides: times,
    dilations: [1, 1],
    pads: around.pads,
  };
}

/** Which of the old filter's taps each of the new one's sums up: `[new taps, old taps]` of ones and zeros. */
function tapSums(g: GraphBuilder, old: readonly [number, number], times: readonly [number, number]): Value {
  const alongAxis = (axis: 0 | 1) => {
    const k = old[axis];
    return Array.from({ length: k + times[axis] - 1 }, (_, e) =>
      Array.from({ length: k }, (_, j) => (j >= k - 1 - e && j < k - 1 - e + times[axis] ? 1 : 0)),
    );
  };
  const [rows, columns] = [alongAxis(0), alongAxis(1)];
  const numbers = rows.flatMap((row) =>
    columns.flatMap((column) => row.flatMap((h) => column.map((w) => h * w))),
  );
  return g.numbers(numbers, [rows.length * columns.length, old[0] * old[1]], "float32");
}

/** The new filter, `[height, width, in, out]`, as the old one lies. */
function pairFilter(g: GraphBuilder, filter: Value, times: readonly [number, number], pair: Windows): Value {
  const [height, width, from, to] = filter.shape;
  const sums = g.op("Gemm", [
    tapSums(g, [height, width], times),
    g.reshape(filter, [height * width, from * to]),
  ]);
  return g.reshape(sums, [...pair.size, from, to]);
}

/** `[height, width, in, out]` to `[in, out, height, width]`. */
function inOutFirst(g: GraphBuilder, filter: Value): Value {
  const [height, width, from, to] = filter.shape;
  const listed = g.reshape(filter, [height * width, from, to]);
  return g.reshape(g.transpose(listed, [1, 2, 0]), [from, to, height, width]);
}

/** The convolution of the repeated image, channels first. */
export function convolveRepeated(
  g: GraphBuilder,
  { source, times }: Repeated,
  filter: Value,
  pair: Windows,
): Value {
  const summed = pairFilter(g, filter, times, pair);
  return isInBlocks(g, summed, source.shape[0], pair)
    ? toChannelsFirst(g, convolveTransposedInBlocks(g, source, summed, pair, false))
    : convolveTransposed(g, toChannelsFirst(g, source), inOutFirst(g, summed), pair);
}

/** The gradient with respect to the small image, channels first. */
export function repeatedInputGradient(
  g: GraphBuilder,
  dy: Value,
  filter: Value,
  times: readonly [number, number],
  pair: Windows,
): Value {
  const summed = pairFilter(g, filter, times, pair);
  return isInBlocks(g, summed, dy.shape[0], pair)
    ? toChannelsFirst(g, convolveInBlocks(g, toChannelsLast(g, dy, "NCHW"), summed, pair, true))
    : convolve(g, dy, inOutFirst(g, summed), pair);
}

/** The gradient with respect to the old filter. */
export function repeatedFilterGradient(
  g: GraphBuilder,
  { source, times }: Repeated,
  dy: Value,
  size: readonly [number, number],
  pair: Windows,
): Value {
  const [from, to] = [source.shape[3], dy.shape[1]];
  const summed = filterGradient(g, dy, toChannelsFirst(g, source), pair);
  const rows = g.reshape(g.transpose(summed, [0, 1, 3, 2]), [tapsOf(pair), from * to]);
  const product = g.op("Gemm", [tapSums(g, size, times), rows], { transA: 1 });
  return g.reshape(product, [...size, from, to]);
}
