/** Resizes as matrix products, for devices that have little else: for each channel, `rows · image · columnsᵀ`. */
import type { ResizeMode } from "./mode-names.ts";
import { triangleKernels } from "./resize-antialias.ts";
import { cubicKernels, floatKernels } from "./resize-bicubic.ts";
import { pytorchTaps, type Taps, tf1Taps } from "./resize-bilinear.ts";
import type { Kernels } from "./resize-filter.ts";

export interface LinearResize {
  /** The weights of one axis, float32 `[outSize, inSize]`, row-major. */
  readonly matrix: (inSize: number, outSize: number) => Float32Array;
  /** Whether results are clipped to 0..255. */
  readonly range: "clipped" | "open";
}

const kernelsToMatrix =
  (kernelsOf: Kernels) =>
  (inSize: number, outSize: number): Float32Array => {
    const { first, count, weights, taps } = kernelsOf(inSize, outSize);
    const matrix = new Float32Array(outSize * inSize);
    for (let i = 0; i < outSize; i++)
      for (let k = 0; k < count[i]; k++) matrix[i * inSize + first[i] + k] = weights[i * taps + k];
    return matrix;
  };

const tapsToMatrix =
  (tapsOf: (inSize: number, outSize: number) => Taps) =>
  (inSize: number, outSize: number): Float32Array => {
    const { low, high, weight } = tapsOf(inSize, outSize);
    const matrix = new Float32Array(outSize * inSize);
    for (let i = 0; i < outSize; i++) {
      matrix[i * inSize + low[i]] += 1 - weight[i];
      matrix[i * inSize + high[i]] += weight[i];
    }
    return matrix;
  };

/**
 * The modes of `RESIZE_MODES` that are linear, and undefined for those that round to whole levels between their passes. In
 * float32 the products agree with `RESIZE_MODES` to 1e-4 of a level: sums have another order, weights are rounded to
 * float32, and `tf1` adds differences to a level instead of weighing two.
 */
export const LINEAR_RESIZES: Readonly<Record<ResizeMode, LinearResize | undefined>> = {
  tf1: { matrix: tapsToMatrix(tf1Taps), range: "open" },
  pytorch: { matrix: tapsToMatrix(pytorchTaps), range: "open" },
  clean: { matrix: kernelsToMatrix(cubicKernels), range: "clipped" },
  antialias: { matrix: kernelsToMatrix(triangleKernels), range: "clipped" },
  "torch-bicubic": { matrix: kernelsToMatrix(floatKernels), range: "open" },
  "pil-bicubic": undefined,
  "pil13-bicubic": undefined,
};
