/** Resizing by a filter, stretched where an image shrinks: what libraries call antialiased. */

import { reserveResizeMemory } from "./resize-memory.ts";
import { latestTables } from "./table-cache.ts";

/** A symmetric curve, 0 from `reach` on; 1 is the distance of two pixels. */
export interface Filter {
  readonly reach: number;
  readonly at: (x: number) => number;
  /** What the library rounds positions and weights to: `Math.fround`, or nothing. */
  readonly round: (x: number) => number;
}

/** For each output position along one axis: the first source position, how many follow, and their weights. */
export interface Kernel {
  readonly first: Int32Array;
  readonly count: Int32Array;
  /** `taps` weights an output position, float64, normalised to 1. */
  readonly weights: Float64Array;
  readonly taps: number;
}

export type Kernels = (inSize: number, outSize: number) => Kernel;

/** 1 at its middle, 0 from 1 on. */
export const triangle = (x: number): number => Math.max(0, 1 - Math.abs(x));

/** Keys' cubic convolution kernel with a = -0.5, as Pillow and PyTorch's antialiasing have it. */
export function cubic(x: number): number {
  const a = -0.5;
  const t = Math.abs(x);
  if (t < 1) return ((a + 2) * t - (a + 3)) * t * t + 1;
  if (t < 2) return (((t - 5) * t + 8) * t - 4) * a;
  return 0;
}

/** Pillow's `precompute_coeffs`: when shrinking, the filter is stretched by the factor. */
export const filterToKernels = ({ reach, at, round }: Filter): Kernels =>
  latestTables((inSize, outSize): Kernel => {
    const scale = round(inSize / outSize);
    const stretch = Math.max(scale, 1);
    const support = reach * stretch;
    const taps = Math.ceil(support) * 2 + 1;
    const first = new Int32Array(outSize);
    const count = new Int32Array(outSize);
    const weights = new Float64Array(outSize * taps);
    const shrink = round(1 / stretch);
    for (let i = 0; i < outSize; i++) {
      const center = round((i + 0.5) * scale);
      const from = Math.max(0, Math.trunc(center - support + 0.5));
      const to = Math.min(inSize, Math.trunc(center + support + 0.5));
      let sum = 0;
      for (let x = from; x < to; x++) {
        const weight = at(round((round(x - center) + 0.5) * shrink));
        weights[i * taps + x - from] = weight;
        sum += weight;
      }
      if (sum !== 0)
        for (let k = i * taps; k < i * taps + to - from; k++) weights[k] = round(weights[k] / sum);
      first[i] = from;
      count[i] = to - from;
    }
    return { first, count, weights, taps };
  });

/**
 * Across, then down, in float64 sums with float32 between, not rounded to whole levels. An axis that keeps its size is
 * not touched.
 *
 * @param range `clipped` to 0..255, or `open`: cubic filters overshoot at edges
 * @param pixels `[height, width, 3]`
 * @param out float32 `[outHeight, outWidth, 3]`, written and returned
 */
export function resizeByFilter(
  { kernelsOf, range }: { readonly kernelsOf: Kernels; readonly range: "clipped" | "open" },
  pixels: Uint8Array,
  [width, height]: readonly [width: number, height: number],
  [outWidth, outHeight]: readonly [width: number, height: number],
  out: Float32Array,
): Float32Array {
  const across = width === outWidth ? undefined : kernelsOf(width, outWidth);
  const down = height === outHeight ? undefined : kernelsOf(height, outHeight);
  const length = outWidth * 3;
  const stride = 4 * length;
  const { kernels, buffer, places } = reserveResizeMemory([
    ...[
      width * 3,
      4 * outWidth,
      4 * outWidth,
      across?.weights.byteLength ?? 0,
      down?.weights.byteLength ?? 0,
    ],
    // Rows follow each other without the gap that an area has behind it.
    ...[stride * height, down ? stride * outHeight : 0],
  ]);
  const [source, first, counts, weights, downWeights, middle, resized] = places;
  if (across) {
    const sourceRow = new Uint8Array(buffer, source, width * 3);
    new Int32Array(buffer, first, outWidth).set(across.first);
    new Int32Array(buffer, counts, outWidth).set(across.count);
    new Float64Array(buffer, weights, across.weights.length).set(across.weights);
    for (let y = 0; y < height; y++) {
      sourceRow.set(pixels.subarray(y * width * 3, (y + 1) * width * 3));
      kernels.cubicRow(source, first, counts, weights, across.taps, outWidth, middle + y * stride);
    }
  } else new Float32Array(buffer, middle, pixels.length).set(pixels);
  if (down) {
    new Float64Array(buffer, downWeights, down.weights.length).set(down.weights);
    for (let y = 0; y < outHeight; y++) {
      const [from, to] = [middle + down.first[y] * stride, resized + y * stride];
      kernels.cubicRows(from, stride, downWeights + 8 * y * down.taps, down.count[y], length, to);
    }
  }
  const result = down ? resized : middle;
  if (range === "clipped") kernels.clip(result, out.length);
  out.set(new Float32Array(buffer, result, out.length));
  return out;
}
