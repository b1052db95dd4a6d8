/** Smoothing: by rounds, over the whole series, never over a gap. */
import { describe, expect, it } from "vitest";
import { columnToSmoothed } from "../../../src/lab/series/smooth.ts";

const every = (step: number, n: number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => step * (i + 1));

/** The formula, word by word. */
function naive(rounds: Float64Array, values: Float64Array, halfLife: number): number[] {
  return [...values].map((_, i) => {
    if (!Number.isFinite(values[i])) return Number.NaN;
    let [sum, weight] = [0, 0];
    for (let j = i; j >= 0 && Number.isFinite(values[j]); j--) {
      const w = 2 ** (-(rounds[i] - rounds[j]) / halfLife);
      sum += w * values[j];
      weight += w;
    }
    return sum / weight;
  });
}

describe("a smoothed column", () => {
  const values = Float64Array.from({ length: 300 }, (_, i) =>
    i % 90 === 50 ? Number.NaN : Math.sin(i) + i / 50,
  );

  it.each([1, 10, 250])("is the weighted mean of its past, at a half-life of %d rounds", (halfLife) => {
    const rounds = every(7, 300);
    const made = columnToSmoothed(rounds, values.slice(), halfLife);
    for (const [i, expected] of naive(rounds, values, halfLife).entries())
      if (Number.isNaN(expected)) expect(made[i]).toBeNaN();
      else expect(made[i]).toBeCloseTo(expected, 9);
  });

  it("is the same whether the series came at once or in pieces", () => {
    const rounds = every(1, 300);
    const growing = values.slice();
    for (const length of [1, 40, 41, 299]) columnToSmoothed(rounds, growing.subarray(0, length), 20);
    expect(columnToSmoothed(rounds, growing, 20)).toEqual(columnToSmoothed(rounds, values.slice(), 20));
  });

  it("of a constant is that constant, and begins anew behind a gap", () => {
    const flat = Float64Array.of(3, 3, 3, Number.NaN, 8, 8, Number.POSITIVE_INFINITY, 1);
    expect([...columnToSmoothed(every(1, 8), flat, 100)]).toEqual([3, 3, 3, Number.NaN, 8, 8, Number.NaN, 1]);
  });
});
