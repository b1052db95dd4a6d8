/** What an ONNX file says of itself. Field numbers are those of onnx.proto, named in the comments beside them. */
import { isCode } from "../../errors.ts";
import { bytesToFields, type Field, fieldValue } from "../../formats/protobuf.ts";
import { ProtobufWriter } from "../../formats/protobuf-writer.ts";
import { otherNetwork } from "../custom/image-network.ts";
import type { OpenShape } from "../custom/preprocessing.ts";

export interface OnnxPort {
  readonly name: string;
  /** TensorProto.DataType: 1 is float32. */
  readonly type: number;
  readonly shape: OpenShape;
}

export interface OnnxDescription {
  /** Inputs that must be given: those that no array of the file stands for. */
  readonly inputs: readonly OnnxPort[];
  readonly outputs: readonly string[];
  /** What nodes make, in the file's order. */
  readonly within: readonly string[];
  /** Files beside it that hold its arrays. */
  readonly externalFiles: readonly string[];
  /** What whoever made the file wrote down, by key. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** All fields of a message by their numbers. */
function toFields(bytes: Uint8Array, location: string): Map<number, Field[]> {
  const fields = new Map<number, Field[]>();
  for (const field of bytesToFields(bytes, location)) {
    const same = fields.get(field.field);
    if (same) same.push(field);
    else fields.set(field.field, [field]);
  }
  return fields;
}

class OnnxReader {
  private readonly location: string;

  constructor(location: string) {
    this.location = location;
  }

  private fields(field: Field): Map<number, Field[]> {
    return toFields(fieldValue.bytes(field, this.location), this.location);
  }

  private text(fields: Map<number, Field[]>, number: number): string {
    const field = fields.get(number)?.[0];
    return field ? fieldValue.string(field, this.location) : "";
  }

  /** ValueInfoProto: name 1, type 2 { tensor_type 1 { elem_type 1, shape 2 { dim 1 { dim_value 1, dim_param 2 }}}} */
  private port(field: Field): OnnxPort {
    const info = this.fields(field);
    const type = info.get(2)?.[0];
    const tensor = type && this.fields(type).get(1)?.[0];
    const { location } = this;
    if (tensor === undefined) return { name: this.text(info, 1), type: 0, shape: [] };
    const parts = this.fields(tensor);
    const shape = parts.get(2)?.[0];
    const dims = shape ? (this.fields(shape).get(1) ?? []) : [];
    return {
      name: this.text(info, 1),
      type: parts.has(1) ? fieldValue.integer(parts.get(1)![0], location) : 0,
      shape: dims.map((dim) => {
        const side = this.fields(dim).get(1)?.[0];
        const size = side ? fieldValue.integer(side, location) : 0;
        return size > 0 ? size : undefined;
      }),
    };
  }

  /** TensorProto: name 8, external_data 13 { key 1, value 2 } */
  private array(field: Field): { name: string; file?: string } {
    const tensor = this.fields(field);
    const entries = (tensor.get(13) ?? []).map((entry) => this.fields(entry));
    const found = entries.find((entry) => this.text(entry, 1) === "location");
    return { name: this.text(tensor, 8), ...(found && { file: this.text(found, 2) }) };
  }

  /** ModelProto: graph 7 { node 1 { output 2 }, initializer 5, input 11, output 12 }, metadata_props 14 { key 1, value 2 } */
  model(bytes: Uint8Array): OnnxDescription | undefined {
    const fields = toFields(bytes, this.location);
    const graphs = (fields.get(7) ?? []).map((field) => fieldValue.bytes(field, this.location));
    if (graphs.length === 0 || fields.get(1)?.[0].wire !== "varint") return undefined;
    // A message that comes in parts is one.
    const graph = toFields(graphs.length > 1 ? Buffer.concat(graphs) : graphs[0], this.location);
    const arrays = (graph.get(5) ?? []).map((field) => this.array(field));
    const names = new Set(arrays.map(({ name }) => name));
    const notes = (fields.get(14) ?? []).map((field) => this.fields(field));
    const made = (graph.get(1) ?? []).flatMap((node) => this.fields(node).get(2) ?? []);
    return {
      inputs: (graph.get(11) ?? []).map((field) => this.port(field)).filter(({ name }) => !names.has(name)),
      outputs: (graph.get(12) ?? []).map((field) => this.port(field).name),
      within: made.map((field) => fieldValue.string(field, this.location)).filter((name) => name !== ""),
      externalFiles: [...new Set(arrays.flatMap(({ file }) => (file === undefined ? [] : [file])))],
      metadata: Object.fromEntries(notes.map((note) => [this.text(note, 1), this.text(note, 2)])),
    };
  }
}

/** @throws GanEvalError `input.extractor-network` for bytes that are no ONNX model */
export function bytesToOnnxDescription(bytes: Uint8Array, location: string): OnnxDescription {
  try {
    const description = new OnnxReader(location).model(bytes);
    if (description) return description;
  } catch (cause) {
    if (!isCode(cause, "input.protobuf")) throw cause;
    throw otherNetwork(location, "a file that is no ONNX model, or a damaged one", cause);
  }
  throw otherNetwork(location, "another kind of file");
}

/**
 * The model with further outputs. Protobuf joins the fields of a message that comes twice, so a second graph with
 * outputs alone adds them to the first; ONNX Runtime works out their types.
 */
export function addOnnxOutputs(bytes: Uint8Array, names: readonly string[]): Uint8Array {
  const graph = new ProtobufWriter();
  for (const name of names) graph.message(12, new ProtobufWriter().string(1, name)); // output { name }
  return Buffer.concat([bytes, new ProtobufWriter().message(7, graph).finish()]);
}
