import { describe, expect, it } from "vitest";
import { leftOutToInterval } from "../../../src/math/intervals/jackknife.ts";
import {
  CUTS,
  cutsToHalves,
  halvesToInterval,
  halvesToPairs,
  isInHalf,
  QUARTER_CUTS,
  type QuarterValues,
  quartersToInterval,
  rowsToHalves,
  rowsToQuarters,
} from "../../../src/math/intervals/split-halves.ts";
import { mat, mulberry32 } from "../seeded-features.ts";

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

describe("quarters", () => {
  it("have a fourth of the rows each, two and two of them a half, by every cut", () => {
    const { count, ofRow } = rowsToQuarters(42, 1);
    expect(ofRow.length).toBe(count);
    for (const quarterOf of ofRow) {
      const sizes = [0, 1, 2, 3].map((quarter) => quarterOf.filter((each) => each === quarter).length);
      expect(sizes).toEqual([11, 10, 11, 10]);
    }
  });

  it("are drawn by the seed, each cut anew", () => {
    expect(rowsToQuarters(100, 1)).toEqual(rowsToQuarters(100, 1));
    expect(rowsToQuarters(100, 1).ofRow[0]).not.toEqual(rowsToQuarters(100, 2).ofRow[0]);
    expect(new Set(rowsToQuarters(100, 1).ofRow.map((each) => each.join(""))).size).toBe(QUARTER_CUTS);
  });
});

describe("an interval by halves and quarters", () => {
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const squaredLength = (values: readonly number[]) => values.reduce((sum, x) => sum + x * x, 0);

  it("takes an eighth of the quarters' variance from three fourths of the halves', by hand", () => {
    const { low, high, standardError } = quartersToInterval(5, [{ halves: [1, 5], quarters: [2, 4, 6, 4] }], {
      level: 0.95,
    });
    const variance = (3 / 4) * 8 - (1 / 8) * (8 / 3);
    const t = 12.706204736174694; // scipy.stats.t.ppf(0.975, 1)
    expect(standardError).toBeCloseTo(Math.sqrt(variance), 12);
    expect(high - 5).toBeCloseTo(t * Math.sqrt(variance), 6);
    expect(5 - low).toBeCloseTo(t * Math.sqrt(variance), 6);
  });

  it("is never narrower than a variance that falls as 1 / n^2 makes it", () => {
    const of = { halves: [1, 3], quarters: [0, 9, 0, 9] } as const;
    expect(quartersToInterval(0, [of], { level: 0.95 }).standardError).toBeCloseTo(Math.sqrt(2 / 4), 12);
  });

  it.each([
    ["a mean", ([x]: readonly number[]) => x!],
    ["a squared distance of zero", (means: readonly number[]) => squaredLength(means)],
    ["a squared distance near zero", ([x, ...rest]: readonly number[]) => squaredLength([x! + 0.1, ...rest])],
  ])("of %s has its standard error", (_, of) => {
    const [n, d] = [200, 16];
    const draws = Array.from({ length: 1000 }, (_, draw) => mat(draw, n, d).data);
    /** What the means of coordinates, of the rows that are in, are made to. */
    const measure = (data: Float32Array, isIn: (row: number) => boolean = () => true): number => {
      const sums = new Float64Array(d);
      let count = 0;
      for (let row = 0; row < n; row++) {
        if (!isIn(row)) continue;
        count++;
        for (let k = 0; k < d; k++) sums[k]! += data[row * d + k]!;
      }
      return of(Array.from(sums, (sum) => sum / count));
    };
    const values = draws.map((draw) => measure(draw));
    const truth = Math.sqrt(mean(values.map((x) => (x - mean(values)) ** 2)));
    const errors = draws.slice(0, 200).map((draw, seed) => {
      const cuts = rowsToQuarters(n, seed).ofRow.map((quarterOf) => ({
        halves: [0, 1].map((half) => measure(draw, (row) => quarterOf[row]! >> 1 === half)),
        quarters: [0, 1, 2, 3].map((quarter) => measure(draw, (row) => quarterOf[row] === quarter)),
      }));
      return (
        quartersToInterval(0, cuts as unknown as QuarterValues<number>[], { level: 0.95 }).standardError ** 2
      );
    });
    // The root of a variance of 1,000 draws is off by 2 %, that of the mean of 200 estimates by 3 %.
    expect(Math.abs(Math.sqrt(mean(errors)) / truth - 1)).toBeLessThan(0.12);
  });
});
