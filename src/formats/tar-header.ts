/** One header of a tar archive: its 512 bytes as name, size and type. Layout: POSIX.1-2001 ustar and pax, GNU tar, v7. */

export const TAR_BLOCK = 512;

/** What a header says of the member after it. */
export interface TarHeader {
  readonly name: string;
  /** Bytes of data in the archive. */
  readonly size: number;
  readonly type: string;
  /** GNU's sparse files of type S: further blocks of the map of holes stand before the data. */
  readonly hasMoreBlocks: boolean;
}

export const padToBlock = (size: number): number => Math.ceil(size / TAR_BLOCK) * TAR_BLOCK;

/** Types whose size field says nothing of data: links, devices, folders, pipes. */
const WITHOUT_DATA: ReadonlySet<string> = new Set(["1", "2", "3", "4", "5", "6"]);

/** Text up to its zero byte; bytes that are no UTF-8 are read as Latin-1, so that none equals another. */
export function fieldToText(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  const field = end < 0 ? bytes : bytes.subarray(0, end);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(field);
  } catch {
    return Buffer.from(field).toString("latin1");
  }
}

const latin = (block: Uint8Array, from: number, length: number): string =>
  Buffer.from(block.buffer, block.byteOffset + from, length).toString("latin1");

/** Octal digits between spaces and zero bytes, or 63 or 95 bits after a first byte of 0x80. */
function blockToNumber(block: Uint8Array, from: number, length: number): number | undefined {
  if (block[from] === 0x80) {
    const value = block.subarray(from + 1, from + length).reduce((sum, byte) => sum * 256 + byte, 0);
    return Number.isSafeInteger(value) ? value : undefined;
  }
  const [, digits] = /^[ \0]*([0-7]*)[ \0]/.exec(`${latin(block, from, length)}\0`) ?? [];
  return digits === undefined ? undefined : Number.parseInt(digits || "0", 8);
}

/** Both sums that programs have written: of unsigned and of signed bytes. */
function blockToSums(block: Uint8Array): readonly number[] {
  let unsigned = 0;
  let signed = 0;
  for (let i = 0; i < TAR_BLOCK; i++) {
    const byte = i >= 148 && i < 156 ? 0x20 : block[i];
    unsigned += byte;
    signed += byte > 127 ? byte - 256 : byte;
  }
  return [unsigned, signed];
}

export const isZeroBlock = (block: Uint8Array): boolean =>
  block[0] === 0 && block.every((byte) => byte === 0);

/** The header of a block, or undefined where its sum or size is wrong. */
export function blockToHeader(block: Uint8Array): TarHeader | undefined {
  const sum = blockToNumber(block, 148, 8);
  const size = blockToNumber(block, 124, 12);
  if (sum === undefined || size === undefined || !blockToSums(block).includes(sum)) return undefined;
  // GNU's mark is "ustar  ": times stand where POSIX has the prefix.
  const prefix = latin(block, 257, 6) === "ustar\0" ? fieldToText(block.subarray(345, 500)) : "";
  const name = fieldToText(block.subarray(0, 100));
  const mark = String.fromCharCode(block[156]);
  // Before POSIX a folder was a file whose name ends in a slash.
  const type = mark === "\0" ? (name.endsWith("/") ? "5" : "0") : mark;
  return {
    name: prefix ? `${prefix}/${name}` : name,
    size: WITHOUT_DATA.has(type) ? 0 : size,
    type,
    hasMoreBlocks: type === "S" && block[482] === 1,
  };
}

/** Records of a pax header, each `LENGTH KEY=VALUE\n`; undefined where they are damaged. */
export function bytesToPaxRecords(bytes: Uint8Array): ReadonlyMap<string, string> | undefined {
  const records = new Map<string, string>();
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at < buffer.length && buffer[at] !== 0; ) {
    const space = buffer.indexOf(0x20, at);
    const digits = buffer.toString("latin1", at, space < 0 ? at : space);
    const end = at + Number.parseInt(digits, 10);
    if (!/^\d{1,9}$/.test(digits) || end > buffer.length || end <= space + 1 || buffer[end - 1] !== 0x0a)
      return undefined;
    const equals = buffer.indexOf(0x3d, space);
    if (equals < 0 || equals >= end) return undefined;
    records.set(
      buffer.toString("latin1", space + 1, equals),
      fieldToText(buffer.subarray(equals + 1, end - 1)),
    );
    at = end;
  }
  return records;
}
