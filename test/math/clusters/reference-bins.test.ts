import { describe, expect, it } from "vitest";
import {
  featuresToBins,
  mixtureToBins,
  rowsToBinCount,
  sharesToCoverage,
} from "../../../src/math/clusters/reference-bins.ts";
import { featuresToSpread } from "../../../src/math/variety/sample-spread.ts";
import { mat, sliceRows } from "../seeded-features.ts";

const SIX = { centres: Float64Array.of(0, 0, 10, 0, 20, 0, 0, 10, 10, 10, 20, 10), d: 2, deviation: 0.1 };
const at = (...modes: number[]) => ({
  data: Float32Array.from(
    modes.flatMap((mode) => [SIX.centres[2 * mode] + 1, SIX.centres[2 * mode + 1] - 1]),
  ),
  rows: modes.length,
  width: 2,
});

describe("bins", () => {
  it("of a mixture take samples to the nearest mode, however far", async () => {
    const { shares, toShares } = mixtureToBins(SIX);
    expect([...shares]).toEqual(new Array(6).fill(1 / 6));
    expect([...(await toShares(at(0, 0, 3, 5)))]).toEqual([0.5, 0, 0, 0.25, 0, 0.25]);
  });

  it("leave out what has less than a fifth of its share", () => {
    const reference = Float64Array.of(0.5, 0.3, 0.2);
    expect(sharesToCoverage(reference, Float64Array.of(0.89, 0.065, 0.045)).missing).toBe(0);
    const { missing, topBin, topShare } = sharesToCoverage(reference, Float64Array.of(0.05, 0.89, 0.06));
    expect(missing).toBeCloseTo(0.5, 12);
    expect({ topBin, topShare }).toEqual({ topBin: 1, topShare: 0.89 });
  });

  it("of features leave nothing out between two draws, and of a half of space what lies behind the plane", async () => {
    const [real, other] = [mat(1, 1000, 4), mat(2, 1000, 4)];
    const { shares, toShares } = await featuresToBins(real, { samples: 1000, seed: 1, threads: 1 });
    expect(shares.length).toBe(50);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    expect(sharesToCoverage(shares, await toShares(other)).missing).toBe(0);
    const right = { ...other, data: other.data.map((value, i) => (i % 4 === 0 ? Math.abs(value) : value)) };
    const { missing } = sharesToCoverage(shares, await toShares(right));
    // Bins that the plane cuts still have their other side.
    expect(missing).toBeGreaterThan(0.2);
    expect(missing).toBeLessThan(0.5);
  });

  it("are as many as have 20 rows on either side, from 2 to 50", () => {
    expect([10, 100, 999, 1000, 10_000].map(rowsToBinCount)).toEqual([2, 5, 49, 50, 50]);
  });

  it("refuse what is no number", async () => {
    const bad = { data: Float32Array.of(1, Number.NaN, 2, 3), rows: 2, width: 2 };
    await expect(featuresToBins(bad, { samples: 2, seed: 1 })).rejects.toMatchObject({
      code: "input.features-not-finite",
    });
  });
});

describe("the spread", () => {
  it("of points of a square's corners is the mean distance of two corners, over all ordered pairs in the mean", () => {
    const corners = { data: Float32Array.of(0, 0, 1, 0, 0, 1, 1, 1), rows: 4, width: 2 };
    const mean = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => featuresToSpread(corners, seed));
    const expected = (2 + Math.SQRT2) / 3;
    // 32 orders of four points: a standard error below 0.02.
    expect(mean.reduce((sum, value) => sum + value, 0) / mean.length).toBeCloseTo(expected, 1);
  });

  it("scales with the features, is 0 of copies, and is the same for one seed", () => {
    const features = mat(3, 200, 5);
    const doubled = { ...features, data: features.data.map((value) => 2 * value) };
    expect(featuresToSpread(doubled, 1)).toBeCloseTo(2 * featuresToSpread(features, 1), 5);
    expect(featuresToSpread({ ...features, data: features.data.fill(0.5) }, 1)).toBe(0);
    expect(featuresToSpread(doubled, 7)).toBe(featuresToSpread(doubled, 7));
  });

  it("of two draws of one distribution agrees within its error", () => {
    const all = mat(4, 4000, 8);
    const [a, b] = [sliceRows(all, 0, 2000), sliceRows(all, 2000, 4000)];
    // Relative standard deviation of a distance in 8 dimensions about 0.25, of a mean of 8,000 below 0.01.
    expect(featuresToSpread(a, 1) / featuresToSpread(b, 1)).toBeCloseTo(1, 1);
  });
});
