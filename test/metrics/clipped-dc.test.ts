import { describe, expect, it } from "vitest";
import { featuresToClippedDensityCoverage, goodToCoverage, row } from "../../src/metrics/clipped-dc.ts";
import { toSide } from "../math/neighbours/naive.ts";
import { mat, takeRows } from "../math/seeded-features.ts";
import { openContext } from "./context.ts";
import { itIsAMetricOfNeighbours } from "./neighbour-properties.ts";
import { naiveClipped } from "./wave-points.ts";

/** ln C(a, b) */
const logChoose = (a: number, b: number): number => logFactorial(a) - logFactorial(b) - logFactorial(a - b);
const LOG_FACTORIALS = [0];
for (let i = 1; i < 1000; i++) LOG_FACTORIALS.push(LOG_FACTORIALS[i - 1] + Math.log(i));
const logFactorial = (a: number): number => LOG_FACTORIALS[a];
const logBeta = (a: number, b: number): number =>
  logFactorial(a - 1) + logFactorial(b - 1) - logFactorial(a + b - 1);

/** The sum over all numbers of neighbours, by beta functions. */
const naiveExpected = (good: number, n: number, k: number): number =>
  good < k
    ? 0
    : Array.from({ length: good }, (_, i) => i + 1).reduce(
        (sum, j) =>
          sum +
          (Math.min(j, k) / k) *
            Math.exp(logChoose(good, j) + logBeta(k + j, n + good - k - j) - logBeta(k, n - k)),
        0,
      );

describe("clipped density and coverage", () => {
  it("vary between halves of sides that are alike as they would if nothing were cut off at 1", async () => {
    const sides = { real: toSide(mat(5, 200, 4)), fake: toSide(mat(6, 200, 4)) };
    const halves = (await row.halve!(sides, 4, row.defaults, openContext())).flat();
    for (const key of ["density", "coverage"]) {
      const values = halves.map((half) => (half as Record<string, number>)[key]);
      expect(
        values.some((value) => value > 1),
        key,
      ).toBe(true);
      expect(new Set(values).size, key).toBeGreaterThan(values.length / 2);
    }
  });

  itIsAMetricOfNeighbours(row, {
    naive: (real, fake, { k }: { k: number }) => {
      const { density, covered } = naiveClipped(real, fake, k);
      const [n, m] = [real.length, fake.length];
      const below = Array.from({ length: m + 1 }, (_, good) => naiveExpected(good, n, k)).filter(
        (expected) => expected < covered,
      );
      return { density, coverage: below.length / (m + 1) };
    },
    others: [{ k: 1 }, { k: 12 }],
    // Nothing is inside of a ball that is a point.
    equal: { density: 1, coverage: 0 },
    flag: "--clipped-dc-neighbours",
    most: 1,
  });

  it("expects of good samples the golden coverage, and that of the sum by beta functions", () => {
    const expected = goodToCoverage({ n: 24, m: 20, k: 5 });
    expect(Array.from(expected.subarray(0, 5))).toEqual([0, 0, 0, 0, 0]);
    expect(expected[5]).toBeCloseTo(0.20833333333333, 13);
    expect(expected[10]).toBeCloseTo(0.4107128766055, 12);
    expect(expected[20]).toBeCloseTo(0.7081659302306, 12);
    for (const [n, k] of [
      [9, 8],
      [40, 1],
      [60, 7],
    ])
      for (const [good, value] of goodToCoverage({ n, m: 50, k }).entries())
        expect(value, `${good} of ${n}, ${k}`).toBeCloseTo(naiveExpected(good, n, k), 11);
  });

  it("falls in proportion to the share of fakes that are bad", async () => {
    const real = mat(1, 1000, 4);
    const good = mat(2, 1000, 4);
    for (const share of [0, 0.3, 0.7]) {
      const data = good.data.map((value, at) => (Math.floor(at / 4) < share * 1000 ? 50 + value : value));
      const got = await featuresToClippedDensityCoverage(real, { ...good, data });
      expect(Math.abs(got.density - (1 - share))).toBeLessThan(0.04);
      expect(Math.abs(got.coverage - (1 - share))).toBeLessThan(0.06);
    }
  });

  it("covers next to nothing with one real sample again and again, in whose ball many are", async () => {
    const real = mat(1, 400, 4);
    const got = await featuresToClippedDensityCoverage(real, takeRows(real, Array(400).fill(17)));
    expect(got.coverage).toBeLessThan(0.05);
  });
});
