import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ComparedMetric, ComparisonRow } from "../../src/compare/comparison.ts";
import { entriesToComparison } from "../../src/compare/entries-to-comparison.ts";
import { rowsToRates } from "../../src/compare/learning-rates.ts";
import { entry } from "./entries.ts";

/** A curve of runs [rate, ...values]; null is a failure. */
const curveOf = (...points: readonly (readonly [lr: number, ...values: (number | null)[]])[]) =>
  entriesToComparison(
    points.flatMap(([lr, ...values]) => values.map((value, seed) => entry("gan", lr, seed, value))),
  );

describe("the curve of a metric against the learning rate", () => {
  it("has every run at its rate, with median, best and worst", () => {
    const { curves, rows } = curveOf([1e-5, 8, 9, 10], [1e-4, 1, 2, 3], [1e-3, 4, null, 5]);
    expect(curves).toHaveLength(1);
    const [{ points, best, name }] = curves;
    expect(name).toBe("all runs");
    expect(best).toEqual({ lr: 1e-4, median: 2 });
    expect(
      points.map(({ lr, n, failures, median, best, worst }) => [lr, n, failures, median, best, worst]),
    ).toEqual([
      [1e-5, 3, 0, 9, 8, 10],
      [1e-4, 3, 0, 2, 1, 3],
      [1e-3, 3, 1, 5, 4, 5],
    ]);
    expect(points.flatMap(({ rows }) => rows).sort((a, b) => a - b)).toEqual(rows.map((_, i) => i));
  });

  it("is safe along the longest row of rates within 1.5 times the best median", () => {
    const { curves } = curveOf([1e-5, 1.6], [1e-4, 1.5], [1e-3, 1], [1e-2, 1.4], [1e-1, 1.51]);
    expect(curves[0].safeBand).toEqual({ low: 1e-4, high: 1e-2, decades: expect.closeTo(2, 12) });
  });

  it("is not safe where a run failed, nor beyond such a rate", () => {
    const { curves } = curveOf([1e-5, 1, 1, 1], [1e-4, 1, null, 1], [1e-3, 0.9, 1, 1], [1e-2, 1, 1, 1.1]);
    // 1e-5 is safe too, but alone.
    expect(curves[0].safeBand).toMatchObject({ low: 1e-3, high: 1e-2 });
    expect(curves[0].failureShare).toBe(1 / 12);
  });

  it("counts runs more than twice as bad as the best median as poor", () => {
    const { curves } = curveOf([1e-5, 1, 1, 2.1], [1e-4, 1, 1, 1], [1e-3, 5, 5, 5]);
    expect(curves[0].points.map(({ poor }) => poor)).toEqual([1, 0, 3]);
    expect(curves[0].safeBand).toEqual({ low: 1e-4, high: 1e-4, decades: 0 });
    expect(curves[0].failureShare).toBeCloseTo(4 / 9, 12);
  });

  it("has no band where every near rate had a failure, or values may be 0", () => {
    expect(curveOf([1e-4, 1, 1, null], [1e-3, 3, 3, 3], [1e-2, 4, 4, 4]).curves[0].safeBand).toBeNull();
    const failed = curveOf([1e-4, 1, null], [1e-3, null, null], [1e-2, null, null]).curves[0];
    expect(failed).toMatchObject({ best: null, safeBand: null });
    expect(curveOf([1e-4, -1, 1], [1e-3, 2, 2], [1e-2, 3, 3]).curves[0].safeBand).toBeNull();
  });

  it("is one of each model, and of each other choice as long as these have rates enough", () => {
    const rates = [1e-4, 1e-3, 1e-2];
    const grid = ["gan", "mmgan"].flatMap((model) =>
      [0, 0.5].flatMap((b1) =>
        rates.map((lr) =>
          entry(model, lr, 1, 1, { options: { model, lr, b1 }, location: `${model} ${b1} ${lr}` }),
        ),
      ),
    );
    expect(entriesToComparison(grid).curves.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["gan, b1 0", "gan, b1 0.5", "mmgan, b1 0", "mmgan, b1 0.5"]),
    );
    const drawn = grid.map((of, i) => ({
      ...of,
      options: { ...of.options, b1: i / 100, lr: 10 ** (-2 - i / 5) },
    }));
    expect(entriesToComparison(drawn).curves.map(({ name }) => name)).toEqual(["gan", "mmgan"]);
  });

  it("joins many drawn rates by half decades", () => {
    const drawn = Array.from({ length: 40 }, (_, i) => entry("gan", 10 ** (-5 + (3 * i) / 40), 1, 1 + i));
    const { points } = entriesToComparison(drawn).curves[0];
    expect(points).toHaveLength(6);
    for (const { low, high, lr, n } of points) {
      expect(high / low).toBeLessThan(10 ** 0.5);
      expect(lr).toBeCloseTo(Math.sqrt(low * high), 12);
      expect(n).toBeGreaterThan(5);
    }
  });

  it("is none where rates do not vary", () => {
    const { curves, budgets } = entriesToComparison([entry("gan", 1e-3, 1, 2), entry("gan", 1e-3, 2, 3)]);
    expect([curves, budgets]).toEqual([[], []]);
  });
});

describe("the rules of the learning-rate curve, for each direction of the metric", () => {
  const rowsOf = (values: readonly (readonly (number | null)[])[]) =>
    values.flatMap((of, i) =>
      of.map((value, seed) => ({
        options: { model: "gan", lr: 10 ** -(i + 1) },
        status: value === null ? "diverged" : "finished",
        value,
        seed,
      })),
    ) as unknown as ComparisonRow[];
  const curveBy = (values: readonly (readonly (number | null)[])[], direction: "lower" | "higher") =>
    rowsToRates(rowsOf(values), ["lr"], { key: "x", direction } as ComparedMetric).curves[0]!;

  it("judges values that are better high as it judges their reciprocals, better low", () => {
    // Powers of 2^(1/8): their reciprocals' ratios are equal to a rounding, and no ratio lands on 1.5.
    const value = fc.integer({ min: -20, max: 20 }).map((i) => 2 ** (i / 8 + 0.01));
    const run = fc.oneof({ weight: 5, arbitrary: value }, { weight: 1, arbitrary: fc.constant(null) });
    // Three runs a rate: the median of an even number is a mean, which reciprocals do not keep.
    const rates = fc.array(fc.array(run, { minLength: 3, maxLength: 3 }), { minLength: 3, maxLength: 6 });
    fc.assert(
      fc.property(rates, (values) => {
        const lower = curveBy(values, "lower");
        const higher = curveBy(
          values.map((of) => of.map((each) => each && 1 / each)),
          "higher",
        );
        const judged = ({ points, best, safeBand, failureShare }: typeof lower) => ({
          points: points.map(({ lr, n, failures, poor }) => [lr, n, failures, poor]),
          best: best?.lr,
          safeBand,
          failureShare,
        });
        // Exactly twice the best median is a tie that rounding decides.
        const medians = lower.best?.median ?? 1;
        fc.pre(values.flat().every((each) => each === null || Math.abs(each / medians - 2) > 1e-9));
        expect(judged(higher)).toEqual(judged(lower));
      }),
    );
  });

  it.each([
    ["lower", "above twice", [1, 1, 2.01], [1, 1, 2]],
    ["higher", "below half", [1, 1, 0.49], [1, 1, 0.5]],
  ] as const)("where %s is better counts a run %s the best median as poor", (direction, _, poor, fair) => {
    const others = [
      [1, 1, 1],
      [1, 1, 1],
    ];
    expect(
      curveBy([poor, ...others], direction)
        .points.map((each) => each.poor)
        .sort(),
    ).toEqual([0, 0, 1]);
    expect(curveBy([fair, ...others], direction).failureShare).toBe(0);
  });

  it.each([
    ["lower", 1.49, 1.51],
    ["higher", 1 / 1.49, 1 / 1.51],
  ] as const)(
    "where %s is better holds a rate as safe within 1.5 times the best median, and not beyond",
    (direction, near, far) => {
      const bandOf = (value: number) => curveBy([[1], [1], [value]], direction).safeBand!;
      expect(bandOf(near).decades).toBeCloseTo(2, 12);
      expect(bandOf(far).decades).toBeCloseTo(1, 12);
    },
  );
});
