import { describe, expect, it } from "vitest";
import { type Quarters, rowsToQuarters } from "../../src/math/intervals/split-halves.ts";
import { featuresToSlicedWasserstein, row, samplesToSlicedWasserstein } from "../../src/metrics/swd.ts";
import { mat, takeRows } from "../math/seeded-features.ts";
import { openContext } from "./context.ts";

const samples = (seed: number, n: number, d: number, shift = 0) => mat(seed, n, d, 1, shift).data;

describe("the sliced Wasserstein distance", () => {
  it("in one dimension is the golden one", () => {
    expect(samplesToSlicedWasserstein(Float32Array.of(3, 0, 1), Float32Array.of(5, 6, 8), 1)).toBe(5);
  });

  it("in one dimension is the area between the distribution functions, for unequal numbers too", () => {
    expect(samplesToSlicedWasserstein(Float32Array.of(0), Float32Array.of(-1, 3, 4, 4), 1)).toBe(3);
    expect(samplesToSlicedWasserstein(Float32Array.of(0, 1), Float32Array.of(0, 0, 1), 1)).toBeCloseTo(
      1 / 6,
      12,
    );
  });

  it("repeats do not change it: each sample twice is the same distribution", () => {
    const [a, b] = [samples(1, 50, 1), samples(2, 80, 1)];
    const twice = Float32Array.from([...a, ...a]);
    expect(samplesToSlicedWasserstein(twice, b, 1)).toBeCloseTo(samplesToSlicedWasserstein(a, b, 1), 12);
  });

  it("of a set and itself is zero, in any order; and it is symmetric", () => {
    const a = samples(3, 60, 2);
    const turned = Float32Array.from({ length: 120 }, (_, i) => a[2 * (59 - Math.floor(i / 2)) + (i % 2)]);
    expect(samplesToSlicedWasserstein(a, turned, 2)).toBe(0);
    const b = samples(4, 70, 2, 0.3);
    expect(samplesToSlicedWasserstein(a, b, 2)).toBeCloseTo(samplesToSlicedWasserstein(b, a, 2), 12);
  });

  it("of a shift is its length times the mean of |cos|, whatever the direction", () => {
    const a = samples(5, 100, 2);
    for (const [x, y] of [
      [3, 4],
      [5, 0],
      [-4, 3],
    ]) {
      const b = a.map((value, i) => value + (i % 2 === 0 ? x : y));
      // 64 directions instead of all: off by (pi / 64)^2 / 24, and float32.
      expect(samplesToSlicedWasserstein(a, b, 2) / 5 / (2 / Math.PI)).toBeCloseTo(1, 3);
    }
    const c = samples(6, 100, 3);
    const moved = c.map((value, i) => value + (i % 3 === 1 ? 2 : 0));
    // The mean of |u_2| on the sphere is 1/2; 4,000 directions: four standard errors of 0.29 / sqrt(4,000).
    expect(Math.abs(samplesToSlicedWasserstein(c, moved, 3, { directions: 4000 }) / 2 - 0.5)).toBeLessThan(
      0.02,
    );
  });

  it("refuses nothing, rows that do not fit and NaN", () => {
    const a = samples(7, 4, 2);
    expect(() => samplesToSlicedWasserstein(new Float32Array(0), a, 2)).toThrow(/got 0 numbers/);
    expect(() => samplesToSlicedWasserstein(a, new Float32Array(3), 2)).toThrow(/got 3 numbers/);
    expect(() => samplesToSlicedWasserstein(a, Float32Array.of(0, 1, Number.NaN, 0), 2)).toThrow(
      /got NaN in row 1/,
    );
  });
});

describe("the sliced Wasserstein distance of features", () => {
  const [real, fake] = [mat(8, 90, 6), mat(9, 70, 6, 0.8, 0.3)];
  const sides = { fake: { count: 70, features: fake }, real: { count: 90, features: real } };

  // Projections and directions in float32.
  it("is that of samples, for unequal numbers too", async () => {
    for (const directions of [1, 200])
      expect(
        (await featuresToSlicedWasserstein(real, fake, { directions })) /
          samplesToSlicedWasserstein(real.data, fake.data, 6, { directions }),
      ).toBeCloseTo(1, 6);
  });

  it("of halves and quarters is that of their rows", async () => {
    const { distance } = await row.measure(sides, row.defaults, openContext());
    expect(distance / (await featuresToSlicedWasserstein(real, fake))).toBe(1);
    const cuts = await row.quarter!(sides, 1, row.defaults, openContext());
    const [ofReal, ofFake] = [rowsToQuarters(real.rows, 2), rowsToQuarters(fake.rows, 1)];
    for (const cut of [0, 7]) {
      const rowsOf = ({ ofRow }: Quarters, quarter: number) =>
        Array.from(ofRow[cut]!.keys()).filter((i) => ofRow[cut]![i] === quarter);
      for (const quarter of [0, 1, 2, 3]) {
        const [some, others] = [
          takeRows(real, rowsOf(ofReal, quarter)),
          takeRows(fake, rowsOf(ofFake, quarter)),
        ];
        const expected = await featuresToSlicedWasserstein(some, others);
        expect(cuts[cut]!.quarters[quarter]!.distance / expected).toBeCloseTo(1, 5);
      }
    }
  });

  it("refuses no directions, and features of two widths", async () => {
    await expect(featuresToSlicedWasserstein(real, fake, { directions: 0 })).rejects.toThrow(
      expect.objectContaining({ code: "usage.swd-directions" }),
    );
    await expect(featuresToSlicedWasserstein(mat(8, 90, 5), fake)).rejects.toThrow(
      expect.objectContaining({ code: "input.feature-width" }),
    );
  });
});
