/** Files whose first bytes have a known checksum, read in one go and written at their end. */
import { type FileHandle, open } from "node:fs/promises";
import path from "node:path";
import { crc32 } from "node:zlib";
import type { CheckedRange } from "./records.ts";

/** A single read or checksum takes less than 2 GiB. */
const PIECE = 2 ** 26;

export const EMPTY: CheckedRange = { bytes: 0, crc32: 0 };

export function bytesToCrc(bytes: Uint8Array, before = 0): number {
  let crc = before;
  for (let at = 0; at < bytes.length; at += PIECE) crc = crc32(bytes.subarray(at, at + PIECE), crc);
  return crc;
}

/**
 * The first bytes of a file, in memory of their own.
 * @throws Error where the file is shorter, or longer though `whole` was said
 */
export async function readBytes(
  location: string,
  length: number,
  whole: boolean,
): Promise<Uint8Array<ArrayBuffer>> {
  const file = await open(location, "r");
  try {
    const { size } = await file.stat();
    if (size < length || (whole && size > length))
      throw new Error(`expected ${length} bytes in ${path.basename(location)}, got ${size}`);
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length; ) {
      const { bytesRead } = await file.read(bytes, at, Math.min(PIECE, length - at), at);
      if (bytesRead === 0) throw new Error(`${path.basename(location)} was truncated while being read`);
      at += bytesRead;
    }
    return bytes;
  } finally {
    await file.close();
  }
}

/** As `readBytes`. @throws Error where other bytes than were written are there, too */
export async function readRange(
  location: string,
  range: CheckedRange,
  whole: boolean,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await readBytes(location, range.bytes, whole);
  if (bytesToCrc(bytes) !== range.crc32)
    throw new Error(`${path.basename(location)} does not match its checksum`);
  return bytes;
}

/** A file that grows at its end, and the range that it has grown to. */
export class AppendOnlyFile {
  private readonly file: FileHandle;
  private grown: CheckedRange;

  private constructor(file: FileHandle, grown: CheckedRange) {
    this.file = file;
    this.grown = grown;
  }

  /** What lies behind `kept` is thrown away. */
  static async open(location: string, kept: CheckedRange): Promise<AppendOnlyFile> {
    const file = await open(location, kept.bytes > 0 ? "r+" : "w");
    const growing = new AppendOnlyFile(file, kept);
    try {
      await file.truncate(kept.bytes);
    } catch (error) {
      await file.close();
      throw error;
    }
    return growing;
  }

  get range(): CheckedRange {
    return this.grown;
  }

  async append(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      const length = Math.min(PIECE, bytes.length - at);
      at += (await this.file.write(bytes, at, length, this.grown.bytes + at)).bytesWritten;
    }
    this.grown = { bytes: this.grown.bytes + bytes.length, crc32: bytesToCrc(bytes, this.grown.crc32) };
  }

  sync(): Promise<void> {
    return this.file.sync();
  }

  close(): Promise<void> {
    return this.file.close();
  }
}
