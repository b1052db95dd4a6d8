/** The network as its publishers wrote it, with other numbers: every node of the 2015 GraphDef, batch norm unfolded. */
import { ProtobufWriter } from "../../src/formats/protobuf-writer.ts";
import {
  CLASSES,
  CONVOLUTIONS,
  FEATURES,
  INPUT,
  LAYERS,
  type Layer,
} from "../../src/inception/architecture.ts";
import { layerToModule } from "../../src/inception/torch-names.ts";
import type { TorchTensor } from "../formats/pickle-writer.ts";

/** A convolution's arrays before batch norm is folded in. */
export interface Unfolded {
  readonly filter: Float32Array;
  readonly mean: Float32Array;
  readonly variance: Float32Array;
  readonly beta: Float32Array;
}

export interface UnfoldedNetwork {
  readonly convolutions: ReadonlyMap<string, Unfolded>;
  readonly softmaxWeights: Float32Array;
  readonly softmaxBiases: Float32Array;
}

/** Numbers of a sequence that is cheap to make and to pack, different from one tensor to the next. */
function numbers(length: number, seed: number, scale: number, shift = 0): Float32Array {
  const values = new Float32Array(length);
  let state = (seed * 2654435761) >>> 0;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    values[i] = ((state >>> 24) / 256 - 0.5) * scale + shift;
  }
  return values;
}

export function seededNetwork(): UnfoldedNetwork {
  const convolutions = CONVOLUTIONS.map(
    ({ name, shape: [height, width, input, output] }, i): [string, Unfolded] => {
      const seed = 10 * i + 1;
      const fanIn = height * width * input;
      return [
        name,
        {
          filter: numbers(fanIn * output, seed, 4 / Math.sqrt(fanIn)),
          mean: numbers(output, seed + 1, 0.2),
          variance: numbers(output, seed + 2, 0.5, 0.75),
          beta: numbers(output, seed + 3, 0.3),
        },
      ];
    },
  );
  return {
    convolutions: new Map(convolutions),
    softmaxWeights: numbers(FEATURES * CLASSES, 5001, 0.1),
    softmaxBiases: numbers(CLASSES, 5002, 0.1),
  };
}

const message = (): ProtobufWriter => new ProtobufWriter();
const FLOAT = 1;
const INT32 = 3;
const STRING = 7;

const shapeMessage = (shape: readonly number[]): ProtobufWriter =>
  shape.reduce((all, size) => all.message(2, message().integer(1, size)), message());

const asBytes = (data: Float32Array | Int32Array): Uint8Array =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

const floatTensor = (shape: readonly number[], data: Float32Array): ProtobufWriter =>
  message().integer(1, FLOAT).message(2, shapeMessage(shape)).bytes(4, asBytes(data));

/** One number for the whole tensor, the file's short form. */
const filledTensor = (shape: readonly number[], value: number): ProtobufWriter =>
  message().integer(1, FLOAT).message(2, shapeMessage(shape)).float(5, value);

/** Packed float_val. */
const packedTensor = (shape: readonly number[], data: Float32Array): ProtobufWriter =>
  message().integer(1, FLOAT).message(2, shapeMessage(shape)).bytes(5, asBytes(data));

const intTensor = (shape: readonly number[], values: readonly number[]): ProtobufWriter => {
  const tensor = message().integer(1, INT32).message(2, shapeMessage(shape));
  return shape.length === 0
    ? tensor.integer(7, values[0])
    : tensor.bytes(4, asBytes(Int32Array.from(values)));
};

type Attribute = (value: ProtobufWriter) => ProtobufWriter;
const type =
  (dtype: number): Attribute =>
  (value) =>
    value.integer(6, dtype);
const text =
  (words: string): Attribute =>
  (value) =>
    value.string(2, words);
const flag =
  (on: boolean): Attribute =>
  (value) =>
    value.integer(5, on ? 1 : 0);
const float =
  (number: number): Attribute =>
  (value) =>
    value.float(4, number);
const integers =
  (list: readonly number[]): Attribute =>
  (value) =>
    value.message(
      1,
      list.reduce((all, i) => all.integer(3, i), message()),
    );

/** Writes nodes one after another. */
export class GraphWriter {
  private readonly graph = message();

  node(
    name: string,
    op: string,
    inputs: readonly string[],
    attributes: Record<string, Attribute> = {},
  ): string {
    const node = message().string(1, name).string(2, op);
    for (const input of inputs) node.string(3, input);
    for (const [key, attribute] of Object.entries(attributes))
      node.message(5, message().string(1, key).message(2, attribute(message())));
    this.graph.message(1, node);
    return name;
  }

  constant(name: string, tensor: ProtobufWriter, dtype = FLOAT): string {
    return this.node(name, "Const", [], { dtype: type(dtype), value: (value) => value.message(8, tensor) });
  }

  /** CheckNumerics and the Identity that waits for it by a control edge. */
  checked(name: string, input: string): string {
    this.node(`${name}/CheckNumerics`, "CheckNumerics", [input], { T: type(FLOAT), message: text("NaN") });
    return this.node(`${name}/control_dependency`, "Identity", [input, `^${name}/CheckNumerics`], {
      T: type(FLOAT),
    });
  }

  finish(): Uint8Array {
    return this.graph.finish();
  }
}

function writeFront(graph: GraphWriter): void {
  graph.constant(
    "DecodeJpeg/contents",
    message().integer(1, STRING).message(2, shapeMessage([])).string(8, "jpeg"),
    STRING,
  );
  graph.node("DecodeJpeg", "DecodeJpeg", ["DecodeJpeg/contents"]);
  graph.node("Cast", "Cast", ["DecodeJpeg"], { SrcT: type(4), DstT: type(FLOAT) });
  graph.constant("ExpandDims/dim", intTensor([], [0]), INT32);
  graph.node("ExpandDims", "ExpandDims", ["Cast", "ExpandDims/dim"], { T: type(FLOAT) });
  graph.constant("ResizeBilinear/size", intTensor([2], [299, 299]), INT32);
  graph.node("ResizeBilinear", "ResizeBilinear", ["ExpandDims", "ResizeBilinear/size"], {
    T: type(FLOAT),
    align_corners: flag(false),
  });
  graph.constant("Sub/y", filledTensor([], 128));
  graph.node("Sub", "Sub", ["ResizeBilinear", "Sub/y"], { T: type(FLOAT) });
  graph.constant("Mul/y", filledTensor([], 0.0078125));
  graph.node("Mul", "Mul", ["Sub", "Mul/y"], { T: type(FLOAT) });
}

function writeLayer(
  graph: GraphWriter,
  layer: Layer,
  outputs: Map<string, string>,
  network: UnfoldedNetwork,
): void {
  const { name } = layer;
  const from = (input: string): string => outputs.get(input)!;
  if (layer.kind === "concat") {
    const dim = graph.constant(`${name}/concat_dim`, intTensor([], [3]), INT32);
    outputs.set(name, graph.node(name, "Concat", [dim, ...layer.inputs.map(from)], { T: type(FLOAT) }));
  } else if (layer.kind === "convolution") {
    const { filter, mean, variance, beta } = network.convolutions.get(name)!;
    const channels = [beta.length];
    const params = graph.constant(`${name}/conv2d_params`, floatTensor(layer.shape, filter));
    const conv = graph.node(`${name}/Conv2D`, "Conv2D", [from(layer.input), params], {
      T: type(FLOAT),
      // The publishers wrote VALID where a 1x1 convolution needs no padding.
      padding: text(name === "conv_3" ? "VALID" : layer.padding),
      strides: integers([1, layer.stride, layer.stride, 1]),
      use_cudnn_on_gpu: flag(true),
    });
    const norm = `${name}/batchnorm`;
    graph.constant(`${norm}/beta`, packedTensor(channels, beta));
    graph.constant(`${norm}/gamma`, filledTensor(channels, 1));
    graph.constant(`${norm}/moving_mean`, floatTensor(channels, mean));
    graph.constant(`${norm}/moving_variance`, floatTensor(channels, variance));
    const parts = ["moving_mean", "moving_variance", "beta", "gamma"].map((part) => `${norm}/${part}`);
    graph.node(norm, "BatchNormWithGlobalNormalization", [conv, ...parts], {
      T: type(FLOAT),
      scale_after_normalization: flag(true),
      variance_epsilon: float(0.001),
    });
    outputs.set(name, graph.node(name, "Relu", [graph.checked(name, norm)], { T: type(FLOAT) }));
  } else {
    const isMax = layer.kind === "max-pool";
    graph.node(name, isMax ? "MaxPool" : "AvgPool", [from(layer.input)], {
      // MaxPool was written before the op had a type.
      ...(!isMax && { T: type(FLOAT) }),
      ksize: integers([1, layer.size, layer.size, 1]),
      padding: text(layer.padding),
      strides: integers([1, layer.stride, layer.stride, 1]),
    });
    outputs.set(name, isMax ? graph.checked(name, name) : name);
  }
}

/** classify_image_graph_def.pb with these numbers. */
export function networkToGraphDef(network: UnfoldedNetwork): Uint8Array {
  const graph = new GraphWriter();
  writeFront(graph);
  const outputs = new Map([[INPUT, "Mul"]]);
  for (const layer of LAYERS) writeLayer(graph, layer, outputs, network);
  graph.constant("pool_3/_reshape/shape", intTensor([2], [1, FEATURES]), INT32);
  graph.node("pool_3/_reshape", "Reshape", ["pool_3", "pool_3/_reshape/shape"], { T: type(FLOAT) });
  graph.constant("softmax/weights", floatTensor([FEATURES, CLASSES], network.softmaxWeights));
  graph.constant("softmax/biases", floatTensor([CLASSES], network.softmaxBiases));
  graph.node("softmax/logits/MatMul", "MatMul", ["pool_3/_reshape", "softmax/weights"], {
    T: type(FLOAT),
    transpose_a: flag(false),
    transpose_b: flag(false),
  });
  graph.node("softmax/logits", "BiasAdd", ["softmax/logits/MatMul", "softmax/biases"], { T: type(FLOAT) });
  graph.node("softmax", "Softmax", ["softmax/logits"], { T: type(FLOAT) });
  return graph.finish();
}

/** HWIO to OIHW by index arithmetic, the other way round than the program does it. */
function toOihw(filter: Float32Array, [height, width, input, output]: readonly number[]): Float32Array {
  return Float32Array.from(filter, (_, i) => {
    const x = i % width;
    const y = Math.floor(i / width) % height;
    const c = Math.floor(i / (width * height)) % input;
    const o = Math.floor(i / (width * height * input));
    return filter[((y * width + x) * input + c) * output + o];
  });
}

/** pytorch-fid's state dict with these numbers. */
export function networkToStateDict(network: UnfoldedNetwork): [string, TorchTensor][] {
  const tensors = CONVOLUTIONS.flatMap(({ name, shape }): [string, TorchTensor][] => {
    const { filter, mean, variance, beta } = network.convolutions.get(name)!;
    const [height, width, input, output] = shape;
    const module = layerToModule(name);
    return [
      [`${module}.conv.weight`, { data: toOihw(filter, shape), shape: [output, input, height, width] }],
      [`${module}.bn.weight`, { data: new Float32Array(output).fill(1), shape: [output] }],
      [`${module}.bn.bias`, { data: beta, shape: [output] }],
      [`${module}.bn.running_mean`, { data: mean, shape: [output] }],
      [`${module}.bn.running_var`, { data: variance, shape: [output] }],
    ];
  });
  const transposed = new Float32Array(FEATURES * CLASSES);
  for (let f = 0; f < FEATURES; f++)
    for (let c = 0; c < CLASSES; c++) transposed[c * FEATURES + f] = network.softmaxWeights[f * CLASSES + c];
  return [
    ...tensors,
    ["fc.weight", { data: transposed, shape: [CLASSES, FEATURES] }],
    ["fc.bias", { data: network.softmaxBiases, shape: [CLASSES] }],
  ];
}
