/** A layer's normalisation as one node: ONNX Runtime then passes over its rows once, not nine times. */
import type { Node, Value } from "../graph.ts";
import type { GraphBuilder } from "../graph-builder.ts";
import { constantNumber, isConstant } from "./shapes.ts";

/** The two inputs of the node of an op that made a value, the one that `isWanted` chooses first. */
function split(
  g: GraphBuilder,
  value: Value | undefined,
  op: "Add" | "Mul",
  isWanted: (input: Value) => boolean,
): readonly [Value, Value] | undefined {
  const node = value && g.producer(value, op);
  if (node === undefined) return undefined;
  const [a, b] = node.inputs as readonly [Value, Value];
  return isWanted(a) ? [a, b] : isWanted(b) ? [b, a] : undefined;
}

/** The input of a mean over the last axis. */
function averaged(g: GraphBuilder, value: Value | undefined): Value | undefined {
  const node = value && g.producer(value, "ReduceMean");
  const [x, axes] = node?.inputs ?? [];
  if (node === undefined || x === undefined || axes === undefined || !isConstant(axes)) return undefined;
  const [axis, ...others] = Array.from(axes.data as BigInt64Array, Number);
  const isLast = others.length === 0 && axis === x.shape.length - 1 && node.attributes.keepdims === 1;
  return isLast ? x : undefined;
}

/** What 1 / sqrt(mean of its squares + epsilon) is of, with the epsilon. */
function deviated(g: GraphBuilder, value: Value): { of: Value; epsilon: number } | undefined {
  const root = g.producer(value, "Reciprocal")?.inputs[0];
  const sum = root && g.producer(root, "Sqrt")?.inputs[0];
  const parts = split(g, sum, "Add", (input) => constantNumber(input) !== undefined);
  const squares = parts && averaged(g, parts[1]);
  const square = squares && g.producer(squares, "Mul");
  if (parts === undefined || square === undefined || square.inputs[0] !== square.inputs[1]) return undefined;
  return { of: square.inputs[0]!, epsilon: constantNumber(parts[0])! };
}

/**
 * (x - mean x) / sqrt(mean (x - mean x)^2 + epsilon) weight + bias over the last axis to LayerNormalization(x, weight,
 * bias). Only of constant weights and biases, one a channel: where they are trained, their gradients need the parts.
 */
export function layerNormalisation(g: GraphBuilder, node: Node): Node | undefined {
  if (node.op !== "Add") return undefined;
  const channels = node.outputs[0]!.shape.at(-1);
  const isLearned = (input: Value | undefined): boolean =>
    input !== undefined && isConstant(input) && input.shape.length === 1 && input.shape[0] === channels;
  const [a, b] = node.inputs as readonly [Value, Value];
  const [bias, scaled] = isLearned(a) ? [a, b] : [b, a];
  if (!isLearned(bias)) return undefined;
  const weighted = split(g, scaled, "Mul", isLearned);
  const product = weighted && g.producer(weighted[1], "Mul");
  for (const side of product ? [0, 1] : []) {
    const deviation = deviated(g, product!.inputs[1 - side]!);
    const centred = product!.inputs[side]!;
    const difference = g.producer(centred, "Sub");
    if (deviation?.of !== centred || difference === undefined) continue;
    const [x, mean] = difference.inputs;
    if (averaged(g, mean) !== x) continue;
    return {
      ...{ op: "LayerNormalization", inputs: [x, weighted![0], bias], outputs: node.outputs },
      attributes: { axis: -1, epsilon: deviation.epsilon },
    };
  }
  return undefined;
}
