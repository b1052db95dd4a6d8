import type { Features } from "../../src/math/features/statistics.ts";

/** mulberry32: uniform numbers below 1 from a 32-bit seed; the generator of the golden values' inputs. */
export function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** The golden inputs: [n, d] float32, scale (u1 + u2 + u3 - 1.5) + shift, row-major. */
export function mat(seed: number, n: number, d: number, scale = 1, shift = 0): Features {
  const uniform = mulberry32(seed);
  const data = Float32Array.from({ length: n * d }, () => {
    const u1 = uniform();
    const u2 = uniform();
    return scale * (u1 + u2 + uniform() - 1.5) + shift;
  });
  return { data, rows: n, width: d };
}

/** Features of some rows. */
export function takeRows({ data, width }: Features, positions: ArrayLike<number>): Features {
  const rows = Array.from(positions, (row) => data.subarray(row * width, (row + 1) * width));
  const taken = new Float32Array(rows.length * width);
  rows.forEach((row, i) => {
    taken.set(row, i * width);
  });
  return { data: taken, rows: rows.length, width };
}

/** Rows from..to. */
export const sliceRows = ({ data, width }: Features, from: number, to: number): Features => ({
  data: data.slice(from * width, to * width),
  rows: to - from,
  width,
});

/** Features times a matrix [d, d], in float64, rounded to float32. */
export function timesMatrix({ data, rows, width: d }: Features, matrix: Float64Array): Features {
  const product = new Float32Array(rows * d);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < d; j++) {
      let sum = 0;
      for (let k = 0; k < d; k++) sum += data[i * d + k]! * matrix[k * d + j]!;
      product[i * d + j] = sum;
    }
  }
  return { data: product, rows, width: d };
}
