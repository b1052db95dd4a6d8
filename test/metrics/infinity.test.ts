import { describe, expect, it } from "vitest";
import { type Features, featuresToMoments, momentsToCovariance } from "../../src/math/features/statistics.ts";
import {
  drawPrefixes,
  EXTRAPOLATION_DEFAULTS,
  rowsToPointCounts,
  scoresToIntercept,
} from "../../src/metrics/extrapolation.ts";
import { featuresToFrechet } from "../../src/metrics/fid.ts";
import { featuresToFidInfinity, row as fidRow } from "../../src/metrics/fid-inf.ts";
import { logitsToInceptionScore } from "../../src/metrics/is.ts";
import { row as isRow, logitsToIsInfinity } from "../../src/metrics/is-inf.ts";
import { mat, sliceRows, takeRows } from "../math/seeded-features.ts";
import { openContext } from "./context.ts";

const points = (n: number, id: "fid-inf" | "is-inf") => {
  const counts = rowsToPointCounts(n, EXTRAPOLATION_DEFAULTS, id);
  return { counts, prefixes: [...drawPrefixes(n, counts, 2020)] };
};

const oneSplit = ({ data, rows, width }: Features): number =>
  logitsToInceptionScore(data, rows, width, { splits: 1, shuffle: false }).mean;

describe("FID of infinitely many", () => {
  it.each([
    ["more rows than columns at every point", 300, 8],
    ["fewer at first", 300, 60],
    ["fewer at all", 40, 64],
  ])("is the intercept of distances of prefixes: %s", async (_, n, d) => {
    const [real, fake] = [mat(1, 250, d), mat(2, n, d, 0.9, 0.1)];
    const { counts, prefixes } = points(n, "fid-inf");
    const distances = prefixes.map((rows) => featuresToFrechet(real, takeRows(fake, rows)).distance);
    // Moments by subtraction: 1e-12 of the traces, times what the line amplifies.
    expect(featuresToFidInfinity(featuresToMoments(real), fake)).toBeCloseTo(
      scoresToIntercept(counts, distances).intercept,
      9,
    );
  });

  it("takes most of the bias away: nearer than the FID to that of many more samples", () => {
    const all = mat(1, 20_000, 24);
    const many = mat(2, 20_000, 24, 0.95, 0.02);
    const few = sliceRows(many, 0, 1000);
    const truth = featuresToFidInfinity(featuresToMoments(all), many);
    // 0.032 too much without the line, 0.003 too little with it; others of these thousands are within 0.012.
    expect(featuresToFrechet(all, few).distance - truth).toBeGreaterThan(0.025);
    expect(Math.abs(featuresToFidInfinity(featuresToMoments(all), few) - truth)).toBeLessThan(0.012);
  });

  it("reads the real side from moments or statistics, and reports progress", async () => {
    const [moments, fake] = [featuresToMoments(mat(1, 90, 6)), mat(2, 80, 6)];
    const steps: number[] = [];
    const context = { ...openContext(), progress: (done: number) => steps.push(done) };
    const statistics = { mu: moments.mean, sigma: momentsToCovariance(moments) };
    const of = (real: typeof moments | typeof statistics) =>
      fidRow.measure(
        { real: { count: 90, statistics: real }, fake: { count: 80, features: fake } },
        fidRow.defaults,
        context,
      );
    expect((await of(statistics)).distance).toBeCloseTo((await of(moments)).distance, 9);
    expect(steps.slice(0, 15)).toEqual(Array.from({ length: 15 }, (_, i) => i + 1));
  });

  it("refuses few rows, unlike widths and NaN", () => {
    const real = featuresToMoments(mat(1, 50, 4));
    expect(() => featuresToFidInfinity(real, mat(2, 7, 4))).toThrow(/at least 8 rows/);
    expect(() => featuresToFidInfinity(real, mat(2, 50, 5))).toThrow(/the same width/);
    const broken = { ...mat(2, 50, 4), data: mat(2, 50, 4).data.fill(Number.NaN, 9, 10) };
    expect(() => featuresToFidInfinity(real, broken)).toThrow(/NaN in row 2/);
  });
});

describe("Inception Score of infinitely many", () => {
  const logits = mat(5, 1000, 10, 4);

  it("is the intercept of scores of prefixes", () => {
    const { counts, prefixes } = points(1000, "is-inf");
    const scores = prefixes.map((rows) => oneSplit(takeRows(logits, rows)));
    expect(logitsToIsInfinity(logits)).toBeCloseTo(scoresToIntercept(counts, scores).intercept, 11);
  });

  it("is above the score of few samples, which is too low", () => {
    expect(logitsToIsInfinity(sliceRows(logits, 0, 100))).toBeGreaterThan(
      oneSplit(sliceRows(logits, 0, 100)),
    );
  });

  it("with a block left out is that of the prefixes without the block's rows", async () => {
    const blocks = {
      role: "fake",
      count: 5,
      ofRow: Int32Array.from({ length: 1000 }, (_, i) => (i * 3) % 5),
    } as const;
    const got = await isRow.leaveOut!(
      { fake: { count: 1000, logits } },
      blocks,
      isRow.defaults,
      openContext(),
    );
    const { prefixes } = points(1000, "is-inf");
    got.forEach(({ score }, block) => {
      const rest = prefixes.map((rows) => rows.filter((row) => blocks.ofRow[row] !== block));
      const scores = rest.map((rows) => oneSplit(takeRows(logits, rows)));
      expect(score).toBeCloseTo(
        scoresToIntercept(
          rest.map(({ length }) => length),
          scores,
        ).intercept,
        10,
      );
    });
  });

  it("refuses few rows and NaN", () => {
    expect(() => logitsToIsInfinity(sliceRows(logits, 0, 7))).toThrow(/at least 8 rows/);
    const broken = { ...logits, data: logits.data.slice().fill(Number.NaN, 31, 32) };
    expect(() => logitsToIsInfinity(broken)).toThrow(/NaN in row 3, column 1/);
  });
});
