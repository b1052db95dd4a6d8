import { describe, expect, it } from "vitest";
import type { Warning } from "../../../src/errors.ts";
import type { PlannedMetric } from "../../../src/evaluate/plan.ts";
import type { IntervalRecord } from "../../../src/evaluate/result.ts";
import { INTERVAL_METHODS, metricToIntervals } from "../../../src/evaluate/scores/intervals.ts";
import { openContext, type ScoreOptions } from "../../../src/evaluate/scores/score-context.ts";
import { type Features, selectRows } from "../../../src/math/features/statistics.ts";
import {
  CUTS,
  cutsToHalves,
  halvesToPairs,
  isInHalf,
  measureQuarters,
  rowsToHalves,
  sidesToQuarters,
} from "../../../src/math/intervals/split-halves.ts";
import { type Metric, metric, type Sides } from "../../../src/metrics/metric.ts";
import { mulberry32 } from "../../math/seeded-features.ts";

type MethodName = IntervalRecord["method"];

/** The share of rows that are 1: a mean, of which every method knows what to say. */
const shareOf = ({ data, rows }: Features): number => data.reduce((sum, x) => sum + x, 0) / rows;
const featuresOf = ({ fake }: Sides): Features => fake.features!;

const ROW = metric({
  id: "share",
  label: "share of ones",
  unit: "share",
  direction: "higher",
  needs: { fake: ["features"] },
  source: { paper: "this test", library: "none" },
  defaults: {},
  keys: { share: "share" },
  names: { share: "Share" },
  measure: (sides) => ({ share: shareOf(featuresOf(sides)) }),
}) as unknown as Metric;

/** What a metric has to have for each method to be its own. */
const DOORS: Readonly<Record<MethodName, Partial<Metric>>> = {
  "Wilson score": { outcomes: (sides) => ({ share: featuresOf(sides).rows }) },
  "split halves": {
    halve: (sides, seed) => {
      const features = featuresOf(sides);
      const halves = rowsToHalves(features.rows, seed);
      return halvesToPairs(
        cutsToHalves(CUTS).map((half) => ({
          share: shareOf(selectRows(features, (row) => isInHalf(halves, row, half))),
        })),
      );
    },
  },
  "split halves and quarters": {
    quarter: (sides, seed) => {
      const features = featuresOf(sides);
      const cuts = sidesToQuarters([features.rows], seed);
      const measure = async ({ isIn }: { isIn(side: number, row: number): boolean }) => ({
        share: shareOf(selectRows(features, (row) => isIn(0, row))),
      });
      return measureQuarters(cuts, measure, () => {});
    },
  },
  "delete-block jackknife": {},
};
const METHODS = Object.keys(INTERVAL_METHODS) as MethodName[];

const ROWS = 120;
const SHARE = 0.4;

const drawSides = (draw: number, share = SHARE, rows = ROWS): Sides => {
  const uniform = mulberry32(draw);
  const data = Float32Array.from({ length: rows }, () => Number(uniform() < share));
  return { fake: { count: rows, features: { data, rows, width: 1 } } };
};

async function toIntervals(more: Partial<Metric>, sides: Sides, seed = 2020) {
  const warnings: Warning[] = [];
  const options: ScoreOptions = { family: "x", seed, threads: 1, warn: (warning) => warnings.push(warning) };
  const planned = { row: { ...ROW, ...more }, parameters: {} } as PlannedMetric;
  const values = await planned.row.measure(sides, {}, openContext("", options));
  const intervals = await metricToIntervals(planned, sides, values, openContext("", options), options);
  return { intervals, warnings, value: values.share! };
}

describe.each(METHODS)("the interval by %s", (method) => {
  const door = DOORS[method];

  it("is that of a metric which opens its door and no other, and says so, with level and seed", async () => {
    const { intervals, value } = await toIntervals(door, drawSides(1), 7);
    expect(Object.keys(intervals)).toEqual(["share"]);
    const { low, high, standardError, ...how } = intervals.share!;
    expect(how).toMatchObject({ method, level: 0.95, seed: 7 });
    expect(low).toBeLessThan(value);
    expect(high).toBeGreaterThan(value);
    expect(standardError).toBeGreaterThan(0);
  });

  it("covers the true mean in about 95 of 100 draws, and its standard error is that of the mean", async () => {
    const draws = 200;
    let [held, variance] = [0, 0];
    for (let draw = 0; draw < draws; draw++) {
      const { low, high, standardError } = (await toIntervals(door, drawSides(100 + draw))).intervals.share!;
      held += Number(low <= SHARE && SHARE <= high);
      variance += standardError ** 2 / draws;
    }
    // 190 of 200, give or take three deviations of 3.
    expect(held).toBeGreaterThan(179);
    expect(held).toBeLessThan(200);
    const truth = Math.sqrt((SHARE * (1 - SHARE)) / ROWS);
    // Of shares that were drawn themselves, from a few blocks or cuts each: their mean over draws is right to a few per cent.
    expect(Math.abs(Math.sqrt(variance) / truth - 1)).toBeLessThan(0.06);
  });

  it("stays within the value's own bounds, before those of its metric", async () => {
    const of = async (more: Partial<Metric>) =>
      (await toIntervals({ ...door, ...more }, drawSides(5, 0.97))).intervals.share!;
    const own = await of({ range: [-9, 9], ranges: { share: [0, 1] } });
    expect(own.high).toBeLessThanOrEqual(1);
    expect((await of({ range: [0, 1] })).high).toBe(own.high);
  });

  it("is the same for the same seed", async () => {
    const once = await toIntervals(door, drawSides(3));
    expect((await toIntervals(door, drawSides(3))).intervals).toEqual(once.intervals);
  });

  it("is not there of a value that says why it has none, outcomes apart", async () => {
    const { intervals } = await toIntervals({ ...door, withoutInterval: { share: "because" } }, drawSides(3));
    expect(Object.keys(intervals)).toEqual(method === "Wilson score" ? ["share"] : []);
  });
});

describe("the method of a value", () => {
  it.each(METHODS.map((_, i) => METHODS.slice(i)))(
    "is the first of %s where all are open",
    async (...open) => {
      const doors = Object.assign({}, ...open.map((name) => DOORS[name as MethodName]));
      expect((await toIntervals(doors, drawSides(1))).intervals.share!.method).toBe(open[0]);
    },
  );

  it("is each value's own where one is a share of outcomes and another is not", async () => {
    const keys = { share: "share", twice: "twice_{extractor}" };
    const measure = (sides: Sides) => ({
      share: shareOf(featuresOf(sides)),
      twice: 2 * shareOf(featuresOf(sides)),
    });
    const more = { ...DOORS["Wilson score"], keys, measure } as Partial<Metric>;
    const { intervals } = await toIntervals(more, drawSides(1));
    expect(Object.entries(intervals).map(([key, { method }]) => [key, method])).toEqual([
      ["share", "Wilson score"],
      ["twice_x", "delete-block jackknife"],
    ]);
  });
});

describe("the delete-block jackknife", () => {
  it("leaves out 20 blocks a side, fewer of a side with fewer than 40 rows, and none of fewer than 4", async () => {
    const blocksOf = async (rows: number) =>
      (await toIntervals({}, drawSides(1, SHARE, rows))).intervals.share?.blocks;
    expect([await blocksOf(120), await blocksOf(39), await blocksOf(4)]).toEqual([20, 19, 2]);
    const { intervals, warnings } = await toIntervals({}, drawSides(1, SHARE, 3));
    expect(intervals).toEqual({});
    expect(warnings.map(({ code }) => code)).toEqual(["no-interval"]);
  });

  it("adds the variance of the metric's own draws", async () => {
    const errorOf = async (more: Partial<Metric>) =>
      (await toIntervals(more, drawSides(1))).intervals.share!.standardError ** 2;
    const draws = await errorOf({ drawVariance: () => ({ share: 0.25 }) });
    expect(draws - (await errorOf({}))).toBeCloseTo(0.25, 12);
  });

  it("takes off what pairs of blocks show it counts twice, where a metric measures without two of them", async () => {
    /** The squared distance of the share from a half, as if that were the truth. */
    const distanceOf = (features: Features) => ({ share: (shareOf(features) - 0.5) ** 2 });
    const measure = (sides: Sides) => distanceOf(featuresOf(sides));
    const leaveOutPairs: Metric["leaveOutPairs"] = (sides, [a, b], pairs) =>
      pairs.map(([i, j]) =>
        distanceOf(selectRows(featuresOf(sides), (row) => a.ofRow[row] !== i && b.ofRow[row] !== j)),
      );
    const varianceOf = async (more: Partial<Metric>): Promise<number> => {
      let sum = 0;
      for (let draw = 0; draw < 60; draw++) {
        const { intervals } = await toIntervals({ measure, ...more }, drawSides(draw, 0.5));
        sum += intervals.share!.standardError ** 2;
      }
      return sum;
    };
    const jackknife = await varianceOf({});
    // All is second-order. Of a square Z^2 the jackknife sees 2 Z^2 of the variance, of which 1 is to be taken off, but no
    // more than a half: E max(2 Z^2 - 1, Z^2) / 2 = 0.742, whichever pairs are drawn.
    for (const pairs of ["all", "few"] as const) {
      const ratio = (await varianceOf({ leaveOutPairs, pairs })) / jackknife;
      expect(Math.abs(ratio - 0.742)).toBeLessThan(0.1);
    }
  });

  it("has no interval of a value that is NaN without some block", async () => {
    const { intervals } = await toIntervals(
      {
        leaveOut: (_, { count }) =>
          Array.from({ length: count }, (_, i) => ({ share: i === 3 ? Number.NaN : i })),
      },
      drawSides(1),
    );
    expect(intervals).toEqual({});
  });
});
