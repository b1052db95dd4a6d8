import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { ProtobufWriter } from "../../src/formats/protobuf-writer.ts";
import { shapeToSize } from "../../src/formats/tensor.ts";
import { CONVOLUTIONS, WEIGHTS } from "../../src/inception/architecture.ts";
import { architectureToNodes } from "../../src/inception/graph-nodes.ts";
import { REWRITES } from "../../src/inception/graph-rewrites.ts";
import {
  bytesToGraphDef,
  type GraphDef,
  type GraphNode,
  tensorToNumbers,
} from "../../src/inception/graphdef.ts";
import { graphDefToNodes, graphDefToWeights, reachableNodes } from "../../src/inception/graphdef-to-model.ts";
import { networkTopology } from "../../src/inception/tfjs-graph.ts";
import { holdsOrRefuses, mutationsOf } from "../formats/mutations.ts";
import { GraphWriter, networkToGraphDef, seededNetwork, type UnfoldedNetwork } from "./official-graph.ts";

let network: UnfoldedNetwork;
let graph: GraphDef;
beforeAll(() => {
  network = seededNetwork();
  graph = bytesToGraphDef(networkToGraphDef(network), "graph.pb");
});

/** Figures of the official file, published with it or counted in it. */
const CENSUS = {
  Const: 489,
  CheckNumerics: 99,
  Identity: 99,
  Conv2D: 94,
  BatchNormWithGlobalNormalization: 94,
  Relu: 94,
  Concat: 11,
  AvgPool: 9,
  MaxPool: 5,
  Sub: 1,
  Mul: 1,
  Softmax: 1,
  MatMul: 1,
  BiasAdd: 1,
  Reshape: 1,
  ExpandDims: 1,
  Cast: 1,
  ResizeBilinear: 1,
  DecodeJpeg: 1,
};

describe("the official graph", () => {
  it("has its 1004 nodes, 23,885,411 constant parameters and 99 control edges", () => {
    const census: Record<string, number> = {};
    for (const { op } of graph.nodes) census[op] = (census[op] ?? 0) + 1;
    expect(census).toEqual(CENSUS);
    expect(graph.nodes.length).toBe(1004);
    const parameters = graph.nodes.flatMap(({ attributes }) => {
      const value = attributes.get("value");
      return value?.kind === "tensor" ? [shapeToSize(value.value.shape)] : [];
    });
    expect(parameters.reduce((a, b) => a + b, 0)).toBe(23_885_411);
    expect(graph.nodes.flatMap(({ inputs }) => inputs).filter((input) => input.startsWith("^")).length).toBe(
      99,
    );
  });

  it("becomes the graph of the architecture's table, node by node", () => {
    const nodes = graphDefToNodes(graph, "graph.pb");
    const expected = architectureToNodes();
    expect([...reachableNodes(nodes)].sort()).toEqual(expected.map(({ name }) => name).sort());
    const rewritten = expected.map(({ name }) => nodes.get(name)!);
    expect(networkTopology(rewritten)).toEqual(networkTopology(expected));
  });

  it("gives weights with batch norm folded in float64", () => {
    const weights = graphDefToWeights(graph, "graph.pb");
    expect([...weights.keys()]).toEqual(WEIGHTS.map(({ name }) => name));
    const epsilon = Math.fround(0.001);
    for (const { name } of CONVOLUTIONS) {
      const { filter, mean, variance, beta } = network.convolutions.get(name)!;
      const channels = beta.length;
      const folded = weights.get(`${name}/weights`)!;
      for (const i of [0, 1, channels, Math.floor(filter.length / 2), filter.length - 1]) {
        const scale = 1 / Math.sqrt(variance[i % channels] + epsilon);
        expect(folded[i], `${name} ${i}`).toBe(Math.fround(filter[i] * scale));
      }
      const c = channels - 1;
      const bias = beta[c] - mean[c] / Math.sqrt(variance[c] + epsilon);
      // The division and the product with the reciprocal differ by a rounding of float64.
      expect(weights.get(`${name}/biases`)![c]).toBeCloseTo(Math.fround(bias), 6);
    }
    // Not toEqual, which takes seconds for two million numbers.
    const isSame = (a: Float32Array, b: Float32Array) =>
      Buffer.compare(Buffer.from(a.buffer), Buffer.from(b.buffer)) === 0;
    expect(isSame(weights.get("softmax/weights")!, network.softmaxWeights)).toBe(true);
    expect(isSame(weights.get("softmax/biases")!, network.softmaxBiases)).toBe(true);
  });
});

describe("another graph", () => {
  const changed = (name: string, change: (node: GraphNode) => GraphNode): GraphDef => ({
    nodes: graph.nodes.map((node) => (node.name === name ? change(node) : node)),
  });
  const attribute = (node: GraphNode, key: string, value: unknown): GraphNode => ({
    ...node,
    attributes: new Map([...node.attributes, [key, value as never]]),
  });
  const renamed = (from: string, to: string): GraphDef => ({
    nodes: graph.nodes.map((node) => ({
      ...node,
      name: node.name === from ? to : node.name,
      inputs: node.inputs.map((input) => (input === from ? to : input)),
    })),
  });

  it.each<[string, () => GraphDef, string]>([
    [
      "torchvision's average pool in the last block",
      () => changed("mixed_10/tower_2/pool", (n) => ({ ...n, op: "AvgPool" })),
      "mixed_10/tower_2/pool is AvgPool instead of MaxPool",
    ],
    [
      "a stride",
      () => changed("conv/Conv2D", (n) => attribute(n, "strides", { kind: "integers", value: [1, 1, 1, 1] })),
      "conv has strides [1,1,1,1] instead of [1,2,2,1]",
    ],
    [
      "a padding",
      () => changed("conv_1/Conv2D", (n) => attribute(n, "padding", { kind: "text", value: "SAME" })),
      'conv_1 has padding "SAME" instead of "VALID"',
    ],
    [
      "channels first",
      () => changed("pool", (n) => attribute(n, "data_format", { kind: "text", value: "NCHW" })),
      'data_format "NCHW"',
    ],
    [
      "dilation",
      () =>
        changed("conv_2/Conv2D", (n) => attribute(n, "dilations", { kind: "integers", value: [1, 2, 2, 1] })),
      "dilations [1,2,2,1]",
    ],
    [
      "corners aligned",
      () => changed("ResizeBilinear", (n) => attribute(n, "align_corners", { kind: "flag", value: true })),
      "no Placeholder input",
    ],
    [
      "another mean",
      () =>
        changed("Sub/y", (n) => ({
          ...n,
          attributes: graph.nodes.find((m) => m.name === "Mul/y")!.attributes,
        })),
      "no Placeholder input",
    ],
    [
      "another order of branches",
      () =>
        changed("mixed/join", (n) => ({
          ...n,
          inputs: [n.inputs[0], n.inputs[2], n.inputs[1], ...n.inputs.slice(3)],
        })),
      "mixed/join has inputs",
    ],
    [
      "another concat axis",
      () =>
        changed("mixed/join/concat_dim", (n) => ({
          ...n,
          attributes: graph.nodes.find((m) => m.name === "ExpandDims/dim")!.attributes,
        })),
      "mixed/join is Concat instead of ConcatV2",
    ],
    [
      "a missing node",
      () => ({ nodes: graph.nodes.filter(({ name }) => name !== "mixed_4/join") }),
      "no ConcatV2 mixed_4/join",
    ],
    ["a layer of another name", () => renamed("mixed_7/conv", "mixed_7/other"), "mixed_7/conv"],
    [
      "1001 classes' weights",
      () =>
        changed("softmax/weights", (n) => ({
          ...n,
          attributes: graph.nodes.find((m) => m.name === "softmax/biases")!.attributes,
        })),
      "softmax/weights has shape [1008] instead of [2048,1008]",
    ],
  ])("is refused with what differs: %s", (_what, make, difference) => {
    expect(() => graphDefToWeights(make(), "graph.pb")).toThrow(
      expect.objectContaining({ code: "input.other-network", message: expect.stringContaining(difference) }),
    );
  });

  it("a ring of identities ends in a refusal", () => {
    const nodes: GraphNode[] = ["a", "b"].map((name) => ({
      name,
      op: "Identity",
      inputs: [name === "a" ? "b" : "a"],
      attributes: new Map(),
    }));
    expect(() => graphDefToWeights({ nodes }, "ring.pb")).toThrow(
      expect.objectContaining({ code: "input.other-network" }),
    );
  });
});

describe("each rewrite leaves what it does not know", () => {
  it.each(
    REWRITES.filter(({ op }) => op !== undefined && op !== "Placeholder").map(
      (rewrite) => [rewrite.name, rewrite] as const,
    ),
  )("%s: a node without inputs", (_name, rewrite) => {
    const node = { name: "x", op: rewrite.op!, inputs: [], attributes: {} };
    expect(rewrite.apply(node, { input: () => undefined })).toBeUndefined();
  });
});

/** A few nodes of every kind of attribute and tensor. */
function smallGraph(): Uint8Array {
  const graph = new GraphWriter();
  const shape = (...sizes: number[]) =>
    sizes.reduce((all, size) => all.message(2, new ProtobufWriter().integer(1, size)), new ProtobufWriter());
  const tensor = (dtype: number, ...sizes: number[]) =>
    new ProtobufWriter().integer(1, dtype).message(2, shape(...sizes));
  graph.constant("content", tensor(1, 2, 2).bytes(4, new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer)));
  graph.constant("filled", tensor(1, 3).float(5, 0.5));
  graph.constant("packed", tensor(1, 3).bytes(5, new Uint8Array(Float32Array.of(1, 2).buffer)));
  graph.constant("whole", tensor(3).integer(7, -4), 3);
  graph.node("Relu", "Relu", ["content:0", "^filled"], {
    list: (v) => v.message(1, new ProtobufWriter().integer(3, 1).integer(3, 2)),
    text: (v) => v.string(2, "SAME"),
    number: (v) => v.float(4, 0.25),
    on: (v) => v.integer(5, 1),
    shape: (v) => v.message(7, shape(-1, 299)),
  });
  return graph.finish();
}

describe("bytesToGraphDef", () => {
  it("reads every form of attribute and constant", () => {
    const { nodes } = bytesToGraphDef(smallGraph(), "small.pb");
    const numbersOf = (name: string) => {
      const value = nodes.find((node) => node.name === name)?.attributes.get("value");
      return value?.kind === "tensor" ? [...tensorToNumbers(value.value, name, "small.pb")] : undefined;
    };
    expect(numbersOf("content")).toEqual([1, 2, 3, 4]);
    expect(numbersOf("filled")).toEqual([0.5, 0.5, 0.5]);
    expect(numbersOf("packed")).toEqual([1, 2, 2]);
    expect(numbersOf("whole")).toEqual([-4]);
    const relu = nodes.at(-1)!;
    expect(relu.inputs).toEqual(["content:0", "^filled"]);
    expect(Object.fromEntries(relu.attributes)).toEqual({
      list: { kind: "integers", value: [1, 2] },
      text: { kind: "text", value: "SAME" },
      number: { kind: "float", value: 0.25 },
      on: { kind: "flag", value: true },
      shape: { kind: "shape", value: [-1, 299] },
    });
  });

  it("refuses a constant whose shape would fill the memory", () => {
    const tensor = { dtype: "float32", shape: [2 ** 20, 2 ** 20], content: new Uint8Array(0), values: [1] };
    expect(() => tensorToNumbers(tensor, "bomb", "x")).toThrow(
      expect.objectContaining({ code: "input.protobuf" }),
    );
  });

  it("returns or throws its own error for mutated bytes", async () => {
    await fc.assert(
      fc.asyncProperty(mutationsOf(smallGraph()), (bytes) =>
        holdsOrRefuses(() => {
          const read = bytesToGraphDef(bytes, "small.pb");
          for (const { name, attributes } of read.nodes)
            for (const value of attributes.values())
              if (value.kind === "tensor" && shapeToSize(value.value.shape) < 1e6)
                tensorToNumbers(value.value, name, "small.pb");
          graphDefToWeights(read, "small.pb");
        }),
      ),
      { numRuns: 400 },
    );
  });
});
