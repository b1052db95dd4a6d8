import { latestTables } from "./table-cache.ts";

/** For each output position along one axis: the first source position, how many follow, and their weights. */
interface Kernel {
  readonly first: Int32Array;
  readonly count: Int32Array;
  /** `taps` weights an output position, float64, normalised to 1. */
  readonly weights: Float64Array;
  readonly taps: number;
}

/** Keys' cubic convolution kernel with a = -0.5, as in Pillow. */
function cubic(x: number): number {
  const a = -0.5;
  const t = Math.abs(x);
  if (t < 1) return ((a + 2) * t - (a + 3)) * t * t + 1;
  if (t < 2) return (((t - 5) * t + 8) * t - 4) * a;
  return 0;
}

/** Pillow's `precompute_coeffs`: when shrinking, the kernel is stretched by the factor (antialiasing). */
const cubicKernel = latestTables((inSize, outSize): Kernel => {
  const scale = inSize / outSize;
  const stretch = Math.max(scale, 1);
  const support = 2 * stretch;
  const taps = Math.ceil(support) * 2 + 1;
  const first = new Int32Array(outSize);
  const count = new Int32Array(outSize);
  const weights = new Float64Array(outSize * taps);
  const shrink = 1 / stretch;
  for (let i = 0; i < outSize; i++) {
    const center = (i + 0.5) * scale;
    const from = Math.max(0, Math.trunc(center - support + 0.5));
    const to = Math.min(inSize, Math.trunc(center + support + 0.5));
    let sum = 0;
    for (let x = from; x < to; x++) {
      const weight = cubic((x - center + 0.5) * shrink);
      weights[i * taps + x - from] = weight;
      sum += weight;
    }
    if (sum !== 0) for (let x = 0; x < to - from; x++) weights[i * taps + x] /= sum;
    first[i] = from;
    count[i] = to - from;
  }
  return { first, count, weights, taps };
});

/** `[height, width, 3]` to `[height, outWidth, 3]`; sums in float64, stored in float32. */
function resizeColumns(
  source: ArrayLike<number>,
  width: number,
  height: number,
  outWidth: number,
): Float32Array {
  const { first, count, weights, taps } = cubicKernel(width, outWidth);
  const out = new Float32Array(height * outWidth * 3);
  let at = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < outWidth; x++) {
      let from = (y * width + first[x]) * 3;
      const start = x * taps;
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let k = start; k < start + count[x]; k++, from += 3) {
        const weight = weights[k];
        red += source[from] * weight;
        green += source[from + 1] * weight;
        blue += source[from + 2] * weight;
      }
      out[at] = red;
      out[at + 1] = green;
      out[at + 2] = blue;
      at += 3;
    }
  }
  return out;
}

/** `[height, row]` to `[outHeight, row]`; row by row, so that memory is read in order. */
function resizeRows(
  source: Float32Array,
  row: number,
  height: number,
  outHeight: number,
  out: Float32Array,
): void {
  const { first, count, weights, taps } = cubicKernel(height, outHeight);
  const sums = new Float64Array(row);
  for (let y = 0; y < outHeight; y++) {
    sums.fill(0);
    for (let k = 0; k < count[y]; k++) {
      const weight = weights[y * taps + k];
      const from = (first[y] + k) * row;
      for (let i = 0; i < row; i++) sums[i] += source[from + i] * weight;
    }
    out.set(sums, y * row);
  }
}

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
  const across =
    width === outWidth ? Float32Array.from(pixels) : resizeColumns(pixels, width, height, outWidth);
  if (height === outHeight) out.set(across);
  else resizeRows(across, outWidth * 3, height, outHeight, out);
  for (let i = 0; i < out.length; i++) out[i] = Math.min(255, Math.max(0, out[i]));
  return out;
}
