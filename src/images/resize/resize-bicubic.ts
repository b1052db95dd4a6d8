/** clean-fid's resize: Pillow's bicubic filter on float channels. */
import { filterToKernels, resizeByFilter } from "./resize-filter.ts";

/** Keys' cubic convolution kernel with a = -0.5, as in Pillow. */
function cubic(x: number): number {
  const a = -0.5;
  const t = Math.abs(x);
  if (t < 1) return ((a + 2) * t - (a + 3)) * t * t + 1;
  if (t < 2) return (((t - 5) * t + 8) * t - 4) * a;
  return 0;
}

const cubicKernels = filterToKernels({ reach: 2, at: cubic, round: (x) => x });

/**
 * clean-fid's resize: Pillow's BICUBIC on each channel as floats (mode F), antialiased when shrinking, across then
 * down with float32 between, clipped to 0..255 but not rounded to whole levels. An axis that keeps its size is not
 * touched. Agrees with Pillow 10.4 to the last bit, and with Pillow 13 to one bit more or less: that one goes down
 * first where it is cheaper.
 *
 * @returns float32 `[outHeight, outWidth, 3]`, 0..255
 */
export function resizeClean(
  pixels: Uint8Array,
  width: number,
  height: number,
  outWidth: number,
  outHeight: number = outWidth,
  out: Float32Array = new Float32Array(outWidth * outHeight * 3),
): Float32Array {
  return resizeByFilter(cubicKernels, pixels, [width, height], [outWidth, outHeight], out);
}
