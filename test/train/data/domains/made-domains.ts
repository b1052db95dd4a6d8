/** Small data sets of two domains whose pixels say which image and which place of it they are. */
import sharp from "sharp";
import type { DomainRequest, Fields, SchemeData } from "../../../../src/train/data/domains/open-domains.ts";
import { writeTree } from "../../../images/made-images.ts";

/** What a pixel of an image says, as red, green and blue. */
export type PixelOf = (row: number, column: number) => readonly number[];

export const toImage = (width: number, height: number, pixelOf: PixelOf): Promise<Buffer> => {
  const pixels = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) pixels.set(pixelOf(y, x), (y * width + x) * 3);
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
};

/** Image `index` of domain a: red is the number, green the row, blue the column. Of b: 100 more in green and blue. */
export const pixelOfA =
  (index: number): PixelOf =>
  (row, column) => [index, row, column];
export const pixelOfB =
  (index: number): PixelOf =>
  (row, column) => [index, row + 100, column + 100];

/** Halves side by side. */
const pixelOfPair =
  (index: number, width: number): PixelOf =>
  (row, column) =>
    column < width ? pixelOfA(index)(row, column) : pixelOfB(index)(row, column - width);

export const SIDE = 12;
const named = async (
  prefix: string,
  numbers: readonly number[],
  make: (index: number) => Promise<Buffer>,
): Promise<Record<string, Buffer>> =>
  Object.fromEntries(
    await Promise.all(
      numbers.map(async (i) => [`${prefix}${String(i).padStart(3, "0")}.png`, await make(i)]),
    ),
  );

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
const a = (prefix: string, from: number, to: number) =>
  named(prefix, range(from, to), (i) => toImage(SIDE, SIDE, pixelOfA(i)));
const b = (prefix: string, from: number, to: number) =>
  named(prefix, range(from, to), (i) => toImage(SIDE, SIDE, pixelOfB(i)));
const pairs = (prefix: string, from: number, to: number) =>
  named(prefix, range(from, to), (i) => toImage(2 * SIDE, SIDE, pixelOfPair(i, SIDE)));

/** CelebA's list: an image is `even` by its number, and `small` below 10. */
export const celebaList = (count: number): string =>
  [
    `${count}`,
    "even small always",
    ...range(0, count).map(
      (i) => `${String(i).padStart(3, "0")}.jpg ${i % 2 === 0 ? " 1" : "-1"} ${i < 10 ? " 1" : "-1"}  1`,
    ),
  ].join("\r\n");

/** Training images are 0 to 19 (0 to 14 of b where domains differ), held-out ones 20 and more. */
export const LAYOUTS: Readonly<
  Record<string, { files: () => Promise<Record<string, Buffer | string>>; request: Partial<DomainRequest> }>
> = {
  "side by side": { files: () => pairs("", 0, 24), request: { wants: "pairs", heldOut: 4 } },
  "side by side in parts": {
    files: async () => ({ ...(await pairs("train/", 0, 20)), ...(await pairs("val/", 20, 24)) }),
    request: { wants: "pairs" },
  },
  "side by side, independent": { files: () => pairs("", 0, 24), request: { wants: "domains", heldOut: 4 } },
  "folders paired by name": {
    files: async () => ({
      ...{ ...(await a("trainA/", 0, 20)), ...(await b("trainB/", 0, 20)) },
      ...{ ...(await a("testA/", 20, 24)), ...(await b("testB/", 20, 24)) },
    }),
    request: { wants: "pairs" },
  },
  "A and B": {
    files: async () => ({ ...(await a("A/", 0, 24)), ...(await b("B/", 0, 24)) }),
    request: { wants: "pairs", heldOut: 4 },
  },
  "train/A and train/B, unpaired": {
    files: async () => ({
      ...{ ...(await a("train/A/", 0, 20)), ...(await b("train/B/", 0, 15)) },
      ...{ ...(await a("test/A/", 20, 24)), ...(await b("test/B/", 21, 24)) },
    }),
    request: { wants: "domains" },
  },
  "one folder": { files: () => a("", 0, 24), request: { wants: "images", heldOut: 4, scale: 4 } },
  "labelled images": {
    files: async () => ({ ...(await a("images/", 0, 24)), "list_attr.txt": celebaList(24) }),
    request: { wants: "attributes", heldOut: 4, selected: ["small", "even"] },
  },
};
export type LayoutName = keyof typeof LAYOUTS & string;

export async function writeLayouts(folder: string): Promise<void> {
  for (const [name, { files }] of Object.entries(LAYOUTS))
    await writeTree(`${folder}/${name}`, await files());
}

/** Samples as bytes again. */
export const toBytes = (samples: Float32Array): number[] =>
  Array.from(samples, (p) => Math.round((p + 1) * 127.5));

/** The pixels of one image field of a batch, `[n][height][width] = [index, row, column]`; of b 100 less. */
export function decode(data: SchemeData, fields: Fields, name: "a" | "b") {
  const [height, width] = data.fields[name];
  const bytes = toBytes(fields[name]);
  const shift = name === "b" ? 100 : 0;
  const n = bytes.length / (height * width * 3);
  return range(0, n).map((i) =>
    range(0, height).map((y) =>
      range(0, width).map((x) => {
        const at = ((i * height + y) * width + x) * 3;
        return [bytes[at], bytes[at + 1] - shift, bytes[at + 2] - shift];
      }),
    ),
  );
}

/** Which images a batch is of. */
export const indexesOf = (data: SchemeData, fields: Fields, name: "a" | "b"): number[] =>
  decode(data, fields, name).map((image) => image[0][0][0]);
