/** The table of rewrite rules, by the op that each replaces. */
import type { OnnxOp } from "../onnx-ops.ts";
import { dropNeutral, sinkExpand, stripOnes } from "./broadcasts.ts";
import { gatherBeforeCast } from "./casts.ts";
import { ELEMENTWISE_OPS } from "./elementwise-ops.ts";
import { divideBySmall, gatherFactors, takeFactorsOutOf } from "./factors.ts";
import { joinConvolutions, joinProducts } from "./products.ts";
import type { Rule } from "./rule.ts";
import { multiplyByStep, selectBySign } from "./selections.ts";
import { sumByProduct } from "./sums.ts";
import { sinkThroughConcat, sinkThroughElementwise, sinkThroughReduction } from "./transposes.ts";

const OWN: Partial<Record<OnnxOp, readonly Rule[]>> = {
  Add: [dropNeutral(0, [0, 1]), joinProducts, joinConvolutions],
  Concat: [sinkThroughConcat],
  Div: [dropNeutral(1, [1]), divideBySmall],
  Gather: [gatherBeforeCast],
  Mul: [dropNeutral(1, [0, 1]), gatherFactors],
  ReduceMax: [sinkThroughReduction("ReduceMax")],
  ReduceMean: [
    sinkThroughReduction("ReduceMean"),
    takeFactorsOutOf("ReduceMean"),
    sumByProduct("ReduceMean"),
  ],
  ReduceMin: [sinkThroughReduction("ReduceMin")],
  ReduceProd: [sinkThroughReduction("ReduceProd")],
  ReduceSum: [sinkThroughReduction("ReduceSum"), takeFactorsOutOf("ReduceSum"), sumByProduct("ReduceSum")],
  Sub: [dropNeutral(0, [1])],
};

/** Rules that look for a pattern as it was written, before transpositions sink through its parts. */
const FIRST: Partial<Record<OnnxOp, readonly Rule[]>> = { Mul: [multiplyByStep], Where: [selectBySign] };

/** Rules by the op that they replace, tried in this order as a node is asked for. */
export const REWRITES: ReadonlyMap<OnnxOp, readonly Rule[]> = new Map<OnnxOp, readonly Rule[]>([
  ...(Object.entries(OWN) as [OnnxOp, readonly Rule[]][]),
  ...ELEMENTWISE_OPS.map((op): [OnnxOp, readonly Rule[]] => [
    op,
    [...(FIRST[op] ?? []), sinkExpand(op), sinkThroughElementwise(op), stripOnes(op), ...(OWN[op] ?? [])],
  ]),
]);
