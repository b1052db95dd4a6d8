import { expect, test } from "vitest";
import { twoSidedTail } from "../../../src/math/intervals/normal.ts";

test.each([
  // scipy.stats.norm: 2 cdf(-z)
  [0, 1],
  [0.3, 0.7641771556220948],
  [1, 0.31731050786291415],
  [1.9599639845400545, 0.05],
  [1.999999, 0.0455003718783994],
  [2, 0.04550026389635839],
  [3, 0.0026997960632601866],
  [5, 5.733031437583866e-7],
  [8, 1.244192114854348e-15],
  [20, 5.507248237212311e-89],
])("the two-sided tail at %d is SciPy's", (z, expected) => {
  expect(Math.abs(twoSidedTail(z) / expected - 1)).toBeLessThan(1e-12);
});
