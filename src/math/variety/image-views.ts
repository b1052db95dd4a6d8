/** Images as a few numbers that no network stands between: what is on them as a whole, and their details. */
import type { Features } from "../features/statistics.ts";

/** Decoded images that may differ in size. */
export interface ViewedImage {
  /** Bytes, row after row, `channels` for each pixel. */
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Cells along a side of the thumbnail. */
const THUMBNAIL = 8;
/** Pixels along a side of the middle. */
const MIDDLE = 16;

/** Writes one image's view to `out` from `at` on. */
type View = (
  pixels: Uint8Array,
  size: { readonly width: number; readonly height: number; readonly channels: number },
  out: Float32Array,
  at: number,
) => void;

/** Whole pixels of cell `i` of 8 along a side, at least one. */
const cellOf = (i: number, side: number): readonly [from: number, to: number] => {
  const from = Math.floor((i * side) / THUMBNAIL);
  return [from, Math.max(from + 1, Math.floor(((i + 1) * side) / THUMBNAIL))];
};

const toThumbnail: View = (pixels, { width, height, channels }, out, at) => {
  for (let row = 0; row < THUMBNAIL; row++)
    for (let column = 0; column < THUMBNAIL; column++) {
      const [top, bottom] = cellOf(row, height);
      const [left, right] = cellOf(column, width);
      const area = 255 * (bottom - top) * (right - left);
      for (let channel = 0; channel < channels; channel++) {
        let sum = 0;
        for (let y = top; y < bottom; y++)
          for (let x = left; x < right; x++) sum += pixels[(y * width + x) * channels + channel];
        out[at + (row * THUMBNAIL + column) * channels + channel] = sum / area;
      }
    }
};

const toMiddle: View = (pixels, { width, height, channels }, out, at) => {
  const inside = (i: number, side: number): number =>
    Math.min(side - 1, Math.max(0, Math.floor((side - MIDDLE) / 2) + i));
  for (let row = 0; row < MIDDLE; row++)
    for (let column = 0; column < MIDDLE; column++) {
      const from = (inside(row, height) * width + inside(column, width)) * channels;
      for (let channel = 0; channel < channels; channel++)
        out[at + (row * MIDDLE + column) * channels + channel] = pixels[from + channel] / 255;
    }
};

/**
 * - `thumbnail`: means over the cells of an 8 x 8 grid. Grain averages out of it; what is drawn, and where, stays.
 * - `middle`: the 16 x 16 pixels in the middle, as they are; of smaller images the rim is repeated.
 */
export const VIEWS = {
  thumbnail: { side: THUMBNAIL, write: toThumbnail },
  middle: { side: MIDDLE, write: toMiddle },
} as const satisfies Readonly<Record<string, { readonly side: number; readonly write: View }>>;

export type ViewName = keyof typeof VIEWS;

/** Every view of some images. */
export type ImageViews = Readonly<Record<ViewName, Features>>;

/** [n, side * side * channels], levels 0 to 1. @param channels of all images */
export function imagesToViews(images: readonly ViewedImage[], channels: number): ImageViews {
  const toView = ({ side, write }: (typeof VIEWS)[ViewName]): Features => {
    const width = side * side * channels;
    const data = new Float32Array(images.length * width);
    for (const [i, { pixels, ...size }] of images.entries())
      write(pixels, { ...size, channels }, data, i * width);
    return { data, rows: images.length, width };
  };
  return { thumbnail: toView(VIEWS.thumbnail), middle: toView(VIEWS.middle) };
}

/** The same of images of one size that lie one after the other. */
export function pixelsToViews(
  pixels: Uint8Array,
  [height, width, channels]: readonly [height: number, width: number, channels: number],
): ImageViews {
  const stride = height * width * channels;
  const images = Array.from({ length: pixels.length / stride }, (_, i) => ({
    pixels: pixels.subarray(i * stride, (i + 1) * stride),
    width,
    height,
  }));
  return imagesToViews(images, channels);
}
