/**
 * From a graph to the bytes of an ONNX model. Field numbers are those of ONNX's onnx.proto (IR version 8), named in
 * the comments beside them.
 */
import { GanEvalError } from "../errors.ts";
import { ProtobufWriter } from "../formats/protobuf-writer.ts";
import type { Constant, Graph, Node, Value } from "./graph.ts";
import {
  type AttributeKind,
  type AttributeValue,
  attributeKind,
  ONNX_OPS,
  OPSET,
  type OpRow,
  OWN_OPSET,
} from "./onnx-ops.ts";
import { ELEMENT_TYPE_NUMBER } from "./onnx-types.ts";

/** The IR version that came with opset 18 (ONNX 1.13). */
const IR_VERSION = 8;

/** Protobuf's limit on a message; beyond it, ONNX keeps tensors in files beside the model. */
const MAX_BYTES = 2 ** 31 - 1;

export interface OnnxModel {
  readonly bytes: Uint8Array;
  /** The name in the model of each of the graph's outputs, in their order. */
  readonly outputs: readonly string[];
}

const message = () => new ProtobufWriter();

/** How AttributeProto holds a value: its `type` (20) and the field of that type. */
const ATTRIBUTE_FIELDS: {
  readonly [Kind in AttributeKind]: {
    readonly type: number;
    write(attribute: ProtobufWriter, value: AttributeValue): void;
  };
} = {
  float: { type: 1, write: (attribute, value) => attribute.float(2, value as number) },
  int: { type: 2, write: (attribute, value) => attribute.integer(3, value as number) },
  string: { type: 3, write: (attribute, value) => attribute.string(4, value as string) },
  floats: {
    type: 6,
    write: (attribute, value) => {
      for (const number of value as readonly number[]) attribute.float(7, number);
    },
  },
  ints: {
    type: 7,
    write: (attribute, value) => {
      for (const number of value as readonly number[]) attribute.integer(8, number);
    },
  },
};

function attributeToMessage(node: Node, name: string, value: AttributeValue): ProtobufWriter {
  const kind = attributeKind(node.op, name);
  if (kind === undefined)
    throw new GanEvalError("internal.graph-attribute", `internal: ${node.op} has no attribute ${name}`);
  const { type, write } = ATTRIBUTE_FIELDS[kind];
  const attribute = message().string(1, name); // name
  write(attribute, value);
  return attribute.integer(20, type); // type
}

/** Where ONNX Runtime has an op, if it is none of ONNX's. */
const ownOf = ({ op }: Node): OpRow["own"] => (ONNX_OPS[op] as OpRow | undefined)?.own;

function nodeToMessage(node: Node): ProtobufWriter {
  const proto = message();
  const own = ownOf(node);
  for (const input of node.inputs) proto.string(1, input?.name ?? ""); // input; "" is an omitted one
  for (const output of node.outputs) proto.string(2, output.name); // output
  proto.string(4, own?.name ?? node.op); // op_type
  if (own !== undefined) proto.string(7, own.domain); // domain
  for (const [name, value] of Object.entries(node.attributes))
    proto.message(5, attributeToMessage(node, name, value)); // attribute
  return proto;
}

/** What a model's file says beside the graph, for people and for other programs. */
export interface OnnxNotes {
  /** The name of the first side of every input and output, which then may be any: `batch`. */
  readonly batch?: string;
  readonly version?: string;
  readonly description?: string;
  /** By the name of an input or output. */
  readonly ports?: Readonly<Record<string, string>>;
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * ValueInfoProto { name = 1, type = 2 { tensor_type = 1 { elem_type = 1, shape = 2 { dim = 1 { dim_value = 1, or
 * dim_param = 2 }}}}, doc_string = 3 }
 */
function valueInfo(name: string, { dtype, shape }: Value, { batch, ports }: OnnxNotes): ProtobufWriter {
  const dims = message();
  for (const [axis, dim] of shape.entries())
    dims.message(
      1,
      batch !== undefined && axis === 0 ? message().string(2, batch) : message().integer(1, dim),
    );
  const tensorType = message().integer(1, ELEMENT_TYPE_NUMBER[dtype]).message(2, dims);
  const info = message().string(1, name).message(2, message().message(1, tensorType));
  const note = ports?.[name];
  return note === undefined ? info : info.string(3, note);
}

/** TensorProto. Typed arrays are little endian, as raw_data is, on every machine that ONNX Runtime is built for. */
function tensor({ name, dtype, shape, data }: Constant): ProtobufWriter {
  const proto = message();
  for (const dim of shape) proto.integer(1, dim); // dims
  return proto
    .integer(2, ELEMENT_TYPE_NUMBER[dtype]) // data_type
    .string(8, name) // name
    .bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)); // raw_data
}

/**
 * Names the model's outputs after the values that make them, so that nothing is copied. ONNX Runtime wants each output
 * to be made by a node, and once: an output that is an input, a constant, or an output already gets an Identity.
 */
function namedOutputs(graph: Graph): { names: string[]; copies: Node[] } {
  const made = new Set(graph.nodes.flatMap((node) => node.outputs.map((output) => output.name)));
  const taken = new Set([...graph.inputs, ...graph.constants].map(({ name }) => name));
  for (const name of made) taken.add(name);
  const copies: Node[] = [];
  const names = graph.outputs.map(({ value }) => {
    if (made.delete(value.name)) return value.name;
    let copy = `${value.name}_copy`;
    while (taken.has(copy)) copy += "_";
    taken.add(copy);
    copies.push({ op: "Identity", inputs: [value], outputs: [{ ...value, name: copy }], attributes: {} });
    return copy;
  });
  return { names, copies };
}

/**
 * Encodes a graph as an ONNX ModelProto: the same graph gives the same bytes.
 * @throws GanEvalError `usage.graph-too-large` if the model would exceed protobuf's 2 GiB
 */
export function graphToOnnx(graph: Graph, notes: OnnxNotes = {}): OnnxModel {
  const { names, copies } = namedOutputs(graph);
  const proto = message();
  for (const node of [...graph.nodes, ...copies]) proto.message(1, nodeToMessage(node)); // node
  proto.string(2, graph.name); // name
  for (const constant of graph.constants) proto.message(5, tensor(constant)); // initializer
  for (const input of graph.inputs) proto.message(11, valueInfo(input.name, input, notes)); // input
  graph.outputs.forEach(({ value }, i) => {
    proto.message(12, valueInfo(names[i], value, notes)); // output
  });
  const model = message()
    .integer(1, IR_VERSION) // ir_version
    .string(2, "gan-eval"); // producer_name
  if (notes.version !== undefined) model.string(3, notes.version); // producer_version
  if (notes.description !== undefined) model.string(6, notes.description); // doc_string
  model
    .message(7, proto) // graph
    .message(8, message().string(1, "").integer(2, OPSET)); // opset_import: the default domain
  for (const domain of new Set(graph.nodes.flatMap((node) => ownOf(node)?.domain ?? [])))
    model.message(8, message().string(1, domain).integer(2, OWN_OPSET));
  for (const [key, value] of Object.entries(notes.metadata ?? {}))
    model.message(14, message().string(1, key).string(2, value)); // metadata_props
  if (model.length > MAX_BYTES)
    throw new GanEvalError(
      "usage.graph-too-large",
      `expected a function with less than 2 GiB of constants, got ${graph.name} with ${model.length} bytes`,
      { hint: "Pass large arrays as inputs, or as state, instead of capturing them." },
    );
  return { bytes: model.finish(), outputs: names };
}
