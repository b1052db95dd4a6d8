/** Feature rows less a mean, with what float32 products of them may be off by. */
import type { Features } from "../features/statistics.ts";

/** Rows less a mean, as float32 products need them, and what is known of their distances by those products. */
export interface CentredRows {
  /** scale (x - mean), rounded to float32. */
  readonly scaled: Features;
  /** [n] Their squared norms over scale^2, in float64. */
  readonly squaredNorms: Float64Array;
}

export interface CentredSides {
  readonly a: CentredRows;
  readonly b: CentredRows;
  /** A power of two, 1 unless squares would be what float32 cannot hold. */
  readonly scale: number;
}

const MOST = 2 ** 80;

/** Both sides on one mean and scale. The same side twice is centred once. */
export function centreSides(a: Features, b: Features, mean: Float32Array): CentredSides {
  const plain = centreBy(a, b, mean, 1);
  const largest = largestNorm(plain);
  if ((largest < MOST && largest > 1 / MOST) || largest === 0) return plain;
  const norms = [rowsToLargestNorm(a, mean), rowsToLargestNorm(b, mean)];
  return centreBy(a, b, mean, 2 ** -Math.round(Math.log2(Math.max(...norms)) / 2));
}

function centreBy(a: Features, b: Features, mean: Float32Array, scale: number): CentredSides {
  const centredA = centreRows(a, mean, scale);
  return { a: centredA, b: a === b ? centredA : centreRows(b, mean, scale), scale };
}

function centreRows({ data, rows, width }: Features, mean: Float32Array, scale: number): CentredRows {
  const scaled = new Float32Array(rows * width);
  const squaredNorms = new Float64Array(rows);
  for (let row = 0, at = 0; row < rows; row++) {
    let sum = 0;
    for (let k = 0; k < width; k++, at++) {
      const value = Math.fround(scale * (data[at] - mean[k]));
      scaled[at] = value;
      sum += value * value;
    }
    squaredNorms[row] = sum / scale ** 2;
  }
  return { scaled: { data: scaled, rows, width }, squaredNorms };
}

const largestOf = (values: Float64Array): number => values.reduce((a, b) => Math.max(a, b), 0);

const largestNorm = ({ a, b }: CentredSides): number =>
  Math.max(largestOf(a.squaredNorms), largestOf(b.squaredNorms));

/** The largest |x - mean|^2 in float64. */
function rowsToLargestNorm({ data, rows, width }: Features, mean: Float32Array): number {
  let largest = 0;
  for (let row = 0, at = 0; row < rows; row++) {
    let norm = 0;
    for (let k = 0; k < width; k++, at++) norm += (data[at] - mean[k]) ** 2;
    largest = Math.max(largest, norm);
  }
  return largest;
}
