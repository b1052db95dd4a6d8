/** Where a tar archive is read from: a stream that goes by, or a file whose data are stepped over. */
import type { FileHandle } from "node:fs/promises";

/** Bytes in order, some of them passed over. */
export interface TarBytes {
  /** Bytes taken or passed over so far. */
  readonly at: number;
  /** The next `length` bytes, or undefined if there are fewer. */
  take(length: number): Promise<Uint8Array | undefined>;
  /** Whether there are `length` more bytes, which are passed over. */
  skip(length: number): Promise<boolean>;
}

/** Takes exact lengths from a stream of chunks. Memory grows with what is there, not with what a header claims. */
export class StreamBytes implements TarBytes {
  private readonly chunks: AsyncIterator<Uint8Array>;
  private rest: Uint8Array = new Uint8Array(0);
  at = 0;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.chunks = chunks[Symbol.asyncIterator]();
  }

  async take(length: number): Promise<Uint8Array | undefined> {
    if (length <= this.rest.length) return this.shift(length);
    const pieces: Uint8Array[] = [];
    return (await this.each(length, (piece) => pieces.push(piece))) ? Buffer.concat(pieces) : undefined;
  }

  skip(length: number): Promise<boolean> {
    return this.each(length, () => {});
  }

  /** Calls `use` with the pieces of the next `length` bytes; false if the stream ends before. */
  private async each(length: number, use: (piece: Uint8Array) => void): Promise<boolean> {
    for (let left = length; left > 0; ) {
      if (this.rest.length === 0) {
        const next = await this.chunks.next();
        if (next.done) return false;
        this.rest = next.value;
      }
      const piece = this.shift(Math.min(left, this.rest.length));
      use(piece);
      left -= piece.length;
    }
    return true;
  }

  private shift(length: number): Uint8Array {
    const piece = this.rest.subarray(0, length);
    this.rest = this.rest.subarray(length);
    this.at += length;
    return piece;
  }
}

/** After small members the next headers are read with one another. */
const WINDOW = 2 ** 16;

/** Headers of a file: what is passed over is not read. */
export class FileBytes implements TarBytes {
  private readonly file: FileHandle;
  private readonly size: number;
  private window: Uint8Array = new Uint8Array(0);
  private start = 0;
  at = 0;

  constructor(file: FileHandle, size: number) {
    this.file = file;
    this.size = size;
  }

  async take(length: number): Promise<Uint8Array | undefined> {
    if (this.at + length > this.size) return undefined;
    const end = this.start + this.window.length;
    if (this.at + length > end || this.at < this.start) {
      const isNear = this.at - end < WINDOW / 2;
      const wanted = Math.max(length, Math.min(isNear ? WINDOW : length, this.size - this.at));
      const { buffer, bytesRead } = await this.file.read(Buffer.alloc(wanted), 0, wanted, this.at);
      [this.window, this.start] = [buffer.subarray(0, bytesRead), this.at];
      if (bytesRead < length) return undefined;
    }
    const from = this.at - this.start;
    this.at += length;
    return this.window.subarray(from, from + length);
  }

  async skip(length: number): Promise<boolean> {
    if (this.at + length > this.size) return false;
    this.at += length;
    return true;
  }
}
