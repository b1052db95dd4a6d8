import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Constant, Graph, Node, Value } from "../../src/engine/graph.ts";
import { GraphBuilder } from "../../src/engine/graph-builder.ts";
import type { OnnxOp } from "../../src/engine/onnx-ops.ts";
import { verifyGraph } from "../../src/engine/verify-graph.ts";
import type { ErrorCode, GanEvalError } from "../../src/errors.ts";
import { Draw } from "./lowerings/draw.ts";
import { randomGraph } from "./random-graph.ts";

/** v0 = LeakyRelu(x); v1 = Add(v0, c0) */
function soundGraph(): Graph {
  const graph = new GraphBuilder();
  const x = graph.input("x", { dtype: "float32", shape: [2, 3] });
  const bias = graph.constant(Float32Array.of(1, 2, 3), [3], "float32");
  const sum = graph.op("Add", [graph.op("LeakyRelu", [x], { alpha: 0.2 }), bias]);
  return graph.finish("sound", [{ name: "y", value: sum }]);
}

function errorOf(graph: Graph): GanEvalError {
  try {
    verifyGraph(graph);
  } catch (error) {
    return error as GanEvalError;
  }
  throw new Error("the graph passed");
}

const withNode = (graph: Graph, at: number, change: Partial<Node>): Graph => ({
  ...graph,
  nodes: graph.nodes.map((node, i) => (i === at ? { ...node, ...change } : node)),
});
const withConstant = (graph: Graph, change: Partial<Constant>): Graph => ({
  ...graph,
  constants: graph.constants.map((constant) => ({ ...constant, ...change })),
});
const input = (graph: Graph, at: number): Value => graph.nodes[1].inputs[at]!;

/** Each way to break the sound graph: what is wrong, the error's code, a part of its message, the broken graph. */
const BROKEN: readonly (readonly [string, ErrorCode, RegExp, (graph: Graph) => Graph])[] = [
  [
    "a node before its inputs",
    "internal.graph-undefined",
    /%\.v0 is used before.*%\.v1: .*Add/,
    (graph) => ({ ...graph, nodes: graph.nodes.toReversed() }),
  ],
  [
    "an undefined value",
    "internal.graph-undefined",
    /%ghost/,
    (graph) => withNode(graph, 1, { inputs: [{ ...input(graph, 0), name: "ghost" }, input(graph, 1)] }),
  ],
  [
    "a constant that is not listed",
    "internal.graph-undefined",
    /%\.c0/,
    (graph) => ({ ...graph, constants: [] }),
  ],
  [
    "a node twice",
    "internal.graph-duplicate",
    /%\.v0 is defined twice/,
    (graph) => ({ ...graph, nodes: [graph.nodes[0], ...graph.nodes] }),
  ],
  [
    "an input named like a constant",
    "internal.graph-duplicate",
    /%\.c0/,
    (graph) => ({ ...graph, inputs: [...graph.inputs, { name: ".c0", dtype: "bool", shape: [] }] }),
  ],
  [
    "a value without a name",
    "internal.graph-duplicate",
    /no name/,
    (graph) => ({ ...graph, inputs: [{ name: "", dtype: "bool", shape: [] }, ...graph.inputs] }),
  ],
  [
    "an op that is not known",
    "internal.graph-op",
    /unknown op Conv3/,
    (graph) => withNode(graph, 0, { op: "Conv3" as OnnxOp }),
  ],
  [
    "an op named like a property of objects",
    "internal.graph-op",
    /unknown op toString/,
    (graph) => withNode(graph, 0, { op: "toString" as OnnxOp }),
  ],
  [
    "too few inputs",
    "internal.graph-arity",
    /expected 2 to 2 inputs, got 1/,
    (graph) => withNode(graph, 1, { inputs: [input(graph, 0)] }),
  ],
  [
    "too many inputs",
    "internal.graph-arity",
    /got 3/,
    (graph) => withNode(graph, 1, { inputs: [...graph.nodes[1].inputs, input(graph, 1)] }),
  ],
  [
    "an omitted input that is required",
    "internal.graph-arity",
    /omitted/,
    (graph) => withNode(graph, 1, { inputs: [undefined, input(graph, 1)] }),
  ],
  [
    "no outputs of a node",
    "internal.graph-arity",
    /expected 1 to 1 outputs, got 0/,
    (graph) => withNode(graph, 0, { outputs: [] }),
  ],
  [
    "an unknown attribute",
    "internal.graph-attribute",
    /LeakyRelu has no attribute slope/,
    (graph) => withNode(graph, 0, { attributes: { slope: 1 } }),
  ],
  [
    "an attribute of another kind",
    "internal.graph-attribute",
    /expected alpha to be float, got \[1\]/,
    (graph) => withNode(graph, 0, { attributes: { alpha: [1] } }),
  ],
  [
    "an output of another shape",
    "internal.graph-type",
    /%\.v1 should be float32\[2,3\], is float32\[2,4\]/,
    (graph) => withNode(graph, 1, { outputs: [{ ...graph.nodes[1].outputs[0], shape: [2, 4] }] }),
  ],
  [
    "an output of another element type",
    "internal.graph-type",
    /should be float32/,
    (graph) => withNode(graph, 1, { outputs: [{ ...graph.nodes[1].outputs[0], dtype: "int32" }] }),
  ],
  [
    "a use with another type than the definition",
    "internal.graph-type",
    /%\.v0 is float32\[2,3\], used as float32\[6\]/,
    (graph) => withNode(graph, 1, { inputs: [{ ...input(graph, 0), shape: [6] }, input(graph, 1)] }),
  ],
  [
    "inputs that do not go together",
    "internal.graph-type",
    /do not broadcast/,
    (graph) => {
      const wrong: Constant = { ...graph.constants[0], shape: [4], data: new Float32Array(4) };
      return withNode({ ...graph, constants: [wrong] }, 1, { inputs: [input(graph, 0), wrong] });
    },
  ],
  [
    "a shape that is not static",
    "internal.graph-type",
    /static shape/,
    (graph) => ({ ...graph, inputs: [{ ...graph.inputs[0], shape: [-1, 3] }] }),
  ],
  [
    "a constant that is too short",
    "internal.graph-constant",
    /expected 3 elements, got 2/,
    (graph) => withConstant(graph, { data: new Float32Array(2) }),
  ],
  [
    "a constant in another array",
    "internal.graph-constant",
    /expected a Float32Array, got a Int32Array/,
    (graph) => withConstant(graph, { data: new Int32Array(3) }),
  ],
  [
    "an output that nothing makes",
    "internal.graph-undefined",
    /%ghost/,
    (graph) => ({ ...graph, outputs: [{ name: "y", value: { ...graph.outputs[0].value, name: "ghost" } }] }),
  ],
  [
    "two outputs of one name",
    "internal.graph-output",
    /two outputs are named y/,
    (graph) => ({ ...graph, outputs: [...graph.outputs, ...graph.outputs] }),
  ],
  ["no outputs", "internal.graph-output", /no outputs/, (graph) => ({ ...graph, outputs: [] })],
];

describe("the verifier", () => {
  it("passes what the builder builds", () => {
    verifyGraph(soundGraph());
    fc.assert(
      fc.property(fc.integer(), (seed) => verifyGraph(randomGraph(new Draw(seed)))),
      { seed: 2020 },
    );
  });

  it.each(BROKEN)("refuses %s", (_what, code, message, damage) => {
    const error = errorOf(damage(soundGraph()));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });

  it("refuses any graph with a node dropped that another needs", () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(), (seed, pick) => {
        const graph = randomGraph(new Draw(seed));
        fc.pre(graph.nodes.length > 0);
        const at = pick % graph.nodes.length;
        const nodes = graph.nodes.filter((_, i) => i !== at);
        expect(errorOf({ ...graph, nodes }).code).toBe("internal.graph-undefined");
      }),
      { seed: 2020 },
    );
  });
});
