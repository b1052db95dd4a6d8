/**
 * Factors that are small beside what they multiply (one a channel, say) are gathered, so that a large array is
 * multiplied once, and are taken out of sums. That is what a normalisation and its gradient as tensorflow.js writes
 * them leave to do: of (x - mean) / deviation * scale one product is left, and the sums over a batch that its gradient
 * takes are all of one product, dy (x - mean), or of dy.
 *
 * Constants are not touched: a quotient by 255 stays the quotient that it was, to the bit.
 */
import type { Value } from "../graph.ts";
import type { GraphBuilder } from "../graph-builder.ts";
import { broadcastShapes } from "../onnx-types.ts";
import type { Rule } from "./rule.ts";
import { alignedShape, isConstant, isSmallBeside, sameShape } from "./shapes.ts";

/** The inputs of a product as the large one and the small one. */
function largeAndSmall(inputs: readonly (Value | undefined)[]): readonly [Value, Value] | undefined {
  const [a, b] = inputs as readonly [Value, Value];
  const shape = broadcastShapes(a.shape, b.shape);
  if (sameShape(a.shape, shape) && isSmallBeside(b, shape)) return [a, b];
  if (sameShape(b.shape, shape) && isSmallBeside(a, shape)) return [b, a];
  return undefined;
}

/** x / s to x * (1 / s). */
export const divideBySmall: Rule = (g, inputs) => {
  const [x, s] = inputs as readonly [Value, Value];
  const split = largeAndSmall(inputs);
  if (split === undefined || split[1] !== s || x.dtype !== "float32" || isConstant(s)) return undefined;
  return g.op("Mul", [x, g.op("Reciprocal", [s])]);
};

/** (x * s) * t to x * (s * t). */
export const gatherFactors: Rule = (g, inputs) => {
  const outer = largeAndSmall(inputs);
  const inner = outer && g.producer(outer[0], "Mul");
  if (outer === undefined || inner === undefined || outer[0].dtype !== "float32") return undefined;
  const split = largeAndSmall(inner.inputs);
  if (split === undefined || isConstant(outer[1])) return undefined;
  const factor = g.op("Mul", [split[1], outer[1]]);
  return isSmallBeside(factor, outer[0].shape) ? g.op("Mul", [split[0], factor]) : undefined;
};

interface Factored {
  readonly core: Value;
  readonly factors: readonly Value[];
}

/** A product as its large part and its small factors. */
function factored(g: GraphBuilder, x: Value): Factored {
  const product = g.producer(x, "Mul");
  if (product === undefined) return { core: x, factors: [] };
  const split = largeAndSmall(product.inputs);
  if (split !== undefined) {
    const { core, factors } = factored(g, split[0]);
    return { core, factors: [...factors, split[1]] };
  }
  const [a, b] = (product.inputs as readonly Value[]).map((input) => factored(g, input));
  const factors = [...a.factors, ...b.factors];
  return factors.length === 0 ? { core: x, factors } : { core: g.op("Mul", [a.core, b.core]), factors };
}

/** Sum(x * s) to Sum(x) * s, where s is the same along the axes summed over. */
export const takeFactorsOutOf =
  (op: "ReduceSum" | "ReduceMean"): Rule =>
  (g, [x, axes], attributes) => {
    if (x === undefined || x.dtype !== "float32" || axes === undefined || !isConstant(axes)) return undefined;
    const rank = x.shape.length;
    const reduced = new Set(Array.from(axes.data as BigInt64Array, Number));
    const isEven = ({ shape }: Value) =>
      alignedShape(shape, rank).every((dim, axis) => dim === 1 || !reduced.has(axis));
    const { core, factors } = factored(g, x);
    const taken = factors.filter(isEven);
    if (taken.length === 0 || !sameShape(core.shape, x.shape)) return undefined;
    const left = factors
      .filter((factor) => !isEven(factor))
      .reduce((product, factor) => g.op("Mul", [product, factor]), core);
    return taken.reduce(
      (sum, factor) => {
        const shape = alignedShape(factor.shape, rank);
        const kept = attributes.keepdims === 1 ? shape : shape.filter((_, axis) => !reduced.has(axis));
        return g.op("Mul", [sum, g.reshape(factor, kept)]);
      },
      g.op(op, [left, axes], attributes),
    );
  };
