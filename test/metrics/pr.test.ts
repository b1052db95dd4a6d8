import { describe, expect, it } from "vitest";
import type { Features } from "../../src/math/features/statistics.ts";
import { featuresToNeighbourhoods, neighbourhoodsToRadii } from "../../src/math/neighbours/neighbourhoods.ts";
import { featuresToPrecisionRecall, neighbourhoodsToPrecisionRecall, row } from "../../src/metrics/pr.ts";
import {
  lattice,
  naiveRadii,
  naiveSquared,
  SOME_HALVES,
  sidesToHalf,
  toSide,
} from "../math/neighbours/naive.ts";
import { mat, sliceRows, takeRows } from "../math/seeded-features.ts";
import { openContext } from "./context.ts";

const toFeatures = (rows: readonly (readonly number[])[]): Features => ({
  data: Float32Array.from(rows.flat()),
  rows: rows.length,
  width: rows[0].length,
});

/** The definition, distance by distance. */
function naive(real: Features, fake: Features, k: number) {
  const covered = (by: Features, points: Features) => {
    const reach = naiveRadii(by, k);
    const inside = Array.from({ length: points.rows }, (_, j) =>
      reach.some((radius, i) => naiveSquared(by, i, points, j) <= radius),
    );
    return inside.filter(Boolean).length / points.rows;
  };
  return { precision: covered(real, fake), recall: covered(fake, real) };
}

describe("precision and recall", () => {
  it("are the golden ones", async () => {
    const [real, fake] = [mat(1, 200, 16, 1, 0), mat(2, 160, 16, 0.8, 0.15)];
    expect(await featuresToPrecisionRecall(real, fake)).toEqual({ precision: 0.96875, recall: 0.345 });
    expect(await featuresToPrecisionRecall(real, fake, { k: 5 })).toEqual({
      precision: 0.98125,
      recall: 0.435,
    });
  });

  it("are the golden ones of ten points in the plane", async () => {
    const real = toFeatures([
      ...[
        [0, 0],
        [1, 0],
        [0, 1],
      ],
      ...[
        [10, 10],
        [10, 11],
        [11, 10],
      ],
    ]);
    const fake = toFeatures([
      [0.2, 0.2],
      [0.5, 0.5],
      [5, 5],
      [10.2, 10.2],
    ]);
    expect(await featuresToPrecisionRecall(real, fake, { k: 2 })).toEqual({ precision: 0.75, recall: 1 });
  });

  it.each([
    ["one tile", 300, 200, 16],
    ["tiles that are not full", 1100, 700, 3],
    ["a width of several blocks", 60, 90, 700],
  ])("are those of the definition: %s", async (_, n, m, width) => {
    const [real, fake] = [mat(3, n, width), mat(4, m, width, 0.9, 0.05)];
    for (const k of [1, 3])
      expect(await featuresToPrecisionRecall(real, fake, { k })).toEqual(naive(real, fake, k));
  });

  it("count points on a ball's surface and copies as the definition does", async () => {
    for (const [n, m, levels] of [
      [600, 530, 3],
      [300, 520, 5],
    ]) {
      const [real, fake] = [lattice(n, n, 5, levels), lattice(m, m, 5, levels + 1)];
      const got = await featuresToPrecisionRecall(real, fake);
      expect(got).toEqual(naive(real, fake, 3));
      expect(got.precision).toBeLessThan(1);
    }
  });

  it("of a set and itself are 1, whatever its order and wherever its copies are", async () => {
    const real = mat(5, 1100, 300, 1, 40);
    const shuffled = takeRows(
      real,
      Array.from({ length: 1100 }, (_, i) => (i * 391) % 1100),
    );
    expect(await featuresToPrecisionRecall(real, shuffled)).toEqual({ precision: 1, recall: 1 });
    // Four copies of each: every radius is zero, and only equal rows are in.
    const fourfold = takeRows(
      real,
      Array.from({ length: 1200 }, (_, i) => i % 300),
    );
    const radii = neighbourhoodsToRadii(await featuresToNeighbourhoods(fourfold, { k: 3 }), 3, "--k");
    expect([...radii].every((radius) => radius === 0)).toBe(true);
    expect(await featuresToPrecisionRecall(fourfold, fourfold)).toEqual({ precision: 1, recall: 1 });
    expect((await featuresToPrecisionRecall(fourfold, sliceRows(real, 300, 700))).precision).toBe(0);
  });

  it("of sets apart are 0", async () => {
    expect(await featuresToPrecisionRecall(mat(6, 50, 8), mat(7, 60, 8, 1, 100))).toEqual({
      precision: 0,
      recall: 0,
    });
  });

  it("say which side is which: a part of the real set is precise, and lacks the rest", async () => {
    const real = mat(8, 400, 4);
    const part = sliceRows(
      takeRows(
        real,
        [...Array(400).keys()].sort((a, b) => real.data[4 * a] - real.data[4 * b]),
      ),
      0,
      100,
    );
    const { precision, recall } = await featuresToPrecisionRecall(real, part);
    expect(precision).toBe(1);
    expect(recall).toBeLessThan(0.5);
    expect(await featuresToPrecisionRecall(part, real)).toEqual({ precision: recall, recall: precision });
  });

  it("do not depend on the order of the rows or the threads", async () => {
    const [real, fake] = [mat(9, 900, 40), mat(10, 800, 40, 0.9)];
    const turned = takeRows(
      real,
      Array.from({ length: 900 }, (_, i) => 899 - i),
    );
    const expected = await featuresToPrecisionRecall(real, fake, { threads: 1 });
    expect(await featuresToPrecisionRecall(turned, fake, { threads: 2 })).toEqual(expected);
  });

  it("need more samples than neighbours, finite, of one width", async () => {
    const few = mat(11, 3, 4);
    const code = (real: Features, fake: Features, k?: number) =>
      featuresToPrecisionRecall(real, fake, k === undefined ? {} : { k }).then(
        () => undefined,
        (error) => error.code,
      );
    expect(await code(mat(1, 9, 4), few)).toBe("input.too-few-samples");
    expect(await code(few, few, 2)).toBeUndefined();
    expect(await code(few, few, 0)).toBe("usage.neighbours");
    expect(await code(mat(1, 9, 4), mat(1, 9, 5))).toBe("input.feature-width");
    await expect(featuresToPrecisionRecall(few, mat(1, 9, 4))).rejects.toMatchObject({
      message: expect.stringMatching(/real side/),
      hint: expect.stringMatching(/--pr-neighbours/),
    });
    const broken = mat(1, 9, 4);
    broken.data[21] = Number.NaN;
    await expect(featuresToPrecisionRecall(broken, mat(2, 9, 4))).rejects.toThrow(/row 5/);
  });

  it("are the same from neighbourhoods of their own, and of more neighbours", async () => {
    const [real, fake] = [mat(12, 300, 6), mat(13, 250, 6, 0.8)];
    const sides = await Promise.all(
      [real, fake].map((features) => featuresToNeighbourhoods(features, { k: 7 })),
    );
    const got = await neighbourhoodsToPrecisionRecall(sides[0], sides[1], { k: 3 });
    expect(got).toEqual(await featuresToPrecisionRecall(real, fake));
  });
});

describe("the row of precision and recall", () => {
  it("adds torch-fidelity's F score, and warns of copies", async () => {
    const context = openContext();
    const [real, fake] = [mat(1, 200, 16), mat(2, 160, 16, 0.8, 0.15)];
    const values = await row.measure({ real: toSide(real), fake: toSide(fake) }, row.defaults, context);
    const f_score = (2 * 0.96875 * 0.345) / (0.96875 + 0.345);
    expect(values).toEqual({ precision: 0.96875, recall: 0.345, f_score });
    expect(context.warnings).toEqual([]);

    const copies = takeRows(
      real,
      Array.from({ length: 200 }, (_, i) => (i < 150 ? i : i % 5)),
    );
    await row.measure({ real: toSide(copies), fake: toSide(fake) }, row.defaults, context);
    expect(context.warnings).toMatchObject([
      { code: "zero-radii", message: expect.stringMatching(/55 of 200 real rows \(27.5 %\)/) },
    ]);
  });

  it("of halves is as if they were measured", async () => {
    for (const [real, fake] of [
      [mat(14, 240, 4), mat(15, 200, 4, 0.9, 0.1)],
      [lattice(16, 220, 3, 5), lattice(17, 180, 3, 6)],
    ]) {
      const sides = { real: toSide(real), fake: toSide(fake) };
      const got = await row.halve!(sides, 4, row.defaults, openContext());
      for (const half of SOME_HALVES)
        expect(got[half.cut][half.half]).toEqual(
          await row.measure(sidesToHalf(sides, 4, half), row.defaults, openContext()),
        );
    }
  });
});
