import { describe, expect, it } from "vitest";
import type { Features } from "../../src/math/features/statistics.ts";
import { featuresToDensityCoverage, row } from "../../src/metrics/dc.ts";
import {
  lattice,
  naiveRadii,
  naiveSquared,
  SOME_HALVES,
  sidesToHalf,
  toSide,
} from "../math/neighbours/naive.ts";
import { mat, takeRows } from "../math/seeded-features.ts";
import { openContext } from "./context.ts";

/** The definition, distance by distance. */
function naive(real: Features, fake: Features, k: number) {
  const radii = naiveRadii(real, k);
  let inside = 0;
  let covered = 0;
  for (let i = 0; i < real.rows; i++) {
    let count = 0;
    for (let j = 0; j < fake.rows; j++) if (naiveSquared(real, i, fake, j) < radii[i]) count++;
    inside += count;
    if (count > 0) covered++;
  }
  return { density: inside / (k * fake.rows), coverage: covered / real.rows };
}

describe("density and coverage", () => {
  const [real, fake] = [mat(1, 200, 16), mat(2, 160, 16, 0.8, 0.15)];

  it("are the golden ones, prdc's", async () => {
    expect(await featuresToDensityCoverage(real, fake)).toEqual({ density: 1.87375, coverage: 0.955 });
    const three = await featuresToDensityCoverage(real, fake, { k: 3 });
    expect(three).toEqual({ density: 1.9791666666666667, coverage: 0.895 });
    expect(await featuresToDensityCoverage(real, real)).toEqual({ density: 1, coverage: 1 });
  });

  it("are the golden ones of ten points in the plane", async () => {
    const points = (...rows: number[][]): Features => ({
      data: Float32Array.from(rows.flat()),
      rows: rows.length,
      width: 2,
    });
    const got = await featuresToDensityCoverage(
      points([0, 0], [1, 0], [0, 1], [10, 10], [10, 11], [11, 10]),
      points([0.2, 0.2], [0.5, 0.5], [5, 5], [10.2, 10.2]),
      { k: 2 },
    );
    expect(got).toEqual({ density: 1.125, coverage: 1 });
  });

  it("are those of the definition, a ball's surface left out", async () => {
    for (const [a, b] of [
      [mat(3, 1100, 3), mat(4, 300, 3, 0.9)],
      [lattice(5, 300, 5, 4), lattice(6, 320, 5, 5)],
    ])
      for (const k of [1, 5]) expect(await featuresToDensityCoverage(a, b, { k })).toEqual(naive(a, b, k));
  });

  it("warn of copies, which hold nothing", async () => {
    const copies = takeRows(
      real,
      Array.from({ length: 200 }, (_, i) => i % 20),
    );
    const context = openContext();
    const values = await row.measure({ real: toSide(copies), fake: toSide(copies) }, row.defaults, context);
    expect(values).toEqual({ density: 0, coverage: 0 });
    expect(context.warnings).toMatchObject([
      { code: "zero-radii", message: expect.stringMatching(/200 of 200 real rows/) },
    ]);
  });

  it("of halves are as if they were measured", async () => {
    for (const [a, b] of [
      [mat(9, 240, 4), mat(10, 200, 4, 0.9, 0.1)],
      [lattice(11, 220, 4, 4), lattice(12, 180, 4, 5)],
    ]) {
      const sides = { real: toSide(a), fake: toSide(b) };
      const got = await row.halve!(sides, 4, row.defaults, openContext());
      for (const half of SOME_HALVES)
        expect(got[half.cut][half.half]).toEqual(
          await row.measure(sidesToHalf(sides, 4, half), row.defaults, openContext()),
        );
    }
  });

  it("need more samples than neighbours", async () => {
    await expect(featuresToDensityCoverage(mat(1, 5, 2), fake)).rejects.toMatchObject({
      code: "input.feature-width",
    });
    await expect(featuresToDensityCoverage(mat(1, 5, 16), fake)).rejects.toMatchObject({
      code: "input.too-few-samples",
      hint: expect.stringMatching(/--dc-neighbours/),
    });
  });
});
