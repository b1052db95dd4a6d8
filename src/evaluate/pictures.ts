/** What a caller may give as a side of a comparison: a place where pictures are, a program that makes them, or themselves. */
import { GanEvalError } from "../errors.ts";
import type { MadePicture, PictureGenerator, PixelBatch } from "../images/sources/generator.ts";

/**
 * - a location: folder, zip, IDX, CIFAR or npz file, `@list.txt`, features or statistics;
 * - a generator `{ count, pictures }`, whose pictures come from a callback or an iterable;
 * - an array of RGB pictures `{ pixels, width, height }`, or one batch `{ data, shape: [n, height, width, channels] }`
 *   of whole numbers 0..255.
 */
export type Pictures = string | PictureGenerator | readonly MadePicture[] | PixelBatch;

const arrayToGenerator = (pictures: readonly MadePicture[]): PictureGenerator => ({
  count: pictures.length,
  pictures: (n, start) => pictures.slice(start, start + n),
  name: "pictures in memory",
});

/** @throws GanEvalError `input.generator` for a batch whose shape holds no pictures */
function batchToGenerator({ data, shape }: PixelBatch): PictureGenerator {
  const [count, ...sides] = shape;
  const size = sides.reduce((product, side) => product * side, 1);
  if (data.length !== count * size)
    throw new GanEvalError(
      "input.generator",
      `expected a batch [n, height, width, channels], got ${data.length} values for [${shape}]`,
      { hint: "Channels come last and are 1 (grey), 3 (RGB) or 4." },
    );
  return {
    count,
    pictures: (n, start) => ({
      data: Array.prototype.slice.call(data, start * size, (start + n) * size),
      shape: [n, ...sides] as unknown as PixelBatch["shape"],
    }),
    name: "pictures in memory",
  };
}

/**
 * A side as it is opened.
 * @throws GanEvalError `usage.pictures` for what is none of `Pictures`, `input.no-pictures` for an empty array
 */
export function picturesToOpenable(pictures: Pictures, role: string): string | PictureGenerator {
  if (typeof pictures === "string") return pictures;
  if (Array.isArray(pictures)) {
    if (pictures.length > 0) return arrayToGenerator(pictures as readonly MadePicture[]);
    throw new GanEvalError("input.no-pictures", `expected pictures for ${role}, got an empty array`);
  }
  if (typeof pictures === "object" && pictures !== null) {
    if ("count" in pictures && "pictures" in pictures) return pictures;
    if ("data" in pictures && "shape" in pictures) return batchToGenerator(pictures);
  }
  throw new GanEvalError(
    "usage.pictures",
    `expected pictures for ${role}, got ${pictures === null ? "null" : typeof pictures}`,
    { hint: "Give a path, { count, pictures }, an array of { pixels, width, height }, or { data, shape }." },
  );
}

/** How results name what is opened. */
export const openableToLocation = (pictures: string | PictureGenerator): string =>
  typeof pictures === "string" ? pictures : (pictures.name ?? "generator");

/** How results name what a caller gave. */
export const picturesToLocation = (pictures: Pictures): string =>
  openableToLocation(picturesToOpenable(pictures, "a side"));
