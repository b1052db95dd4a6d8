/** What each tap of a filter meets. */
import type { Value } from "../graph.ts";
import type { GraphBuilder } from "../graph-builder.ts";
import { tapsOf, type Windows } from "./channels-first.ts";

/** `[0, ..., value of height, value of width, ...]` of a value's rank. */
const onAxes = (rank: number, axis: number, [height, width]: readonly number[]): number[] =>
  Array.from({ length: rank }, (_, i) => (i === axis ? height : i === axis + 1 ? width : 0));

function padded(g: GraphBuilder, x: Value, { pads }: Windows, axis: number): Value {
  const sides = pads.map((pad) => Math.max(0, pad));
  if (sides.every((pad) => pad === 0)) return x;
  const rank = x.shape.length;
  const amounts = [...onAxes(rank, axis, sides.slice(0, 2)), ...onAxes(rank, axis, sides.slice(2))];
  return g.op("Pad", [x, g.list(amounts)], { mode: "constant" });
}

/**
 * For each tap, row by row, the elements that it meets as the window moves: x with its height and width, which are
 * axes `axis` and `axis` + 1, become the windows' places.
 */
export function elementsMetByTaps(g: GraphBuilder, x: Value, windows: Windows, axis: 1 | 2): Value[] {
  const { size, output, strides, dilations } = windows;
  const around = padded(g, x, windows, axis);
  return Array.from({ length: tapsOf(windows) }, (_, tap) => {
    const place = [Math.floor(tap / size[1]), tap % size[1]];
    const start = place.map((at, i) => at * dilations[i]);
    const end = start.map((at, i) => at + (output[i] - 1) * strides[i] + 1);
    const isAll =
      strides.every((stride) => stride === 1) &&
      end.every((at, i) => at - start[i] === around.shape[axis + i]);
    if (isAll) return around;
    return g.op("Slice", [around, g.list(start), g.list(end), g.list([axis, axis + 1]), g.list(strides)]);
  });
}
