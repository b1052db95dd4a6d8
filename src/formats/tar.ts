/** Reads one file out of a gzipped tar archive as it streams by. Layout: POSIX ustar, with GNU's long names. */
import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { GanEvalError } from "../errors.ts";

const BLOCK = 512;

export interface TarMember {
  /** The name as the archive has it; it is compared and shown, never used as a path. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface TarOptions {
  /** Largest member that is read. */
  readonly maxBytes: number;
  /** Unpacked bytes after which an archive is refused. */
  readonly maxTotal?: number;
}

const damaged = (location: string, what: string, cause?: unknown): GanEvalError =>
  new GanEvalError("input.tar", `expected a gzipped tar archive in ${location}, got ${what}`, {
    hint: "The file is damaged, truncated or of another kind; copy it again.",
    cause,
  });

/** Takes exact lengths from a stream of chunks. */
class ChunkReader {
  private readonly chunks: AsyncIterator<Uint8Array>;
  private rest: Uint8Array = new Uint8Array(0);
  taken = 0;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.chunks = chunks[Symbol.asyncIterator]();
  }

  /** Calls `use` with the pieces of the next `length` bytes; false if the stream ends before. */
  async each(length: number, use: (piece: Uint8Array) => void): Promise<boolean> {
    let left = length;
    while (left > 0) {
      if (this.rest.length === 0) {
        const next = await this.chunks.next();
        if (next.done) return false;
        this.rest = next.value;
      }
      const piece = this.rest.subarray(0, left);
      use(piece);
      this.rest = this.rest.subarray(piece.length);
      left -= piece.length;
      this.taken += piece.length;
    }
    return true;
  }

  /** The next `length` bytes, or undefined if the stream ends before. Grows with what is there, not with what is said. */
  async take(length: number): Promise<Uint8Array | undefined> {
    const pieces: Uint8Array[] = [];
    return (await this.each(length, (piece) => pieces.push(piece))) ? Buffer.concat(pieces) : undefined;
  }
}

const text = (header: Uint8Array, from: number, length: number): string =>
  new TextDecoder().decode(header.subarray(from, from + length)).replace(/\0.*$/s, "");

interface Header {
  readonly name: string;
  readonly size: number;
  readonly type: string;
}

function blockToHeader(block: Uint8Array, location: string): Header | undefined {
  if (block.every((byte) => byte === 0)) return undefined;
  const sum = block.reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 0x20 : byte), 0);
  const size = text(block, 124, 12).trim();
  if (Number.parseInt(text(block, 148, 8).trim(), 8) !== sum || !/^[0-7]+$/.test(size))
    throw damaged(location, "a damaged header");
  const prefix = text(block, 257, 5) === "ustar" ? text(block, 345, 155) : "";
  const name = text(block, 0, 100);
  return {
    name: prefix ? `${prefix}/${name}` : name,
    size: Number.parseInt(size, 8),
    type: text(block, 156, 1),
  };
}

const padded = (size: number): number => Math.ceil(size / BLOCK) * BLOCK;

/** GNU's long name of the next member: type L. */
const LONG_NAME = "L";
const MAX_NAME = 4096;

async function findMember(
  reader: ChunkReader,
  location: string,
  isWanted: (name: string) => boolean,
  { maxBytes, maxTotal = 2 ** 31 }: TarOptions,
): Promise<TarMember | undefined> {
  let longName: string | undefined;
  for (;;) {
    const block = await reader.take(BLOCK);
    if (block === undefined) throw damaged(location, "the end of the data before the archive's end");
    const header = blockToHeader(block, location);
    if (header === undefined) return undefined;
    const { size, type } = header;
    const name: string = longName ?? header.name;
    longName = undefined;
    const isFile = type === "0" || type === "";
    if (isFile && isWanted(name)) {
      if (size > maxBytes)
        throw damaged(location, `${size} bytes of ${name}, more than the ${maxBytes} it may have`);
      const bytes = await reader.take(size);
      if (bytes === undefined) throw damaged(location, `the end of the data within ${name}`);
      return { name, bytes };
    }
    if (reader.taken + size > maxTotal) throw damaged(location, `more than ${maxTotal} bytes`);
    if (type === LONG_NAME && size <= MAX_NAME) {
      const bytes = await reader.take(padded(size));
      if (bytes === undefined) throw damaged(location, "the end of the data within a name");
      longName = text(bytes, 0, size);
    } else if (!(await reader.each(padded(size), () => {})))
      throw damaged(location, `the end of the data within ${name}`);
  }
}

/**
 * The first regular file of the archive whose name is wanted, or undefined. Nothing is written anywhere, so that names
 * that climb out do no harm.
 * @throws GanEvalError `input.tar` (damaged, cut off, too large), `input.cannot-read`
 */
export async function readTarMember(
  location: string,
  isWanted: (name: string) => boolean,
  options: TarOptions,
): Promise<TarMember | undefined> {
  const file = createReadStream(location);
  const gunzip = createGunzip();
  file.on("error", (error) => gunzip.destroy(error));
  file.pipe(gunzip);
  const reader = new ChunkReader(gunzip);
  try {
    return await findMember(reader, location, isWanted, options);
  } catch (cause) {
    if (cause instanceof GanEvalError) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    if (/^Z_/.test(code ?? "")) throw damaged(location, message, cause);
    throw new GanEvalError("input.cannot-read", `cannot read ${location}: ${message}`, {
      hint: "Check the path and its permissions.",
      cause,
    });
  } finally {
    file.destroy();
    gunzip.destroy();
  }
}
