import { describe, expect, it } from "vitest";
import { createRandomState } from "../../src/math/random/random-state.ts";
import {
  drawPrefixes,
  EXTRAPOLATION_DEFAULTS,
  rowsToPointCounts,
  scoresToIntercept,
} from "../../src/metrics/extrapolation.ts";
import { mulberry32 } from "../math/seeded-features.ts";

describe("the numbers of samples", () => {
  it("of 50,000 are the golden ones (NumPy's linspace, FID_infinity)", () => {
    expect(rowsToPointCounts(50_000, EXTRAPOLATION_DEFAULTS, "fid-inf")).toEqual([
      5000, 8214, 11428, 14642, 17857, 21071, 24285, 27500, 30714, 33928, 37142, 40357, 43571, 46785, 50000,
    ]);
  });

  it("of fewer begin at a tenth, and end at all", () => {
    const counts = rowsToPointCounts(1000, EXTRAPOLATION_DEFAULTS, "fid-inf");
    expect([counts[0], counts.at(-1), counts.length]).toEqual([100, 1000, 15]);
    expect(rowsToPointCounts(8, EXTRAPOLATION_DEFAULTS, "fid-inf")).toEqual([
      2, 2, 2, 3, 3, 4, 4, 5, 5, 5, 6, 6, 7, 7, 8,
    ]);
  });

  it("need eight samples and two points", () => {
    expect(() => rowsToPointCounts(7, EXTRAPOLATION_DEFAULTS, "is-inf")).toThrow(/at least 8 rows/);
    expect(() => rowsToPointCounts(99, { ...EXTRAPOLATION_DEFAULTS, points: 1 }, "is-inf")).toThrow(
      /--is-inf-points, got 1/,
    );
    expect(() => rowsToPointCounts(99, { ...EXTRAPOLATION_DEFAULTS, smallest: 0 }, "is-inf")).toThrow(
      /--is-inf-smallest, got 0/,
    );
  });
});

describe("the intercept", () => {
  it("of 5 + 300 / N is 5 (golden)", () => {
    const counts = rowsToPointCounts(50_000, EXTRAPOLATION_DEFAULTS, "fid-inf");
    expect(
      scoresToIntercept(
        counts,
        counts.map((n) => 5 + 300 / n),
      ).intercept,
    ).toBeCloseTo(5, 12);
  });

  it("is that of least squares: residuals are orthogonal to 1 and to 1 / N", () => {
    const counts = [10, 20, 40, 80];
    const scores = [3, 1, 4, 1.5];
    const { intercept } = scoresToIntercept(counts, scores);
    // Whatever the slope, the two normal equations have one solution.
    const [s1, sx, sxx] = [4, 0.1 + 0.05 + 0.025 + 0.0125, 0.01 + 0.0025 + 0.000625 + 0.00015625];
    const [sy, sxy] = [9.5, 0.3 + 0.05 + 0.1 + 1.5 / 80];
    expect(intercept).toBeCloseTo((sxx * sy - sx * sxy) / (s1 * sxx - sx * sx), 12);
  });

  it("varies between draws of the same rows as it says", () => {
    const rows = Float64Array.from({ length: 2000 }, mulberry32(1));
    const counts = rowsToPointCounts(2000, { points: 15, smallest: 200, seed: 1 }, "fid-inf");
    const found = Array.from({ length: 300 }, (_, seed) => {
      const means = [...drawPrefixes(2000, counts, seed)].map(
        (prefix) => prefix.reduce((sum, row) => sum + rows[row]!, 0) / prefix.length,
      );
      return scoresToIntercept(counts, means);
    });
    const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    const middle = mean(found.map(({ intercept }) => intercept));
    const truth = mean(found.map(({ intercept }) => (intercept - middle) ** 2));
    // A variance of 300 draws is off by 8 %.
    expect(Math.abs(mean(found.map(({ drawVariance }) => drawVariance)) / truth - 1)).toBeLessThan(0.3);
  });

  it("has no variance of two points, which are a line whatever they are", () => {
    expect(scoresToIntercept([10, 20], [1, 3]).drawVariance).toBe(0);
  });
});

it("every prefix is a permutation's of its own, NumPy's from one generator", () => {
  const [first, second] = drawPrefixes(50, [7, 50], 2020);
  const random = createRandomState(2020);
  expect(first).toEqual(random.permutation(50).slice(0, 7));
  expect(second).toEqual(random.permutation(50));
});
