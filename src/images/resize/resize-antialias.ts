/** PyTorch's antialiased bilinear resize. */
import { filterToKernels, resizeByFilter, triangle } from "./resize-filter.ts";

export const triangleKernels = filterToKernels({ reach: 1, at: triangle, round: Math.fround });

/**
 * PyTorch's `F.interpolate(mode="bilinear", align_corners=False, antialias=True)` on float pixels, as torchmetrics
 * resizes for its FID: a triangle that is stretched when shrinking, across then down, not rounded to whole levels.
 * Positions and weights are float32 as there. Agrees with PyTorch 2.15 on pixels 0..255 to 5e-5: that one sums in
 * float32, this in float64.
 *
 * @returns float32 `[outHeight, outWidth, 3]`, 0..255
 */
export function resizeAntialias(
  pixels: Uint8Array,
  width: number,
  height: number,
  outWidth: number,
  outHeight: number = outWidth,
  out: Float32Array = new Float32Array(outWidth * outHeight * 3),
): Float32Array {
  return resizeByFilter(
    { kernelsOf: triangleKernels, range: "clipped" },
    pixels,
    [width, height],
    [outWidth, outHeight],
    out,
  );
}
