import { latestTables } from "./table-cache.ts";

const f = Math.fround;

/** For each output position along one axis the two source positions and the float32 weight of the second. */
interface Taps {
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

const tf1Taps = latestTables((inSize, outSize) =>
  positionsToTaps(inSize, outSize, (i, scale) => f(f(i) * scale)),
);

const pytorchTaps = latestTables((inSize, outSize) =>
  positionsToTaps(inSize, outSize, (i, scale) => Math.max(0, f(f(scale * f(i + 0.5)) - 0.5))),
);

/** Blends of two values in float32, each in the order of operations of its reference. */
type RowBlend = (pixels: Uint8Array, rowStart: number, columns: Taps, row: Float32Array) => void;

/** Interpolates each needed source row once; two rows are kept, since consecutive outputs mostly share them. */
function resizeByRows(
  pixels: Uint8Array,
  width: number,
  outWidth: number,
  outHeight: number,
  out: Float32Array,
  columns: Taps,
  rows: Taps,
  blendRow: RowBlend,
  blendRows: (top: Float32Array, bottom: Float32Array, weight: number, out: Float32Array, at: number) => void,
): Float32Array {
  const kept = [new Float32Array(outWidth * 3), new Float32Array(outWidth * 3)];
  const keptRow = [-1, -1];
  const rowOf = (y: number): Float32Array => {
    // The two rows of an output are neighbours, which differ in parity, or one and the same.
    const slot = y & 1;
    if (keptRow[slot] !== y) {
      blendRow(pixels, y * width * 3, columns, kept[slot]);
      keptRow[slot] = y;
    }
    return kept[slot];
  };
  for (let y = 0; y < outHeight; y++) {
    const top = rowOf(rows.low[y]);
    const bottom = rowOf(rows.high[y]);
    blendRows(top, bottom, rows.weight[y], out, y * outWidth * 3);
  }
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
  const columns = tf1Taps(width, outWidth);
  const rows = tf1Taps(height, outHeight);
  return resizeByRows(pixels, width, outWidth, outHeight, out, columns, rows, tf1Row, tf1Rows);
}

function tf1Row(pixels: Uint8Array, rowStart: number, columns: Taps, row: Float32Array): void {
  const { low, high, weight } = columns;
  for (let x = 0; x < low.length; x++) {
    const left = rowStart + low[x] * 3;
    const right = rowStart + high[x] * 3;
    const w = weight[x];
    const to = x * 3;
    row[to] = f(pixels[left] + f((pixels[right] - pixels[left]) * w));
    row[to + 1] = f(pixels[left + 1] + f((pixels[right + 1] - pixels[left + 1]) * w));
    row[to + 2] = f(pixels[left + 2] + f((pixels[right + 2] - pixels[left + 2]) * w));
  }
}

function tf1Rows(
  top: Float32Array,
  bottom: Float32Array,
  weight: number,
  out: Float32Array,
  at: number,
): void {
  for (let i = 0; i < top.length; i++) out[at + i] = f(top[i] + f(f(bottom[i] - top[i]) * weight));
}

/**
 * PyTorch's `F.interpolate(mode="bilinear", align_corners=False)`: half pixels, `p = max(0, (i + 0.5) * in / out - 0.5)`,
 * no antialiasing, float32. Agrees with PyTorch 2.15 on float32 pixels 0..255 to 4e-5 (its vectorised kernels fuse or
 * reorder a rounding or two); pytorch-fid does the same on pixels divided by 255.
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
  const columns = pytorchTaps(width, outWidth);
  const rows = pytorchTaps(height, outHeight);
  return resizeByRows(pixels, width, outWidth, outHeight, out, columns, rows, pytorchRow, pytorchRows);
}

function pytorchRow(pixels: Uint8Array, rowStart: number, columns: Taps, row: Float32Array): void {
  const { low, high, weight } = columns;
  for (let x = 0; x < low.length; x++) {
    const left = rowStart + low[x] * 3;
    const right = rowStart + high[x] * 3;
    const second = weight[x];
    const first = f(1 - second);
    const to = x * 3;
    row[to] = f(f(pixels[left] * first) + f(pixels[right] * second));
    row[to + 1] = f(f(pixels[left + 1] * first) + f(pixels[right + 1] * second));
    row[to + 2] = f(f(pixels[left + 2] * first) + f(pixels[right + 2] * second));
  }
}

function pytorchRows(
  top: Float32Array,
  bottom: Float32Array,
  weight: number,
  out: Float32Array,
  at: number,
): void {
  const first = f(1 - weight);
  for (let i = 0; i < top.length; i++) out[at + i] = f(f(top[i] * first) + f(bottom[i] * weight));
}
