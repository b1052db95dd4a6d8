import { describe, expect, it } from "vitest";
import {
  channelsToClasses,
  classesToCoverage,
  logitsToClasses,
} from "../../../src/math/clusters/class-coverage.ts";
import { mulberry32 } from "../seeded-features.ts";

describe("class coverage", () => {
  it("of equal frequencies: every class, no divergence", () => {
    expect(classesToCoverage(Int32Array.of(2, 0, 1, 1, 2, 0), 3)).toMatchObject({ hit: 3, divergence: 0 });
  });

  it("of one class alone: the divergence ln classes", () => {
    const { hit, divergence, counts } = classesToCoverage(new Int32Array(7).fill(4), 10);
    expect(hit).toBe(1);
    expect(divergence).toBeCloseTo(Math.log(10), 12);
    expect([...counts]).toEqual([0, 0, 0, 0, 7, 0, 0, 0, 0, 0]);
  });

  it("is measured against the reference's frequencies, in any unit", () => {
    const predicted = Int32Array.of(0, 0, 0, 1);
    expect(classesToCoverage(predicted, 2, [30, 10]).divergence).toBeCloseTo(0, 12);
    expect(classesToCoverage(predicted, 2, [1, 3]).divergence).toBeCloseTo(0.5 * Math.log(3), 12);
    expect(classesToCoverage(predicted, 3, [1, 0, 1]).divergence).toBe(Number.POSITIVE_INFINITY);
    expect(classesToCoverage(Int32Array.of(0, 2), 3, [1, 0, 1]).divergence).toBe(0);
  });

  it("of a perfect sampler of 1,000 classes is (classes - 1) / 2n in the mean", () => {
    const uniform = mulberry32(1);
    const n = 26_000;
    const { hit, divergence } = classesToCoverage(
      Int32Array.from({ length: n }, () => Math.floor(1000 * uniform())),
      1000,
    );
    expect(hit).toBe(1000);
    // 2n KL is chi-squared of 999 degrees: four standard deviations, and the next order, of it.
    expect(Math.abs(2 * n * divergence - 999)).toBeLessThan(4 * Math.sqrt(2 * 999) + 10);
  });

  it("takes the largest logit, and stacks digits to their number", () => {
    const digits = logitsToClasses({
      data: Float32Array.of(0, 3, 1, 5, 5, -1, -3, -2, -1),
      rows: 3,
      width: 3,
    });
    expect([...digits]).toEqual([1, 0, 2]);
    expect([...channelsToClasses(Int32Array.of(2, 0, 7, 9, 9, 9), 3, 10)]).toEqual([207, 999]);
  });

  it("refuses what does not fit", () => {
    expect(() => classesToCoverage(new Int32Array(0), 3)).toThrow(/got none/);
    expect(() => classesToCoverage(Int32Array.of(3), 3)).toThrow(/0 to 2, got 3/);
    expect(() => classesToCoverage(Int32Array.of(1), 3, [1, 1])).toThrow(/3 frequencies, got 2/);
    expect(() => logitsToClasses({ data: Float32Array.of(0, Number.NaN), rows: 1, width: 2 })).toThrow(
      /row 0/,
    );
  });
});
