/** Reads TensorFlow's GraphDef. Field numbers: tensorflow/core/framework graph, node_def, attr_value, tensor (.proto). */
import { GanEvalError } from "../errors.ts";
import { bytesToFields, damagedProtobuf, type Field, fieldValue } from "../formats/protobuf.ts";
import { bytesToArray, shapeToSize } from "../formats/tensor.ts";

/** TensorFlow's DataType numbers, as far as graphs here have them. */
const TYPES: Readonly<Record<number, string>> = {
  1: "float32",
  2: "float64",
  3: "int32",
  4: "uint8",
  7: "string",
  9: "int64",
  10: "bool",
};

/** A constant as the file has it; `tensorToNumbers` makes numbers of it. */
export interface GraphTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Little-endian numbers, if the file has them so. */
  readonly content: Uint8Array;
  /** Numbers one by one; the last one stands for the rest of the tensor. */
  readonly values: readonly number[];
}

export type AttributeValue =
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "integer" | "float"; readonly value: number }
  | { readonly kind: "flag"; readonly value: boolean }
  | { readonly kind: "type"; readonly value: string }
  | { readonly kind: "shape"; readonly value: readonly number[] }
  | { readonly kind: "tensor"; readonly value: GraphTensor }
  | { readonly kind: "integers" | "floats"; readonly value: readonly number[] }
  | { readonly kind: "texts"; readonly value: readonly string[] }
  | { readonly kind: "other"; readonly value: undefined };

export interface GraphNode {
  readonly name: string;
  readonly op: string;
  /** `name`, `name:1`, or `^name` for a control edge. */
  readonly inputs: readonly string[];
  readonly attributes: ReadonlyMap<string, AttributeValue>;
}

export interface GraphDef {
  readonly nodes: readonly GraphNode[];
}

/** More elements than any constant of a network here has: a bound against shapes that one number fills. */
const MAX_ELEMENTS = 2 ** 26;

const typeName = (number: number): string => TYPES[number] ?? `type ${number}`;

function bytesToShape(bytes: Uint8Array, location: string): number[] {
  const shape: number[] = [];
  for (const field of bytesToFields(bytes, location)) {
    if (field.field !== 2) continue;
    let size = 0;
    for (const part of bytesToFields(fieldValue.bytes(field, location), location))
      if (part.field === 1) size = fieldValue.integer(part, location);
    shape.push(size);
  }
  return shape;
}

const floats = (bytes: Uint8Array): number[] => [...(bytesToArray(bytes, "float32") as Float32Array)];
const doubles = (bytes: Uint8Array): number[] => [...(bytesToArray(bytes, "float64") as Float64Array)];

function* fieldToTensorValues(field: Field, location: string): Generator<number> {
  const { field: number } = field;
  if (number === 5) yield* floats(fieldValue.numbers(field, 4, location));
  else if (number === 6) yield* doubles(fieldValue.numbers(field, 8, location));
  // int_val, int64_val, bool_val
  else if (number === 7 || number === 10 || number === 11)
    yield* fieldValue.integers(field, location).map(Number);
}

function bytesToTensor(bytes: Uint8Array, location: string): GraphTensor {
  let dtype = "type 0";
  let shape: number[] = [];
  let content: Uint8Array = new Uint8Array(0);
  const values: number[] = [];
  for (const field of bytesToFields(bytes, location)) {
    if (field.field === 1) dtype = typeName(fieldValue.integer(field, location));
    else if (field.field === 2) shape = bytesToShape(fieldValue.bytes(field, location), location);
    else if (field.field === 4) content = fieldValue.bytes(field, location);
    else for (const value of fieldToTensorValues(field, location)) values.push(value);
  }
  return { dtype, shape, content, values };
}

function bytesToList(bytes: Uint8Array, location: string): AttributeValue {
  const texts: string[] = [];
  const integers: number[] = [];
  const reals: number[] = [];
  for (const field of bytesToFields(bytes, location)) {
    if (field.field === 2) texts.push(fieldValue.string(field, location));
    else if (field.field === 3)
      for (const value of fieldValue.integers(field, location)) integers.push(Number(value));
    else if (field.field === 4)
      for (const value of floats(fieldValue.numbers(field, 4, location))) reals.push(value);
  }
  if (texts.length > 0) return { kind: "texts", value: texts };
  return reals.length > 0 ? { kind: "floats", value: reals } : { kind: "integers", value: integers };
}

/** AttrValue's fields. */
const ATTRIBUTES: Readonly<Record<number, (field: Field, location: string) => AttributeValue>> = {
  1: (field, at) => bytesToList(fieldValue.bytes(field, at), at),
  2: (field, at) => ({ kind: "text", value: fieldValue.string(field, at) }),
  3: (field, at) => ({ kind: "integer", value: fieldValue.integer(field, at) }),
  4: (field, at) => ({ kind: "float", value: fieldValue.float(field, at) }),
  5: (field, at) => ({ kind: "flag", value: fieldValue.integer(field, at) !== 0 }),
  6: (field, at) => ({ kind: "type", value: typeName(fieldValue.integer(field, at)) }),
  7: (field, at) => ({ kind: "shape", value: bytesToShape(fieldValue.bytes(field, at), at) }),
  8: (field, at) => ({ kind: "tensor", value: bytesToTensor(fieldValue.bytes(field, at), at) }),
};

const NO_VALUE: AttributeValue = { kind: "other", value: undefined };

function bytesToAttribute(bytes: Uint8Array, location: string): [string, AttributeValue] {
  let key = "";
  let value = NO_VALUE;
  for (const field of bytesToFields(bytes, location)) {
    if (field.field === 1) key = fieldValue.string(field, location);
    else if (field.field === 2)
      for (const part of bytesToFields(fieldValue.bytes(field, location), location))
        value = Object.hasOwn(ATTRIBUTES, part.field) ? ATTRIBUTES[part.field](part, location) : NO_VALUE;
  }
  return [key, value];
}

function bytesToNode(bytes: Uint8Array, location: string): GraphNode {
  let name = "";
  let op = "";
  const inputs: string[] = [];
  const attributes = new Map<string, AttributeValue>();
  for (const field of bytesToFields(bytes, location)) {
    if (field.field === 1) name = fieldValue.string(field, location);
    else if (field.field === 2) op = fieldValue.string(field, location);
    else if (field.field === 3) inputs.push(fieldValue.string(field, location));
    else if (field.field === 5)
      attributes.set(...bytesToAttribute(fieldValue.bytes(field, location), location));
  }
  return { name, op, inputs, attributes };
}

/**
 * Reads a GraphDef's bytes. Constants stay where they are in the bytes until their numbers are asked for.
 * @throws GanEvalError `input.protobuf` (damaged), `input.graphdef` (no graph, or two nodes of one name)
 */
export function bytesToGraphDef(bytes: Uint8Array, location: string): GraphDef {
  const nodes: GraphNode[] = [];
  const names = new Set<string>();
  for (const field of bytesToFields(bytes, location)) {
    if (field.field !== 1) continue;
    const node = bytesToNode(fieldValue.bytes(field, location), location);
    if (names.has(node.name)) throw damagedProtobuf(location, `two nodes named ${JSON.stringify(node.name)}`);
    names.add(node.name);
    nodes.push(node);
  }
  if (nodes.length === 0)
    throw new GanEvalError(
      "input.graphdef",
      `expected a TensorFlow graph in ${location}, got one without nodes`,
      {
        hint: "The FID network is classify_image_graph_def.pb in inception-2015-12-05.tgz.",
      },
    );
  return { nodes };
}

/**
 * The numbers of a constant in row-major order: float32 or int32. Fewer values than elements: the last is repeated.
 * @throws GanEvalError `input.protobuf` for other types, and where shape and data do not agree
 */
export function tensorToNumbers(
  tensor: GraphTensor,
  name: string,
  location: string,
): Float32Array | Int32Array {
  const { dtype, shape, content, values } = tensor;
  const size = shapeToSize(shape);
  if (dtype !== "float32" && dtype !== "int32")
    throw damagedProtobuf(location, `${dtype} numbers in ${name}`);
  if (!(size <= MAX_ELEMENTS)) throw damagedProtobuf(location, `the shape [${shape}] of ${name}`);
  if (content.length > 0) {
    if (content.length !== 4 * size)
      throw damagedProtobuf(location, `${content.length} bytes for ${name} of shape [${shape}]`);
    return bytesToArray(content, dtype) as Float32Array | Int32Array;
  }
  if (values.length > size || (values.length === 0 && size > 0))
    throw damagedProtobuf(location, `${values.length} numbers for ${name} of shape [${shape}]`);
  const numbers = dtype === "float32" ? new Float32Array(size) : new Int32Array(size);
  numbers.set(values);
  numbers.fill(values.at(-1) ?? 0, values.length);
  return numbers;
}
