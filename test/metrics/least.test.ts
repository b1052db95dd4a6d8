/** The fewest rows that each metric of the table states are those that it can be measured on. */
import { describe, expect, it } from "vitest";
import { GanEvalError } from "../../src/errors.ts";
import { featuresToMoments } from "../../src/math/features/statistics.ts";
import type { Role } from "../../src/math/role.ts";
import type { MetricContext, SideData } from "../../src/metrics/metric.ts";
import { type MetricId, metrics } from "../../src/metrics/table.ts";
import { seededBytes } from "../images/seeded.ts";
import { mat } from "../math/seeded-features.ts";

const ENOUGH = 40;
const PIXELS = 24 * 24 * 3;

/** Smaller than the defaults, so that few rows can be enough. */
const PARAMETERS: Partial<Record<MetricId, object>> = {
  kid: { subsetSize: 6, subsets: 3 },
  prd: { clusters: 5, runs: 2 },
  mind: { projections: 8 },
  ct: { cells: 1 },
  fwd: { levels: 3 },
  swd: { directions: 8 },
  "lap-swd": { pictures: 16, patches: 8, directions: 8 },
};

function toSide(seed: number, rows: number): SideData {
  const features = mat(seed, rows, 6);
  const spatial = mat(seed + 1, rows, 4);
  const images = Array.from({ length: rows }, (_, i) => ({
    ...{ width: 24, height: 24, name: `${i}` },
    pixels: seededBytes(seed + i, PIXELS),
  }));
  return {
    ...{ count: rows, features, images, logits: mat(seed + 2, rows, 10) },
    ...{
      statistics: featuresToMoments(features),
      spatial: featuresToMoments(spatial),
      spatialFeatures: spatial,
    },
  };
}

const CONTEXT: MetricContext = {
  warn: () => {},
  progress: () => {},
  memo: (_of, _key, compute) => compute(),
};

/** Metrics of pairs see rows of numbers that were made as images were read: they cannot be without. */
const rows = Object.values(metrics).filter((row) => row.compare === undefined);

describe.each(rows.map((row) => [row.id, row] as const))("%s", (id, row) => {
  const parameters = { ...row.defaults, ...PARAMETERS[id as MetricId] };
  const { fewer, ...least } = row.least?.(parameters) ?? {};
  const measure = async (role: Role, count: number) => {
    const count_ = (of: Role): number => (of === role ? count : ENOUGH);
    const sides = {
      real: toSide(1, count_("real")),
      fake: toSide(9, count_("fake")),
      heldOut: toSide(17, count_("heldOut")),
    };
    return row.measure(sides, parameters, CONTEXT);
  };

  it.each(Object.entries(least) as [Role, number][])(
    "needs what it states of the %s side: %d",
    async (role, count) => {
      expect(Object.values(await measure(role, count)).every((value) => !Number.isNaN(value))).toBe(true);
      const error = await Promise.resolve(measure(role, count - 1)).catch((reason) => reason);
      expect(error).toBeInstanceOf(GanEvalError);
      expect((error as GanEvalError).code).toMatch(/^(input\.too-few-samples|usage\.too-many-splits)$/);
    },
  );

  it("needs one row of a side of which it states nothing", async () => {
    for (const role of Object.keys(row.needs) as Role[])
      if (!(role in least)) expect(Object.keys(await measure(role, 1))).toEqual(Object.keys(row.keys));
  });

  if (fewer) it("has a flag that makes do with fewer", () => expect(fewer(20)).toMatch(/^--[a-z-]+ \d+$/));
});
