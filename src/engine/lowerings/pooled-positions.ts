/**
 * Where a pool's maxima are, tap by tap, for a provider whose MaxPool does not tell: ONNX Runtime's WebGPU ("The Indices
 * output is not supported yet", its pool.cc, 1.30).
 */
import type { Value } from "../graph.ts";
import type { GraphBuilder } from "../graph-builder.ts";
import { type ConvInfo, onnxPads, strides } from "./windows.ts";

/** Below every float32 that is finite: padding is no maximum. */
const LOWEST = -3.4028235e38;

const iota = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/**
 * The position of the first element of each window that has its maximum, in the flattened NCHW input, int64.
 * @param x `[n, c, h, w]` float32 @param maxima `[n, c, out h, out w]`
 */
export function pooledPositions(g: GraphBuilder, x: Value, maxima: Value, info: ConvInfo): Value {
  const [n, c, height, width] = x.shape;
  const [, , outHeight, outWidth] = maxima.shape;
  const [top, left, bottom, right] = onnxPads(info);
  const [down, along] = strides(info);
  const isPadded = [top, left, bottom, right].some((pad) => pad > 0);
  const around = isPadded
    ? g.op("Pad", [x, g.list([0, 0, top, left, 0, 0, bottom, right]), g.scalar(LOWEST)], { mode: "constant" })
    : x;
  const taps = iota(info.filterHeight).flatMap((row) =>
    iota(info.filterWidth).map((column) => [row, column] as const),
  );
  let tap: Value = g.scalar(0, "int32");
  for (const [row, column] of taps.toReversed()) {
    const met = g.op("Slice", [
      around,
      g.list([row, column]),
      g.list([row + (outHeight - 1) * down + 1, column + (outWidth - 1) * along + 1]),
      g.list([2, 3]),
      g.list([down, along]),
    ]);
    tap = g.op("Where", [g.op("Equal", [met, maxima]), g.scalar(row * width + column, "int32"), tap]);
  }
  const plane = g.numbers(
    iota(n * c).map((i) => i * height * width),
    [n, c, 1, 1],
    "int32",
  );
  const first = g.numbers(
    iota(outHeight).flatMap((i) => iota(outWidth).map((k) => (i * down - top) * width + (k * along - left))),
    [1, 1, outHeight, outWidth],
    "int32",
  );
  return g.cast(g.op("Add", [g.op("Add", [tap, first]), plane]), "int64");
}
