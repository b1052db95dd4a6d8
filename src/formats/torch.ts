/**
 * Reads what `torch.save` wrote, in the zip format (torch >= 1.6) and the one before it: the tensors of a state dict, or
 * whatever else of tensors and NumPy's arrays, which may lie in a plain pickle too.
 * Source of both layouts: torch/serialization.py, `_save` and `_legacy_save`.
 */
import { open } from "node:fs/promises";
import { GanEvalError } from "../errors.ts";
import { numpyGlobals } from "./numpy-pickle.ts";
import { bytesToPickle, damagedPickle, type PickleRules } from "./pickle.ts";
import {
  BYTES_OF,
  bytesToArray,
  type LazyTensors,
  type StoredArray,
  type StoredTensor,
  type StoredType,
  shapeToSize,
  tensorToFloat32,
} from "./tensor.ts";
import { openZip, type ZipArchive, type ZipEntry } from "./zip.ts";

/** What is read at most: the largest network here has 96 MB. */
const MAX_FILE = 2 ** 31 - 1;

/** torch's types by the names of their storages. */
const STORAGES: Readonly<Record<string, StoredType>> = {
  FloatStorage: "float32",
  DoubleStorage: "float64",
  HalfStorage: "float16",
  BFloat16Storage: "bfloat16",
  LongStorage: "int64",
  IntStorage: "int32",
  ShortStorage: "int16",
  CharStorage: "int8",
  ByteStorage: "uint8",
  BoolStorage: "bool",
};

/** A storage as the pickle names it; its bytes come from elsewhere in the file. */
class Storage {
  readonly dtype: StoredType;
  readonly key: string;
  readonly length: number;
  bytes: Uint8Array | undefined;

  constructor(dtype: StoredType, key: string, length: number) {
    this.dtype = dtype;
    this.key = key;
    this.length = length;
  }
}

class StorageType {
  readonly dtype: StoredType;

  constructor(dtype: StoredType) {
    this.dtype = dtype;
  }
}

/** A tensor over a storage, with torch's strides and offset in elements. */
class StridedTensor implements StoredTensor {
  readonly storage: Storage;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];

  constructor(storage: Storage, offset: number, shape: readonly number[], strides: readonly number[]) {
    this.storage = storage;
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
  }

  get dtype(): StoredType {
    return this.storage.dtype;
  }

  read(): StoredArray {
    const size = BYTES_OF[this.dtype];
    const bytes = this.storage.bytes!;
    const count = shapeToSize(this.shape);
    let contiguous = 1;
    const isContiguous = this.shape.every((_, i) => {
      const axis = this.shape.length - 1 - i;
      const fits = this.shape[axis] === 1 || this.strides[axis] === contiguous;
      contiguous *= this.shape[axis];
      return fits;
    });
    const from = this.offset * size;
    if (isContiguous || count === 0)
      return bytesToArray(bytes.subarray(from, from + count * size), this.dtype);
    return this.gather(bytesToArray(bytes, this.dtype), count);
  }

  /** Elements in row-major order, one index a dimension counted like a mileage. */
  private gather(all: StoredArray, count: number): StoredArray {
    const values = new (all.constructor as new (length: number) => Float32Array)(count);
    const index = new Array<number>(this.shape.length).fill(0);
    let at = this.offset;
    for (let i = 0; i < count; i++) {
      values[i] = all[at] as number;
      for (let axis = this.shape.length - 1; axis >= 0; axis--) {
        at += this.strides[axis];
        if (++index[axis] < this.shape[axis]) break;
        at -= this.strides[axis] * this.shape[axis];
        index[axis] = 0;
      }
    }
    return values;
  }
}

const isWhole = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const areWhole = (value: unknown): value is number[] => Array.isArray(value) && value.every(isWhole);

/** `_rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks)`, held to its storage's length. */
function rebuildTensor(args: readonly unknown[], location: string): StridedTensor {
  const [storage, offset, shape, strides] = args;
  if (!(storage instanceof Storage && isWhole(offset) && areWhole(shape) && areWhole(strides)))
    throw damagedPickle(location, "a tensor without storage, offset, size and strides");
  const count = shapeToSize(shape);
  const last = offset + shape.reduce((sum, dim, axis) => sum + (dim - 1) * strides[axis], 0);
  // A tensor may repeat elements (stride 0), but one that has more of them than its storage is a bomb, no weight.
  if (
    shape.length !== strides.length ||
    !(count <= storage.length) ||
    (count > 0 && !(last < storage.length))
  )
    throw damagedPickle(
      location,
      `a tensor [${shape.slice(0, 8)}] that its storage of ${storage.length} numbers does not hold`,
    );
  return new StridedTensor(storage, offset, shape, strides);
}

interface Reading {
  readonly rules: PickleRules;
  readonly storages: Map<string, Storage>;
}

/** What a file may consist of besides tensors and dictionaries. */
type Allowed = Pick<PickleRules, "globals" | "hint">;

const ONLY_TENSORS: Allowed = { globals: new Map() };

const withNumpy = (location: string): Allowed => ({
  globals: numpyGlobals(location),
  hint: "Code in a file is never run: only dictionaries, torch tensors and NumPy arrays are read. Save those, with pickle.dump or torch.save.",
});

/** `OrderedDict()`, or as Python 2 writes one, `OrderedDict([[key, value], ...])`. */
function argsToDictionary([pairs = []]: readonly unknown[], location: string): Map<unknown, unknown> {
  const isPair = (pair: unknown): pair is [unknown, unknown] => Array.isArray(pair) && pair.length === 2;
  if (!Array.isArray(pairs) || !pairs.every(isPair))
    throw damagedPickle(location, "a dictionary of something other than keys and values");
  return new Map(pairs);
}

/** The allow-list: what a state dict consists of, what is allowed besides, and nothing else. */
function tensorRules(location: string, allowed: Allowed): Reading {
  const storages = new Map<string, Storage>();
  const globals = new Map<string, unknown>([
    ...allowed.globals,
    ["collections.OrderedDict", (args: readonly unknown[]) => argsToDictionary(args, location)],
    ["torch._utils._rebuild_tensor_v2", (args: readonly unknown[]) => rebuildTensor(args, location)],
    ["torch._utils._rebuild_parameter", (args: readonly unknown[]) => args[0]],
    ...Object.entries(STORAGES).map(([name, dtype]) => [`torch.${name}`, new StorageType(dtype)] as const),
  ]);
  const persistent = (id: unknown): Storage => {
    const [tag, type, key, , length, view] = Array.isArray(id) ? id : [];
    if (tag !== "storage" || !(type instanceof StorageType) || !isWhole(length) || (view ?? null) !== null)
      throw damagedPickle(location, "a reference to something other than a storage");
    const name = keyToName(key, location);
    const known = storages.get(name);
    if (known && (known.dtype !== type.dtype || known.length !== length))
      throw damagedPickle(location, `two descriptions of storage ${name}`);
    const storage = known ?? new Storage(type.dtype, name, length);
    storages.set(name, storage);
    return storage;
  };
  return { rules: { ...allowed, globals, persistent }, storages };
}

/** Only plain keys: the text of a nested list can be longer than all memory. */
function keyToName(key: unknown, location: string): string {
  if (typeof key === "string" || typeof key === "number") return String(key);
  throw damagedPickle(location, "a storage without a name");
}

/** The tensors of the dictionary; some programs put it under one of these keys of another. */
function valueToTensors(value: unknown, location: string): Map<string, StoredTensor> {
  const wrapped =
    value instanceof Map
      ? ["state_dict", "model"].map((key) => value.get(key)).find((v) => v instanceof Map)
      : undefined;
  const dictionary = wrapped ?? value;
  if (!(dictionary instanceof Map))
    throw new GanEvalError("input.state-dict", `expected a state dict in ${location}, got something else`, {
      hint: "Save it with torch.save(model.state_dict(), file).",
    });
  const tensors = new Map<string, StoredTensor>();
  for (const [name, tensor] of dictionary)
    if (typeof name === "string" && tensor instanceof StridedTensor) tensors.set(name, tensor);
  return tensors;
}

interface ZipContent {
  readonly value: unknown;
  /** Each storage's file in the archive. */
  readonly entries: ReadonlyMap<Storage, ZipEntry>;
}

/** The pickle of an archive, and where the numbers that it names lie; none of them is read. */
async function zipToContent(archive: ZipArchive, allowed: Allowed): Promise<ZipContent> {
  const { location } = archive;
  const pickles = archive.entries.filter(({ name }) => /^[^/]+\/data\.pkl$/.test(name));
  if (pickles.length !== 1)
    throw new GanEvalError(
      "input.torch",
      `expected a file of torch.save in ${location}, got another zip archive`,
      {
        hint: "A .pth state dict holds one <folder>/data.pkl.",
      },
    );
  const folder = pickles[0].name.slice(0, -"data.pkl".length);
  const byName = new Map(archive.entries.map((entry) => [entry.name, entry]));
  await refuseBigEndian(archive, byName.get(`${folder}byteorder`));
  const { rules, storages } = tensorRules(location, allowed);
  const { value } = bytesToPickle(await archive.read(pickles[0], MAX_FILE), rules, location);
  const entries = new Map<Storage, ZipEntry>();
  for (const storage of storages.values()) {
    const entry = byName.get(`${folder}data/${storage.key}`);
    if (entry === undefined) throw damagedPickle(location, `no data of storage ${storage.key}`);
    if (entry.size !== storage.length * BYTES_OF[storage.dtype])
      throw damagedPickle(
        location,
        `${entry.size} bytes for storage ${storage.key} of ${storage.length} ${storage.dtype}`,
      );
    entries.set(storage, entry);
  }
  return { value, entries };
}

async function zipToValue(archive: ZipArchive, allowed: Allowed): Promise<unknown> {
  const { value, entries } = await zipToContent(archive, allowed);
  let total = 0;
  for (const [storage, entry] of entries) {
    total += entry.size;
    if (total > MAX_FILE) throw tooLarge(archive.location, total);
    storage.bytes = await archive.read(entry, MAX_FILE);
  }
  return value;
}

async function refuseBigEndian(archive: ZipArchive, entry: ZipEntry | undefined): Promise<void> {
  if (entry === undefined || entry.size > 16) return;
  const order = new TextDecoder().decode(await archive.read(entry));
  if (order !== "little")
    throw new GanEvalError(
      "input.byte-order",
      `expected little-endian numbers in ${archive.location}, got ${order}`,
      {
        hint: "Load and save the file again on a little-endian machine.",
      },
    );
}

/** `torch.serialization.MAGIC_NUMBER` and `PROTOCOL_VERSION`. */
const LEGACY_MAGIC = 0x1950a86a20f9469cfc6cn;
const LEGACY_VERSION = 1001;

/** Magic number, version, system information, value and keys, five pickles; then each storage's length and bytes. */
function legacyToValue(bytes: Uint8Array, start: number, location: string, allowed: Allowed): unknown {
  const plain: PickleRules = { globals: new Map() };
  const version = bytesToPickle(bytes, plain, location, start);
  if (version.value !== LEGACY_VERSION) throw damagedPickle(location, "another version of torch's format");
  const system = bytesToPickle(bytes, plain, location, version.end);
  if (system.value instanceof Map && system.value.get("little_endian") === false)
    throw damagedPickle(location, "big-endian numbers");
  const { rules, storages } = tensorRules(location, allowed);
  const main = bytesToPickle(bytes, rules, location, system.end);
  const keys = bytesToPickle(bytes, plain, location, main.end);
  if (!Array.isArray(keys.value)) throw damagedPickle(location, "no list of storages");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = keys.end;
  for (const key of keys.value) {
    const name = keyToName(key, location);
    const storage = storages.get(name);
    if (storage === undefined || at + 8 > bytes.length)
      throw damagedPickle(location, `storage ${name} without a place`);
    const length = storage.length * BYTES_OF[storage.dtype];
    if (view.getBigInt64(at, true) !== BigInt(storage.length) || at + 8 + length > bytes.length)
      throw damagedPickle(location, `too little data for storage ${name}`);
    storage.bytes = bytes.subarray(at + 8, at + 8 + length);
    at += 8 + length;
  }
  for (const storage of storages.values())
    if (storage.bytes === undefined) throw damagedPickle(location, `no data of storage ${storage.key}`);
  return main.value;
}

const tooLarge = (location: string, bytes: number): GanEvalError =>
  new GanEvalError("input.too-large", `expected at most ${MAX_FILE} bytes in ${location}, got ${bytes}`, {
    hint: "Save fewer tensors in one file.",
  });

const cannotRead = (location: string, cause: Error): GanEvalError =>
  new GanEvalError("input.cannot-read", `cannot read ${location}: ${cause.message}`, {
    hint: "Check the path and its permissions.",
    cause,
  });

async function readWhole(location: string): Promise<{ zip: true } | { zip: false; bytes: Uint8Array }> {
  const file = await open(location, "r").catch((cause: Error) => {
    throw cannotRead(location, cause);
  });
  try {
    const head = Buffer.alloc(4);
    await file.read(head, 0, 4, 0);
    if (head.readUInt32LE() === 0x04034b50) return { zip: true };
    const { size } = await file.stat();
    if (size > MAX_FILE) throw tooLarge(location, size);
    return { zip: false, bytes: await file.readFile() };
  } catch (cause) {
    throw cause instanceof GanEvalError ? cause : cannotRead(location, cause as Error);
  } finally {
    await file.close();
  }
}

/** `plain` says what a pickle that is not torch's stands for. */
async function readValue(
  location: string,
  allowed: Allowed,
  plain: (value: unknown) => unknown,
): Promise<unknown> {
  const whole = await readWhole(location);
  if (!whole.zip) {
    const first = bytesToPickle(whole.bytes, allowed, location);
    return first.value === LEGACY_MAGIC
      ? legacyToValue(whole.bytes, first.end, location, allowed)
      : plain(first.value);
  }
  const archive = await openZip(location);
  try {
    return await zipToValue(archive, allowed);
  } finally {
    await archive.close();
  }
}

/**
 * The tensors of a `.pth` by their names in the state dict; numbers are copied as they are read.
 * @throws GanEvalError `input.zip*`, `input.pickle`, `input.pickle-global`, `input.torch`, `input.state-dict`
 */
export async function readTorch(location: string): Promise<Map<string, StoredTensor>> {
  return valueToTensors(await readValue(location, ONLY_TENSORS, refusePickle(location)), location);
}

const refusePickle = (location: string) => (): never => {
  throw new GanEvalError("input.torch", `expected a file of torch.save in ${location}, got another pickle`, {
    hint: "Save it with torch.save(model.state_dict(), file).",
  });
};

/**
 * Opens a `.pth` whose tensors are read one by one; of the older format all are read at once.
 * @throws GanEvalError as `readTorch`; `input.zip` as a damaged tensor is read
 */
export async function openTorch(location: string): Promise<LazyTensors> {
  const whole = await readWhole(location);
  if (!whole.zip) {
    const tensors = await readTorch(location);
    return {
      location,
      tensors,
      read: async (name) => tensorToFloat32(tensors.get(name)!, name),
      close: async () => {},
    };
  }
  const archive = await openZip(location);
  try {
    const { value, entries } = await zipToContent(archive, ONLY_TENSORS);
    const tensors = valueToTensors(value, location) as Map<string, StridedTensor>;
    return {
      location,
      tensors,
      async read(name) {
        const tensor = tensors.get(name)!;
        const { storage } = tensor;
        storage.bytes = await archive.read(entries.get(storage)!, MAX_FILE);
        try {
          return tensorToFloat32(tensor, name);
        } finally {
          storage.bytes = undefined;
        }
      },
      close: () => archive.close(),
    };
  } catch (error) {
    await archive.close();
    throw error;
  }
}

/**
 * What a file of `torch.save` or `pickle.dump` holds: dictionaries as Maps, lists and tuples as arrays, tensors
 * (`isTensor`), NumPy's arrays (`PickledArray`), numbers, text.
 * @throws GanEvalError `input.zip*`, `input.pickle`, `input.pickle-global`, `input.torch`, `input.npy-dtype`
 */
export const readPickled = (location: string): Promise<unknown> =>
  readValue(location, withNumpy(location), (value) => value);

export const isTensor = (value: unknown): value is StoredTensor => value instanceof StridedTensor;
