/** Network nodes as the JSON of a tensorflow.js graph model. */
import { INPUT } from "./architecture.ts";
import { architectureToNodes, GRAPH_ENDS, type NetworkNode, PLACEHOLDER } from "./graph-nodes.ts";

/** A node of `modelTopology.node`: protobuf's JSON, text in base 64, 64-bit numbers as text. */
export interface TfjsNode {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr: Readonly<Record<string, unknown>>;
}

export interface TfjsWeight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: "float32" | "int32";
}

const base64 = (text: string): string => Buffer.from(text).toString("base64");
const text = (value: unknown) => ({ s: base64(String(value)) });
const integers = (values: unknown) => ({ list: { i: (values as readonly number[]).map(String) } });
const dims = (shape: unknown) => ({
  dim: (shape as readonly number[]).map((size) => ({ size: String(size) })),
});
const type = (dtype: unknown) => (dtype === "int32" ? "DT_INT32" : "DT_FLOAT");
const FLOAT = { T: { type: "DT_FLOAT" } };
const NHWC = { data_format: text("NHWC") };

const window = ({ attributes }: NetworkNode) => ({
  ...FLOAT,
  ...NHWC,
  strides: integers(attributes.strides),
  padding: text(attributes.padding),
});
const pool = (node: NetworkNode) => ({ ...window(node), ksize: integers(node.attributes.ksize) });

/** The attributes that tensorflow.js wants of each op. */
const ATTRIBUTES: Readonly<Record<string, (node: NetworkNode) => Record<string, unknown>>> = {
  Placeholder: ({ attributes }) => ({
    dtype: { type: "DT_FLOAT" },
    shape: { shape: dims(attributes.shape) },
  }),
  Const: ({ attributes: { dtype, shape } }) => ({
    dtype: { type: type(dtype) },
    value: { tensor: { dtype: type(dtype), tensorShape: dims(shape) } },
  }),
  _FusedConv2D: (node) => ({
    ...window(node),
    dilations: integers([1, 1, 1, 1]),
    num_args: { i: "1" },
    fused_ops: { list: { s: [base64("BiasAdd"), base64("Relu")] } },
    epsilon: { f: 0 },
  }),
  MaxPool: pool,
  AvgPool: pool,
  ConcatV2: ({ inputs }) => ({ ...FLOAT, N: { i: String(inputs.length - 1) }, Tidx: { type: "DT_INT32" } }),
  Mean: ({ attributes }) => ({
    ...FLOAT,
    Tidx: { type: "DT_INT32" },
    keep_dims: { b: attributes.keep_dims },
  }),
  Reshape: () => ({ ...FLOAT, Tshape: { type: "DT_INT32" } }),
  MatMul: () => ({ ...FLOAT, transpose_a: { b: false }, transpose_b: { b: false } }),
  BiasAdd: () => ({ ...FLOAT, ...NHWC }),
};

const nodeToJson = (node: NetworkNode): TfjsNode => ({
  name: node.name,
  op: node.op,
  ...(node.inputs.length > 0 && { input: node.inputs }),
  attr: ATTRIBUTES[node.op](node),
});

const tensorInfo = (name: string, shape: readonly number[]) => ({
  name: `${name}:0`,
  dtype: "DT_FLOAT",
  tensorShape: dims(shape),
});

/** `modelTopology` of the network. */
export const networkTopology = (nodes: readonly NetworkNode[] = architectureToNodes()) => ({
  node: nodes.map(nodeToJson),
  library: {},
  versions: { producer: 27, minConsumer: 12 },
});

/** `signature`: one input, and the ends by their names. */
export const networkSignature = () => ({
  inputs: { [INPUT]: tensorInfo(INPUT, PLACEHOLDER.attributes.shape as readonly number[]) },
  outputs: Object.fromEntries(
    Object.entries(GRAPH_ENDS).map(([end, { node, width }]) => [end, tensorInfo(node, [-1, width])]),
  ),
});

const constants = (): NetworkNode[] => architectureToNodes().filter(({ op }) => op === "Const");

/** The constants in the order of the weight file. */
export const networkWeightSpecs = (): TfjsWeight[] =>
  constants().map(({ name, attributes }) => ({
    name,
    shape: attributes.shape as readonly number[],
    dtype: attributes.dtype as "float32" | "int32",
  }));

/** Axes and shapes: the constants that are no weights. */
export const networkIntegers = (): ReadonlyMap<string, Int32Array> =>
  new Map(constants().flatMap(({ name, value }) => (value ? [[name, value() as Int32Array] as const] : [])));
