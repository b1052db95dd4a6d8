import { describe, expect, it } from "vitest";
import {
  differenceToVerdict,
  estimatesToDifference,
  samplesToDifference,
  scoresToSpread,
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
  it("of a mean over seeds are Student's where standard errors are not known", () => {
    // mean 2, sd 1, n 3: t(0.975, 2) = 4.302652730.
    const spread = scoresToSpread([1, 2, 3].map((value) => ({ value })))!;
    const half = 4.30265273 / Math.sqrt(3);
    expect(spread).toMatchObject({ seeds: 3, mean: 2, seedDeviation: 1, samplingDeviation: null });
    expect(spread.interval).toEqual({ low: expect.closeTo(2 - half, 6), high: expect.closeTo(2 + half, 6) });
    expect(scoresToSpread([{ value: 1 }])).toBeUndefined();
  });

  it("of seeds one of which has no standard error leave those of the others out", () => {
    const spread = scoresToSpread([{ value: 1, standardError: 0.5, referenceShare: 0.5 }, { value: 2 }])!;
    expect(spread.samplingDeviation).toBeNull();
    expect(spread.referenceDeviation).toBeNull();
  });

  it("say better or worse only where 0 is outside of them", () => {
    expect(differenceToVerdict({ low: -1, high: 2 }, "lower")).toBe("inconclusive");
    expect(differenceToVerdict({ low: 0, high: 2 }, "lower")).toBe("inconclusive");
    expect(differenceToVerdict({ low: 1, high: 2 }, "lower")).toBe("worse");
    expect(differenceToVerdict({ low: 1, high: 2 }, "higher")).toBe("better");
    expect(differenceToVerdict({ low: -2, high: -1 }, "lower")).toBe("better");
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
