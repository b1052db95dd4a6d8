/** The ways in which reference libraries bring images to the network's size. */

import type { ResizeMode } from "./mode-names.ts";
import { resizeAntialias } from "./resize-antialias.ts";
import { resizeClean, resizeTorchBicubic } from "./resize-bicubic.ts";
import { resizePytorch, resizeTf1 } from "./resize-bilinear.ts";
import { resizePil13Bicubic, resizePilBicubic } from "./resize-bytes.ts";

export type { ResizeMode };
export { resizeAntialias, resizeClean, resizePytorch, resizeTf1 };

/**
 * Brings 8-bit RGB pixels `[height, width, 3]` to float32 `[outHeight, outWidth, 3]` on the scale 0..255. `out` is
 * written and returned if given: a place in a batch.
 */
export type Resize = (
  pixels: Uint8Array,
  width: number,
  height: number,
  outWidth: number,
  outHeight?: number,
  out?: Float32Array,
) => Float32Array;

/**
 * - `tf1`: bilinear without half pixels, as TensorFlow 1's graph and torch-fidelity (the default of this program)
 * - `pytorch`: bilinear with half pixels, as pytorch-fid
 * - `clean`: antialiased bicubic, as clean-fid
 * - `antialias`: antialiased bilinear, as torchmetrics
 * - `pil-bicubic`: antialiased bicubic, rounded to whole levels, as dgm-eval, FLD and CMMD with Pillow up to 12
 * - `pil13-bicubic`: the same with Pillow 13, which takes the axes of upright images in the other order
 * - `torch-bicubic`: antialiased bicubic, neither rounded nor clipped, as EDM2
 */
export const RESIZE_MODES: Readonly<Record<ResizeMode, Resize>> = {
  tf1: resizeTf1,
  pytorch: resizePytorch,
  clean: resizeClean,
  antialias: resizeAntialias,
  "pil-bicubic": resizePilBicubic,
  "pil13-bicubic": resizePil13Bicubic,
  "torch-bicubic": resizeTorchBicubic,
};
