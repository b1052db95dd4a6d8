/**
 * Sums over what lies before the last axis (over the places of each channel, say) as a product with ones: ONNX Runtime
 * adds up columns ten times as fast in a product as in a ReduceSum (64 x 64 places of 64 channels: 0.03 ms for 0.30).
 */
import type { Rule } from "./rule.ts";
import { isConstant, sizeOf } from "./shapes.ts";

/** Numbers in each sum from which on the product is much faster. */
const MANY = 256;

/** Numbers in each sum from which on they are added up axis by axis: fewer ones, and roundings that add up less. */
const VERY_MANY = 4096;

/** [outer, reduced, inner]: where the reduced axes, but for those of length one, are neighbours. */
function asThreeAxes(
  shape: readonly number[],
  axes: readonly number[],
): readonly [number, number, number] | undefined {
  const long = axes.filter((axis) => shape[axis] > 1);
  if (long.length === 0) return undefined;
  const [first, last] = [Math.min(...long), Math.max(...long)];
  const between = shape.slice(first, last + 1).map((dim, i) => (long.includes(first + i) ? 1 : dim));
  if (sizeOf(between) > 1) return undefined;
  return [sizeOf(shape.slice(0, first)), sizeOf(shape.slice(first, last + 1)), sizeOf(shape.slice(last + 1))];
}

/** Of images, and only in graphs for this processor: elsewhere a sum is better told as one. */
export const sumByProduct =
  (op: "ReduceSum" | "ReduceMean"): Rule =>
  (g, [x, axes], attributes) => {
    if (g.channelBlock === 1 || x?.dtype !== "float32" || x.shape.length !== 4) return undefined;
    if (axes === undefined || !isConstant(axes)) return undefined;
    const reduced = Array.from(axes.data as BigInt64Array, Number);
    const [outer, count, inner] = asThreeAxes(x.shape, reduced) ?? [0, 0, 0];
    if (count < MANY || inner < g.channelBlock) return undefined;
    const kept = x.shape.flatMap((dim, axis) =>
      reduced.includes(axis) ? (attributes.keepdims === 1 ? [1] : []) : [dim],
    );
    const [first, ...others] = reduced.toSorted((a, b) => a - b);
    if (count > VERY_MANY && count >= MANY * x.shape[first]) {
      const parts = g.op(op, [x, g.list(others)], { keepdims: 1 });
      return g.reshape(g.op(op, [parts, g.list([first])], { keepdims: 1 }), kept);
    }
    const ones = Array<number>(count).fill(op === "ReduceMean" ? 1 / count : 1);
    const sums = g.op("MatMul", [
      g.numbers(ones, [1, count], "float32"),
      g.reshape(x, outer === 1 ? [count, inner] : [outer, count, inner]),
    ]);
    return g.reshape(sums, kept);
  };
