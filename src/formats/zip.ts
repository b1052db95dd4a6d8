/** Zip archives by random access: the directory through yauzl, the data bounded and checked. */
import { read } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { Readable } from "node:stream";
import { promisify } from "node:util";
import { constants, crc32, inflateRaw } from "node:zlib";
import type * as Yauzl from "yauzl";
import type { Entry, ZipFile } from "yauzl";
import { GanEvalError } from "../errors.ts";

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
  /** The files in it (folders left out), sorted by name; of several with one name the last. */
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

/** No picture or array that is read whole is larger: a bound against archives that unpack to terabytes. */
export const MAX_ENTRY = 2 ** 31 - 1;

/** DEFLATE packs at most 1,032 to 1 (258 bytes in two bits); a directory that claims more lies. */
const MAX_RATIO = 1032;

/** Bytes read at once of content that is streamed. */
const CHUNK = 2 ** 16;

const STORED = 0;
const DEFLATED = 8;

/** Order by the bytes of UTF-8, the same on every machine and locale. */
export const byBytes = (a: string, b: string): number =>
  // UTF-16 code units sort as UTF-8 does, but for surrogates; comparing code points is exact.
  a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));

const damaged = (location: string, what: string, cause?: unknown): GanEvalError =>
  new GanEvalError("input.zip", `expected a zip archive in ${location}, got ${what}`, {
    hint: "The file is damaged, cut off or of another kind; make or copy it again.",
    cause,
  });

/** What yauzl says of names that would land outside of a folder if unpacked. */
const UNSAFE_NAME = /invalid relative path|absolute path|invalid characters in fileName/i;

function refuseDirectory(location: string, error: Error): GanEvalError {
  if (!UNSAFE_NAME.test(error.message)) return damaged(location, error.message, error);
  return new GanEvalError(
    "input.zip-name",
    `expected names inside the archive ${location}, got one that climbs out (${error.message})`,
    {
      hint: "Such an archive is built to overwrite files; make it again from a folder you trust.",
      cause: error,
    },
  );
}

function refuseUnreadable(entry: Entry, location: string): void {
  const name = `${entry.fileName} in ${location}`;
  if (entry.isEncrypted())
    throw new GanEvalError("input.zip-encrypted", `expected readable files, got the encrypted ${name}`, {
      hint: "Unpack the archive with its password and pass the folder.",
    });
  if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED)
    throw new GanEvalError(
      "input.zip-method",
      `expected stored or deflated files, got compression method ${entry.compressionMethod} for ${name}`,
      { hint: "Pack the files again with ordinary zip settings." },
    );
  if (entry.uncompressedSize > entry.compressedSize * MAX_RATIO + 64)
    throw damaged(
      location,
      `${entry.fileName} that claims ${entry.uncompressedSize} bytes from ${entry.compressedSize}`,
    );
}

/** Archives whose files share their data unpack to far more than they hold: a known bomb. */
function refuseOverlaps(entries: readonly Entry[], location: string): void {
  const byOffset = [...entries].sort((a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader);
  for (let i = 1; i < byOffset.length; i++) {
    const before = byOffset[i - 1];
    if (
      before.relativeOffsetOfLocalHeader + 30 + before.compressedSize >
      byOffset[i].relativeOffsetOfLocalHeader
    )
      throw damaged(location, `files that overlap (${before.fileName} and ${byOffset[i].fileName})`);
  }
}

async function readDirectory(zip: ZipFile, location: string): Promise<Map<string, Entry>> {
  const found: Entry[] = [];
  try {
    for await (const entry of zip.eachEntry()) if (!entry.fileName.endsWith("/")) found.push(entry);
  } catch (error) {
    throw refuseDirectory(location, error as Error);
  }
  for (const entry of found) refuseUnreadable(entry, location);
  refuseOverlaps(found, location);
  return new Map(found.map((entry) => [entry.fileName, entry]));
}

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
    this.entries = [...directory.values()]
      .map((entry) => ({
        name: entry.fileName,
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
    throw damaged(this.location, `the end of the file within ${entry.name}`);
  }

  async stream(entry: ZipEntry): Promise<Readable> {
    try {
      return await this.zip.openReadStreamPromise(this.directory.get(entry.name)!);
    } catch (error) {
      throw damaged(this.location, `no file at the place of ${entry.name}`, error);
    }
  }

  private async dataStart(entry: ZipEntry): Promise<number> {
    try {
      const header = await this.zip.readLocalFileHeaderPromise(this.directory.get(entry.name)!, {
        minimal: true,
      });
      return header.fileDataStart;
    } catch (error) {
      throw damaged(this.location, `no file at the place of ${entry.name}`, error);
    }
  }

  async read(entry: ZipEntry, limit: number = MAX_ENTRY): Promise<Uint8Array> {
    if (entry.size > limit)
      throw new GanEvalError(
        "input.too-large",
        `expected at most ${limit} bytes in ${entry.name} of ${this.location}, got ${entry.size}`,
        {
          hint: "Such sizes are the mark of a zip bomb; if the file is real, unpack the archive and pass the folder.",
        },
      );
    const packed = await this.readPacked(entry, entry.compressedSize);
    if (packed.length < entry.compressedSize)
      throw damaged(this.location, `the end of the file within ${entry.name}`);
    const bytes = entry.stored ? packed : await this.inflate(entry, packed, {});
    if (bytes.length !== entry.size || crc32(bytes) !== entry.crc32)
      throw damaged(this.location, `a wrong checksum or length of ${entry.name}`);
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
      throw damaged(this.location, `damaged or oversized data of ${entry.name}`, error);
    }
  }
}

/**
 * What yauzl reads a file through. Its own reader passes places on as the archive states them, and `fs` throws at those
 * that no file has (64-bit ones of a damaged directory), outside of every callback: it ends the process.
 */
function fileToReader(
  { RandomAccessReader }: typeof Yauzl,
  file: FileHandle,
  size: number,
): Yauzl.RandomAccessReader {
  type ReadArguments = Parameters<Yauzl.RandomAccessReader["read"]>;
  class FileReader extends RandomAccessReader {
    override read(...[buffer, offset, length, position, callback]: ReadArguments): void {
      // Its type leaves out the count that it hands on.
      const done = callback as (error: Error | null, bytesRead: number) => void;
      if (position >= 0 && position <= size) read(file.fd, buffer, offset, length, position, done);
      else setImmediate(done, new Error(`a place of ${position} in ${size} bytes`), 0);
    }

    override _readStreamForRange(start: number, end: number): Readable {
      return Readable.from(rangeToChunks(file, start, end), { objectMode: false });
    }
  }
  return new FileReader();
}

/** A stream of `fs` would close the file when it is left early. */
async function* rangeToChunks(file: FileHandle, start: number, end: number): AsyncGenerator<Uint8Array> {
  for (let at = start; at < end; ) {
    const buffer = Buffer.alloc(Math.min(CHUNK, end - at));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, at);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
  }
}

/**
 * Opens an archive and reads its directory. ZIP64 is understood.
 * @throws GanEvalError `input.cannot-read`, `input.zip` (damaged, overlapping, lying about sizes), `input.zip-name`
 *   (names that climb out: `../`, absolute, with backslashes), `input.zip-encrypted`, `input.zip-method`
 */
export async function openZip(location: string): Promise<ZipArchive> {
  const module = await import("yauzl");
  const yauzl = (module.default ?? module) as typeof Yauzl;
  const file = await open(location, "r").catch((cause: Error) => {
    throw new GanEvalError("input.cannot-read", `cannot read ${location}: ${cause.message}`, {
      hint: "Check the path and that you may read it.",
      cause,
    });
  });
  try {
    const { size } = await file.stat();
    const options = { autoClose: false, strictFileNames: true };
    const zip = await yauzl
      .fromRandomAccessReaderPromise(fileToReader(yauzl, file, size), size, options)
      .catch((error: Error) => {
        throw damaged(location, error.message, error);
      });
    return new YauzlArchive(location, file, zip, await readDirectory(zip, location));
  } catch (error) {
    await file.close();
    throw error;
  }
}
