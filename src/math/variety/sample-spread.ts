/** How far apart the samples of one set are. */

import type { Features } from "../features/statistics.ts";
import { createRandomState } from "../random/random-state.ts";

/** Each sample meets so many others. */
const PARTNERS = 4;

/**
 * The mean Euclidean distance of two samples of a set [n, d], over 4 n pairs drawn by seed: no pair with itself. Of two
 * sets drawn from one distribution the ratio is 1; of copies of one sample 0.
 */
export function featuresToSpread({ data, rows, width }: Features, seed: number): number {
  const random = createRandomState(seed);
  let sum = 0;
  for (let partner = 0; partner < PARTNERS; partner++) {
    const order = random.permutation(rows);
    for (let i = 0; i < rows; i++) {
      const [a, b] = [order[i] * width, order[(i + 1) % rows] * width];
      let squared = 0;
      for (let k = 0; k < width; k++) squared += (data[a + k] - data[b + k]) ** 2;
      sum += Math.sqrt(squared);
    }
  }
  return sum / (PARTNERS * rows);
}
