/**
 * NumPy's arrays inside pickles: the few globals that they are made of (numpy/core/multiarray, `_reconstruct`, `scalar`;
 * numpy/core/numeric, `_frombuffer`; `numpy.dtype`), as data. Numbers are copied when an array is read: a file cannot name one array a million times and
 * have a million copies of it.
 */
import { dataToNpy, type NpyArray, type NpyHeader, partsToNpyHeader } from "./npy.ts";
import { damagedPickle, type PickleCall, PickleObject } from "./pickle.ts";

/** Bytes of an array: as they are, or in protocol 2 as text whose characters are the bytes. */
type RawData = Uint8Array | BytesAsText;

/** `_codecs.encode(text, "latin1")`, not yet done. */
class BytesAsText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  get length(): number {
    return this.text.length;
  }
}

const isRawData = (value: unknown): value is RawData =>
  value instanceof Uint8Array || value instanceof BytesAsText;

const NOT_BYTES = /[^\0-\u00ff]/;

function rawDataToBytes(data: RawData, location: string): Uint8Array {
  if (data instanceof Uint8Array) return data;
  if (NOT_BYTES.test(data.text)) throw damagedPickle(location, "text in place of an array's bytes");
  return Buffer.from(data.text, "latin1");
}

/** `numpy.dtype("f8", False, True)`; its state, `(3, "<", ...)`, has the order of bytes. */
class PickledDtype extends PickleObject {
  readonly type: string;
  littleEndian = true;
  private readonly location: string;

  constructor(type: string, location: string) {
    super();
    this.type = type;
    this.location = location;
  }

  setState(state: unknown): void {
    const order = Array.isArray(state) ? state[1] : undefined;
    if (typeof order !== "string" || !["<", ">", "|", "="].includes(order))
      throw damagedPickle(this.location, "a type of numbers without an order of bytes");
    this.littleEndian = order !== ">";
  }
}

/** An array; its numbers are read when they are asked for. */
export class PickledArray extends PickleObject {
  private readonly location: string;
  private content: { readonly header: NpyHeader; readonly data: RawData } | undefined;

  constructor(location: string) {
    super();
    this.location = location;
  }

  /** `(version, shape, dtype, is_fortran, data)`. */
  setState(state: unknown): void {
    const [, shape, dtype, fortranOrder, data] = Array.isArray(state) ? state : [];
    const isShape =
      Array.isArray(shape) && shape.every((side) => Number.isSafeInteger(side) && (side as number) >= 0);
    if (!isShape || !(dtype instanceof PickledDtype) || typeof fortranOrder !== "boolean" || !isRawData(data))
      throw damagedPickle(this.location, "an array that is not of numbers");
    const header = partsToNpyHeader(
      { type: dtype.type, littleEndian: dtype.littleEndian, fortranOrder, shape, dataStart: 0 },
      this.location,
    );
    if (data.length !== header.dataLength)
      throw damagedPickle(this.location, `${data.length} bytes for an array of ${header.dataLength}`);
    this.content = { header, data };
  }

  get shape(): readonly number[] {
    return this.required().header.shape;
  }

  /** NumPy's name without byte order: `f4`. */
  get type(): string {
    return this.required().header.type;
  }

  /** The length of the numbers in bytes. */
  get byteLength(): number {
    return this.required().header.dataLength;
  }

  read(): NpyArray {
    const { header, data } = this.required();
    return dataToNpy(header, rawDataToBytes(data, this.location), this.location);
  }

  private required() {
    if (this.content === undefined) throw damagedPickle(this.location, "an array without numbers");
    return this.content;
  }
}

/** `scalar(dtype, data)` as a number. */
function argsToScalar([dtype, data]: readonly unknown[], location: string): number {
  const array = new PickledArray(location);
  array.setState([1, [], dtype, false, data]);
  return Number(array.read().data[0]);
}

const NDARRAY = Symbol("numpy.ndarray");

/** The allow-list of NumPy's arrays, by the names of NumPy 1 and 2. */
export function numpyGlobals(location: string): Map<string, unknown> {
  const reconstruct: PickleCall = ([type]) => {
    if (type !== NDARRAY) throw damagedPickle(location, "an array of another kind than numpy.ndarray");
    return new PickledArray(location);
  };
  // Of protocol 5: all of an array at once.
  const fromBuffer: PickleCall = ([data, dtype, shape, order]) => {
    if (order !== "C" && order !== "F") throw damagedPickle(location, "an array without an order of axes");
    const array = new PickledArray(location);
    array.setState([1, shape, dtype, order === "F", data]);
    return array;
  };
  const scalar: PickleCall = (args) => argsToScalar(args, location);
  const dtype: PickleCall = ([type]) => {
    if (typeof type !== "string") throw damagedPickle(location, "a type of numbers without a name");
    return new PickledDtype(type, location);
  };
  const encode: PickleCall = ([text, encoding]) => {
    if (typeof text !== "string" || encoding !== "latin1")
      throw damagedPickle(location, "text in place of an array's bytes");
    return new BytesAsText(text);
  };
  return new Map<string, unknown>([
    ["numpy.core.multiarray._reconstruct", reconstruct],
    ["numpy._core.multiarray._reconstruct", reconstruct],
    ["numpy.core.numeric._frombuffer", fromBuffer],
    ["numpy._core.numeric._frombuffer", fromBuffer],
    ["numpy.core.multiarray.scalar", scalar],
    ["numpy._core.multiarray.scalar", scalar],
    ["numpy.ndarray", NDARRAY],
    ["numpy.dtype", dtype],
    ["_codecs.encode", encode],
  ]);
}
