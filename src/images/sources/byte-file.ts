/** Bytes that are read at any place: a file, a part of one, or something unpacked into memory or a temporary file. */
import { randomBytes } from "node:crypto";
import { type FileHandle, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { GanEvalError } from "../../errors.ts";
import { cannotRead } from "../decode/cannot-read.ts";

export interface ByteFile {
  readonly size: number;
  /** Exactly `length` bytes from `start`; the caller stays within `size`. */
  read(start: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** More than this is unpacked into a temporary file instead of memory. */
const MAX_IN_MEMORY = 256 * 2 ** 20;

/** What a stream may unpack to: a bound for the disk against archives made to fill it. */
const MAX_UNPACKED = 2 ** 34;

const bytesToByteFile = (bytes: Uint8Array): ByteFile => ({
  size: bytes.length,
  read: async (start, length) => bytes.subarray(start, start + length),
  close: async () => {},
});

/** A part of an open file. */
function handleToByteFile(
  file: FileHandle,
  start: number,
  size: number,
  location: string,
  close: () => Promise<void>,
): ByteFile {
  return {
    size,
    async read(at, length) {
      const buffer = Buffer.alloc(length);
      const { bytesRead } = await file.read(buffer, 0, length, start + at);
      if (bytesRead === length) return buffer;
      throw new GanEvalError(
        "input.cut-off",
        `expected ${length} bytes at ${start + at} of ${location}, got ${bytesRead}`,
        {
          hint: "The file was truncated while being read; try again.",
        },
      );
    },
    close,
  };
}

/** Collects a stream, in memory while it is small, else in a temporary file that is deleted when closed. */
export async function streamToByteFile(
  stream: Readable,
  location: string,
  maxInMemory: number = MAX_IN_MEMORY,
): Promise<ByteFile> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  let spill: { readonly file: FileHandle; readonly name: string } | undefined;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > MAX_UNPACKED)
        throw new GanEvalError(
          "input.too-large",
          `expected at most ${MAX_UNPACKED} bytes in ${location}, got more`,
        );
      chunks.push(chunk);
      if (size <= maxInMemory) continue;
      spill ??= await openTemporary();
      for (const part of chunks) await spill.file.writeFile(part);
      chunks.length = 0;
    }
  } catch (error) {
    if (spill) await closeTemporary(spill);
    if (error instanceof GanEvalError) throw error;
    throw new GanEvalError("input.cut-off", `cannot unpack ${location}: ${(error as Error).message}`, {
      hint: "The file is damaged or truncated, or the disk for temporary files is full.",
      cause: error,
    });
  }
  if (spill === undefined) return bytesToByteFile(Buffer.concat(chunks));
  const kept = spill;
  return handleToByteFile(kept.file, 0, size, location, () => closeTemporary(kept));
}

async function openTemporary() {
  const name = path.join(tmpdir(), `gan-eval-${randomBytes(8).toString("hex")}.tmp`);
  return { file: await open(name, "wx+", 0o600), name };
}

async function closeTemporary({
  file,
  name,
}: {
  readonly file: FileHandle;
  readonly name: string;
}): Promise<void> {
  await file.close();
  await rm(name, { force: true });
}

/** A file as it is, or unpacked if it is gzipped. */
export async function openByteFile(location: string): Promise<ByteFile> {
  const file = await open(location, "r").catch((error) => {
    throw cannotRead(location, error);
  });
  try {
    const { buffer } = await file.read(Buffer.alloc(2), 0, 2, 0).catch((error) => {
      throw cannotRead(location, error);
    });
    if (buffer[0] !== 0x1f || buffer[1] !== 0x8b)
      return handleToByteFile(file, 0, (await file.stat()).size, location, () => file.close());
    const packed = file.createReadStream({ start: 0, autoClose: false });
    const unpacked = createGunzip();
    packed.on("error", (error) => unpacked.destroy(error));
    const result = await streamToByteFile(packed.pipe(unpacked), location);
    packed.destroy();
    await file.close();
    return result;
  } catch (error) {
    await file.close();
    throw error;
  }
}
