/** What a rewrite rule is. */
import type { Value } from "../graph.ts";
import type { GraphBuilder } from "../graph-builder.ts";
import type { Attributes } from "../onnx-ops.ts";

export type Inputs = readonly (Value | undefined)[];

/**
 * Another way to compute what an op of these inputs computes, or undefined where the rule does not apply. A rule asks
 * for nodes that are nearer to the inputs than the one it replaces, or fewer, so that rewriting ends.
 */
export type Rule = (g: GraphBuilder, inputs: Inputs, attributes: Attributes) => Value | undefined;
