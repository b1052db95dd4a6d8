/** One decoded image as bytes of the size and the channels that training wants. */
import { resizeBytes } from "../../images/resize/resize-bytes.ts";

type Size = readonly [height: number, width: number];

/** Half to even, as Python rounds. */
const roundEven = (value: number): number =>
  value % 1 === 0.5 ? 2 * Math.round(value / 2) : Math.round(value);

/** The least size of the image's proportions that covers the one wanted. */
export function coveringSize([height, width]: Size, [wantedHeight, wantedWidth]: Size): Size {
  return width * wantedHeight <= height * wantedWidth
    ? [Math.trunc((wantedWidth * height) / width), wantedWidth]
    : [wantedHeight, Math.trunc((wantedHeight * width) / height)];
}

/**
 * Resizes to cover the size wanted and keeps the middle: torchvision's `Resize(s)` and `CenterCrop(s)` on PIL's
 * images, for `s x s`. Of an image of the same proportions nothing is cut off.
 *
 * @param pixels `[height, width, channels]`
 * @returns `[...wanted, channels]`
 */
export function pixelsToSize(pixels: Uint8Array, size: Size, channels: number, wanted: Size): Uint8Array {
  const [height, width] = coveringSize(size, wanted);
  const resized = resizeBytes(pixels, [...size, channels], [height, width]);
  if (height === wanted[0] && width === wanted[1]) return resized;
  const top = roundEven((height - wanted[0]) / 2);
  const left = roundEven((width - wanted[1]) / 2);
  const length = wanted[1] * channels;
  const middle = new Uint8Array(wanted[0] * length);
  for (let y = 0; y < wanted[0]; y++) {
    const from = ((top + y) * width + left) * channels;
    middle.set(resized.subarray(from, from + length), y * length);
  }
  return middle;
}

/** Whether all three channels are equal everywhere. */
export function isGrey(rgb: Uint8Array): boolean {
  for (let i = 0; i < rgb.length; i += 3) if (rgb[i] !== rgb[i + 1] || rgb[i] !== rgb[i + 2]) return false;
  return true;
}

/** The luma of ITU-R 601 in 16-bit fixed point, the numbers that PIL's mode L gives; grey stays as it is. */
export function rgbToGrey(rgb: Uint8Array): Uint8Array {
  const grey = new Uint8Array(rgb.length / 3);
  for (let i = 0, p = 0; i < grey.length; i++, p += 3)
    grey[i] = (19595 * rgb[p] + 38470 * rgb[p + 1] + 7471 * rgb[p + 2] + 0x8000) >> 16;
  return grey;
}
