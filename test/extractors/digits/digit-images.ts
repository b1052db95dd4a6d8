import { readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import type { Image } from "../../../src/images/source.ts";

export const fixture = (set: string): string =>
  path.resolve(import.meta.dirname, "../../../fixtures/digits", set);

function idxBytes(file: string): { shape: number[]; bytes: Uint8Array } {
  const content = gunzipSync(readFileSync(file));
  const shape = Array.from({ length: content[3] }, (_, i) => content.readUInt32BE(4 + 4 * i));
  return { shape, bytes: content.subarray(4 + 4 * shape.length) };
}

/** One grey image as RGB. */
export function greyImage(grey: Uint8Array, width = 28, height = 28, name = "#0"): Image {
  const pixels = new Uint8Array(3 * grey.length);
  for (let i = 0; i < pixels.length; i++) pixels[i] = grey[Math.floor(i / 3)];
  return { pixels, width, height, name };
}

export interface LabelledImages {
  readonly images: Image[];
  readonly labels: Uint8Array;
}

/** The images of a folder with MNIST's file names, read without the program's own reader. */
export function readDigits(folder: string, split: "train-" | "t10k-" | "" = ""): LabelledImages {
  const { shape, bytes } = idxBytes(path.join(folder, `${split}images-idx3-ubyte.gz`));
  const size = shape[1] * shape[2];
  const images = Array.from({ length: shape[0] }, (_, i) =>
    greyImage(bytes.subarray(i * size, (i + 1) * size), shape[2], shape[1], `#${i}`),
  );
  return { images, labels: idxBytes(path.join(folder, `${split}labels-idx1-ubyte.gz`)).bytes };
}
