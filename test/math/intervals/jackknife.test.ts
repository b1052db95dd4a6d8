import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Features, featuresToMoments, selectRows } from "../../../src/math/features/statistics.ts";
import {
  drawPairs,
  leftOutToInterval,
  pairsToSecondOrder,
  rowsToBlocks,
  toIsLeftOut,
} from "../../../src/math/intervals/jackknife.ts";
import { row as fid } from "../../../src/metrics/fid.ts";
import { row as is } from "../../../src/metrics/is.ts";
import type { MetricContext, SideData, Sides } from "../../../src/metrics/metric.ts";
import { mat } from "../seeded-features.ts";

const CONTEXT: MetricContext = {
  warn: () => {},
  progress: () => {},
  memo: (_of, _key, compute) => compute(),
};

const sideOf = (features: Features): SideData => ({
  count: features.rows,
  features,
  logits: features,
  statistics: featuresToMoments(features),
});

describe("blocks", () => {
  it("hold every row once, in numbers that differ by one at most", () => {
    const { ofRow } = rowsToBlocks("fake", 103, 20, 2020);
    const sizes = Array.from({ length: 20 }, (_, block) => ofRow.filter((b) => b === block).length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBe(1);
    expect(sizes.reduce((a, b) => a + b)).toBe(103);
  });

  it("are drawn by the seed, not by place", () => {
    const of = (seed: number) => [...rowsToBlocks("fake", 60, 3, seed).ofRow];
    expect(of(1)).toEqual(of(1));
    expect(of(1)).not.toEqual(of(2));
    expect(of(1)).not.toEqual(Array.from({ length: 60 }, (_, i) => i % 3));
  });
});

describe("an interval", () => {
  it("of a mean, leaving out single samples, is that of the t test", () => {
    const x = [4.1, 3.9, 5.2, 4.4, 4.9, 3.3, 4.7, 5.0];
    const n = x.length;
    const mean = x.reduce((a, b) => a + b) / n;
    const variance = x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
    const without = x.map((value) => (mean * n - value) / (n - 1));
    const interval = leftOutToInterval(mean, [without], { level: 0.95 });
    const reach = 2.364624251592784 * Math.sqrt(variance / n); // scipy.stats.t.ppf(0.975, 7)
    expect(interval.standardError).toBeCloseTo(Math.sqrt(variance / n), 12);
    expect(interval.low).toBeCloseTo(mean - reach, 8);
    expect(interval.high).toBeCloseTo(mean + reach, 8);
  });

  it("adds the variances of two sides and of the metric's own draws", () => {
    const side = [1, 2, 3, 4];
    const one = leftOutToInterval(0, [side], { level: 0.95 }).standardError ** 2;
    const all = leftOutToInterval(0, [side, side], { level: 0.95, drawVariance: 0.5 }).standardError ** 2;
    expect(all).toBeCloseTo(2 * one + 0.5, 12);
  });

  it("takes the second-order part off, but never more than half of the jackknife's variance", () => {
    const side = fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 2, maxLength: 8 });
    const shares = fc.double({ min: 0, max: 3, noNaN: true });
    fc.assert(
      fc.property(fc.array(side, { minLength: 1, maxLength: 2 }), shares, shares, (sides, share, draws) => {
        const jackknife = leftOutToInterval(0, sides, { level: 0.95 }).standardError ** 2;
        const { standardError } = leftOutToInterval(0, sides, {
          level: 0.95,
          secondOrder: share * jackknife,
          drawVariance: draws,
        });
        const expected = (share < 0.5 ? 1 - share : 0.5) * jackknife + draws;
        expect(standardError ** 2).toBeCloseTo(expected, 9);
      }),
    );
  });

  it("is wider by Student's quantile, of the degrees of freedom by Satterthwaite, the fewer the blocks", () => {
    // Two sides of equal variance and B blocks each have 2 (B - 1) degrees: t(0.975) by scipy.stats.t.ppf.
    const quantiles = [
      [2, 4.302652729911275],
      [3, 2.7764451051977987],
      [11, 2.085963447265837],
    ] as const;
    for (const [blocks, t] of quantiles) {
      const side = Array.from({ length: blocks }, (_, i) => i);
      const { low, high, standardError } = leftOutToInterval(1, [side, side], { level: 0.95 });
      expect((high - 1) / standardError).toBeCloseTo(t, 7);
      expect((1 - low) / standardError).toBeCloseTo(t, 7);
    }
  });

  it("keeps to the value's natural bounds, and is a point where nothing varies", () => {
    expect(leftOutToInterval(0.9, [[0.5, 0.9, 1]], { level: 0.95, range: [0, 1] }).high).toBe(1);
    expect(leftOutToInterval(3, [[3, 3, 3]], { level: 0.95 })).toEqual({ low: 3, high: 3, standardError: 0 });
  });
});

describe("second-order terms", () => {
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const B = 20;
  /** What `of` becomes without blocks, averaged over draws: the jackknife's variance and the second-order one. */
  const averages = (of: (x: readonly number[], y: readonly number[]) => number, isOneSide: boolean) => {
    const found = Array.from({ length: 400 }, (_, draw) => {
      const [x, y] = [mat(1000 + draw, B, 1).data, mat(5000 + draw, B, 1).data].map((data) => [...data]);
      const rest = (values: readonly number[], ...out: number[]) => values.filter((_, i) => !out.includes(i));
      const ofX = x!.map((_, a) => of(rest(x!, a), y!));
      const ofY = isOneSide ? ofX : y!.map((_, b) => of(x!, rest(y!, b)));
      const blocks = ["real", isOneSide ? "real" : "fake"].map((role) =>
        rowsToBlocks(role as "real", B, B, 1),
      );
      const pairs = drawPairs([blocks[0]!, blocks[1]!], Number.POSITIVE_INFINITY, 1);
      const withoutBoth = pairs.map(([a, b]) =>
        isOneSide ? of(rest(x!, a, b), y!) : of(rest(x!, a), rest(y!, b)),
      );
      const without = [ofX, ofY] as const;
      const second = pairsToSecondOrder(of(x!, y!), {
        oneSide: isOneSide,
        counts: [B, B],
        pairs,
        without,
        withoutBoth,
      });
      const error = leftOutToInterval(0, isOneSide ? [ofX] : [ofX, ofY], { level: 0.95 }).standardError;
      return { second, jackknife: error ** 2, value: of(x!, y!) };
    });
    const values = found.map(({ value }) => value);
    return {
      second: mean(found.map(({ second }) => second)),
      jackknife: mean(found.map(({ jackknife }) => jackknife)),
      truth: mean(values.map((value) => (value - mean(values)) ** 2)),
    };
  };

  it.each([
    ["within a side", (x: readonly number[]) => mean(x) ** 2, true],
    ["across two", (x: readonly number[], y: readonly number[]) => mean(x) * mean(y), false],
  ])("are counted twice by the jackknife and once by pairs, %s", (_, of, isOneSide) => {
    const { second, jackknife, truth } = averages(of, isOneSide);
    // Squares of squares: their mean over 400 draws is off by 10 to 20 %.
    expect(Math.abs(second / truth - 1)).toBeLessThan(0.35);
    expect(Math.abs(jackknife / second - 2)).toBeLessThan(0.35);
  });

  it("are nothing in a mean", () => {
    const { second, jackknife, truth } = averages((x, y) => mean(x) - mean(y), false);
    expect(second).toBeLessThan(1e-20);
    // A variance of 400 draws is off by 7 %.
    expect(Math.abs(jackknife / truth - 1)).toBeLessThan(0.25);
  });

  it("are nothing in a bias that falls with the number of samples", () => {
    const [biased, not] = [50, 0].map((bias) => averages((x) => mean(x) + bias / x.length, true));
    expect(biased!.second).toBeCloseTo(not!.second, 12);
  });
});

describe("rows", () => {
  it("are left out that are in the block of their side", () => {
    const ofReal = { role: "real", count: 2, ofRow: Int32Array.of(0, 1, 0) } as const;
    const ofFake = { role: "fake", count: 2, ofRow: Int32Array.of(1, 1, 0) } as const;
    const leftOut = (...args: Parameters<typeof toIsLeftOut>) => [0, 1, 2].filter(toIsLeftOut(...args));
    expect(leftOut("real", [ofReal, ofFake], [0, 1])).toEqual([0, 2]);
    expect(leftOut("fake", [ofReal, ofFake], [0, 1])).toEqual([0, 1]);
    expect(leftOut("real", [ofReal, ofReal], [0, 1])).toEqual([0, 1, 2]);
    expect(leftOut("heldOut", [ofReal, ofFake], [0, 1])).toEqual([]);
  });
});

describe("leaving blocks out", () => {
  it.each([
    ["of more rows than columns", mat(1, 120, 6), mat(2, 90, 6, 0.8, 0.15)],
    ["of fewer rows than columns", mat(1, 20, 32), mat(2, 16, 32, 0.8, 0.15)],
    ["of as many as columns, once a block is out", mat(1, 34, 32), mat(2, 34, 32, 0.8, 0.15)],
  ])("gives the Frechet distances of the other rows, %s", async (_, real, fake) => {
    for (const role of ["real", "fake"] as const) {
      const sides: Sides = { real: sideOf(real), fake: sideOf(fake) };
      const features = role === "real" ? real : fake;
      const blocks = rowsToBlocks(role, features.rows, 5, 2020);
      const found = await fid.leaveOut!(sides, blocks, { ddof: 1 }, CONTEXT);
      for (const [block, { distance }] of found.entries()) {
        const rest = sideOf(selectRows(features, (row) => blocks.ofRow[row] !== block));
        const expected = await fid.measure({ ...sides, [role]: rest }, { ddof: 1 }, CONTEXT);
        expect(distance).toBeCloseTo(expected.distance, 10);
      }
    }
  });

  it("two at a time gives the Inception Scores of the other rows", async () => {
    const logits = mat(6, 200, 10, 4);
    const blocks = rowsToBlocks("fake", 200, 5, 2020);
    const pairs = [
      [0, 3],
      [2, 4],
    ] as const;
    const parameters = { ...is.defaults, splits: 1 };
    const sides = { fake: sideOf(logits) };
    const found = await is.leaveOutPairs!(sides, [blocks, blocks], pairs, parameters, CONTEXT);
    for (const [i, [a, b]] of pairs.entries()) {
      const rest = selectRows(logits, (row) => blocks.ofRow[row] !== a && blocks.ofRow[row] !== b);
      const expected = await is.measure({ fake: sideOf(rest) }, parameters, CONTEXT);
      expect(found[i]!.mean).toBeCloseTo(expected.mean, 12);
    }
  });

  it("gives the Inception Scores of the other rows, each in its own split", async () => {
    const logits = mat(5, 200, 10, 4);
    const blocks = rowsToBlocks("fake", 200, 5, 2020);
    const parameters = { ...is.defaults, splits: 1 };
    const found = await is.leaveOut!({ fake: sideOf(logits) }, blocks, parameters, CONTEXT);
    for (const [block, { mean }] of found.entries()) {
      const rest = selectRows(logits, (row) => blocks.ofRow[row] !== block);
      const expected = await is.measure({ fake: sideOf(rest) }, parameters, CONTEXT);
      expect(mean).toBeCloseTo(expected.mean, 12);
    }
  });
});
