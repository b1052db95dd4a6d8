/** What yauzl reads a zip file through. */
import type { FileHandle } from "node:fs/promises";
import { Readable } from "node:stream";
import type * as Yauzl from "yauzl";

/** Bytes read at once of content that is streamed. */
const CHUNK = 2 ** 16;

/** Bytes read at once of a directory, whose entries are asked for one by one. */
const WINDOW = 2 ** 20;

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

/** Short reads out of one long one, as long as they lie in it and `ahead` is more than they need. */
function openWindow(file: FileHandle, size: number) {
  let ahead = WINDOW;
  let start = 0;
  let bytes = Buffer.alloc(0);
  return {
    async read(position: number, length: number): Promise<Buffer> {
      const kept = { start, bytes };
      if (position >= kept.start && position + length <= kept.start + kept.bytes.length)
        return kept.bytes.subarray(position - kept.start, position - kept.start + length);
      const buffer = Buffer.alloc(Math.max(length, Math.min(ahead, size - position)));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
      const read = buffer.subarray(0, bytesRead);
      if (ahead > 0) [start, bytes] = [position, read];
      return read.subarray(0, length);
    },
    close(): void {
      ahead = 0;
      bytes = Buffer.alloc(0);
    },
  };
}

export type ZipReader = Yauzl.RandomAccessReader & {
  /** At most `length` bytes: fewer at the end of the file, none beyond it. */
  peek(position: number, length: number): Promise<Buffer>;
  /** From here on, reads are of single files at any place: nothing is read ahead. */
  endDirectory(): void;
};

/**
 * yauzl's own reader passes places on as the archive states them, and `fs` throws at those that no file has (64-bit ones
 * of a damaged directory), outside of every callback: it ends the process.
 */
export function fileToReader(
  { RandomAccessReader }: typeof Yauzl,
  file: FileHandle,
  size: number,
): ZipReader {
  type ReadArguments = Parameters<Yauzl.RandomAccessReader["read"]>;
  const window = openWindow(file, size);
  class FileReader extends RandomAccessReader {
    async peek(position: number, length: number): Promise<Buffer> {
      return position >= 0 && position <= size ? window.read(position, length) : Buffer.alloc(0);
    }

    endDirectory(): void {
      window.close();
    }

    override read(...[buffer, offset, length, position, callback]: ReadArguments): void {
      // Its type leaves out the count that it hands on.
      const done = callback as (error: Error | null, bytesRead: number) => void;
      if (position < 0 || position > size) {
        setImmediate(done, new Error(`an offset of ${position} in ${size} bytes`), 0);
        return;
      }
      window.read(position, length).then(
        (bytes) => setImmediate(done, null, bytes.copy(buffer, offset)),
        (error) => setImmediate(done, error, 0),
      );
    }

    override _readStreamForRange(start: number, end: number): Readable {
      return Readable.from(rangeToChunks(file, start, end), { objectMode: false });
    }
  }
  return new FileReader();
}
