/** Selections by a sign as products: ONNX Runtime's Where takes three passes over memory, and is not threaded. */
import type { Value } from "../graph.ts";
import type { GraphBuilder } from "../graph-builder.ts";
import type { Rule } from "./rule.ts";
import { constantNumber, sameShape, sizeOf } from "./shapes.ts";

/** Times this, every float32 but the subnormal ones is beyond 1 or below -1. */
const STEEP = 3e38;

/** The inputs of a comparison with Greater, in the order that its result was brought into. */
function comparedValues(g: GraphBuilder, condition: Value): readonly Value[] | undefined {
  const transposition = g.producer(condition, "Transpose");
  if (transposition === undefined)
    return g.producer(condition, "Greater")?.inputs as readonly Value[] | undefined;
  const compared = comparedValues(g, transposition.inputs[0]!);
  if (compared === undefined || sizeOf(compared[1].shape) !== 1) return undefined;
  return [g.transpose(compared[0], transposition.attributes.perm as readonly number[]), compared[1]];
}

/** 1 where x is above 0, `slope` elsewhere. Where x is subnormal (below 1e-38) it lies between. */
const signFactor = (g: GraphBuilder, x: Value, slope: number): Value =>
  g.op("Clip", [g.op("Mul", [x, g.scalar(STEEP)]), g.scalar(slope), g.scalar(1)]);

/**
 * Where(x > 0, dy, dy * slope), the gradient of leaky units, to dy * clip(STEEP x, slope, 1), for slopes in [0, 1].
 * Where x is subnormal (below 1e-38) the factor lies between.
 */
export const selectBySign: Rule = (g, [condition, yes, no]) => {
  const compared = condition && comparedValues(g, condition);
  const scaled = no && g.producer(no, "Mul")?.inputs;
  if (!compared || !scaled || constantNumber(compared[1]) !== 0) return undefined;
  const x = compared[0] as Value;
  const slope = constantNumber(scaled[0] === yes ? scaled[1] : scaled[0]);
  if (x.dtype !== "float32" || yes?.dtype !== "float32" || !scaled.includes(yes)) return undefined;
  if (slope === undefined || slope < 0 || slope > 1) return undefined;
  return g.op("Mul", [yes, signFactor(g, x, slope)]);
};

/** What tensorflow.js's Step is lowered to, Where(IsNaN(x), x, Where(x > 0, 1, slope)): x and its slope. */
function steppedValue(g: GraphBuilder, value: Value): readonly [Value, number] | undefined {
  const [isNotNumber, x, stepped] = g.producer(value, "Where")?.inputs ?? [];
  const inner = stepped && g.producer(stepped, "Where")?.inputs;
  const compared = inner?.[0] && g.producer(inner[0], "Greater")?.inputs;
  if (x === undefined || isNotNumber === undefined || inner === undefined || compared?.[0] !== x)
    return undefined;
  if (g.producer(isNotNumber, "IsNaN")?.inputs[0] !== x || constantNumber(compared[1]) !== 0)
    return undefined;
  const slope = constantNumber(inner[2]);
  if (x.dtype !== "float32" || constantNumber(inner[1]) !== 1 || slope === undefined) return undefined;
  return slope >= 0 && slope <= 1 ? [x, slope] : undefined;
}

/** dy * Step(x), the gradient of rectified units, to dy * clip(STEEP x, 0, 1): two passes for five. */
export const multiplyByStep: Rule = (g, inputs) => {
  const [a, b] = inputs as readonly [Value, Value];
  for (const [dy, factor] of [
    [a, b],
    [b, a],
  ] as const) {
    const stepped = steppedValue(g, factor);
    if (stepped !== undefined && sameShape(dy.shape, factor.shape))
      return g.op("Mul", [dy, signFactor(g, ...stepped)]);
  }
  return undefined;
};
