/** A little pickler of the test's own: what torch.save writes of a state dict, protocol 2, and old torch's whole file. */
import { filesToZip } from "../../src/formats/zip-writer.ts";

const utf8 = new TextEncoder();
const bytes = (...parts: (number | number[] | Uint8Array)[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === "number" ? [part] : [...part])));
const little = (value: number | bigint, size: number): number[] =>
  Array.from({ length: size }, (_, i) => Number((BigInt(value) >> BigInt(8 * i)) & 0xffn));

export const pickle = {
  text: (value: string) => bytes(0x58, little(utf8.encode(value).length, 4), utf8.encode(value)),
  int: (value: number) => bytes(0x4a, little(value, 4)),
  long: (value: bigint, size: number) => bytes(0x8a, size, little(value, size)),
  bool: (value: boolean) => bytes(value ? 0x88 : 0x89),
  none: bytes(0x4e),
  global: (module: string, name: string) => bytes(0x63, utf8.encode(`${module}\n${name}\n`)),
  tuple: (...items: Uint8Array[]) => bytes(0x28, ...items, 0x74),
  list: (...items: Uint8Array[]) => bytes(0x5d, 0x28, ...items, 0x65),
  call: (callable: Uint8Array, args: Uint8Array) => bytes(callable, args, 0x52),
  persistent: (id: Uint8Array) => bytes(id, 0x51),
  dict: (empty: Uint8Array, items: [Uint8Array, Uint8Array][]) => bytes(empty, 0x28, ...items.flat(), 0x75),
  emptyDict: bytes(0x7d),
  file: (value: Uint8Array) => bytes(0x80, 2, value, 0x2e),
};

export interface TorchTensor {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

const orderedDict = () => pickle.call(pickle.global("collections", "OrderedDict"), bytes(0x29));

function stridesOf(shape: readonly number[]): number[] {
  return shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
}

function stateDictPickle(tensors: readonly (readonly [string, TorchTensor])[], legacy: boolean): Uint8Array {
  const ints = (values: readonly number[]) => pickle.tuple(...values.map(pickle.int));
  const items = tensors.map(([name, { data, shape }], i): [Uint8Array, Uint8Array] => {
    const id = [
      pickle.text("storage"),
      pickle.global("torch", "FloatStorage"),
      pickle.text(String(i)),
      pickle.text("cpu"),
      pickle.int(data.length),
      ...(legacy ? [pickle.none] : []),
    ];
    const args = pickle.tuple(
      pickle.persistent(pickle.tuple(...id)),
      pickle.int(0),
      ints(shape),
      ints(stridesOf(shape)),
      pickle.bool(false),
      orderedDict(),
    );
    return [pickle.text(name), pickle.call(pickle.global("torch._utils", "_rebuild_tensor_v2"), args)];
  });
  return pickle.file(pickle.dict(orderedDict(), items));
}

const dataBytes = ({ data }: TorchTensor): Uint8Array =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

/** torch >= 1.6: a zip archive under one folder. */
export function tensorsToTorchZip(
  tensors: readonly (readonly [string, TorchTensor])[],
  folder = "archive",
): Uint8Array {
  const files = [
    { name: `${folder}/data.pkl`, bytes: stateDictPickle(tensors, false) },
    ...tensors.map(([, tensor], i) => ({ name: `${folder}/data/${i}`, bytes: dataBytes(tensor) })),
    { name: `${folder}/version`, bytes: utf8.encode("3\n") },
  ];
  return Buffer.concat([...filesToZip(files)]);
}

/** torch < 1.6. */
export function tensorsToTorchLegacy(tensors: readonly (readonly [string, TorchTensor])[]): Uint8Array {
  const system = pickle.dict(pickle.emptyDict, [
    [pickle.text("protocol_version"), pickle.int(1001)],
    [pickle.text("little_endian"), pickle.bool(true)],
  ]);
  const storages = tensors.flatMap(([, tensor]) => [
    Uint8Array.from(little(tensor.data.length, 8)),
    dataBytes(tensor),
  ]);
  return Buffer.concat([
    pickle.file(pickle.long(0x1950a86a20f9469cfc6cn, 10)),
    pickle.file(pickle.int(1001)),
    pickle.file(system),
    stateDictPickle(tensors, true),
    pickle.file(pickle.list(...tensors.map((_, i) => pickle.text(String(i))))),
    ...storages,
  ]);
}
