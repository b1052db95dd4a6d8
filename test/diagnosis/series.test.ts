import { describe, expect, it } from "vitest";
import { detrend, median, seriesToPeak } from "../../src/diagnosis/series.ts";

const series = (n: number, of: (i: number) => number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => of(i));

describe("a series", () => {
  it("without its straight line has neither mean nor slope", () => {
    const rest = detrend(series(50, (i) => 3 + 0.5 * i + (i % 2)));
    expect(rest.reduce((sum, y) => sum + y, 0)).toBeCloseTo(0, 10);
    expect(rest.reduce((sum, y, i) => sum + y * i, 0)).toBeCloseTo(0, 8);
  });

  it("of a sine has its peak at the period, near 1, whatever trend it lies on", () => {
    const peak = seriesToPeak(series(200, (i) => Math.sin((2 * Math.PI * i) / 20) + 0.1 * i));
    expect(peak.lag).toBe(20);
    // The bias of a finite window: n / (n - k) takes out all but the ends.
    expect(peak.height).toBeGreaterThan(0.95);
  });

  it("that is constant, or a line, has none", () => {
    expect(seriesToPeak(series(50, () => 2)).height).toBe(0);
    expect(seriesToPeak(series(50, (i) => i)).height).toBeLessThan(0.5);
  });

  it("has the median of its finite values, NaN of none", () => {
    expect(median([3, Number.NaN, 1, 2, Number.POSITIVE_INFINITY])).toBe(2);
    expect(median([Number.NaN])).toBeNaN();
  });
});
