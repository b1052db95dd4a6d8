/** Reductions over axes, and running sums and products. */

import type { DataType, Value } from "../graph.ts";
import type { GraphBuilder } from "../graph-builder.ts";
import type { LoweringOf, Lowerings } from "../kernels.ts";

type ReduceOp = Parameters<GraphBuilder["reduce"]>[0];

interface AxisAttrs {
  /** MaxAttrs has another name for it. */
  readonly axis?: number | number[];
  readonly reductionIndices?: number | number[];
  readonly keepDims: boolean;
}

/** The axes as positive numbers; all of them where none is named. */
function axesOf(x: Value, axis: number | readonly number[] | undefined): number[] {
  const named = axis === undefined || axis === null ? [] : typeof axis === "number" ? [axis] : axis;
  const all = named.length === 0 ? x.shape.map((_, i) => i) : named;
  return all.map((i) => (i < 0 ? i + x.shape.length : i));
}

/** `through` is the type in which ONNX Runtime can reduce a type that it cannot. */
const reduction =
  (op: ReduceOp, through?: DataType): LoweringOf<{ readonly x: Value }, AxisAttrs> =>
  (g, { x }, { axis, reductionIndices, keepDims }) => {
    const axes = axesOf(x, reductionIndices ?? axis);
    const reduced = g.reduce(op, through === undefined ? x : g.cast(x, through), axes, keepDims);
    return through === undefined ? reduced : g.cast(reduced, x.dtype);
  };

const argReduction =
  (op: "ArgMax" | "ArgMin"): LoweringOf<{ readonly x: Value }, { readonly axis: number }> =>
  (g, { x }, { axis }) => {
    const [along] = axesOf(x, axis);
    return g.cast(g.op(op, [x], { axis: along, keepdims: 0 }), "int32");
  };

/** Moves the elements `by` places up an axis (down if `reverse`); what comes in is `fill`. */
function shifted(g: GraphBuilder, x: Value, axis: number, by: number, reverse: boolean, fill: number): Value {
  const size = x.shape[axis];
  const kept = g.op("Slice", [
    x,
    g.list([reverse ? by : 0]),
    g.list([reverse ? size : size - by]),
    g.list([axis]),
  ]);
  const pads = Array<number>(2 * x.shape.length).fill(0);
  pads[reverse ? axis + x.shape.length : axis] = by;
  return g.op("Pad", [kept, g.list(pads), g.scalar(fill, x.dtype as "float32")], { mode: "constant" });
}

/** Running products by doubling: after step s each element holds the product of the last 2^s. */
function runningProduct(
  g: GraphBuilder,
  x: Value,
  axis: number,
  exclusive: boolean,
  reverse: boolean,
): Value {
  const size = x.shape[axis];
  let product = exclusive ? shifted(g, x, axis, 1, reverse, 1) : x;
  for (let by = 1; by < size; by *= 2) {
    product = g.op("Mul", [product, shifted(g, product, axis, by, reverse, 1)]);
  }
  return product;
}

export const reductions: Lowerings<
  "All" | "Any" | "ArgMax" | "ArgMin" | "Cumprod" | "Cumsum" | "Max" | "Mean" | "Min" | "Prod" | "Sum"
> = {
  All: reduction("ReduceMin", "int32"),
  Any: reduction("ReduceMax", "int32"),
  ArgMax: argReduction("ArgMax"),
  ArgMin: argReduction("ArgMin"),
  Cumprod: (g, { x }, { axis, exclusive, reverse }) => runningProduct(g, x, axis, exclusive, reverse),
  Cumsum: (g, { x }, { axis, exclusive, reverse }) =>
    g.op("CumSum", [x, g.scalar(axis, "int32")], { exclusive: exclusive ? 1 : 0, reverse: reverse ? 1 : 0 }),
  Max: reduction("ReduceMax"),
  Mean: reduction("ReduceMean"),
  Min: reduction("ReduceMin"),
  Prod: reduction("ReduceProd"),
  Sum: reduction("ReduceSum"),
};
