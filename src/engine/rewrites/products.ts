/**
 * Sums of products over a batch become one product over both batches: the gradients of weights that are applied several
 * times in a step, to real and to made images say. A product of more rows is faster for each, and the sum is not made.
 */
import type { Value } from "../graph.ts";
import type { GraphBuilder } from "../graph-builder.ts";
import type { Rule } from "./rule.ts";
import { isConstant, sameShape } from "./shapes.ts";

/** Copies of rows, for each number of the product, up to which they cost less than a further product. */
const COPIES = 4;

/** The factors of a' b; undefined for any other value. */
function transposedProduct(g: GraphBuilder, value: Value | undefined): readonly [Value, Value] | undefined {
  const product = value && g.producer(value, "Gemm");
  if (product === undefined || product.inputs.length > 2) return undefined;
  const { transA = 0, transB = 0, alpha = 1 } = product.attributes;
  return transA === 1 && transB === 0 && alpha === 1 ? (product.inputs as [Value, Value]) : undefined;
}

/** Along an axis; of what was joined along it before, its parts. */
function sideBySide(g: GraphBuilder, values: readonly Value[], axis: number): Value {
  const parts = values.flatMap((value) => {
    const joined = g.producer(value, "Concat");
    return joined?.attributes.axis === axis ? joined.inputs : [value];
  });
  return g.op("Concat", parts, { axis });
}

/** The sum of two values of one shape; of two that were reshaped alike, reshaped after. */
function added(g: GraphBuilder, a: Value, b: Value): Value {
  const [first, second] = [a, b].map((value) => g.producer(value, "Reshape")?.inputs[0]);
  return first && second && sameShape(first.shape, second.shape)
    ? g.reshape(g.op("Add", [first, second]), a.shape)
    : g.op("Add", [a, b]);
}

/** a' b + c' d to [a; c]' [b; d], or a' (b + d). */
export const joinProducts: Rule = (g, inputs) => {
  const sources = inputs.map((input) => input && (g.producer(input, "Reshape")?.inputs[0] ?? input));
  const [first, second] = sources.map((source) => transposedProduct(g, source));
  if (first === undefined || second === undefined || !sameShape(inputs[0]!.shape, inputs[1]!.shape))
    return undefined;
  if (!sameShape(sources[0]!.shape, sources[1]!.shape)) return undefined;
  if (first[0] === second[0] && isConstant(first[0])) {
    const product = g.op("Gemm", [first[0], added(g, first[1], second[1])], { transA: 1 });
    return g.reshape(product, inputs[0]!.shape);
  }
  const [height, width] = sources[0]!.shape;
  const rows = first[0].shape[0] + second[0].shape[0];
  if (rows * (height + width) > COPIES * height * width) return undefined;
  const product = g.op(
    "Gemm",
    [0, 1].map((side) => sideBySide(g, [first[side], second[side]], 0)),
    { transA: 1 },
  );
  return g.reshape(product, inputs[0]!.shape);
};

/** A convolution in blocks of fewer channels than one, and what brings it out of them. */
function convolutionOfFew(g: GraphBuilder, value: Value | undefined) {
  const out = value && g.producer(value, "ReorderOutput");
  const convolution = out && g.producer(out.inputs[0]!, "BlockedConv");
  if (convolution?.inputs.length !== 2) return undefined;
  const [x, filter] = convolution.inputs as [Value, Value];
  return x.shape[1] < g.channelBlock ? { x, filter, convolution, out: out! } : undefined;
}

/** conv(x, f) + conv(z, h) to conv([x, z], [f, h]): the channels of both, as long as they are fewer than a block. */
export const joinConvolutions: Rule = (g, inputs) => {
  const [first, second] = inputs.map((input) => convolutionOfFew(g, input));
  if (first === undefined || second === undefined || !sameShape(inputs[0]!.shape, inputs[1]!.shape))
    return undefined;
  const both = [first, second];
  const [attributes, other] = both.map(({ convolution, out }) => [convolution.attributes, out.attributes]);
  if (JSON.stringify(attributes) !== JSON.stringify(other)) return undefined;
  const [out, , height, width] = first.filter.shape;
  const channels = first.x.shape[1] + second.x.shape[1];
  if (channels >= g.channelBlock) return undefined;
  const images = both.map(({ x }) => x);
  if (!sameShape(images[0].shape.toSpliced(1, 1), images[1].shape.toSpliced(1, 1))) return undefined;
  // As a filter in blocks lies: `[out / block, in, height, width, block of out]`.
  const filters = both.map(({ filter }) =>
    g.reshape(filter, [out / g.channelBlock, filter.shape[1], height * width * g.channelBlock]),
  );
  const product = g.op(
    "BlockedConv",
    [sideBySide(g, images, 1), g.reshape(sideBySide(g, filters, 1), [out, channels, height, width])],
    first.convolution.attributes,
  );
  return g.op("ReorderOutput", [product], first.out.attributes);
};
