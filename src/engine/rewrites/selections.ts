/** Selections by a sign as products: ONNX Runtime's Where takes three passes over memory, and is not threaded. */
import type { Value } from "../graph.ts";
import type { GraphBuilder } from "../graph-builder.ts";
import type { Rule } from "./rule.ts";
import { constantNumber, sizeOf } from "./shapes.ts";

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
  const steep = g.op("Mul", [x, g.scalar(STEEP)]);
  return g.op("Mul", [yes, g.op("Clip", [steep, g.scalar(slope), g.scalar(1)])]);
};
