/** The part of an image that features are made of: all of it, or the square in its middle. */
import type { Image } from "../source.ts";

export const CROPS = ["none", "centre"] as const;
export type Crop = (typeof CROPS)[number];

/**
 * The square of the short side in the middle of `[height, width, 3]`: `left = floor((width - side) / 2)`, and `top` the
 * same of the height. Where the margins are odd, the pixel more is right or below, as in CMMD's `io_util.py` (`//`) and
 * in ADM's `center_crop_arr`. torchvision's `CenterCrop` rounds halves to even instead: it begins a pixel later where the
 * two margins together are 3, 7, 11, ... pixels.
 *
 * @returns the image itself where nothing is cut
 */
export function imageToCrop(image: Image, crop: Crop): Image {
  const { pixels, width, height } = image;
  if (crop === "none" || width === height) return image;
  const side = Math.min(width, height);
  const [left, top] = [(width - side) >> 1, (height - side) >> 1];
  const cut = new Uint8Array(side * side * 3);
  for (let y = 0; y < side; y++) {
    const from = ((top + y) * width + left) * 3;
    cut.set(pixels.subarray(from, from + side * 3), y * side * 3);
  }
  return { ...image, pixels: cut, width: side, height: side };
}
