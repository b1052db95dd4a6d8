/** Structural similarity of two images at one scale, by the conventions of the libraries that people compare with. */
import { GanEvalError } from "../../errors.ts";
import { imageToPlanes, type PlaneOptions, type Planes } from "./image-planes.ts";
import {
  C1,
  C2,
  openSimilarityPlanes,
  PLANES_START,
  type SimilarityPlanes,
  SLACK,
  toGaussian,
} from "./similarity-planes.ts";
import type { SsimConvention } from "./ssim-conventions.ts";
import type { Levels } from "./structural-similarity.ts";

interface Convention {
  /** Weights of a row of the window, of sum 1. */
  readonly window: Float64Array;
  /** What variances and covariances are multiplied by: n / (n - 1) for those of a sample. */
  readonly correction: number;
  /** Whether windows at the edges see the image mirrored there; else only windows within the image count. */
  readonly mirrored: boolean;
}

const GAUSSIAN = toGaussian(11, 1.5);

/**
 * - `wang`: Gaussian 11 x 11 of deviation 1.5, population moments, windows within the image. Wang et al. 2004, Matlab,
 *   BasicSR, TensorFlow, and scikit-image with the arguments that its documentation names for Wang's.
 * - `skimage`: scikit-image's defaults: uniform 7 x 7, sample moments, windows within the image.
 * - `torchmetrics`: Gaussian as Wang's, the image mirrored at its edges, so that every pixel has a window.
 */
const CONVENTIONS = {
  wang: { window: GAUSSIAN, correction: 1, mirrored: false },
  skimage: { window: new Float64Array(7).fill(1 / 7), correction: 49 / 48, mirrored: false },
  torchmetrics: { window: GAUSSIAN, correction: 1, mirrored: true },
} as const satisfies Readonly<Record<SsimConvention, Convention>>;

export interface SsimOptions extends PlaneOptions {
  readonly convention: SsimConvention;
}

const DEFAULTS: SsimOptions = { convention: "wang", channel: "rgb", border: 0 };

/** A plane with `margin` pixels more on every side, mirrored at the middle of the edge's pixels. */
function mirrorEdges(plane: Float64Array, { width, height }: Planes, margin: number): Float64Array {
  const inside = (i: number, size: number): number => (i < 0 ? -i : i >= size ? 2 * size - 2 - i : i);
  const [wide, tall] = [width + 2 * margin, height + 2 * margin];
  const mirrored = new Float64Array(wide * tall);
  for (let y = 0; y < tall; y++)
    for (let x = 0; x < wide; x++)
      mirrored[y * wide + x] = plane[inside(y - margin, height) * width + inside(x - margin, width)]!;
  return mirrored;
}

const mirrorPlanes = (planes: Planes, margin: number): Planes => ({
  planes: planes.planes.map((plane) => mirrorEdges(plane, planes, margin)),
  width: planes.width + 2 * margin,
  height: planes.height + 2 * margin,
});

let kept: { readonly bytes: number; readonly wasm: SimilarityPlanes } | undefined;

/** The pass with room for `bytes`; the last one's memory where that is large enough. */
function openRoom(bytes: number): SimilarityPlanes {
  if (kept === undefined || kept.bytes < bytes) {
    const wasm = openSimilarityPlanes(bytes, "a channel of two images and its means", "Give smaller images.");
    kept = { bytes, wasm };
  }
  return kept.wasm;
}

/** The mean over all windows within two planes. */
function planesToSsim(x: Float64Array, y: Float64Array, { width, height }: Planes, convention: Convention) {
  const { window, correction } = convention;
  const taps = window.length;
  const stride = Math.ceil(width / 2) * 2;
  const bytes = 8 * stride * height;
  const rowAt = PLANES_START;
  const placed = (index: number) => rowAt + 8 * (stride + SLACK) + index * (bytes + 8 * SLACK);
  const [xAt, yAt, productAt, meansX, meansY, squaresX, squaresY, products] = Array.from(
    { length: 8 },
    (_, index) => placed(index),
  ) as [number, number, number, number, number, number, number, number];
  const wasm = openRoom(placed(8) + 8 * SLACK);
  wasm.numbers(0, 8 * taps).set(window);
  for (const [plane, at] of [
    [x, xAt],
    [y, yAt],
  ] as const) {
    const rows = wasm.numbers(at, bytes);
    for (let row = 0; row < height; row++)
      rows.set(plane.subarray(row * width, (row + 1) * width), row * stride);
  }
  const blur = (from: number, to: number) => wasm.blur(from, height, stride, taps, 0, rowAt, to);
  const blurProduct = (a: number, b: number, to: number) => {
    wasm.multiply(a, b, bytes, productAt);
    blur(productAt, to);
  };
  blur(xAt, meansX);
  blur(yAt, meansY);
  blurProduct(xAt, xAt, squaresX);
  blurProduct(yAt, yAt, squaresY);
  blurProduct(xAt, yAt, products);
  const [rows, columns] = [height - taps + 1, width - taps + 1];
  // A factor of variances and covariances is the same as its inverse of C2.
  const c2 = C2 / correction;
  const sum = wasm.compare(
    ...([meansX, squaresX, meansY, squaresY, products] as const),
    ...([rows, columns, stride, C1, c2, 1] as const),
  );
  return sum / (rows * columns);
}

/**
 * Structural similarity of two images of one size, -1 to 1, 1 for equal ones:
 *
 *     mean over channels and windows of  (2 mu_x mu_y + C1)(2 cov_xy + C2) / ((mu_x^2 + mu_y^2 + C1)(var_x + var_y + C2)),
 *     C1 = (.01 255)^2,  C2 = (.03 255)^2.
 *
 * Defaults: wang, rgb, no border. In float64. Agrees with scikit-image, torchmetrics (data_range 255, which computes in float32) and BasicSR to 1e-5.
 * Source: Wang et al. 2004; `CONVENTIONS` for what libraries do otherwise.
 *
 * @throws GanEvalError `input.too-small` for images smaller than the window: another window would be another score
 */
export function imagesToSsim(a: Levels, b: Levels, given: Partial<SsimOptions> = {}): number {
  const { convention, ...options } = { ...DEFAULTS, ...given };
  const chosen: Convention = CONVENTIONS[convention];
  const taps = chosen.window.length;
  const [x, y] = [imageToPlanes(a, options), imageToPlanes(b, options)];
  if (x.width < taps || x.height < taps)
    throw new GanEvalError(
      "input.too-small",
      `expected images of at least ${taps}x${taps} for SSIM, got ${x.width}x${x.height}`,
      { hint: "Its window does not fit: enlarge the images yourself and say so, or leave ssim out." },
    );
  const [p, q] = chosen.mirrored ? [x, y].map((planes) => mirrorPlanes(planes, (taps - 1) / 2)) : [x, y];
  const similarities = p!.planes.map((plane, i) => planesToSsim(plane, q!.planes[i]!, p!, chosen));
  return similarities.reduce((sum, value) => sum + value, 0) / similarities.length;
}
