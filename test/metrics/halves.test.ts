import { describe, expect, it } from "vitest";
import {
  CUTS,
  cutsToHalves,
  halvesToInterval,
  halvesToPairs,
  isInHalf,
  rowsToHalves,
} from "../../src/metrics/halves.ts";
import { leftOutToInterval } from "../../src/metrics/jackknife.ts";
import { mat, mulberry32 } from "./seeded-features.ts";

describe("halves", () => {
  it("have floor(n / 2) rows and the rest, by every cut", () => {
    for (const rows of [40, 41]) {
      const halves = rowsToHalves(rows, 1);
      for (const half of cutsToHalves(CUTS)) {
        const count = [...Array(rows).keys()].filter((row) => isInHalf(halves, row, half)).length;
        expect(count).toBe(half.half === 1 ? 20 : rows - 20);
      }
    }
  });

  it("are drawn by the seed, each cut anew", () => {
    expect(rowsToHalves(100, 1)).toEqual(rowsToHalves(100, 1));
    expect(rowsToHalves(100, 1).ofRow).not.toEqual(rowsToHalves(100, 2).ofRow);
    const { ofRow } = rowsToHalves(100, 1);
    const cut = (c: number) => [...ofRow].map((bits) => (bits >>> c) & 1).join("");
    expect(new Set(Array.from({ length: CUTS }, (_, c) => cut(c))).size).toBe(CUTS);
  });

  it("stand in pairs, cut by cut", () => {
    expect(halvesToPairs(cutsToHalves(2).map(({ cut, half }) => `${cut}${half}`))).toEqual([
      ["00", "01"],
      ["10", "11"],
    ]);
  });
});

describe("an interval by halves", () => {
  it("is t times the root of a quarter of the mean square, by hand", () => {
    const { low, high, standardError } = halvesToInterval(
      5,
      [
        [1, 3],
        [4, 2],
        [0, 4],
      ],
      { level: 0.95 },
    );
    const t = 3.182446305284263; // scipy.stats.t.ppf(0.975, 3)
    expect(standardError).toBeCloseTo(Math.sqrt(2), 12);
    expect(high - 5).toBeCloseTo(t * Math.sqrt(2), 8);
    expect(5 - low).toBeCloseTo(t * Math.sqrt(2), 8);
  });

  it("keeps to the value's natural bounds", () => {
    const halves = [[0.8, 1]] as const;
    expect(halvesToInterval(0.95, halves, { level: 0.95, range: [0, 1] }).high).toBe(1);
  });

  it("of a mean has its standard error", () => {
    const { data, rows } = mat(1, 400, 1);
    const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    const squares = [...data].reduce((sum, x) => sum + (x - mean([...data])) ** 2, 0);
    // A mean square over 400 cuts has a relative spread of (2 / 400)^1/2, its root half of that: 3.5 %.
    const errors = Array.from({ length: 14 }, (_, seed) => {
      const halves = rowsToHalves(rows, seed);
      const means = cutsToHalves(CUTS).map((half) =>
        mean([...data].filter((_, i) => isInHalf(halves, i, half))),
      );
      return halvesToInterval(mean([...data]), halvesToPairs(means), { level: 0.95 }).standardError ** 2;
    });
    const ratio = Math.sqrt(mean(errors)) / Math.sqrt(squares / 399 / 400);
    expect(Math.abs(ratio - 1)).toBeLessThan(0.14);
  });

  it("of what nearest neighbours say has its standard error, which the jackknife overrates", () => {
    // The share of points on a line that are nearest to the one that is nearest to them.
    const share = (points: readonly number[]): number => {
      const at = points.slice().sort((a, b) => a - b);
      const gap = (i: number) => (i < 1 || i >= at.length ? Number.POSITIVE_INFINITY : at[i]! - at[i - 1]!);
      const pairs = at.filter((_, i) => gap(i) < Math.min(gap(i - 1), gap(i + 1)));
      return (2 * pairs.length) / at.length;
    };
    const n = 200;
    const uniform = mulberry32(4);
    const draws = Array.from({ length: 400 }, () => Array.from({ length: n }, uniform));
    const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    const shares = draws.map(share);
    const truth = Math.sqrt(mean(shares.map((x) => (x - mean(shares)) ** 2)));
    const byHalves = draws.slice(0, 100).map((points, draw) => {
      const halves = rowsToHalves(n, draw);
      const found = cutsToHalves(CUTS).map((half) =>
        share(points.filter((_, i) => isInHalf(halves, i, half))),
      );
      return halvesToInterval(0, halvesToPairs(found), { level: 0.95 }).standardError ** 2;
    });
    // The root of a variance of 400 draws is off by 3.5 %.
    expect(Math.abs(Math.sqrt(mean(byHalves)) / truth - 1)).toBeLessThan(0.12);
    const byJackknife = draws.slice(0, 100).map((points) => {
      const without = points.map((_, out) => share(points.filter((_, i) => i !== out)));
      return leftOutToInterval(0, [without], { level: 0.95 }).standardError ** 2;
    });
    expect(Math.sqrt(mean(byJackknife)) / truth).toBeGreaterThan(1.2);
  });
});
