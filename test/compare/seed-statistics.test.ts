import { describe, expect, it } from "vitest";
import {
  estimatesToDifference,
  samplesToDifference,
  sampleToInterval,
  valuesToSample,
  valuesToSpread,
} from "../../src/compare/seed-statistics.ts";

describe("the spread over seeds", () => {
  it("counts a failure as worse than any value in the median, and not in best and worst", () => {
    expect(valuesToSpread([5, null, 1, 3], "lower")).toEqual({ median: 4, best: 1, worst: 5 });
    expect(valuesToSpread([5, null, 1, 3, 4], "lower")).toEqual({ median: 4, best: 1, worst: 5 });
    expect(valuesToSpread([5, null, 1, 3], "higher")).toEqual({ median: 2, best: 5, worst: 1 });
  });

  it("has no median where half or more failed", () => {
    expect(valuesToSpread([5, null], "lower")).toEqual({ median: null, best: 5, worst: 5 });
    expect(valuesToSpread([null, null], "lower")).toEqual({ median: null, best: null, worst: null });
    expect(valuesToSpread([], "lower").median).toBeNull();
  });
});

describe("intervals", () => {
  it("of a mean over seeds are Student's", () => {
    // mean 2, sd 1, n 3: t(0.975, 2) = 4.302652730.
    const sample = valuesToSample([1, 2, 3])!;
    expect(sample).toEqual({ n: 3, mean: 2, sd: 1 });
    const half = 4.30265273 / Math.sqrt(3);
    expect(sampleToInterval(sample)).toEqual({
      low: expect.closeTo(2 - half, 6),
      high: expect.closeTo(2 + half, 6),
    });
    expect(sampleToInterval(valuesToSample([1])!)).toBeUndefined();
  });

  it("of a difference of means are Welch's", () => {
    // scipy.stats.ttest_ind([1,2,3,4],[2,4,9], equal_var=False).confidence_interval(): 2.388385 degrees.
    const difference = samplesToDifference(valuesToSample([1, 2, 3, 4])!, valuesToSample([2, 4, 9])!)!;
    expect(difference.value).toBe(-2.5);
    expect(difference.low).toBeCloseTo(-10.557543515568682, 6);
    expect(difference.high).toBeCloseTo(5.557543515568682, 6);
    expect(samplesToDifference(valuesToSample([1])!, valuesToSample([2, 3])!)).toBeUndefined();
  });

  it("of two seeds that agree to the last bit have no width, and no NaN", () => {
    const same = valuesToSample([2, 2])!;
    expect(samplesToDifference(same, same)).toEqual({ value: 0, low: 0, high: 0 });
  });

  it("of independent estimates are roots of sums of squares, end by end", () => {
    const a = { value: 10, interval: { low: 7, high: 12 } };
    const b = { value: 6, interval: { low: 3, high: 10 } };
    expect(estimatesToDifference(a, b)).toEqual({ value: 4, low: 4 - 5, high: 4 + Math.sqrt(4 + 9) });
  });
});
