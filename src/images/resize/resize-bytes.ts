/** Images of bytes to another size, as Pillow and so torchvision's `Resize` bring them there. */
import { latestTables } from "./table-cache.ts";

/** Weights are whole multiples of 2^-22, as in Pillow. */
const PRECISION = 22;
const HALF = 1 << (PRECISION - 1);

/** For each output position along one axis: the first source position, how many follow, and their weights. */
interface Kernel {
  readonly first: Int32Array;
  readonly count: Int32Array;
  /** `taps` an output position. */
  readonly weights: Int32Array;
  readonly taps: number;
}

/** A triangle of the larger of the two pixel sizes: between neighbours where an image grows, over an area where it shrinks. */
const triangleKernel = latestTables((inSize, outSize): Kernel => {
  const scale = inSize / outSize;
  const support = Math.max(scale, 1);
  const taps = Math.ceil(support) * 2 + 1;
  const first = new Int32Array(outSize);
  const count = new Int32Array(outSize);
  const weights = new Int32Array(outSize * taps);
  for (let i = 0; i < outSize; i++) {
    const centre = (i + 0.5) * scale;
    const from = Math.max(0, Math.trunc(centre - support + 0.5));
    const to = Math.min(inSize, Math.trunc(centre + support + 0.5));
    const raw = Float64Array.from({ length: to - from }, (_, k) =>
      Math.max(0, 1 - Math.abs((from + k - centre + 0.5) * (1 / support))),
    );
    const sum = raw.reduce((a, b) => a + b, 0);
    raw.forEach((weight, k) => {
      weights[i * taps + k] = Math.trunc(0.5 + (weight / sum) * 2 ** PRECISION);
    });
    first[i] = from;
    count[i] = to - from;
  }
  return { first, count, weights, taps };
});

/** One axis: `lines` pieces of `[inSize, inner]` become `[outSize, inner]`. */
function resizeAxis(
  pixels: Uint8Array,
  lines: number,
  inSize: number,
  outSize: number,
  inner: number,
): Uint8Array {
  if (inSize === outSize) return pixels;
  const { first, count, weights, taps } = triangleKernel(inSize, outSize);
  const out = new Uint8Array(lines * outSize * inner);
  for (let line = 0, to = 0; line < lines; line++)
    for (let i = 0; i < outSize; i++) {
      const start = (line * inSize + first[i]) * inner;
      const [from, end] = [i * taps, i * taps + count[i]];
      for (let k = 0; k < inner; k++) {
        let sum = HALF;
        for (let tap = from, at = start + k; tap < end; tap++, at += inner) sum += weights[tap] * pixels[at];
        out[to++] = sum >> PRECISION;
      }
    }
  return out;
}

/**
 * Pillow's `resize(BILINEAR)` of 8-bit images: across, rounded to whole levels, then down. Antialiased when
 * shrinking. Agrees with Pillow 10.4 to the byte; with later ones, which go down first where that is cheaper, to a level.
 *
 * @param pixels `[height, width, channels]`
 * @returns `[outHeight, outWidth, channels]`; `pixels` itself where no size changes
 */
export function resizeBytes(
  pixels: Uint8Array,
  [height, width, channels]: readonly [height: number, width: number, channels: number],
  [outHeight, outWidth]: readonly [height: number, width: number],
): Uint8Array {
  const across = resizeAxis(pixels, height, width, outWidth, channels);
  return resizeAxis(across, 1, height, outHeight, outWidth * channels);
}
