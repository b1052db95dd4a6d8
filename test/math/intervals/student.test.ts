import { expect, it } from "vitest";
import { studentQuantile } from "../../../src/math/intervals/student.ts";

it.each([
  // scipy.stats.t.ppf
  [0.975, 1, 12.706204736174694],
  [0.975, 2, 4.302652729749462],
  [0.975, 19, 2.093024054408263],
  [0.975, 37.5, 2.025280941194336],
  [0.995, 5, 4.032142983555227],
  [0.975, 1e6, 1.9599665],
])("P(T <= t) = %d at %d degrees of freedom", (probability, degrees, expected) => {
  expect(studentQuantile(probability, degrees)).toBeCloseTo(expected, 6);
});

it("half of the distribution is below zero", () => {
  expect(studentQuantile(0.5, 7)).toBeCloseTo(0, 12);
});
