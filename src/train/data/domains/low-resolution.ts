/** Low-resolution copies of images, for models that enlarge them. */
import { GanEvalError } from "../../../errors.ts";
import { resizeClean } from "../../../images/resize/resize-bicubic.ts";
import type { Size } from "./sample-form.ts";

/**
 * The size of low-resolution copies.
 * @throws GanEvalError `usage.scale` where the factor does not divide both sides
 */
export function sizeToLow([height, width]: Size, scale: number): Size {
  if (Number.isInteger(scale) && scale >= 2 && height % scale === 0 && width % scale === 0)
    return [height / scale, width / scale];
  const next = (side: number): number => Math.max(scale, Math.round(side / scale) * scale);
  throw new GanEvalError(
    "usage.scale",
    `expected a scale of 2 or more that divides the size of the images, got ${scale} for ${width}x${height}`,
    Number.isInteger(scale) && scale >= 2
      ? { hint: `Choose another size, for example ${next(width)}x${next(height)}, or another --scale.` }
      : { hint: "Usual scales are 2, 4 and 8." },
  );
}

/**
 * An image reduced by Pillow's bicubic filter, antialiased and rounded to whole levels, as a file of it would be.
 * A mirrored image has the mirrored copy.
 *
 * @param pixels `[...size, channels]`
 * @returns `[...low, channels]`
 */
export function imageToLow(pixels: Uint8Array, size: Size, channels: number, low: Size): Uint8Array {
  const area = size[0] * size[1];
  let rgb = pixels;
  if (channels === 1) {
    rgb = new Uint8Array(3 * area);
    for (let i = 0; i < rgb.length; i++) rgb[i] = pixels[Math.floor(i / 3)];
  }
  const small = resizeClean(rgb, size[1], size[0], low[1], low[0]);
  return Uint8Array.from({ length: low[0] * low[1] * channels }, (_, i) =>
    Math.round(small[channels === 1 ? 3 * i : i]),
  );
}
