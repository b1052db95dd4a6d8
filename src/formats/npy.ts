/**
 * NumPy's array files (.npy, versions 1 to 3): a magic number, a header that is a Python dictionary literal, raw data.
 * Source: numpy/lib/format.py. The header is read by a strict reader of that literal, never evaluated.
 */
import { endianness } from "node:os";
import { GanEvalError } from "../errors.ts";
import { type NpyLiteral, textToNpyHeader } from "./npy-header.ts";

/** Element types as they lie in memory here: little-endian names, half floats widened to `<f4`. */
export interface NpyData {
  "<f4": Float32Array;
  "<f8": Float64Array;
  "|i1": Int8Array;
  "<i2": Int16Array;
  "<i4": Int32Array;
  "<i8": BigInt64Array;
  "|u1": Uint8Array;
  "<u2": Uint16Array;
  "<u4": Uint32Array;
  "<u8": BigUint64Array;
  /** 0 and 1. */
  "|b1": Uint8Array;
}

export type NpyDtype = keyof NpyData;

/** An array in C order: the last axis runs fastest, whatever order the file had. */
export type NpyArray = {
  readonly [D in NpyDtype]: {
    readonly dtype: D;
    readonly shape: readonly number[];
    readonly data: NpyData[D];
  };
}[NpyDtype];

/** What stands before the data of an npy file. */
export interface NpyHeader {
  /** NumPy's name without byte order: `f4`, `u1`. */
  readonly type: string;
  readonly littleEndian: boolean;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  /** Where the data begins, in bytes. */
  readonly dataStart: number;
  /** How long the data is, in bytes. */
  readonly dataLength: number;
}

interface ElementType {
  readonly size: number;
  readonly dtype: NpyDtype;
  readonly view: (buffer: ArrayBuffer) => NpyData[NpyDtype];
}

/** IEEE 754 binary16 to float32; subnormals, infinities and NaN included. */
function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 0x3ff;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Every type that is read; object arrays ("O"), text, complex and structured types are not. */
const ELEMENT_TYPES: Readonly<Record<string, ElementType>> = {
  f2: { size: 2, dtype: "<f4", view: (b) => Float32Array.from(new Uint16Array(b), halfToFloat) },
  f4: { size: 4, dtype: "<f4", view: (b) => new Float32Array(b) },
  f8: { size: 8, dtype: "<f8", view: (b) => new Float64Array(b) },
  i1: { size: 1, dtype: "|i1", view: (b) => new Int8Array(b) },
  i2: { size: 2, dtype: "<i2", view: (b) => new Int16Array(b) },
  i4: { size: 4, dtype: "<i4", view: (b) => new Int32Array(b) },
  i8: { size: 8, dtype: "<i8", view: (b) => new BigInt64Array(b) },
  u1: { size: 1, dtype: "|u1", view: (b) => new Uint8Array(b) },
  u2: { size: 2, dtype: "<u2", view: (b) => new Uint16Array(b) },
  u4: { size: 4, dtype: "<u4", view: (b) => new Uint32Array(b) },
  u8: { size: 8, dtype: "<u8", view: (b) => new BigUint64Array(b) },
  b1: { size: 1, dtype: "|b1", view: (b) => new Uint8Array(b) },
};

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY

/** A header for millions of axes is an attack: NumPy's own are under a kilobyte. */
const MAX_HEADER = 1 << 20;

/** NumPy's own limit on axes is 64. */
const MAX_AXES = 64;

const isNpy = (bytes: Uint8Array): boolean => MAGIC.every((byte, i) => bytes[i] === byte);

const damaged = (name: string, what: string): GanEvalError =>
  new GanEvalError("input.npy", `expected an npy array in ${name}, got ${what}`, {
    hint: "The file is damaged or of another kind; write it again with numpy.save or numpy.savez.",
  });

/** How many bytes stand before the data, or undefined if more than these first bytes are needed to say. */
export function npyHeaderLength(bytes: Uint8Array, name: string): number | undefined {
  if (bytes.length < 12) return undefined;
  if (!isNpy(bytes)) throw damaged(name, "a wrong magic number");
  const version = bytes[6];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (version < 1 || version > 3) throw damaged(name, `version ${version} of the format, not 1, 2 or 3`);
  const length = version === 1 ? 10 + view.getUint16(8, true) : 12 + view.getUint32(8, true);
  if (length > MAX_HEADER) throw damaged(name, `a header of ${length} bytes`);
  return length;
}

/** The three fields of the header, of whatever elements, and where the data begins. */
export function bytesToNpyLiteral(bytes: Uint8Array, name: string): NpyLiteral & { dataStart: number } {
  const dataStart = npyHeaderLength(bytes, name);
  if (dataStart === undefined || dataStart > bytes.length)
    throw damaged(name, `${bytes.length} bytes, too few for the header`);
  const version = bytes[6];
  const text = new TextDecoder(version === 3 ? "utf-8" : "latin1").decode(
    bytes.subarray(version === 1 ? 10 : 12, dataStart),
  );
  const literal = textToNpyHeader(text);
  if (literal === undefined) throw damaged(name, "a header in another format");
  return { ...literal, dataStart };
}

/**
 * Reads what stands before the data.
 * @throws GanEvalError `input.npy` for another kind of file, `input.npy-dtype` for elements that are not plain numbers
 */
export function bytesToNpyHeader(bytes: Uint8Array, name: string): NpyHeader {
  const { descr, fortranOrder, shape, dataStart } = bytesToNpyLiteral(bytes, name);
  const [, order, type = descr] = /^([<>|=]?)([a-zA-Z]\d+)$/.exec(descr) ?? [];
  return partsToNpyHeader({ type, littleEndian: order !== ">", fortranOrder, shape, dataStart }, name);
}

/**
 * A header from what other places (pickles) say of an array.
 * @throws GanEvalError `input.npy` for an impossible shape, `input.npy-dtype` for elements that are not plain numbers
 */
export function partsToNpyHeader(parts: Omit<NpyHeader, "dataLength">, name: string): NpyHeader {
  const { type, shape } = parts;
  const element = Object.hasOwn(ELEMENT_TYPES, type) ? ELEMENT_TYPES[type] : undefined;
  if (element === undefined)
    throw new GanEvalError("input.npy-dtype", `expected numbers in ${name}, got elements of type ${type}`, {
      hint: "Arrays of float, int, uint and bool are read; objects are refused because reading them runs code.",
    });
  const dataLength = shape.reduce((product, side) => product * side, element.size);
  if (shape.length > MAX_AXES || !Number.isSafeInteger(dataLength))
    throw damaged(name, `the shape (${shape.slice(0, 8)}${shape.length > 8 ? ", ..." : ""})`);
  return { ...parts, dataLength };
}

/** Brings elements of a column-major array into row-major order. */
function fortranToC<T extends NpyData[NpyDtype]>(data: T, shape: readonly number[]): T {
  const out = data.slice() as T;
  const index = new Array<number>(shape.length).fill(0);
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((a, b) => a * b, 1));
  let from = 0;
  for (let to = 0; to < data.length; to++) {
    out[to] = data[from];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis];
      if (++index[axis] < shape[axis]) break;
      from -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return out;
}

const HOST_LITTLE = endianness() === "LE";

/** Reverses the bytes of each element, in place. */
function swapBytes(bytes: Uint8Array, size: number): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (size === 2) buffer.swap16();
  if (size === 4) buffer.swap32();
  if (size === 8) buffer.swap64();
}

/**
 * Holds a header against the length of its file. NumPy reads the first array and leaves the rest unread, also where
 * several were saved into one file: an error here, since nobody means the first of them alone.
 * @throws GanEvalError `input.npy` for fewer or more bytes than the shape needs
 */
export function requireWholeNpy(
  { dataStart, dataLength, shape }: NpyHeader,
  size: number,
  name: string,
): void {
  const present = size - dataStart;
  if (present < dataLength)
    throw damaged(name, `${present} of the ${dataLength} bytes that shape (${shape.join(", ")}) needs`);
  if (present > dataLength)
    throw new GanEvalError(
      "input.npy",
      `expected ${dataLength} bytes for the shape (${shape.join(", ")}) that ${name} states, got ${present - dataLength} more`,
      { hint: "Several arrays in one file? Save each into its own file, or all with numpy.savez." },
    );
}

/** The array that a header and the bytes of its data make. The result shares no memory with `bytes`. */
export function dataToNpy(header: NpyHeader, bytes: Uint8Array, name: string): NpyArray {
  if (bytes.length < header.dataLength)
    throw damaged(
      name,
      `${bytes.length} of the ${header.dataLength} bytes that shape (${header.shape.join(", ")}) needs`,
    );
  const element = ELEMENT_TYPES[header.type];
  const own = new Uint8Array(new ArrayBuffer(header.dataLength));
  own.set(bytes.subarray(0, header.dataLength));
  if (header.littleEndian !== HOST_LITTLE) swapBytes(own, element.size);
  const data = element.view(own.buffer);
  const ordered = header.fortranOrder && header.shape.length > 1 ? fortranToC(data, header.shape) : data;
  return { dtype: element.dtype, shape: [...header.shape], data: ordered } as NpyArray;
}

/**
 * Reads an npy file. `name` is used in errors.
 * @throws GanEvalError `input.npy` if damaged or cut off, or where bytes follow the array, `input.npy-dtype` for elements that are not plain numbers
 */
export function bytesToNpy(bytes: Uint8Array, name: string): NpyArray {
  const header = bytesToNpyHeader(bytes, name);
  requireWholeNpy(header, bytes.length, name);
  return dataToNpy(header, bytes.subarray(header.dataStart), name);
}

/** Version 1 of the format, C order, little-endian, padded so that the data begins at 64 n. */
export function npyHeaderToBytes(dtype: NpyDtype | `<U${number}`, shape: readonly number[]): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const text = `{'descr': '${dtype}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const dataStart = Math.ceil((10 + text.length + 1) / 64) * 64;
  const bytes = new Uint8Array(dataStart);
  bytes.set([...MAGIC, 1, 0, (dataStart - 10) & 255, (dataStart - 10) >> 8]);
  bytes.set(new TextEncoder().encode(`${text.padEnd(dataStart - 11)}\n`), 10);
  return bytes;
}

/** Writes an array with such a header. */
export function npyToBytes(array: NpyArray): Uint8Array {
  const { dtype, shape, data } = array;
  const count = shape.reduce((a, b) => a * b, 1);
  if (count !== data.length)
    throw new GanEvalError(
      "internal.npy-shape",
      `expected ${count} elements for (${shape}), got ${data.length}`,
    );
  const header = npyHeaderToBytes(dtype, shape);
  const bytes = new Uint8Array(header.length + data.byteLength);
  bytes.set(header);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), header.length);
  if (!HOST_LITTLE) swapBytes(bytes.subarray(header.length), data.BYTES_PER_ELEMENT);
  return bytes;
}
