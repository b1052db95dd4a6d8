/** A shard in a file. */
import { type FileHandle, open } from "node:fs/promises";
import path from "node:path";
import { GanEvalError } from "../../../errors.ts";
import { unpackGzip, unpackReadable } from "../../../formats/gzip.ts";
import { FileBytes, StreamBytes } from "../../../formats/tar-bytes.ts";
import { cannotRead } from "../../decode/cannot-read.ts";
import type { Shard, ShardIdentity } from "./shard.ts";
import { loaderToBytes, streamToLoader } from "./shard-bytes.ts";

/** Bytes read at once. */
const CHUNK = 2 ** 19;

async function openFile(location: string): Promise<FileHandle> {
  const file = await open(location, "r").catch((error) => {
    throw cannotRead(location, error, "a shard");
  });
  try {
    if ((await file.stat()).isFile()) return file;
  } catch (error) {
    await file.close();
    throw cannotRead(location, error, "a shard");
  }
  await file.close();
  throw new GanEvalError("input.cannot-read", `expected a tar archive at ${location}, got no regular file`, {
    hint: "Give the archives, or a folder that has them.",
  });
}

async function fileToIdentity(file: FileHandle): Promise<Required<ShardIdentity>> {
  const { size, mtimeNs } = await file.stat({ bigint: true });
  return { size: Number(size), mark: String(mtimeNs) };
}

async function isGzipped(file: FileHandle): Promise<boolean> {
  const { buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
  return buffer[0] === 0x1f && buffer[1] === 0x8b;
}

/** The file as it is, whatever reads it meanwhile elsewhere; a stream of `fs` would close it. */
async function* fileToChunks(file: FileHandle): AsyncGenerator<Uint8Array> {
  for (let at = 0; ; ) {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(CHUNK), 0, CHUNK, at);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
  }
}

const changed = (location: string): GanEvalError =>
  new GanEvalError(
    "input.shard-changed",
    `expected ${location} as it was when its images were listed, got another`,
    {
      hint: "Something writes to it; wait until it is whole and run the command again.",
    },
  );

class FileShard implements Shard {
  readonly location: string;
  readonly place: string;
  readonly path: string;
  readonly keepsDigests = false;
  private identity: ShardIdentity | undefined;

  constructor(location: string) {
    this.location = location;
    this.place = path.resolve(location);
    this.path = this.place.split(path.sep).join("/");
  }

  async identify(): Promise<ShardIdentity> {
    const file = await openFile(this.location);
    try {
      this.identity = await fileToIdentity(file);
      return this.identity;
    } finally {
      await file.close();
    }
  }

  async walk() {
    const file = await openFile(this.location);
    const close = () => file.close();
    if (await isGzipped(file))
      return { bytes: new StreamBytes(unpackGzip(fileToChunks(file))), readsAll: true, close };
    const { size } = await file.stat();
    return { bytes: new FileBytes(file, size), readsAll: false, close };
  }

  async open() {
    const file = await openFile(this.location);
    try {
      const { size, mark } = await fileToIdentity(file);
      if (this.identity && (this.identity.size !== size || this.identity.mark !== mark))
        throw changed(this.location);
      if (await isGzipped(file)) {
        const bytes = loaderToBytes(streamToLoader(() => unpackReadable(fileToChunks(file)), CHUNK));
        return { read: bytes.read.bind(bytes), close: () => bytes.close().finally(() => file.close()) };
      }
    } catch (error) {
      await file.close();
      throw error;
    }
    const { location } = this;
    return loaderToBytes({
      chunk: CHUNK,
      isRandom: true,
      isSlow: false,
      async load(start, length) {
        const { buffer, bytesRead } = await file
          .read(Buffer.alloc(length), 0, length, start)
          .catch((error) => {
            throw cannotRead(location, error, "a shard");
          });
        return buffer.subarray(0, bytesRead);
      },
      close: () => file.close(),
    });
  }
}

export const fileToShard = (location: string): Shard => new FileShard(location);
