/** What every metric of neighbours must hold, whatever it counts. */
import { expect, it } from "vitest";
import type { Features } from "../../src/math/features/statistics.ts";
import { createRandomState } from "../../src/math/random/random-state.ts";
import type { Metric, Parameters, Values } from "../../src/metrics/metric.ts";
import { lattice, SOME_HALVES, sidesToHalf, toSide } from "../math/neighbours/naive.ts";
import { mat, takeRows } from "../math/seeded-features.ts";
import { openContext } from "./context.ts";
import { FAKE, featuresToPoints, type Points, pointsToFeatures, REAL } from "./wave-points.ts";

/** Unequal numbers, no ties; and whole numbers, full of ties and copies. */
const PAIRS: readonly (readonly [Features, Features])[] = [
  [mat(3, 260, 3), mat(4, 180, 3, 0.9, 0.1)],
  [mat(7, 150, 21), mat(8, 170, 21, 1.1)],
  [lattice(5, 200, 4, 4), lattice(6, 220, 4, 5)],
];

const measure = (row: Metric, real: Features, fake: Features, parameters: Parameters = row.defaults) =>
  Promise.resolve(row.measure({ real: toSide(real), fake: toSide(fake) }, parameters, openContext()));

const mapValues = (of: Features, to: (value: number, at: number) => number): Features => ({
  ...of,
  data: of.data.map(to),
});

function shuffle(of: Features, seed: number): Features {
  return takeRows(of, createRandomState(seed).permutation(of.rows));
}

/** A turn of the first two axes by an angle whose sine and cosine are 0.6 and 0.8. */
function turn(of: Features): Features {
  const { width } = of;
  return mapValues(of, (value, at) => {
    const axis = at % width;
    if (axis > 1) return value;
    const other = of.data[axis === 0 ? at + 1 : at - 1];
    return axis === 0 ? 0.8 * value - 0.6 * other : 0.8 * value + 0.6 * other;
  });
}

const expectNear = (got: Values, wanted: Values, tolerance: number) => {
  expect(Object.keys(got)).toEqual(Object.keys(wanted));
  for (const [key, value] of Object.entries(wanted))
    if (Number.isNaN(value)) expect(got[key], key).toBeNaN();
    else
      expect(Math.abs(got[key] - value), `${key}: ${got[key]}, not ${value}`).toBeLessThanOrEqual(tolerance);
};

export interface NeighbourProperties {
  /** The values by the definition, distance by distance in float64. */
  readonly naive: (real: Points, fake: Points, parameters: never) => Values;
  /** Parameters beside the defaults. */
  readonly others: readonly Parameters[];
  /** The factor of each value when all features are doubled (default 1). */
  readonly scaled?: Values;
  /** What is measured of rows that are all equal. */
  readonly equal: Values;
  /** What is measured of a set and itself, far larger than its neighbourhoods, where that is known. */
  readonly same?: Values;
  readonly flag: string;
  /** What values of halves are cut off at, where halves are not (default: they are what is measured). */
  readonly most?: number;
}

/** Tests of one row. */
export function itIsAMetricOfNeighbours(row: Metric, properties: NeighbourProperties): void {
  const { naive, others, scaled, equal, same, flag, most = Number.POSITIVE_INFINITY } = properties;

  it.each(PAIRS.map((pair, i) => [i, ...pair] as const))(
    "agrees to 1e-12 with the definition, on pair %i",
    async (_, real, fake) => {
      const points = [featuresToPoints(real), featuresToPoints(fake)] as const;
      for (const parameters of [row.defaults, ...others])
        expectNear(await measure(row, real, fake, parameters), naive(...points, parameters as never), 1e-12);
    },
  );

  it("gives the golden values of the wave points, as far as float32 features allow", async () => {
    const got = await measure(row, pointsToFeatures(REAL), pointsToFeatures(FAKE));
    expectNear(got, naive(REAL, FAKE, row.defaults as never), 1e-6);
  });

  it("does not see the order of rows", async () => {
    const [real, fake] = PAIRS[0];
    const got = await measure(row, shuffle(real, 1), shuffle(fake, 2));
    expectNear(got, await measure(row, real, fake), 1e-12);
  });

  it("follows a change of scale, a turn and a shift", async () => {
    const [real, fake] = PAIRS[1];
    const all = await measure(row, real, fake);
    const double = (of: Features) => mapValues(of, (value) => 2 * value);
    const doubled = Object.fromEntries(
      Object.entries(all).map(([key, value]) => [key, value * (scaled?.[key] ?? 1)]),
    );
    expectNear(await measure(row, double(real), double(fake)), doubled, 1e-12);
    // Rounding of float32 features.
    expectNear(await measure(row, turn(real), turn(fake)), all, 1e-5);
    const shift = (of: Features) => mapValues(of, (value) => value + 4);
    expectNear(await measure(row, shift(real), shift(fake)), all, 1e-5);
  });

  it("of halves are as if they were measured", async () => {
    for (const [real, fake] of [PAIRS[0], PAIRS[2]]) {
      const sides = { real: toSide(real), fake: toSide(fake) };
      const got = await row.halve!(sides, 4, row.defaults, openContext());
      for (const half of SOME_HALVES) {
        const wanted = await row.measure(sidesToHalf(sides, 4, half), row.defaults, openContext());
        const cut = Object.entries(got[half.cut][half.half]).map(([key, value]) => [
          key,
          Math.min(most, value),
        ]);
        expectNear(Object.fromEntries(cut), wanted, 1e-12);
      }
    }
  });

  it("measures rows that are all equal", async () => {
    const rows = mapValues(mat(1, 30, 3), () => 0.5);
    expect(await measure(row, rows, rows)).toEqual(equal);
  });

  if (same)
    it("knows a set and itself", async () => {
      const set = mat(11, 400, 5);
      expectNear(await measure(row, set, set), same, 1e-12);
    });

  it("refuses too few rows, NaN and no neighbours, and says what to do", async () => {
    const [few, enough] = [mat(1, 3, 3), mat(2, 40, 3)];
    for (const [real, fake] of [
      [few, enough],
      [enough, few],
    ])
      await expect(measure(row, real, fake)).rejects.toMatchObject({
        code: "input.too-few-samples",
        hint: expect.stringContaining(flag),
      });
    const broken = mapValues(enough, (value, at) => (at === 7 ? Number.NaN : value));
    await expect(measure(row, enough, broken)).rejects.toMatchObject({
      code: "input.features-not-finite",
      message: expect.stringMatching(/got NaN in row 2, column 1 .* fake side/),
    });
    await expect(measure(row, enough, enough, { ...row.defaults, k: 0 })).rejects.toMatchObject({
      code: "usage.neighbours",
    });
    await expect(measure(row, enough, mat(3, 40, 4))).rejects.toMatchObject({ code: "input.feature-width" });
  });
}
