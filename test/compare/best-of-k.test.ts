import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bestOfKChances, valuesToBudget } from "../../src/compare/best-of-k.ts";

/** Every choice of k of the items. */
function* choices<T>(items: readonly T[], k: number): Generator<T[]> {
  if (k === 0) yield [];
  for (let i = 0; i + k <= items.length && k > 0; i++)
    for (const rest of choices(items.slice(i + 1), k - 1)) yield [items[i], ...rest];
}

/** Best values of all draws of k, best first, failures as infinity. */
const bestOfAll = (values: readonly (number | null)[], k: number): number[] =>
  [
    ...choices(
      values.map((value) => value ?? Number.POSITIVE_INFINITY),
      k,
    ),
  ]
    .map((drawn) => Math.min(...drawn))
    .sort((a, b) => a - b);

const toNull = (value: number): number | null => (Number.isFinite(value) ? value : null);

describe("the best of k", () => {
  it("has the expectation and the quantiles of all draws of k, counted one by one", () => {
    const values = fc.array(
      fc.oneof(
        { weight: 4, arbitrary: fc.integer({ min: 1, max: 50 }) },
        { weight: 1, arbitrary: fc.constant(null) },
      ),
      { minLength: 1, maxLength: 7 },
    );
    fc.assert(
      fc.property(values, (runs) => {
        const { points } = valuesToBudget("all", runs, "lower");
        expect(points.map(({ k }) => k)).toEqual(runs.map((_, i) => i + 1));
        for (const { k, expected, low, median, high } of points) {
          const all = bestOfAll(runs, k);
          const quantile = (share: number) => toNull(all[Math.ceil(share * all.length - 1e-9) - 1]);
          const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
          if (Number.isFinite(mean)) expect(expected).toBeCloseTo(mean, 9);
          else expect(expected).toBeNull();
          expect([low, median, high]).toEqual([quantile(0.05), quantile(0.5), quantile(0.95)]);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("of scores where more is better is that of their negatives", () => {
    const values = [3, 9, 1, 4, null, 7];
    const higher = valuesToBudget("all", values, "higher").points;
    const lower = valuesToBudget(
      "all",
      values.map((value) => value && -value),
      "lower",
    ).points;
    expect(higher.map(({ median }) => median)).toEqual(lower.map(({ median }) => median && -median));
  });

  it("is told of every budget up to 60 runs, and of some of more", () => {
    const budgetsOf = (runs: number) =>
      valuesToBudget(
        "all",
        Array.from({ length: runs }, (_, i) => i),
        "lower",
      ).points.map(({ k }) => k);
    for (const runs of [1, 59, 60])
      expect(budgetsOf(runs)).toEqual(Array.from({ length: runs }, (_, i) => i + 1));
    expect(budgetsOf(61).length).toBeLessThan(61);
  });

  it("of thousands of runs has chances that sum to 1, and some sixty budgets with both ends", () => {
    for (const k of [1, 7, 5000, 9999, 10_000]) {
      const sum = bestOfKChances(10_000, k).reduce((total, chance) => total + chance, 0);
      // 10,000 products and sums, each to 1e-16.
      expect(Math.abs(sum - 1)).toBeLessThan(1e-11);
    }
    const { points } = valuesToBudget(
      "all",
      Array.from({ length: 10_000 }, (_, i) => i + 1),
      "lower",
    );
    expect(points.length).toBeLessThanOrEqual(60);
    expect(points[0]).toMatchObject({ k: 1, expected: expect.closeTo(5000.5, 6) });
    expect(points.at(-1)).toMatchObject({ k: 10_000, expected: 1, low: 1, high: 1 });
  });
});
