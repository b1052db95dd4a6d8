/**
 * Ones, zeros and other repeated values stay small: elementwise ops broadcast by themselves, so an Expand before one
 * is left out, or comes after it. tensorflow.js's gradients are full of products with ones and sums with zeros.
 */
import type { Value } from "../graph.ts";
import type { OnnxOp } from "../onnx-ops.ts";
import { broadcastShapes } from "../onnx-types.ts";
import type { Rule } from "./rule.ts";
import { constantNumber, sameShape } from "./shapes.ts";

/** op(Expand x, y) to op(x, y), expanded where y is not of the result's shape either. */
export const sinkExpand =
  (op: OnnxOp): Rule =>
  (g, inputs, attributes) => {
    const small = inputs.map((input) => input && (g.producer(input, "Expand")?.inputs[0] ?? input));
    if (small.every((input, i) => input === inputs[i])) return undefined;
    const shape = broadcastShapes(...inputs.flatMap((input) => (input ? [input.shape] : [])));
    return g.expand(g.op(op, small, attributes), shape);
  };

/** Ones before a shape mean nothing beside a value of full rank: without them, equal nodes are seen to be equal. */
export const stripOnes =
  (op: OnnxOp): Rule =>
  (g, inputs, attributes) => {
    const rank = Math.max(...inputs.map((input) => input?.shape.length ?? 0));
    const full = inputs.find((input) => input?.shape.length === rank && input.shape[0] !== 1);
    if (full === undefined) return undefined;
    const stripped = inputs.map((input) => {
      if (input === undefined || input.shape[0] !== 1 || input.shape.length < rank) return input;
      const first = input.shape.findIndex((dim) => dim !== 1);
      return g.reshape(input, first < 0 ? [] : input.shape.slice(first));
    });
    if (stripped.every((input, i) => input === inputs[i])) return undefined;
    return g.op(op, stripped, attributes);
  };

/** x + 0, x - 0, x * 1, x / 1 to x; `sides` are the inputs that may be the neutral one. */
export const dropNeutral =
  (neutral: number, sides: readonly (0 | 1)[]): Rule =>
  (_, inputs) => {
    const [a, b] = inputs as readonly [Value, Value];
    const shape = broadcastShapes(a.shape, b.shape);
    for (const side of sides) {
      const kept = side === 0 ? b : a;
      if (constantNumber(inputs[side]) === neutral && sameShape(kept.shape, shape)) return kept;
    }
    return undefined;
  };
