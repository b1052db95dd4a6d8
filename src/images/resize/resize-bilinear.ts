/** Bilinear resizes without antialiasing: TensorFlow 1's and PyTorch's. */

import { reserveResizeMemory } from "./resize-memory.ts";
import { latestTables } from "./table-cache.ts";

const f = Math.fround;

/** For each output position along one axis the two source positions and the float32 weight of the second. */
export interface Taps {
  readonly low: Int32Array;
  readonly high: Int32Array;
  readonly weight: Float32Array;
}

/** The source position of output `i`, in float32 as the reference computes it. */
type Position = (i: number, scale: number) => number;

function positionsToTaps(inSize: number, outSize: number, position: Position): Taps {
  const low = new Int32Array(outSize);
  const high = new Int32Array(outSize);
  const weight = new Float32Array(outSize);
  const scale = f(f(inSize) / f(outSize));
  for (let i = 0; i < outSize; i++) {
    const at = position(i, scale);
    const floor = Math.min(Math.floor(at), inSize - 1);
    low[i] = floor;
    high[i] = Math.min(floor + 1, inSize - 1);
    weight[i] = f(at - floor);
  }
  return { low, high, weight };
}

export const tf1Taps = latestTables((inSize, outSize) =>
  positionsToTaps(inSize, outSize, (i, scale) => f(f(i) * scale)),
);

export const pytorchTaps = latestTables((inSize, outSize) =>
  positionsToTaps(inSize, outSize, (i, scale) => Math.max(0, f(f(scale * f(i + 0.5)) - 0.5))),
);

/** Interpolates each needed source row once; two rows are kept, since consecutive outputs mostly share them. */
function resizeByRows(
  pixels: Uint8Array,
  width: number,
  out: Float32Array,
  columns: Taps,
  rows: Taps,
  { row, between }: { row: "tf1Row" | "pytorchRow"; between: "tf1Rows" | "pytorchRows" },
): Float32Array {
  const outWidth = columns.low.length;
  const length = outWidth * 3;
  const size = 4 * length;
  const table = 4 * outWidth;
  const { kernels, buffer, places } = reserveResizeMemory([
    ...[width * 3, table, table, table],
    ...[size, size, size * rows.low.length],
  ]);
  const [source, left, right, weights, even, odd, to] = places;
  const sourceRow = new Uint8Array(buffer, source, width * 3);
  new Int32Array(buffer, left, outWidth).set(columns.low.map((x) => x * 3));
  new Int32Array(buffer, right, outWidth).set(columns.high.map((x) => x * 3));
  new Float32Array(buffer, weights, outWidth).set(columns.weight);
  // The two rows of an output are neighbours, which differ in parity, or one and the same.
  const kept = [even, odd];
  const keptRow = [-1, -1];
  const rowOf = (y: number): number => {
    const slot = y & 1;
    if (keptRow[slot] !== y) {
      sourceRow.set(pixels.subarray(y * width * 3, (y + 1) * width * 3));
      kernels[row](source, left, right, weights, outWidth, kept[slot]);
      keptRow[slot] = y;
    }
    return kept[slot];
  };
  rows.low.forEach((low, y) => {
    kernels[between](rowOf(low), rowOf(rows.high[y]), rows.weight[y], length, to + y * size);
  });
  out.set(new Float32Array(buffer, to, length * rows.low.length));
  return out;
}

/**
 * TensorFlow 1's `resize_bilinear(align_corners=False)`, no half pixels, no antialiasing: `p = i * (in / out)`,
 * `top = TL + (TR - TL) * tx`, `bottom = BL + (BR - BL) * tx`, `out = top + (bottom - top) * ty`, all in float32.
 * Agrees to the last bit with torch-fidelity's `interpolate_bilinear_2d_like_tensorflow1x`.
 *
 * @returns float32 `[outHeight, outWidth, 3]`, 0..255
 */
export function resizeTf1(
  pixels: Uint8Array,
  width: number,
  height: number,
  outWidth: number,
  outHeight: number = outWidth,
  out: Float32Array = new Float32Array(outWidth * outHeight * 3),
): Float32Array {
  const kernels = { row: "tf1Row", between: "tf1Rows" } as const;
  return resizeByRows(pixels, width, out, tf1Taps(width, outWidth), tf1Taps(height, outHeight), kernels);
}

/**
 * PyTorch's `F.interpolate(mode="bilinear", align_corners=False)`: half pixels, `p = max(0, (i + 0.5) * in / out - 0.5)`,
 * `top = TL * (1 - tx) + TR * tx` and so on, no antialiasing, float32. Agrees with PyTorch 2.15 on float32 pixels 0..255
 * to 4e-5 (its vectorised kernels fuse or reorder a rounding or two); pytorch-fid does the same on pixels divided by 255.
 *
 * @returns float32 `[outHeight, outWidth, 3]`, 0..255
 */
export function resizePytorch(
  pixels: Uint8Array,
  width: number,
  height: number,
  outWidth: number,
  outHeight: number = outWidth,
  out: Float32Array = new Float32Array(outWidth * outHeight * 3),
): Float32Array {
  const kernels = { row: "pytorchRow", between: "pytorchRows" } as const;
  return resizeByRows(
    pixels,
    width,
    out,
    pytorchTaps(width, outWidth),
    pytorchTaps(height, outHeight),
    kernels,
  );
}
