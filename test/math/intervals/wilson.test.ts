import { describe, expect, it } from "vitest";
import { tailToQuantile, twoSidedTail } from "../../../src/math/intervals/normal.ts";
import { shareToInterval } from "../../../src/math/intervals/wilson.ts";

describe("the interval of a share", () => {
  it.each([
    // The formula, by Python.
    [0.05, 100, 0.02154367915436796, 0.11175046923191913],
    [0, 100, 0, 0.03699349820698568],
    [0.5, 20, 0.2992980081982123, 0.7007019918017877],
  ])("of %d of %i is Wilson's", (share, outcomes, low, high) => {
    const interval = shareToInterval(share, outcomes, 0.95);
    expect(interval.low).toBeCloseTo(low, 12);
    expect(interval.high).toBeCloseTo(high, 12);
    expect(interval.standardError).toBeCloseTo(Math.sqrt((share * (1 - share)) / outcomes), 12);
  });

  it("holds its shares as often as it says, summed over the binomial distribution", () => {
    const [n, p] = [100, 0.1];
    let [held, probability] = [0, (1 - p) ** n];
    for (let k = 0; k <= n; k++) {
      const { low, high } = shareToInterval(k / n, n, 0.95);
      if (low <= p && p <= high) held += probability;
      probability *= ((n - k) / (k + 1)) * (p / (1 - p));
    }
    expect(held).toBeGreaterThan(0.93);
    expect(held).toBeLessThan(0.97);
  });
});

it("the normal quantile turns the tail round", () => {
  expect(tailToQuantile(0.05)).toBeCloseTo(1.959963984540054, 12);
  for (const tail of [1e-9, 0.3, 0.99]) expect(twoSidedTail(tailToQuantile(tail)) / tail).toBeCloseTo(1, 12);
});
