import { describe, expect, it } from "vitest";
import { samplesToModeCoverage } from "../../../src/math/clusters/mode-coverage.ts";
import { openRandomStream } from "../../../src/train/random.ts";
import { TOY_DATA } from "../../../src/train/toy-data.ts";

const line = { centres: Float64Array.of(-1, 1), d: 1, deviation: 0.1 };

describe("mode coverage", () => {
  it("of a perfect sampler: every mode, 98.89 % within three deviations, almost no divergence", () => {
    for (const name of ["ring", "grid"] as const) {
      const data = TOY_DATA[name];
      const samples = data.sample(20_000, openRandomStream(1, "data"));
      const coverage = samplesToModeCoverage(samples, data.mixture);
      expect(coverage.captured).toBe(coverage.modes);
      // 1 - exp(-9 / 2), four standard errors.
      expect(Math.abs(coverage.highQuality - (1 - Math.exp(-4.5)))).toBeLessThan(0.003);
      // (modes - 1) / 2n in the mean.
      expect(coverage.reverseKl).toBeLessThan((3 * (coverage.modes - 1)) / 40_000 + 1e-4);
    }
  });

  it("of one mode alone has the divergence ln modes", () => {
    const coverage = samplesToModeCoverage(Float32Array.of(0.95, 1.02, 1.1), line);
    expect(coverage).toMatchObject({ modes: 2, captured: 1, highQuality: 1 });
    expect(coverage.reverseKl).toBeCloseTo(Math.LN2, 12);
  });

  it("counts samples between the modes to none", () => {
    const coverage = samplesToModeCoverage(Float32Array.of(0, 0.5, -1, 1), line);
    expect(coverage).toMatchObject({ captured: 2, highQuality: 0.5, reverseKl: 0 });
    expect([...coverage.counts]).toEqual([1, 1]);
  });

  it("of nothing is refused", () => {
    expect(() => samplesToModeCoverage(new Float32Array(0), line)).toThrow(/got 0 numbers/);
  });
});
