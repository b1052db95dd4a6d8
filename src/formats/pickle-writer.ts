/**
 * Writes pickles of plain values, tensors and NumPy's arrays: the pieces of one, to be put together. Protocol 3, or 2
 * without bytes. Opcodes: Python's pickletools.
 */

/** A value as it stands in a pickle, in pieces. */
export type Pickled = readonly Uint8Array[];

const utf8 = new TextEncoder();

const bytesOf = (...bytes: number[]): Uint8Array => Uint8Array.from(bytes);

/** An opcode and a little-endian number of 4 bytes. */
function opcodeAndLength(opcode: number, value: number): Uint8Array {
  const bytes = new Uint8Array(5);
  bytes[0] = opcode;
  new DataView(bytes.buffer).setUint32(1, value, true);
  return bytes;
}

export const none: Pickled = [bytesOf(0x4e)];

export const boolToPickle = (value: boolean): Pickled => [bytesOf(value ? 0x88 : 0x89)];

/** A whole number of at most 2^53: BININT, or LONG1 of 8 bytes past its range. */
export function intToPickle(value: number): Pickled {
  if (value === (value | 0)) return [opcodeAndLength(0x4a, value)];
  const bytes = new Uint8Array(10);
  bytes.set([0x8a, 8]);
  new DataView(bytes.buffer).setBigInt64(2, BigInt(value), true);
  return [bytes];
}

export function textToPickle(text: string): Pickled {
  const bytes = utf8.encode(text);
  return [opcodeAndLength(0x58, bytes.length), bytes];
}

/** Up to 4 GiB; not in protocol 2. */
export const bytesToPickle = (bytes: Uint8Array): Pickled => [opcodeAndLength(0x42, bytes.length), bytes];

export const tupleToPickle = (...items: readonly Pickled[]): Pickled => [
  bytesOf(0x28),
  ...items.flat(),
  bytesOf(0x74),
];

export const listToPickle = (...items: readonly Pickled[]): Pickled => [
  bytesOf(0x5d, 0x28),
  ...items.flat(),
  bytesOf(0x65),
];

export const dictToPickle = (entries: Readonly<Record<string, Pickled>>): Pickled => [
  bytesOf(0x7d, 0x28),
  ...Object.entries(entries).flatMap(([key, value]) => [...textToPickle(key), ...value]),
  bytesOf(0x75),
];

export const globalToPickle = (module: string, name: string): Pickled => [
  utf8.encode(`c${module}\n${name}\n`),
];

export const callToPickle = (callable: Pickled, ...args: readonly Pickled[]): Pickled => [
  ...callable,
  ...tupleToPickle(...args),
  bytesOf(0x52),
];

/** An object with a state. */
export const buildToPickle = (object: Pickled, state: Pickled): Pickled => [
  ...object,
  ...state,
  bytesOf(0x62),
];

export const persistentToPickle = (id: Pickled): Pickled => [...id, bytesOf(0x51)];

/** A value as a whole pickle. */
export const pickledToFile = (value: Pickled, protocol: 2 | 3): Pickled => [
  bytesOf(0x80, protocol),
  ...value,
  bytesOf(0x2e),
];
