import { describe, expect, it } from "vitest";
import type { Warning } from "../../../src/errors.ts";
import { sidesToScores } from "../../../src/evaluate/scores/score.ts";
import type { ScoreOptions } from "../../../src/evaluate/scores/score-context.ts";
import { type Features, featuresToMoments } from "../../../src/math/features/statistics.ts";
import type { SideData, Sides } from "../../../src/metrics/metric.ts";
import { idToMetric, metricIds } from "../../../src/metrics/table.ts";
import { mat } from "../../math/seeded-features.ts";

const sideOf = (features: Features): SideData => ({
  count: features.rows,
  features,
  logits: features,
  statistics: featuresToMoments(features),
  spatialFeatures: features,
  spatial: featuresToMoments(features),
});
const SIDES: Sides = {
  real: sideOf(mat(1, 240, 12)),
  fake: sideOf(mat(2, 200, 12, 0.8, 0.15)),
  heldOut: sideOf(mat(3, 220, 12)),
};

/** Parameters that few samples need. */
const SMALL = { kid: { subsets: 5, subsetSize: 50 }, ndb: { bins: 10 } } as const;

async function score(ids: readonly string[], sides: Sides, more: Partial<ScoreOptions> = {}) {
  const warnings: Warning[] = [];
  const planned = ids.map((id) => {
    const row = idToMetric(id);
    return { row, parameters: { ...row.defaults, ...SMALL[id as keyof typeof SMALL] } };
  });
  const options = { seed: 2020, family: "x", threads: 1, warn: (warning: Warning) => warnings.push(warning) };
  return { ...(await sidesToScores(planned, sides, { ...options, ...more })), warnings };
}

const ON_FEATURES = metricIds.filter((id) => {
  const { needs, compare } = idToMetric(id);
  return compare === undefined && !Object.values(needs).flat().includes("images");
});

describe("intervals", () => {
  it.each(ON_FEATURES)("of %s hold the value, and are the same twice", async (id) => {
    const row = idToMetric(id);
    const first = await score([id], SIDES, { ci: true });
    const expected = Object.keys(row.keys).filter((value) => row.withoutInterval?.[value] === undefined);
    expect(Object.keys(first.intervals).length).toBe(expected.length);
    for (const [key, { low, high }] of Object.entries(first.intervals)) {
      expect(low).toBeLessThanOrEqual(first.metrics[key]);
      expect(high).toBeGreaterThanOrEqual(first.metrics[key]);
    }
    expect((await score([id], SIDES, { ci: true })).intervals).toEqual(first.intervals);
  });

  it("do not change the values", async () => {
    const without = await score(["fid", "kid", "pr"], SIDES);
    expect((await score(["fid", "kid", "pr"], SIDES, { ci: true, floor: true })).metrics).toEqual(
      without.metrics,
    );
  });

  it("are narrower from more samples, about by the root of their number", async () => {
    const widthAt = async (n: number) => {
      const sides = { real: sideOf(mat(1, n, 8)), fake: sideOf(mat(2, n, 8, 0.8, 0.3)) };
      const { low, high } = (await score(["fid"], sides, { ci: true })).intervals.frechet_x_distance;
      return high - low;
    };
    const ratio = (await widthAt(200)) / (await widthAt(3200));
    expect(ratio).toBeGreaterThan(2.5);
    expect(ratio).toBeLessThan(6.5);
  });

  it("hold a side fixed of which only statistics are known, and say so", async () => {
    const { count, statistics } = SIDES.real!;
    const sides = { ...SIDES, real: { count, statistics: statistics! } };
    const { intervals } = await score(["fid"], sides, { ci: true });
    expect(intervals.frechet_x_distance.fixed).toEqual(["real"]);
  });

  it("of neighbours are not there where half a side is too few, with a warning", async () => {
    const few = { real: sideOf(mat(1, 7, 4)), fake: sideOf(mat(2, 7, 4)) };
    const { metrics, intervals, warnings } = await score(["pr"], few, { ci: true });
    expect(metrics.precision).toBeGreaterThanOrEqual(0);
    expect(intervals).toEqual({});
    expect(warnings).toContainEqual(expect.objectContaining({ code: "no-interval" }));
  });

  it("are not there where neither side has rows, with a warning", async () => {
    const bare = ({ count, statistics }: SideData): SideData => ({ count, statistics: statistics! });
    const sides = { real: bare(SIDES.real!), fake: bare(SIDES.fake) };
    const { intervals, warnings } = await score(["fid"], sides, { ci: true });
    expect(intervals).toEqual({});
    expect(warnings.map(({ code }) => code)).toEqual(["no-interval"]);
  });
});

describe("floors", () => {
  it("of Frechet distances say the ratio to them: 1 of held-out images in the fakes' place", async () => {
    const { metrics, floors } = await score(["fid", "kid"], SIDES, { floor: true });
    const { value, ratio } = floors.frechet_x_distance;
    expect(ratio).toBe(metrics.frechet_x_distance / value);
    expect(floors.kernel_x_distance_mean.ratio).toBeUndefined();
    const same = { ...SIDES, fake: SIDES.heldOut! };
    expect((await score(["fid"], same, { floor: true })).floors.frechet_x_distance.ratio).toBe(1);
  });

  it("are the distance of two parts of the real side, brought to the numbers of the comparison", async () => {
    const { floors } = await score(["fid"], { real: SIDES.real!, fake: SIDES.fake }, { floor: true });
    const floor = floors.frechet_x_distance;
    expect(floor).toMatchObject({ real: 120, fake: 120, of: "real" });
    expect(floor.value).toBeCloseTo((floor.measured! * (1 / 240 + 1 / 200)) / (2 / 120), 12);
  });

  it.each(ON_FEATURES.filter((id) => idToMetric(id).hasFloor && !idToMetric(id).needs.heldOut))(
    "of %s fall by each value's own order in 1 / real + 1 / fake",
    async (id) => {
      const { keys, floorOrder } = idToMetric(id);
      const { floors } = await score([id], { real: SIDES.real!, fake: SIDES.fake }, { floor: true });
      const ratio = (1 / 240 + 1 / 200) / (2 / 120);
      for (const [i, value] of Object.keys(keys).entries()) {
        const floor = Object.values(floors)[i]!;
        const order = floorOrder?.[value];
        if (order === undefined) expect(floor.measured).toBeUndefined();
        else expect(floor.value).toBeCloseTo(floor.measured! * ratio ** order, 12);
      }
    },
  );

  it("take held-out images where there are some, as many as there are fakes", async () => {
    const { floors } = await score(["fid"], SIDES, { floor: true });
    expect(floors.frechet_x_distance).toMatchObject({ real: 240, fake: 200, of: "heldOut" });
    expect(floors.frechet_x_distance.measured).toBeUndefined();
  });

  it("stay as measured where nobody knows how they fall", async () => {
    const { floors } = await score(["pr"], { real: SIDES.real!, fake: SIDES.fake }, { floor: true });
    expect(floors.precision.measured).toBeUndefined();
  });

  it("by halves agree with held-out images of the same distribution", async () => {
    const real = sideOf(mat(11, 2000, 8));
    const fake = sideOf(mat(12, 2000, 8));
    const halves = (await score(["fid"], { real, fake }, { floor: true })).floors.frechet_x_distance;
    const heldOut = sideOf(mat(13, 2000, 8));
    const other = (await score(["fid"], { real, fake, heldOut }, { floor: true })).floors.frechet_x_distance;
    // Both are sums of about 44 squares of normal numbers: a factor of two is four of their deviations.
    expect(halves.value / other.value).toBeGreaterThan(0.5);
    expect(halves.value / other.value).toBeLessThan(2);
  });

  it("are not there of statistics, with a warning", async () => {
    const { count, statistics } = SIDES.real!;
    const sides = { real: { count, statistics: statistics! }, fake: SIDES.fake };
    const { floors, warnings } = await score(["fid"], sides, { floor: true });
    expect(floors).toEqual({});
    expect(warnings.map(({ code }) => code)).toEqual(["no-floor"]);
  });

  it("are not there where half the real side is too few, and the values are", async () => {
    const sides = { real: sideOf(mat(1, 80, 8)), fake: sideOf(mat(2, 80, 8)) };
    const { metrics, floors, warnings } = await score(["kid"], sides, { floor: true });
    expect(metrics.kernel_x_distance_mean).toBeDefined();
    expect(floors).toEqual({});
    expect(warnings).toEqual([
      {
        code: "no-floor",
        message: expect.stringMatching(/^kid: no floor, because half the real side is too small: .* 40 /),
        hint: expect.stringContaining("--kid-subset-size 40"),
      },
    ]);
  });
});

it("what is asked of each image has a number for every fake one", async () => {
  const { perImage } = await score(["realism", "authpct"], SIDES, { perImage: true });
  const columns = Object.values(perImage);
  expect(columns.length).toBeGreaterThanOrEqual(2);
  for (const column of columns) expect(column.length).toBe(200);
});
