/** Zip archives of stored files, the same bytes for the same content. Layout: PKWARE APPNOTE 6.3, sections 4.3 and 4.5. */
import { crc32 } from "node:zlib";

export interface ZipInput {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** 1 January 1980, the first day that zip can say: content decides the bytes, not the clock. */
const DOS_DATE = 0x21;
const UTF8_NAMES = 0x800;
const MAX_32 = 0xffffffff;

/** Little-endian fields, each `[bytes, value]`. */
function fieldsToBytes(fields: readonly (readonly [2 | 4 | 8, number])[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(fields.reduce((sum, [size]) => sum + size, 0)));
  let at = 0;
  for (const [size, value] of fields) {
    if (size === 2) view.setUint16(at, value, true);
    else if (size === 4) view.setUint32(at, value, true);
    else view.setBigUint64(at, BigInt(value), true);
    at += size;
  }
  return new Uint8Array(view.buffer);
}

interface Placed {
  readonly name: Uint8Array;
  readonly size: number;
  readonly checksum: number;
  readonly offset: number;
  readonly zip64: boolean;
}

/** Fields that local and central headers have in common. */
const sharedFields = ({ name, size, checksum, zip64 }: Placed, extra: number) =>
  [
    [2, zip64 ? 45 : 20],
    [2, UTF8_NAMES],
    [2, 0],
    [2, 0],
    [2, DOS_DATE],
    [4, checksum],
    [4, zip64 ? MAX_32 : size],
    [4, zip64 ? MAX_32 : size],
    [2, name.length],
    [2, extra],
  ] as const;

function localHeader(file: Placed): Uint8Array[] {
  const head = fieldsToBytes([[4, 0x04034b50], ...sharedFields(file, file.zip64 ? 20 : 0)]);
  const extra = fieldsToBytes([
    [2, 1],
    [2, 16],
    [8, file.size],
    [8, file.size],
  ]);
  return file.zip64 ? [head, file.name, extra] : [head, file.name];
}

function centralHeader(file: Placed): Uint8Array[] {
  const head = fieldsToBytes([
    [4, 0x02014b50],
    [2, file.zip64 ? 45 : 20],
    ...sharedFields(file, file.zip64 ? 28 : 0),
    [2, 0],
    [2, 0],
    [2, 0],
    [4, 0],
    [4, file.zip64 ? MAX_32 : file.offset],
  ]);
  const extra = fieldsToBytes([
    [2, 1],
    [2, 24],
    [8, file.size],
    [8, file.size],
    [8, file.offset],
  ]);
  return file.zip64 ? [head, file.name, extra] : [head, file.name];
}

function endRecords(count: number, length: number, offset: number, zip64: boolean): Uint8Array[] {
  const end64 = fieldsToBytes([
    [4, 0x06064b50],
    [8, 44],
    [2, 45],
    [2, 45],
    [4, 0],
    [4, 0],
    [8, count],
    [8, count],
    [8, length],
    [8, offset],
    [4, 0x07064b50],
    [4, 0],
    [8, offset + length],
    [4, 1],
  ]);
  const end = fieldsToBytes([
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, zip64 ? 0xffff : count],
    [2, zip64 ? 0xffff : count],
    [4, zip64 ? MAX_32 : length],
    [4, zip64 ? MAX_32 : offset],
    [2, 0],
  ]);
  return zip64 ? [end64, end] : [end];
}

/** ZIP64 records are written where sizes, offsets or counts need them, or always with `zip64`. */
export interface ZipWriterOptions {
  readonly zip64?: boolean;
}

/** A file of an archive, without its content. */
export interface ZipFacts {
  readonly name: string;
  readonly size: number;
  /** CRC-32 of the content. */
  readonly checksum: number;
}

/** What an archive holds beside its files' contents, for whoever writes these one after the other. */
export class ZipRecords {
  private readonly placed: Placed[] = [];
  private readonly zip64: boolean;
  private offset = 0;

  constructor(options: ZipWriterOptions = {}) {
    this.zip64 = options.zip64 ?? false;
  }

  /** Stands before a file's content; equally long for every checksum. */
  before({ name, size, checksum }: ZipFacts): Uint8Array {
    const zip64 = this.zip64 || size >= MAX_32 || this.offset >= MAX_32;
    const file = { name: new TextEncoder().encode(name), size, checksum, offset: this.offset, zip64 };
    const header = Buffer.concat(localHeader(file));
    this.placed.push(file);
    this.offset += header.length + size;
    return header;
  }

  /** The directory, which stands at the end. */
  after(): Uint8Array {
    const directory = Buffer.concat(this.placed.flatMap(centralHeader));
    const zip64 = this.zip64 || this.placed.length >= 0xffff || this.offset + directory.length >= MAX_32;
    return Buffer.concat([
      directory,
      ...endRecords(this.placed.length, directory.length, this.offset, zip64),
    ]);
  }
}

/** The archive piece by piece, files in the order given, each asked for when its turn comes. */
export function* filesToZip(
  files: Iterable<ZipInput>,
  options: ZipWriterOptions = {},
): Generator<Uint8Array> {
  const records = new ZipRecords(options);
  for (const { name, bytes } of files) {
    yield records.before({ name, size: bytes.length, checksum: crc32(bytes) });
    yield bytes;
  }
  yield records.after();
}
