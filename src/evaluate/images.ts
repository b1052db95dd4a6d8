/** What a caller may give as a side of a comparison: a place where images are, a program that makes them, or themselves. */
import { GanEvalError } from "../errors.ts";
import {
  type ImageGenerator,
  isBatch,
  type MadeImage,
  type PixelBatch,
} from "../images/sources/generator.ts";

/**
 * - a location: folder, zip, tar shards, IDX, CIFAR or npz file, `@list.txt`, features or statistics;
 * - a generator `{ count, images }`, whose images come from a callback or an iterable;
 * - an array of RGB images `{ pixels, width, height }`, or one batch `{ data, shape: [n, height, width, channels] }`
 *   of whole numbers 0..255.
 */
export type Images = string | ImageGenerator | readonly MadeImage[] | PixelBatch;

const arrayToGenerator = (images: readonly MadeImage[]): ImageGenerator => ({
  count: images.length,
  images: (n, start) => images.slice(start, start + n),
  name: "images in memory",
});

/** @throws GanEvalError `input.generator` for a batch whose shape holds no images */
function batchToGenerator({ data, shape }: PixelBatch): ImageGenerator {
  const [count, ...sides] = shape;
  const size = sides.reduce((product, side) => product * side, 1);
  if (data.length !== count * size)
    throw new GanEvalError(
      "input.generator",
      `expected a batch [n, height, width, channels], got ${data.length} values for [${shape}]`,
      { hint: "Channels come last and are 1 (grey), 3 (RGB) or 4." },
    );
  /** Bytes are a view: they need no check of their values. */
  const valuesOf = (from: number, to: number): ArrayLike<number> =>
    data instanceof Uint8Array ? data.subarray(from, to) : Array.prototype.slice.call(data, from, to);
  return {
    count,
    images: (n, start) => ({
      data: valuesOf(start * size, (start + n) * size),
      shape: [n, ...sides] as unknown as PixelBatch["shape"],
    }),
    name: "images in memory",
  };
}

/**
 * A side as it is opened.
 * @throws GanEvalError `usage.pictures` for what is none of `Images`, `input.no-pictures` for an empty array
 */
export function imagesToOpenable(images: Images, role: string): string | ImageGenerator {
  if (typeof images === "string") return images;
  if (Array.isArray(images)) {
    if (images.length > 0) return arrayToGenerator(images as readonly MadeImage[]);
    throw new GanEvalError("input.no-pictures", `expected images for ${role}, got an empty array`);
  }
  if (typeof images === "object" && images !== null) {
    if ("count" in images && "images" in images) return images;
    if (isBatch(images)) return batchToGenerator(images);
  }
  throw new GanEvalError(
    "usage.pictures",
    `expected images for ${role}, got ${images === null ? "null" : typeof images}`,
    { hint: "Give a path, { count, images }, an array of { pixels, width, height }, or { data, shape }." },
  );
}

/** How results name what is opened. */
export const openableToLocation = (images: string | ImageGenerator): string =>
  typeof images === "string" ? images : (images.name ?? "generator");

/** How results name what a caller gave. */
export const imagesToLocation = (images: Images): string =>
  openableToLocation(imagesToOpenable(images, "a side"));
