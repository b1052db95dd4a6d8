/** Any image as the 28x28 grey that the digits network takes. */
import { GanEvalError } from "../../errors.ts";
import type { Image } from "../../images/source.ts";
import { DIGITS_SIDE } from "./digits-network.ts";

/** What was done to an image, or is odd about it. */
export interface DigitNotices {
  /** It has colour, which was dropped. */
  readonly coloured: boolean;
  readonly resized: boolean;
  /** More light than dark: probably black on white, which the network was not made for. */
  readonly light: boolean;
}

export interface Digit extends DigitNotices {
  /** `[28, 28]` */
  readonly grey: Uint8Array;
}

function checkImage({ pixels, width, height, name }: Image): void {
  const sized = Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0;
  if (sized && pixels.length === width * height * 3) return;
  throw new GanEvalError(
    "input.picture-size",
    `expected ${name} to have width x height x 3 bytes, got ${pixels.length} for ${width}x${height}`,
  );
}

/** Grey as it is; colour by the luma of ITU-R 601 in 16-bit fixed point, the numbers that PIL's mode L gives. */
function rgbToGrey(rgb: Uint8Array): { grey: Uint8Array; coloured: boolean } {
  const grey = new Uint8Array(rgb.length / 3);
  let coloured = false;
  for (let i = 0, p = 0; i < grey.length; i++, p += 3) {
    const r = rgb[p];
    const g = rgb[p + 1];
    const b = rgb[p + 2];
    if (r !== g || g !== b) coloured = true;
    grey[i] = (19595 * r + 38470 * g + 7471 * b + 0x8000) >> 16;
  }
  return { grey, coloured };
}

interface Taps {
  readonly first: number;
  readonly weights: readonly number[];
}

/**
 * For each of 28 output pixels the input pixels under its filter: a triangle of the larger of the two pixel sizes, so
 * bilinear where the image grows and an average over the area where it shrinks (PIL's BILINEAR).
 */
function sizeToTaps(size: number): Taps[] {
  const scale = size / DIGITS_SIDE;
  const support = Math.max(1, scale);
  return Array.from({ length: DIGITS_SIDE }, (_, i) => {
    const centre = (i + 0.5) * scale;
    const first = Math.max(0, Math.floor(centre - support + 0.5));
    const end = Math.min(size, Math.floor(centre + support + 0.5));
    const raw = Array.from({ length: end - first }, (_, k) =>
      Math.max(0, 1 - Math.abs(first + k + 0.5 - centre) / support),
    );
    const sum = raw.reduce((a, b) => a + b, 0);
    return { first, weights: raw.map((weight) => weight / sum) };
  });
}

/** [height, width] to [28, 28], first along the rows, then along the columns. */
function resizeGrey(grey: Uint8Array, width: number, height: number): Uint8Array {
  const narrowed = new Float64Array(height * DIGITS_SIDE);
  sizeToTaps(width).forEach(({ first, weights }, x) => {
    for (let y = 0; y < height; y++) {
      let sum = 0;
      for (let k = 0; k < weights.length; k++) sum += weights[k] * grey[y * width + first + k];
      narrowed[y * DIGITS_SIDE + x] = sum;
    }
  });
  const resized = new Uint8Array(DIGITS_SIDE * DIGITS_SIDE);
  sizeToTaps(height).forEach(({ first, weights }, y) => {
    for (let x = 0; x < DIGITS_SIDE; x++) {
      let sum = 0;
      for (let k = 0; k < weights.length; k++) sum += weights[k] * narrowed[(first + k) * DIGITS_SIDE + x];
      resized[y * DIGITS_SIDE + x] = Math.round(sum);
    }
  });
  return resized;
}

/** @throws GanEvalError `input.picture-size` if the bytes do not fit the size */
export function imageToDigit(image: Image): Digit {
  checkImage(image);
  const { width, height } = image;
  const { grey, coloured } = rgbToGrey(image.pixels);
  const resized = width !== DIGITS_SIDE || height !== DIGITS_SIDE;
  const digit = resized ? resizeGrey(grey, width, height) : grey;
  const light = digit.reduce((sum, value) => sum + value, 0) > 127.5 * digit.length;
  return { grey: digit, coloured, resized, light };
}
