/** MNIST's format, grey only: `00 00 08 03`, three big-endian sizes, pixels. Gzipped where the name ends in .gz. */
import type { FileHandle } from "node:fs/promises";
import path from "node:path";
import type { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip, gzipSync } from "node:zlib";
import { GanEvalError } from "../../errors.ts";
import { imagesNameToLabelsName } from "../sources/idx.ts";
import type { Container, ContainerPlan, ContainerPlanner } from "./sink.ts";

/** Unsigned bytes, `sizes.length` axes. */
function idxHeader(sizes: readonly number[]): Uint8Array {
  const header = Buffer.alloc(4 + 4 * sizes.length);
  header.set([0, 0, 8, sizes.length]);
  for (const [axis, size] of sizes.entries()) header.writeUInt32BE(size, 4 + 4 * axis);
  return header;
}

class PlainContainer implements Container {
  private readonly file: FileHandle;
  private readonly header: Uint8Array;

  constructor(file: FileHandle, header: Uint8Array) {
    this.file = file;
    this.header = header;
  }

  begin(): Promise<void> {
    return this.write(this.header);
  }

  write(pixels: Uint8Array): Promise<void> {
    return this.file.writeFile(pixels);
  }

  async close(): Promise<void> {
    await this.file.sync();
    await this.file.close();
  }

  discard(): Promise<void> {
    return this.file.close();
  }
}

/** Pixels through one gzip stream, so that the bytes do not depend on how many came at a time. */
class GzipContainer implements Container {
  private readonly header: Uint8Array;
  private readonly gzip: Writable;
  private readonly written: Promise<void>;

  constructor(file: FileHandle, header: Uint8Array) {
    this.header = header;
    const gzip = createGzip();
    this.gzip = gzip;
    this.written = pipeline(gzip, file.createWriteStream({ flush: true }));
    // A failed write is reported by the call that made it, or by close.
    this.written.catch(() => {});
  }

  begin(): Promise<void> {
    return this.write(this.header);
  }

  write(pixels: Uint8Array): Promise<void> {
    const passed = new Promise<void>((resolve, reject) => {
      this.gzip.write(pixels, (error) => (error ? reject(error) : resolve()));
    });
    // Where the disk refuses, the pipeline fails, and the stream above it never calls back.
    return Promise.race([passed, this.written]);
  }

  async close(): Promise<void> {
    this.gzip.end();
    await this.written;
  }

  async discard(): Promise<void> {
    this.gzip.destroy();
    await this.written.catch(() => {});
  }
}

const isGzip = (location: string): boolean => /\.gz$/i.test(location);

function requireGrey(location: string, channels: number): void {
  if (channels === 1) return;
  throw new GanEvalError(
    "usage.idx-channels",
    `expected grey images for ${location}, got ${channels} channels`,
    {
      hint: "IDX holds grey images: write colour to a folder, a .zip or a .npz.",
    },
  );
}

function planLabels(location: string, labels: ArrayLike<number>): ContainerPlan["companion"] {
  const name = imagesNameToLabelsName(path.basename(location));
  if (name === undefined)
    throw new GanEvalError("usage.idx-labels", `expected a name with images or idx3 in it, got ${location}`, {
      hint: "The labels file is located by name: write to NAME-images-idx3-ubyte, or leave the labels out.",
    });
  const tooLarge = Array.from(labels).find((label) => label > 255);
  if (tooLarge !== undefined)
    throw new GanEvalError("usage.idx-labels", `expected labels 0..255 for ${location}, got ${tooLarge}`, {
      hint: "IDX labels are bytes: write to a .npz.",
    });
  const bytes = Buffer.concat([idxHeader([labels.length]), Uint8Array.from(labels)]);
  const target = path.join(path.dirname(location), name);
  return isGzip(location) ? { target: `${target}.gz`, bytes: gzipSync(bytes) } : { target, bytes };
}

export const planIdx: ContainerPlanner = (target, options) => {
  requireGrey(target, options.channels);
  const labelsName = imagesNameToLabelsName(path.basename(target));
  const besides = labelsName && path.join(path.dirname(target), labelsName);
  return {
    holds: "file",
    target,
    ...(options.labels && { companion: planLabels(target, options.labels) }),
    ...(besides && { beside: [besides, `${besides}.gz`] }),
    async open(output) {
      const header = idxHeader([options.count, options.height, options.width]);
      const file = await output.open();
      return isGzip(target) ? new GzipContainer(file, header) : new PlainContainer(file, header);
    },
  };
};
