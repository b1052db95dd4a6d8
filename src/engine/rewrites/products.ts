/**
 * Sums of products over a batch become one product over both batches: the gradients of weights that are applied several
 * times in a step, to real and to made images say. A product of more rows is faster for each, and the sum is not made.
 */
import type { Value } from "../graph.ts";
import type { GraphBuilder } from "../graph-builder.ts";
import type { Rule } from "./rule.ts";
import { sameShape } from "./shapes.ts";

/** Copies of rows, for each number of the product, up to which they cost less than a further product. */
const COPIES = 4;

/** The factors of a' b; undefined for any other value. */
function transposedProduct(g: GraphBuilder, value: Value | undefined): readonly [Value, Value] | undefined {
  const product = value && g.producer(value, "Gemm");
  if (product === undefined || product.inputs.length > 2) return undefined;
  const { transA = 0, transB = 0, alpha = 1 } = product.attributes;
  return transA === 1 && transB === 0 && alpha === 1 ? (product.inputs as [Value, Value]) : undefined;
}

/** Rows of one below those of the other. */
function stacked(g: GraphBuilder, above: Value, below: Value): Value {
  const rows = [above, below].flatMap((value) => {
    const joined = g.producer(value, "Concat");
    return joined?.attributes.axis === 0 ? joined.inputs : [value];
  });
  return g.op("Concat", rows, { axis: 0 });
}

/** a' b + c' d to [a; c]' [b; d]. */
export const joinProducts: Rule = (g, inputs) => {
  const sources = inputs.map((input) => input && (g.producer(input, "Reshape")?.inputs[0] ?? input));
  const [first, second] = sources.map((source) => transposedProduct(g, source));
  if (first === undefined || second === undefined || !sameShape(inputs[0]!.shape, inputs[1]!.shape))
    return undefined;
  if (!sameShape(sources[0]!.shape, sources[1]!.shape)) return undefined;
  const [height, width] = sources[0]!.shape;
  const rows = first[0].shape[0] + second[0].shape[0];
  if (rows * (height + width) > COPIES * height * width) return undefined;
  const product = g.op("Gemm", [stacked(g, first[0], second[0]), stacked(g, first[1], second[1])], {
    transA: 1,
  });
  return g.reshape(product, inputs[0]!.shape);
};
