/**
 * safetensors (github.com/huggingface/safetensors, "Format"): 8 bytes of header length, a JSON header of
 * `name: {dtype, shape, data_offsets}`, then the data without gaps.
 */
import { GanEvalError } from "../errors.ts";
import { BYTES_OF, bytesToArray, type StoredTensor, type StoredType, shapeToSize } from "./tensor.ts";

export interface Safetensors {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** What can be written. */
export interface WritableTensor {
  readonly data: Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array;
  readonly shape: readonly number[];
}

const TYPES: Readonly<Record<string, StoredType>> = {
  F32: "float32",
  F64: "float64",
  F16: "float16",
  BF16: "bfloat16",
  I64: "int64",
  I32: "int32",
  I16: "int16",
  I8: "int8",
  U8: "uint8",
  BOOL: "bool",
};

/** The format's own bound on the header. */
const MAX_HEADER = 100_000_000;

const damaged = (location: string, what: string, cause?: unknown): GanEvalError =>
  new GanEvalError("input.safetensors", `expected a safetensors file in ${location}, got ${what}`, {
    hint: "The file is damaged, truncated or of another kind; make or copy it again.",
    cause,
  });

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Where the header ends, from a file's first 8 bytes.
 * @throws GanEvalError `input.safetensors`
 */
export function startToHeaderEnd(start: Uint8Array, fileSize: number, location: string): number {
  if (start.length < 8) throw damaged(location, `${start.length} bytes`);
  const length = new DataView(start.buffer, start.byteOffset, 8).getBigUint64(0, true);
  if (length > BigInt(Math.min(MAX_HEADER, fileSize - 8)))
    throw damaged(location, `a header of ${length} bytes in a file of ${fileSize}`);
  return 8 + Number(length);
}

function bytesToHeader(bytes: Uint8Array, location: string): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (isObject(header)) return header;
  } catch (cause) {
    throw damaged(location, "a header that is not JSON", cause);
  }
  throw damaged(location, "a header that is not an object");
}

/** A tensor, and the bytes of the data that are it. */
export interface Placed {
  readonly name: string;
  readonly dtype: StoredType;
  readonly shape: readonly number[];
  readonly from: number;
  readonly to: number;
}

function entryToPlaced(name: string, entry: unknown, dataLength: number, location: string): Placed {
  const { dtype, shape, data_offsets: offsets } = isObject(entry) ? entry : {};
  const type = typeof dtype === "string" && Object.hasOwn(TYPES, dtype) ? TYPES[dtype] : undefined;
  if (type === undefined) throw damaged(location, `the type ${JSON.stringify(dtype)} of ${name}`);
  const size = Array.isArray(shape) ? shapeToSize(shape) : Number.NaN;
  const [from, to] = Array.isArray(offsets) && offsets.length === 2 ? offsets : [];
  const inside =
    Number.isSafeInteger(from) && Number.isSafeInteger(to) && 0 <= from && from <= to && to <= dataLength;
  if (!inside)
    throw damaged(location, `the place ${JSON.stringify(offsets)} of ${name} in ${dataLength} bytes of data`);
  if (to - from !== size * BYTES_OF[type])
    throw damaged(location, `${to - from} bytes for ${name}, ${type} ${JSON.stringify(shape)}`);
  return { name, dtype: type, shape: shape as number[], from, to };
}

/** Tensors that overlap or leave gaps are no file that a writer of the format makes. */
function refuseOverlaps(placed: readonly Placed[], length: number, location: string): void {
  let end = 0;
  for (const { name, from, to } of [...placed].sort((a, b) => a.from - b.from || a.to - b.to)) {
    if (from !== end) throw damaged(location, `${from < end ? "an overlap" : "a gap"} at ${name}`);
    end = to;
  }
  if (end !== length) throw damaged(location, `${length} bytes of data where its header places ${end}`);
}

/**
 * What a header places where.
 * @param bytes the header's, after the first 8 of the file
 * @param dataLength bytes that follow it
 * @throws GanEvalError `input.safetensors` for anything that the format does not allow
 */
export function headerToPlaces(
  bytes: Uint8Array,
  dataLength: number,
  location: string,
): { readonly placed: readonly Placed[]; readonly metadata: Readonly<Record<string, string>> } {
  const { __metadata__: metadata = {}, ...entries } = bytesToHeader(bytes, location);
  if (!isObject(metadata) || !Object.values(metadata).every((value) => typeof value === "string"))
    throw damaged(location, "metadata that is not text");
  const placed = Object.entries(entries).map(([name, entry]) =>
    entryToPlaced(name, entry, dataLength, location),
  );
  refuseOverlaps(placed, dataLength, location);
  return { placed, metadata: metadata as Record<string, string> };
}

/**
 * Reads a file's bytes. Data is copied only as tensors are read.
 * @throws GanEvalError `input.safetensors` for anything that the format does not allow
 */
export function bytesToSafetensors(bytes: Uint8Array, location: string): Safetensors {
  const end = startToHeaderEnd(bytes, bytes.length, location);
  const data = bytes.subarray(end);
  const { placed, metadata } = headerToPlaces(bytes.subarray(8, end), data.length, location);
  const tensors = placed.map(({ name, dtype, shape, from, to }): [string, StoredTensor] => [
    name,
    { dtype, shape, read: () => bytesToArray(data.subarray(from, to), dtype) },
  ]);
  return { tensors: new Map(tensors), metadata };
}

const typeName = (data: WritableTensor["data"]): string => {
  if (data instanceof Float32Array) return "F32";
  if (data instanceof Float64Array) return "F64";
  if (data instanceof Int32Array) return "I32";
  return data instanceof BigInt64Array ? "I64" : "U8";
};

/** A file's bytes: the same for the same tensors in the same order. The header is padded so that data is aligned. */
export function safetensorsToBytes(
  tensors: Iterable<readonly [string, WritableTensor]>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const list = [...tensors];
  const header: Record<string, unknown> = Object.keys(metadata).length > 0 ? { __metadata__: metadata } : {};
  let end = 0;
  for (const [name, { data, shape }] of list) {
    if (shapeToSize(shape) !== data.length)
      throw new GanEvalError(
        "usage.tensor-shape",
        `expected ${name} of shape [${shape}], got ${data.length} numbers`,
      );
    header[name] = { dtype: typeName(data), shape, data_offsets: [end, end + data.byteLength] };
    end += data.byteLength;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const start = 8 + Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(start + end).fill(0x20, 8, start);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(start - 8), true);
  bytes.set(text, 8);
  let at = start;
  for (const [, { data }] of list) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}
