/** The network as graph nodes in the few ops of the canonical tensorflow.js graph model. */
import { CLASSES, FEATURES, INPUT, INPUT_SIZE, LAYERS, type Layer, WEIGHTS } from "./architecture.ts";

export type NodeAttribute = string | number | boolean | readonly number[];

/** A node while graphs are rewritten and compared: its inputs without `:0`, only the attributes that say something. */
export interface NetworkNode {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  readonly attributes: Readonly<Record<string, NodeAttribute>>;
  /** The numbers of a Const, made when they are asked for. */
  readonly value?: () => Float32Array | Int32Array;
}

export interface NetworkEnd {
  /** The node that gives it. */
  readonly node: string;
  readonly width: number;
}

type GraphEnd = "64" | "192" | "768" | "2048" | "logits_unbiased" | "logits";
export type InceptionEnd = GraphEnd | "spatial";

/**
 * The outputs of the graph model: 64, 192 and 768 are spatial averages after the first and second pool and mixed_7, as in
 * pytorch-fid; 2048 is pool_3; logits_unbiased is the classifier without its biases, as the Inception Score's authors
 * took it and torch-fidelity does.
 */
export const GRAPH_ENDS: Readonly<Record<GraphEnd, NetworkEnd>> = {
  "64": { node: "pool/mean", width: 64 },
  "192": { node: "pool_1/mean", width: 192 },
  "768": { node: "mixed_7/join/mean", width: 768 },
  "2048": { node: "pool_3/_reshape", width: FEATURES },
  logits_unbiased: { node: "softmax/logits/MatMul", width: CLASSES },
  logits: { node: "softmax/logits", width: CLASSES },
};

/** Channels of the 17 x 17 map that the spatial end keeps. */
export const SPATIAL_CHANNELS = 7;

/**
 * Where features are taken. `spatial` is what sFID compares (Nash et al. 2021, and the evaluation of ADM by Dhariwal and
 * Nichol 2021): the first seven channels of mixed_6/conv after its ReLU, a row of the map after the other, channels
 * last. No output of the graph model, it is cut out of the node when it is run, so that installed models stay valid.
 */
export const ENDS: Readonly<Record<InceptionEnd, NetworkEnd>> = {
  ...GRAPH_ENDS,
  spatial: { node: "mixed_6/conv", width: 17 * 17 * SPATIAL_CHANNELS },
};

const constant = (name: string, shape: readonly number[], numbers: readonly number[]): NetworkNode => ({
  name,
  op: "Const",
  inputs: [],
  attributes: { dtype: "int32", shape },
  value: () => Int32Array.from(numbers),
});

/** Images of any number. */
export const PLACEHOLDER: NetworkNode = {
  name: INPUT,
  op: "Placeholder",
  inputs: [],
  attributes: { shape: [-1, INPUT_SIZE, INPUT_SIZE, 3] },
};

const strides = (stride: number): readonly number[] => [1, stride, stride, 1];

/** A convolution with its biases and ReLU. */
export const fusedConvolution = (
  name: string,
  input: string,
  attributes: NetworkNode["attributes"],
): NetworkNode => ({
  name,
  op: "_FusedConv2D",
  inputs: [input, `${name}/weights`, `${name}/biases`],
  attributes,
});

export const concatNodes = (name: string, inputs: readonly string[]): NetworkNode[] => [
  constant(`${name}/axis`, [], [3]),
  { name, op: "ConcatV2", inputs: [...inputs, `${name}/axis`], attributes: {} },
];

/** [batch, 1, 1, 2048] to [batch, 2048]. */
export const flattenNodes = (name: string, input: string): NetworkNode[] => [
  constant(`${name}/shape`, [2], [-1, FEATURES]),
  { name, op: "Reshape", inputs: [input, `${name}/shape`], attributes: {} },
];

/** The spatial averages, which TensorFlow's graph does not have. */
export const averageNodes = (): NetworkNode[] => [
  constant("spatial_axes", [2], [1, 2]),
  ...["pool", "pool_1", "mixed_7/join"].map((input) => ({
    name: `${input}/mean`,
    op: "Mean",
    inputs: [input, "spatial_axes"],
    attributes: { keep_dims: false },
  })),
];

function layerToNodes(layer: Layer): NetworkNode[] {
  if (layer.kind === "concat") return concatNodes(layer.name, layer.inputs);
  const { name, input, padding } = layer;
  if (layer.kind === "convolution")
    return [fusedConvolution(name, input, { strides: strides(layer.stride), padding })];
  const attributes = { ksize: strides(layer.size), strides: strides(layer.stride), padding };
  return [{ name, op: layer.kind === "max-pool" ? "MaxPool" : "AvgPool", inputs: [input], attributes }];
}

/** The whole network by its table, weights first. Weights have no values here. */
export function architectureToNodes(): NetworkNode[] {
  return [
    PLACEHOLDER,
    ...WEIGHTS.map(({ name, shape }) => ({
      name,
      op: "Const",
      inputs: [],
      attributes: { dtype: "float32", shape },
    })),
    ...LAYERS.flatMap(layerToNodes),
    ...averageNodes(),
    ...flattenNodes("pool_3/_reshape", "pool_3"),
    {
      name: "softmax/logits/MatMul",
      op: "MatMul",
      inputs: ["pool_3/_reshape", "softmax/weights"],
      attributes: {},
    },
    {
      name: "softmax/logits",
      op: "BiasAdd",
      inputs: ["softmax/logits/MatMul", "softmax/biases"],
      attributes: {},
    },
  ];
}
