/** Square holes in images, for models that fill them: where they are, as masks. */
import { GanEvalError } from "../../../errors.ts";
import type { RandomStream } from "../../random.ts";
import type { Size } from "./sample-form.ts";

/** @throws GanEvalError `usage.mask-size` for a hole that does not fit the images */
export function checkMaskSize([height, width]: Size, size: number): void {
  if (Number.isInteger(size) && size >= 1 && size <= Math.min(height, width)) return;
  throw new GanEvalError(
    "usage.mask-size",
    `expected a mask of 1 to ${Math.min(height, width)} pixels a side for images of ${width}x${height}, got ${size}`,
    { hint: "Choose a smaller --mask-size." },
  );
}

/**
 * Upper left corners of holes, every place equally likely. Takes two numbers of the stream a hole.
 * @returns `[n, 2]`: row, column
 * @throws GanEvalError `usage.mask-size`
 */
export function drawMaskCorners(n: number, side: Size, size: number, random: RandomStream): Int32Array {
  checkMaskSize(side, size);
  const chance = random.uniform(new Float32Array(2 * n));
  return Int32Array.from(chance, (u, i) => Math.floor(u * (side[i % 2] - size + 1)));
}

/** The corners of holes in the middle: `[n, 2]`. */
export function middleCorners(n: number, side: Size, size: number): Int32Array {
  checkMaskSize(side, size);
  return Int32Array.from({ length: 2 * n }, (_, i) => Math.floor((side[i % 2] - size) / 2));
}

/** Holes as masks `[n, height, width, 1]`: 1 inside a hole, 0 elsewhere. */
export function cornersToMasks(corners: Int32Array, [height, width]: Size, size: number): Float32Array {
  const n = corners.length / 2;
  const masks = new Float32Array(n * height * width);
  for (let i = 0; i < n; i++)
    for (let y = 0; y < size; y++) {
      const from = (i * height + corners[2 * i] + y) * width + corners[2 * i + 1];
      masks.fill(1, from, from + size);
    }
  return masks;
}
