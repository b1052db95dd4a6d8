/** The ways in which reference libraries bring images to the network's size. */

import { resizeAntialias } from "./resize-antialias.ts";
import { resizeClean } from "./resize-bicubic.ts";
import { resizePytorch, resizeTf1 } from "./resize-bilinear.ts";

export { resizeAntialias, resizeClean, resizePytorch, resizeTf1 };

/**
 * Brings 8-bit RGB pixels `[height, width, 3]` to float32 `[outHeight, outWidth, 3]` on the scale 0..255, not rounded
 * to whole levels. `out` is written and returned if given: a place in a batch.
 */
export type Resize = (
  pixels: Uint8Array,
  width: number,
  height: number,
  outWidth: number,
  outHeight?: number,
  out?: Float32Array,
) => Float32Array;

export type ResizeMode = "tf1" | "pytorch" | "clean" | "antialias";

/**
 * - `tf1`: bilinear without half pixels, as TensorFlow 1's graph and torch-fidelity (the default of this program)
 * - `pytorch`: bilinear with half pixels, as pytorch-fid
 * - `clean`: antialiased bicubic, as clean-fid
 * - `antialias`: antialiased bilinear, as torchmetrics
 */
export const RESIZE_MODES: Readonly<Record<ResizeMode, Resize>> = {
  tf1: resizeTf1,
  pytorch: resizePytorch,
  clean: resizeClean,
  antialias: resizeAntialias,
};
