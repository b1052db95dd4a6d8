/** Bicubic resizes of float channels: clean-fid's and PyTorch's. */
import { cubic, filterToKernels, resizeByFilter } from "./resize-filter.ts";

export const cubicKernels = filterToKernels({ reach: 2, at: cubic, round: (x) => x });
export const floatKernels = filterToKernels({ reach: 2, at: cubic, round: Math.fround });

/**
 * clean-fid's resize: Pillow's BICUBIC on each channel as floats (mode F), antialiased when shrinking, across then
 * down with float32 between, clipped to 0..255 but not rounded to whole levels. An axis that keeps its size is not
 * touched. Agrees with Pillow up to 12 to the last bit, and with Pillow 13 to one bit more or less: that one goes down
 * first where the height shrinks by more pixels than twice what the width does.
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
  const filter = { kernelsOf: cubicKernels, range: "clipped" } as const;
  return resizeByFilter(filter, pixels, [width, height], [outWidth, outHeight], out);
}

/**
 * PyTorch's `F.interpolate(mode="bicubic", align_corners=False, antialias=True)` on float pixels, as EDM2 resizes for
 * FD-DINOv2: the same filter, neither rounded nor clipped, so that edges overshoot 0..255. Positions and weights are
 * float32 as there. Agrees with PyTorch 2.15 on pixels 0..255 to 1e-4: that one sums in float32, this in float64.
 *
 * @returns float32 `[outHeight, outWidth, 3]`, about 0..255
 */
export function resizeTorchBicubic(
  pixels: Uint8Array,
  width: number,
  height: number,
  outWidth: number,
  outHeight: number = outWidth,
  out: Float32Array = new Float32Array(outWidth * outHeight * 3),
): Float32Array {
  const filter = { kernelsOf: floatKernels, range: "open" } as const;
  return resizeByFilter(filter, pixels, [width, height], [outWidth, outHeight], out);
}
