/** Small images made for tests, in every container. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import sharp from "sharp";
import { afterAll } from "vitest";
import { GanEvalError } from "../../src/errors.ts";
import type { BatchOptions, Image, ImageSource } from "../../src/images/source.ts";
import { seededBytes } from "./seeded.ts";

/** A folder for one test file, removed at its end. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "images-"));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** `[count, side, side, channels]` bytes of noise. */
export const noise = (seed: number, count: number, side: number, channels: number): Uint8Array[] =>
  Array.from({ length: count }, (_, i) => seededBytes(seed + i, side * side * channels));

export const toPng = (pixels: Uint8Array, side: number, channels: 1 | 3): Promise<Buffer> =>
  sharp(pixels, { raw: { width: side, height: side, channels } })
    .png()
    .toBuffer();

/** Files by relative name, written below a folder, which is returned. */
export async function writeTree(
  folder: string,
  files: Readonly<Record<string, Uint8Array | string>>,
): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), content);
  }
  return folder;
}

export async function readAll(source: ImageSource, options: Partial<BatchOptions> = {}): Promise<Image[]> {
  const images: Image[] = [];
  for await (const batch of source.batches({ batchSize: 3, ...options })) images.push(...batch);
  return images;
}

/** The code of the error that work ends with; other errors than ours are thrown on. */
export const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "no error",
    (error) => {
      if (error instanceof GanEvalError && error.kind !== "internal") return error.code;
      throw error;
    },
  );

/** An IDX file of unsigned bytes. */
export function toIdx(sizes: readonly number[], data: readonly Uint8Array[]): Buffer {
  const header = Buffer.alloc(4 + 4 * sizes.length);
  header.set([0, 0, 8, sizes.length]);
  sizes.forEach((size, i) => {
    header.writeUInt32BE(size, 4 + 4 * i);
  });
  return Buffer.concat([header, ...data]);
}
