/** Haar wavelet packets of images, some leaves at a time. */
import type { Image } from "../../images/source.ts";
import type { Features } from "../features/statistics.ts";

const CHANNELS = 3;

type Sized = Pick<Image, "pixels" | "width" | "height">;

/**
 * [side columns][n, 3 h w] The leaves of the full packet tree after `levels` steps that have the row filters `rows`: of each block
 * of side x side pixels (side = 2^levels) and channel one number a leaf,
 *
 *     sum over the block's x, y of (-1)^(bits of (y & rows)) (-1)^(bits of (x & columns)) pixel(y, x),
 *
 * which is 255 side times the coefficient of an image in [0, 1]. Haar filters add or subtract neighbours, so a leaf is one row
 * of the Walsh-Hadamard transform; signs and the order of leaves are free. Whole numbers below 2^24 up to level 8: exact.
 *
 * @param images of one size, whose sides are multiples of `side`
 * @param rows 0 to side - 1
 */
export function imagesToPacketLeaves(images: readonly Sized[], levels: number, rows: number): Features[] {
  const side = 2 ** levels;
  const { width, height } = images[0];
  const [across, down] = [width / side, height / side];
  const leaf = CHANNELS * across * down;
  const leaves = Array.from({ length: side }, () => new Float32Array(images.length * leaf));
  const signs = Float64Array.from({ length: side }, (_, y) => toSign(y & rows));
  const line = new Float64Array(width * CHANNELS);
  const block = new Float64Array(side);
  for (const [n, { pixels }] of images.entries())
    for (let v = 0; v < down; v++) {
      line.fill(0);
      for (let y = 0; y < side; y++) {
        const from = (v * side + y) * line.length;
        for (let at = 0; at < line.length; at++) line[at] += signs[y] * pixels[from + at];
      }
      for (let u = 0; u < across; u++)
        for (let channel = 0; channel < CHANNELS; channel++) {
          for (let x = 0; x < side; x++) block[x] = line[(u * side + x) * CHANNELS + channel];
          transform(block);
          const to = n * leaf + (channel * down + v) * across + u;
          for (let columns = 0; columns < side; columns++) leaves[columns][to] = block[columns];
        }
    }
  return leaves.map((data) => ({ data, rows: images.length, width: leaf }));
}

/** 1 for an even number of bits, -1 for an odd one. */
function toSign(bits: number): number {
  let sign = 1;
  for (let rest = bits; rest > 0; rest &= rest - 1) sign = -sign;
  return sign;
}

/** The Walsh-Hadamard transform in natural order, in place. */
function transform(values: Float64Array): void {
  for (let half = 1; half < values.length; half *= 2)
    for (let from = 0; from < values.length; from += 2 * half)
      for (let at = from; at < from + half; at++) {
        const [a, b] = [values[at], values[at + half]];
        values[at] = a + b;
        values[at + half] = a - b;
      }
}
