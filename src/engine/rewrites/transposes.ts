/**
 * Transpositions sink: what is computed of transposed values is computed of the values themselves and transposed
 * after, until a transposition meets its inverse. tensorflow.js has channels last, ONNX's convolutions have them
 * second: what lies between two convolutions, and the whole way back through them, stays as the convolutions have it.
 */
import type { Value } from "../graph.ts";
import type { GraphBuilder } from "../graph-builder.ts";
import type { OnnxOp } from "../onnx-ops.ts";
import { broadcastShapes } from "../onnx-types.ts";
import type { Inputs, Rule } from "./rule.ts";
import { alignedShape, inversePermutation, isConstant, isSmallBeside, keepsOrder, sizeOf } from "./shapes.ts";

export const TO_CHANNELS_LAST = [0, 2, 3, 1];

const permutationOf = (g: GraphBuilder, value: Value | undefined): readonly number[] | undefined =>
  value && (g.producer(value, "Transpose")?.attributes.perm as readonly number[] | undefined);

/** The order that the inputs were brought into: that of the first one which is as large as the result. */
function commonPermutation(
  g: GraphBuilder,
  inputs: Inputs,
  shape: readonly number[],
): readonly number[] | undefined {
  for (const input of inputs) {
    const perm = permutationOf(g, input);
    if (perm?.length === shape.length && sizeOf(input!.shape) === sizeOf(shape)) return perm;
  }
  return undefined;
}

/**
 * The input as it was before the transposition; undefined where that would cost a transposition of its own, unless it
 * meets what comes from a convolution and so, in all likelihood, goes to one.
 */
function before(
  g: GraphBuilder,
  input: Value,
  perm: readonly number[],
  shape: readonly number[],
): Value | undefined {
  const own = permutationOf(g, input);
  if (own !== undefined && `${own}` === `${perm}`) return g.producer(input, "Transpose")!.inputs[0];
  if (sizeOf(input.shape) === 1) return g.reshape(input, []);
  const back = inversePermutation(perm);
  const aligned = alignedShape(input.shape, perm.length);
  const isFree = keepsOrder(aligned, back) || isSmallBeside(input, shape);
  if (!isFree && `${perm}` !== `${TO_CHANNELS_LAST}`) return undefined;
  return g.transpose(g.reshape(input, aligned), back);
}

/** op(T x, T y) to T op(x, y). */
export const sinkThroughElementwise =
  (op: OnnxOp): Rule =>
  (g, inputs, attributes) => {
    const shape = broadcastShapes(...inputs.flatMap((input) => (input ? [input.shape] : [])));
    const perm = commonPermutation(g, inputs, shape);
    if (perm === undefined) return undefined;
    const untransposed: (Value | undefined)[] = [];
    for (const input of inputs) {
      const value = input && before(g, input, perm, shape);
      if (input !== undefined && value === undefined) return undefined;
      untransposed.push(value);
    }
    return g.transpose(g.op(op, untransposed, attributes), perm);
  };

/** Reducing T x is reducing the axes of x that they were. */
export const sinkThroughReduction =
  (op: OnnxOp): Rule =>
  (g, [x, axes], attributes) => {
    const perm = permutationOf(g, x);
    if (perm === undefined || axes === undefined || !isConstant(axes)) return undefined;
    const reduced = Array.from(axes.data as BigInt64Array, Number).map((axis) => perm[axis]);
    const source = g.producer(x!, "Transpose")!.inputs[0]!;
    const result = g.op(op, [source, g.list(reduced.toSorted((a, b) => a - b))], attributes);
    if (attributes.keepdims === 1) return g.transpose(result, perm);
    const left = perm.filter((axis) => !reduced.includes(axis));
    const order = left.toSorted((a, b) => a - b);
    return g.transpose(
      result,
      left.map((axis) => order.indexOf(axis)),
    );
  };

/** Concat(T x, T y) to T Concat(x, y). */
export const sinkThroughConcat: Rule = (g, inputs, { axis }) => {
  const perm = permutationOf(g, inputs[0]);
  if (perm === undefined || !inputs.every((input) => `${permutationOf(g, input)}` === `${perm}`))
    return undefined;
  const sources = inputs.map((input) => g.producer(input!, "Transpose")!.inputs[0]);
  return g.transpose(g.op("Concat", sources, { axis: perm[axis as number] }), perm);
};
