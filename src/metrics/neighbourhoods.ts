import { GanEvalError } from "../errors.ts";
import { TILE, withRowProducts } from "./row-products.ts";
import type { Features } from "./statistics.ts";

/** Feature rows, each with the ball that reaches to its k-th nearest neighbour among the others. */
export interface Neighbourhoods {
  readonly features: Features;
  readonly k: number;
  /** [n] |x|^2 */
  readonly squaredNorms: Float64Array;
  /** [n] The squared distance to the k-th nearest other row. */
  readonly squaredRadii: Float64Array;
}

export interface NeighbourhoodOptions {
  /** Which neighbour's distance is the radius. */
  readonly k: number;
  readonly threads?: number;
}

/** The k smallest numbers seen for each of n rows, ascending. */
class Smallest {
  private readonly values: Float64Array;
  private readonly k: number;

  constructor(n: number, k: number) {
    this.values = new Float64Array(n * k).fill(Number.POSITIVE_INFINITY);
    this.k = k;
  }

  offer(row: number, value: number): void {
    const first = row * this.k;
    let at = first + this.k - 1;
    if (value >= this.values[at]) return;
    for (; at > first && this.values[at - 1] > value; at--) this.values[at] = this.values[at - 1];
    this.values[at] = value;
  }

  largest(): Float64Array {
    const { k, values } = this;
    return Float64Array.from({ length: values.length / k }, (_, row) => values[row * k + k - 1]);
  }
}

/** A rounding below zero is zero. */
export const toSquaredDistance = (normA: number, normB: number, product: number): number =>
  Math.max(0, normA + normB - 2 * product);

function checkFeatures({ data, rows, width }: Features, k: number): void {
  if (!Number.isInteger(k) || k < 1)
    throw new GanEvalError("usage.neighbours", `expected a number of neighbours from 1 on, got ${k}`, {
      hint: "3 is what papers report.",
    });
  if (!Number.isInteger(width) || width < 1 || data.length !== rows * width)
    throw new GanEvalError(
      "input.feature-width",
      `expected rows of one width, got ${rows} rows of width ${width} in ${data.length} values`,
    );
  if (rows <= k)
    throw new GanEvalError(
      "input.too-few-samples",
      `expected at least ${k + 1} samples for ${k} neighbours of each, got ${rows}`,
      { hint: "Give more pictures; precision and recall begin to mean something at a few thousand." },
    );
}

/** Norms are the diagonals of the products, so that equal rows are at distance zero to the bit. */
function takeDiagonal(
  norms: Float64Array,
  first: number,
  rows: number,
  values: Float64Array,
  stride: number,
) {
  for (let r = 0; r < rows; r++) {
    const norm = values[r * stride + r];
    if (!Number.isFinite(norm))
      throw new GanEvalError(
        "input.features-not-finite",
        `expected finite features, got NaN or Infinity in row ${first + r} (from 0)`,
        {
          hint: "Look at the picture or feature row of that number; a network with broken weights gives NaN too.",
        },
      );
    norms[first + r] = norm;
  }
}

/**
 * Squared Euclidean radii r_i^2 = |x_i - x_(k)|^2, x_(k) the k-th nearest of the other rows; a row's copies are others.
 * Exact: n (n + 1) / 2 distances as |a|^2 + |b|^2 - 2ab in float64, in tiles, so memory grows with n alone. A distance
 * is right to 1e-13 of the squared norms, and zero for equal rows.
 *
 * @param features row-major `[n, width]`, n > k
 * @throws GanEvalError `usage.neighbours`, `input.too-few-samples` for n <= k, `input.feature-width`,
 *   `input.features-not-finite`
 */
export function featuresToNeighbourhoods(features: Features, options: NeighbourhoodOptions): Neighbourhoods {
  const { k } = options;
  checkFeatures(features, k);
  const { rows: n, width } = features;
  const squaredNorms = new Float64Array(n);
  const smallest = new Smallest(n, k);
  withRowProducts(width, (n * (n + TILE) * width) / 2, options, (productsOf) => {
    for (let i = 0; i < n; i += TILE) {
      const own = productsOf(features, i, features, i);
      takeDiagonal(squaredNorms, i, own.rows, own.values, own.stride);
      for (let j = i; j >= 0; j -= TILE) {
        const { rows, columns, values, stride } = j === i ? own : productsOf(features, i, features, j);
        for (let r = 0; r < rows; r++)
          for (let c = 0, last = j === i ? r : columns; c < last; c++) {
            const squared = toSquaredDistance(
              squaredNorms[i + r],
              squaredNorms[j + c],
              values[r * stride + c],
            );
            smallest.offer(i + r, squared);
            smallest.offer(j + c, squared);
          }
      }
    }
  });
  return { features, k, squaredNorms, squaredRadii: smallest.largest() };
}
