import { readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import type { Picture } from "../../../src/images/source.ts";

export const fixture = (set: string): string =>
  path.resolve(import.meta.dirname, "../../../fixtures/digits", set);

function idxBytes(file: string): { shape: number[]; bytes: Uint8Array } {
  const content = gunzipSync(readFileSync(file));
  const shape = Array.from({ length: content[3] }, (_, i) => content.readUInt32BE(4 + 4 * i));
  return { shape, bytes: content.subarray(4 + 4 * shape.length) };
}

/** One grey picture as RGB. */
export function greyPicture(grey: Uint8Array, width = 28, height = 28, name = "#0"): Picture {
  const pixels = new Uint8Array(3 * grey.length);
  for (let i = 0; i < pixels.length; i++) pixels[i] = grey[Math.floor(i / 3)];
  return { pixels, width, height, name };
}

export interface LabelledPictures {
  readonly pictures: Picture[];
  readonly labels: Uint8Array;
}

/** The pictures of a folder with MNIST's file names, read without the program's own reader. */
export function readDigits(folder: string, split: "train-" | "t10k-" | "" = ""): LabelledPictures {
  const { shape, bytes } = idxBytes(path.join(folder, `${split}images-idx3-ubyte.gz`));
  const size = shape[1] * shape[2];
  const pictures = Array.from({ length: shape[0] }, (_, i) =>
    greyPicture(bytes.subarray(i * size, (i + 1) * size), shape[2], shape[1], `#${i}`),
  );
  return { pictures, labels: idxBytes(path.join(folder, `${split}labels-idx1-ubyte.gz`)).bytes };
}
