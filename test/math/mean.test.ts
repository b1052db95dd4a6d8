import { expect, it } from "vitest";
import { meanOf } from "../../src/math/mean.ts";

it("a mean is the sum over the number, of arrays of either kind, and no number of none", () => {
  expect(meanOf([1, 2, 6])).toBe(3);
  expect(meanOf(Float64Array.of(0.5, 1))).toBe(0.75);
  expect(meanOf([])).toBeNaN();
});
