/** Tensors as weight files keep them: little-endian numbers of some type, read when they are asked for. */
import { GanEvalError } from "../errors.ts";

export type StoredType =
  | "float32"
  | "float64"
  | "float16"
  | "bfloat16"
  | "int64"
  | "int32"
  | "int16"
  | "int8"
  | "uint8"
  | "bool";

export type StoredArray =
  | Float32Array
  | Float64Array
  | BigInt64Array
  | Int32Array
  | Int16Array
  | Int8Array
  | Uint8Array;

export interface StoredTensor {
  readonly dtype: StoredType;
  readonly shape: readonly number[];
  /** The numbers in row-major order, in an array of their own; half precision comes as float32, bool as 0 and 1. */
  read(): StoredArray;
}

/** The tensors of an open file, each read when it is asked for. */
export interface LazyTensors {
  readonly location: string;
  readonly tensors: ReadonlyMap<string, Pick<StoredTensor, "dtype" | "shape">>;
  /**
   * One that the file has, as float32, in an array of its own.
   * @throws GanEvalError `input.weight-type`, and what the format throws where its bytes are damaged
   */
  read(name: string): Promise<Float32Array>;
  close(): Promise<void>;
}

export const BYTES_OF: Readonly<Record<StoredType, number>> = {
  float32: 4,
  float64: 8,
  float16: 2,
  bfloat16: 2,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint8: 1,
  bool: 1,
};

/** IEEE 754 binary16 as a number. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The upper half of a float32. */
function brainFloatsToFloat32(words: Uint16Array): Float32Array {
  return new Float32Array(Uint32Array.from(words, (word) => word << 16).buffer);
}

/** How the bytes of each type become an array; the buffer is aligned and belongs to the result. */
const DECODE: Readonly<Record<StoredType, (buffer: ArrayBuffer) => StoredArray>> = {
  float32: (buffer) => new Float32Array(buffer),
  float64: (buffer) => new Float64Array(buffer),
  float16: (buffer) => Float32Array.from(new Uint16Array(buffer), halfToNumber),
  bfloat16: (buffer) => brainFloatsToFloat32(new Uint16Array(buffer)),
  int64: (buffer) => new BigInt64Array(buffer),
  int32: (buffer) => new Int32Array(buffer),
  int16: (buffer) => new Int16Array(buffer),
  int8: (buffer) => new Int8Array(buffer),
  uint8: (buffer) => new Uint8Array(buffer),
  bool: (buffer) => new Uint8Array(buffer),
};

/** Little-endian bytes (a whole number of elements) as numbers; the bytes are copied. */
export const bytesToArray = (bytes: Uint8Array, dtype: StoredType): StoredArray =>
  // Not slice(): that of a Buffer is a view.
  DECODE[dtype](new Uint8Array(bytes).buffer);

/** The product of the dimensions; NaN where one of them is no whole number from 0 on, or the product is past 2^53. */
export function shapeToSize(shape: readonly number[]): number {
  const size = shape.reduce(
    (product, dim) => (Number.isSafeInteger(dim) && dim >= 0 ? product * dim : Number.NaN),
    1,
  );
  return Number.isSafeInteger(size) ? size : Number.NaN;
}

/**
 * A tensor's numbers as float32.
 * @throws GanEvalError `input.weight-type` for integers and truth values, which no weight is
 */
export function tensorToFloat32(tensor: StoredTensor, name: string): Float32Array {
  const data = tensor.read();
  if (data instanceof Float32Array) return data;
  if (data instanceof Float64Array) return Float32Array.from(data);
  throw new GanEvalError(
    "input.weight-type",
    `expected floating-point numbers in ${name}, got ${tensor.dtype}`,
    {
      hint: "Save the network's weights as float32.",
    },
  );
}
