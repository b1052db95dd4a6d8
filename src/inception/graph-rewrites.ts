/** The steps from the official GraphDef to the canonical graph, each a row: what it looks for and what it makes of it. */
import { shapeToSize } from "../formats/tensor.ts";
import { foldIntoBiases, foldIntoWeights } from "./batch-norm.ts";
import {
  averageNodes,
  concatNodes,
  flattenNodes,
  fusedConvolution,
  type NetworkNode,
  PLACEHOLDER,
} from "./graph-nodes.ts";

/** A graph that is being rewritten. */
export interface RewriteGraph {
  /** The node that gives the input at `index`, if there is one. */
  input(node: NetworkNode, index: number): NetworkNode | undefined;
}

/** New nodes in the old one's place (those of an old name replace it), or whose output to read instead of it. */
export type Change =
  | { readonly nodes: readonly NetworkNode[] }
  | { readonly readInstead: string; readonly nodes?: readonly NetworkNode[] };

export interface Rewrite {
  readonly name: string;
  /** The op that it looks at; every node if left out. */
  readonly op?: string;
  /** Undefined where the pattern is another: then the comparison with the table says what is left. */
  apply(node: NetworkNode, graph: RewriteGraph): Change | undefined;
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Whether a constant has these numbers; a large one is not even read. */
const holds = (node: NetworkNode | undefined, numbers: readonly number[]): boolean =>
  node?.op === "Const" &&
  shapeToSize(node.attributes.shape as readonly number[]) === numbers.length &&
  same([...(node.value?.() ?? [])], numbers);

const forward = (node: NetworkNode): Change | undefined =>
  node.inputs.length > 0 ? { readInstead: node.inputs[0] } : undefined;

const float32Value = (node: NetworkNode | undefined): (() => Float32Array) | undefined =>
  node?.op === "Const" && node.attributes.dtype === "float32"
    ? (node.value as () => Float32Array)
    : undefined;

const weightNode = (name: string, like: NetworkNode, value: () => Float32Array): NetworkNode => ({
  ...like,
  name,
  value,
});

/** The front of the graph: resize to 299 x 299, subtract 128, divide by 128. The extractor does that. */
function isPreprocessing(node: NetworkNode, graph: RewriteGraph): boolean {
  const sub = graph.input(node, 0);
  const resize = sub && graph.input(sub, 0);
  return (
    sub?.op === "Sub" &&
    resize?.op === "ResizeBilinear" &&
    (resize.attributes.align_corners ?? false) === false &&
    holds(graph.input(resize, 1), [299, 299]) &&
    holds(graph.input(sub, 1), [128]) &&
    holds(graph.input(node, 1), [0.0078125])
  );
}

function foldBatchNorm(node: NetworkNode, graph: RewriteGraph): Change | undefined {
  const conv = graph.input(node, 0);
  const filter = conv && graph.input(conv, 1);
  const values = [1, 2, 3, 4].map((i) => float32Value(graph.input(node, i)));
  const [mean, variance, beta, gamma] = values;
  const weights = float32Value(filter);
  const epsilon = node.attributes.variance_epsilon;
  if (
    conv?.op !== "Conv2D" ||
    !filter ||
    !weights ||
    values.includes(undefined) ||
    typeof epsilon !== "number"
  )
    return undefined;
  const scaled = node.attributes.scale_after_normalization === true;
  const norm = () => ({
    mean: mean!(),
    variance: variance!(),
    beta: beta!(),
    ...(scaled && { gamma: gamma!() }),
    epsilon,
  });
  const folded = `${node.name}/weights`;
  return {
    nodes: [
      weightNode(folded, filter, () => foldIntoWeights(weights(), norm())),
      weightNode(`${node.name}/biases`, graph.input(node, 3)!, () => foldIntoBiases(norm())),
      { ...conv, inputs: [conv.inputs[0], folded] },
      { name: node.name, op: "BiasAdd", inputs: [conv.name, `${node.name}/biases`], attributes: {} },
    ],
  };
}

/** A 1x1 convolution of stride 1 is the same with and without padding; the table says SAME. */
function fusedAttributes(conv: NetworkNode, weights: NetworkNode): NetworkNode["attributes"] {
  const [height, width] = weights.attributes.shape as readonly number[];
  const pointwise = height === 1 && width === 1 && same(conv.attributes.strides, [1, 1, 1, 1]);
  return pointwise ? { ...conv.attributes, padding: "SAME" } : conv.attributes;
}

function fuse(node: NetworkNode, graph: RewriteGraph): Change | undefined {
  const add = graph.input(node, 0);
  const conv = add && graph.input(add, 0);
  const weights = conv && graph.input(conv, 1);
  const biases = add && graph.input(add, 1);
  if (add?.op !== "BiasAdd" || conv?.op !== "Conv2D" || !weights || !biases) return undefined;
  return {
    nodes: [
      { ...weights, name: `${node.name}/weights` },
      { ...biases, name: `${node.name}/biases` },
      fusedConvolution(node.name, conv.inputs[0], fusedAttributes(conv, weights)),
    ],
  };
}

/** In the order in which they are applied, each to the whole graph. */
export const REWRITES: readonly Rewrite[] = [
  {
    name: "drop control edges",
    apply: (node) =>
      node.inputs.some((input) => input.startsWith("^"))
        ? { nodes: [{ ...node, inputs: node.inputs.filter((input) => !input.startsWith("^")) }] }
        : undefined,
  },
  { name: "drop numeric checks", op: "CheckNumerics", apply: forward },
  { name: "drop identities", op: "Identity", apply: forward },
  {
    name: "cut off the preprocessing",
    op: "Mul",
    apply: (node, graph) =>
      isPreprocessing(node, graph) ? { readInstead: PLACEHOLDER.name, nodes: [PLACEHOLDER] } : undefined,
  },
  { name: "fold batch norm", op: "BatchNormWithGlobalNormalization", apply: foldBatchNorm },
  { name: "fuse convolution, biases and ReLU", op: "Relu", apply: fuse },
  {
    name: "concatenate with the axis last",
    op: "Concat",
    apply: (node, graph) =>
      holds(graph.input(node, 0), [3]) ? { nodes: concatNodes(node.name, node.inputs.slice(1)) } : undefined,
  },
  {
    name: "lift the batch of one",
    op: "Reshape",
    apply: (node, graph) =>
      holds(graph.input(node, 1), [1, 2048]) ? { nodes: flattenNodes(node.name, node.inputs[0]) } : undefined,
  },
  {
    name: "add the spatial averages",
    op: "Placeholder",
    apply: (node) => ({ nodes: [node, ...averageNodes()] }),
  },
];
