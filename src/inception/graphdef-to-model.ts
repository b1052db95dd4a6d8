/** The official GraphDef to the network's weights: rewritten step by step, then held to the table node by node. */
import { GanEvalError } from "../errors.ts";
import { type InceptionWeights, WEIGHTS } from "./architecture.ts";
import { architectureToNodes, GRAPH_ENDS, type NetworkNode, type NodeAttribute } from "./graph-nodes.ts";
import { REWRITES, type Rewrite, type RewriteGraph } from "./graph-rewrites.ts";
import { type AttributeValue, type GraphDef, type GraphNode, tensorToNumbers } from "./graphdef.ts";

/** Attributes that decide what a node computes; others (types, hints to the GPU) are left out. */
const KEPT: Readonly<Record<string, readonly string[]>> = {
  Conv2D: ["strides", "padding"],
  MaxPool: ["ksize", "strides", "padding"],
  AvgPool: ["ksize", "strides", "padding"],
  BatchNormWithGlobalNormalization: ["variance_epsilon", "scale_after_normalization"],
  ResizeBilinear: ["align_corners", "half_pixel_centers"],
  MatMul: [],
  BiasAdd: [],
};

/** Attributes that are kept only where they are not what the table takes for granted. */
const DEFAULTS: Readonly<Record<string, unknown>> = {
  data_format: "NHWC",
  dilations: [1, 1, 1, 1],
  transpose_a: false,
  transpose_b: false,
  half_pixel_centers: false,
};

const plain = (value: AttributeValue): NodeAttribute | undefined =>
  value.kind === "tensor" || value.kind === "texts" || value.kind === "other" ? undefined : value.value;

function nodeAttributes(node: GraphNode): Record<string, NodeAttribute> {
  const kept: Record<string, NodeAttribute> = {};
  for (const [key, attribute] of node.attributes) {
    const value = plain(attribute);
    const unusual = Object.hasOwn(DEFAULTS, key) && JSON.stringify(value) !== JSON.stringify(DEFAULTS[key]);
    const wanted =
      Object.hasOwn(KEPT, node.op) && KEPT[node.op].includes(key) && !Object.hasOwn(DEFAULTS, key);
    if (value !== undefined && (unusual || wanted)) kept[key] = value;
  }
  return kept;
}

function graphNodeToNetworkNode(node: GraphNode, location: string): NetworkNode {
  const { name, op } = node;
  const inputs = node.inputs.map((input) => input.replace(/:0$/, ""));
  const tensor = node.attributes.get("value");
  if (op !== "Const" || tensor?.kind !== "tensor")
    return { name, op, inputs, attributes: nodeAttributes(node) };
  const { dtype, shape } = tensor.value;
  return {
    name,
    op,
    inputs,
    attributes: { dtype, shape },
    ...((dtype === "float32" || dtype === "int32") && {
      value: () => tensorToNumbers(tensor.value, name, location),
    }),
  };
}

/** Applies one rewrite to every node. */
function applyRewrite(rewrite: Rewrite, nodes: Map<string, NetworkNode>): Map<string, NetworkNode> {
  const graph: RewriteGraph = { input: (node, index) => nodes.get(node.inputs[index]) };
  const changed = new Map(nodes);
  const instead = new Map<string, string>();
  for (const node of nodes.values()) {
    if (rewrite.op !== undefined && rewrite.op !== node.op) continue;
    const change = rewrite.apply(node, graph);
    if (change === undefined) continue;
    if ("readInstead" in change) {
      instead.set(node.name, change.readInstead);
      changed.delete(node.name);
    }
    for (const made of change.nodes ?? []) changed.set(made.name, made);
  }
  return instead.size > 0 ? redirect(changed, instead) : changed;
}

/** Follows chains of replaced nodes to their end; a ring of them (no real graph has one) is left as it is. */
function redirect(
  nodes: Map<string, NetworkNode>,
  instead: ReadonlyMap<string, string>,
): Map<string, NetworkNode> {
  const target = (name: string): string => {
    let found = name;
    for (let steps = 0; instead.has(found) && steps < instead.size; steps++) found = instead.get(found)!;
    return found;
  };
  return new Map(
    [...nodes].map(([name, node]) => [name, { ...node, inputs: node.inputs.map((input) => target(input)) }]),
  );
}

/** The official graph in canonical ops; what no end needs is still in it. */
export function graphDefToNodes(graph: GraphDef, location: string): ReadonlyMap<string, NetworkNode> {
  const nodes = new Map(graph.nodes.map((node) => [node.name, graphNodeToNetworkNode(node, location)]));
  return REWRITES.reduce((current, rewrite) => applyRewrite(rewrite, current), nodes);
}

/** The nodes that the ends need. */
export function reachableNodes(nodes: ReadonlyMap<string, NetworkNode>): Set<string> {
  const reached = new Set<string>();
  const pending = Object.values(GRAPH_ENDS).map(({ node }) => node);
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (reached.has(name)) continue;
    reached.add(name);
    pending.push(...(nodes.get(name)?.inputs ?? []));
  }
  return reached;
}

const text = (value: unknown): string => JSON.stringify(value);

function nodeDifference(expected: NetworkNode, got: NetworkNode | undefined): string | undefined {
  const { name } = expected;
  if (got === undefined) return `no ${expected.op} ${name}`;
  if (got.op !== expected.op) return `${name} is ${got.op} instead of ${expected.op}`;
  if (text(got.inputs) !== text(expected.inputs))
    return `${name} has inputs ${got.inputs.join(", ")} instead of ${expected.inputs.join(", ")}`;
  for (const key of new Set([...Object.keys(expected.attributes), ...Object.keys(got.attributes)]))
    if (text(got.attributes[key]) !== text(expected.attributes[key]))
      return `${name} has ${key} ${text(got.attributes[key])} instead of ${text(expected.attributes[key])}`;
  return undefined;
}

/** How a graph differs from the network, node by node in the network's order. */
function graphDifferences(nodes: ReadonlyMap<string, NetworkNode>): string[] {
  return architectureToNodes().flatMap((node) => nodeDifference(node, nodes.get(node.name)) ?? []);
}

const SHOWN = 5;

/**
 * The weights of the official graph, batch norm folded.
 * @throws GanEvalError `input.other-network` saying what differs, `input.protobuf` for damaged constants
 */
export function graphDefToWeights(graph: GraphDef, location: string): InceptionWeights {
  const nodes = graphDefToNodes(graph, location);
  const differences = graphDifferences(nodes);
  if (differences.length > 0) {
    const more = differences.length > SHOWN ? `; and ${differences.length - SHOWN} more` : "";
    throw new GanEvalError(
      "input.other-network",
      `expected the Inception network of 2015-12-05 in ${location}, got another graph: ${differences.slice(0, SHOWN).join("; ")}${more}`,
      {
        hint: "Use classify_image_graph_def.pb from inception-2015-12-05.tgz: `gan-eval inception download` fetches it.",
      },
    );
  }
  // The comparison has seen that all are float32 of the right shape.
  return new Map(WEIGHTS.map(({ name }) => [name, nodes.get(name)!.value!() as Float32Array]));
}
