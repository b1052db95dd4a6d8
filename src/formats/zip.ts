/** Zip archives by random access: the directory read once, the data bounded and checked. */
import { type FileHandle, open } from "node:fs/promises";
import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { constants, crc32, inflateRaw } from "node:zlib";
import type * as Yauzl from "yauzl";
import type { Entry, ZipFile } from "yauzl";
import { GanEvalError } from "../errors.ts";
import { damagedZip, readZipDirectory, STORED } from "./zip-directory.ts";
import { fileToReader } from "./zip-reader.ts";

const inflateRawAsync = promisify(inflateRaw);

/** A file in an archive. */
export interface ZipEntry {
  readonly name: string;
  /** Bytes after decompression, as the directory says; data that does not keep to it is an error. */
  readonly size: number;
  readonly compressedSize: number;
  /** Whether the data lies in the archive as it is. */
  readonly stored: boolean;
  readonly crc32: number;
}

export interface ZipArchive {
  readonly location: string;
  /** The files in it (folders left out), sorted by name; of several with one name the last. All, whatever count it states. */
  readonly entries: readonly ZipEntry[];
  /** The whole content, checked against size and CRC-32. */
  read(entry: ZipEntry, limit?: number): Promise<Uint8Array>;
  /** The first bytes of the content: at least `length` of them where there are so many. */
  readStart(entry: ZipEntry, length: number): Promise<Uint8Array>;
  /** `length` bytes from `start` of a stored entry's content. */
  readPart(entry: ZipEntry, start: number, length: number): Promise<Uint8Array>;
  /** The whole content as it is unpacked; ends with an error where it is not as long as the directory says. */
  stream(entry: ZipEntry): Promise<Readable>;
  close(): Promise<void>;
}

/** No image or array that is read whole is larger: a bound against archives that unpack to terabytes. */
export const MAX_ENTRY = 2 ** 31 - 1;

/** Order by the bytes of UTF-8, the same on every machine and locale. */
export const byBytes = (a: string, b: string): number =>
  // UTF-16 code units sort as UTF-8 does, but for surrogates; comparing code points is exact.
  a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));

class YauzlArchive implements ZipArchive {
  readonly location: string;
  readonly entries: readonly ZipEntry[];
  private readonly file: FileHandle;
  private readonly zip: ZipFile;
  private readonly directory: ReadonlyMap<string, Entry>;
  private readonly dataStarts = new Map<string, number>();

  constructor(location: string, file: FileHandle, zip: ZipFile, directory: ReadonlyMap<string, Entry>) {
    this.location = location;
    this.file = file;
    this.zip = zip;
    this.directory = directory;
    this.entries = [...directory]
      .map(([name, entry]) => ({
        name,
        size: entry.uncompressedSize,
        compressedSize: entry.compressedSize,
        stored: entry.compressionMethod === STORED,
        crc32: entry.crc32,
      }))
      .sort((a, b) => byBytes(a.name, b.name));
  }

  async readPart(entry: ZipEntry, start: number, length: number): Promise<Uint8Array> {
    let dataStart = this.dataStarts.get(entry.name);
    if (dataStart === undefined) {
      dataStart = await this.dataStart(entry);
      this.dataStarts.set(entry.name, dataStart);
    }
    const bytes = await this.readAt(dataStart + start, length);
    if (bytes.length === length && start + length <= entry.size) return bytes;
    throw damagedZip(this.location, `the end of the file within ${entry.name}`);
  }

  async stream(entry: ZipEntry): Promise<Readable> {
    try {
      return await this.zip.openReadStreamPromise(this.directory.get(entry.name)!);
    } catch (error) {
      throw damagedZip(this.location, `no file at the offset of ${entry.name}`, error);
    }
  }

  private async dataStart(entry: ZipEntry): Promise<number> {
    try {
      const header = await this.zip.readLocalFileHeaderPromise(this.directory.get(entry.name)!, {
        minimal: true,
      });
      return header.fileDataStart;
    } catch (error) {
      throw damagedZip(this.location, `no file at the offset of ${entry.name}`, error);
    }
  }

  async read(entry: ZipEntry, limit: number = MAX_ENTRY): Promise<Uint8Array> {
    if (entry.size > limit)
      throw new GanEvalError(
        "input.too-large",
        `expected at most ${limit} bytes in ${entry.name} of ${this.location}, got ${entry.size}`,
        {
          hint: "Such sizes suggest a zip bomb; if the file is genuine, unpack the archive and pass the folder.",
        },
      );
    const packed = await this.readPacked(entry, entry.compressedSize);
    if (packed.length < entry.compressedSize)
      throw damagedZip(this.location, `the end of the file within ${entry.name}`);
    const bytes = entry.stored ? packed : await this.inflate(entry, packed, {});
    if (bytes.length !== entry.size || crc32(bytes) !== entry.crc32)
      throw damagedZip(this.location, `a wrong checksum or length of ${entry.name}`);
    return bytes;
  }

  async readStart(entry: ZipEntry, length: number): Promise<Uint8Array> {
    // Padding of a deflated block is a few bytes; headers never inflate.
    const packed = await this.readPacked(
      entry,
      Math.min(entry.compressedSize, entry.stored ? length : length + 1024),
    );
    return entry.stored ? packed : this.inflate(entry, packed, { finishFlush: constants.Z_SYNC_FLUSH });
  }

  async close(): Promise<void> {
    await this.file.close();
  }

  private async readPacked(entry: ZipEntry, length: number): Promise<Uint8Array> {
    return this.readAt(await this.dataStart(entry), length);
  }

  private async readAt(start: number, length: number): Promise<Uint8Array> {
    const buffer = Buffer.alloc(length);
    const { bytesRead } = await this.file.read(buffer, 0, length, start);
    return buffer.subarray(0, bytesRead);
  }

  private async inflate(
    entry: ZipEntry,
    packed: Uint8Array,
    options: { finishFlush?: number },
  ): Promise<Uint8Array> {
    try {
      return await inflateRawAsync(packed, { ...options, maxOutputLength: Math.max(1, entry.size) });
    } catch (error) {
      throw damagedZip(this.location, `damaged or oversized data of ${entry.name}`, error);
    }
  }
}

/**
 * Opens an archive and reads its directory. ZIP64 is understood.
 * @throws GanEvalError `input.cannot-read`, `input.zip` (damaged, overlapping, lying about sizes), `input.zip-name`
 *   (names that lead out: `../`, absolute), `input.zip-encrypted`, `input.zip-method`
 */
export async function openZip(location: string): Promise<ZipArchive> {
  const module = await import("yauzl");
  const yauzl = (module.default ?? module) as typeof Yauzl;
  const file = await open(location, "r").catch((cause: Error) => {
    throw new GanEvalError("input.cannot-read", `cannot read ${location}: ${cause.message}`, {
      hint: "Check the path and its permissions.",
      cause,
    });
  });
  try {
    const { size } = await file.stat();
    const options = { autoClose: false, decodeStrings: false };
    const reader = fileToReader(yauzl, file, size);
    const zip = await yauzl.fromRandomAccessReaderPromise(reader, size, options).catch((error: Error) => {
      throw damagedZip(location, error.message, error);
    });
    return new YauzlArchive(location, file, zip, await readZipDirectory(yauzl, zip, reader, location));
  } catch (error) {
    await file.close();
    throw error;
  }
}
