/** The arrays of an ONNX file by their names. Field numbers are those of onnx.proto, named in the comments beside them. */
import { GanEvalError } from "../../errors.ts";
import { bytesToFields, type Field, fieldValue } from "../../formats/protobuf.ts";
import { bytesToArray, type StoredTensor, type StoredType } from "../../formats/tensor.ts";

/** TensorProto.DataType */
const TYPES: Readonly<Record<number, StoredType>> = {
  1: "float32",
  10: "float16",
  11: "float64",
  16: "bfloat16",
};
const [NAME, DIMS, TYPE, FLOATS, RAW, EXTERNAL] = [8, 1, 2, 4, 9, 13];

const allOf = (fields: readonly Field[], number: number): Field[] =>
  fields.filter(({ field }) => field === number);

function fieldsToShape(fields: readonly Field[], location: string): number[] {
  return allOf(fields, DIMS).flatMap((field) => fieldValue.integers(field, location).map(Number));
}

/** TensorProto: dims 1, data_type 2, float_data 4, name 8, raw_data 9, external_data 13. Undefined for other types. */
function fieldToTensor(message: Field, location: string): [string, StoredTensor] | undefined {
  const fields = [...bytesToFields(fieldValue.bytes(message, location), location)];
  const [name] = allOf(fields, NAME);
  const [type] = allOf(fields, TYPE);
  const dtype = type && TYPES[fieldValue.integer(type, location)];
  if (name === undefined || dtype === undefined) return undefined;
  const label = fieldValue.string(name, location);
  const read = () => {
    if (allOf(fields, EXTERNAL).length > 0)
      throw new GanEvalError(
        "input.perceptual-weights",
        `expected ${label} inside ${location}, got one in another file`,
        { hint: "Export it with torch.onnx.export(..., external_data=False), or give the .pth." },
      );
    const [raw] = allOf(fields, RAW);
    const parts = raw
      ? [fieldValue.bytes(raw, location)]
      : allOf(fields, FLOATS).map((field) => fieldValue.numbers(field, 4, location));
    return bytesToArray(Buffer.concat(parts), dtype);
  };
  return [label, { dtype, shape: fieldsToShape(fields, location), read }];
}

/**
 * ModelProto: graph 7 { initializer 5 }. The floating-point arrays of an ONNX model; their numbers are read when asked for.
 * @throws GanEvalError `input.protobuf` for bytes that are no message, `input.perceptual-weights` for arrays in other files
 */
export function bytesToOnnxArrays(bytes: Uint8Array, location: string): Map<string, StoredTensor> {
  const graphs = allOf([...bytesToFields(bytes, location)], 7);
  const arrays = graphs.flatMap((graph) =>
    allOf([...bytesToFields(fieldValue.bytes(graph, location), location)], 5),
  );
  const tensors = arrays.map((array) => fieldToTensor(array, location));
  return new Map(tensors.filter((tensor) => tensor !== undefined));
}
