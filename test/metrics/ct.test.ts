import { describe, expect, it } from "vitest";
import type { Features } from "../../src/math/features/statistics.ts";
import { distancesToScore, featuresToCopyingTest } from "../../src/metrics/ct.ts";
import { naiveSquared } from "../math/neighbours/naive.ts";
import { mat, takeRows } from "../math/seeded-features.ts";

/** The statistic over all pairs. */
function naiveScore(fake: readonly number[], heldOut: readonly number[]): number {
  let u = 0;
  for (const a of fake) for (const b of heldOut) u += a > b ? 1 : a === b ? 0.5 : 0;
  const [f, h] = [fake.length, heldOut.length];
  return (u - (f * h) / 2) / Math.sqrt((f * h * (f + h + 1)) / 12);
}

const nearest = (of: Features, among: Features): number[] =>
  Array.from({ length: of.rows }, (_, i) =>
    Math.min(...Array.from({ length: among.rows }, (_, j) => naiveSquared(of, i, among, j))),
  );

const join = (...sides: Features[]): Features => ({
  data: Float32Array.from(sides.flatMap(({ data }) => [...data])),
  rows: sides.reduce((sum, { rows }) => sum + rows, 0),
  width: sides[0].width,
});

describe("the data-copying test", () => {
  it("counts pairs as the definition does, ties too", () => {
    const draw = (seed: number, count: number) =>
      mat(seed, count, 1).data.map((value) => Math.round(6 * value));
    for (const [f, h] of [
      [1, 1],
      [40, 55],
      [80, 9],
    ]) {
      const [fake, heldOut] = [Float64Array.from(draw(1, f)), Float64Array.from(draw(2, h))];
      expect(distancesToScore(fake, heldOut)).toBeCloseTo(naiveScore([...fake], [...heldOut]), 12);
    }
    // By hand: U is 12 of 12, its mean 6 and its variance 12 8 / 12.
    expect(distancesToScore(Float64Array.of(7, 8, 9), Float64Array.of(1, 2, 3, 4))).toBeCloseTo(
      6 / Math.sqrt(8),
      12,
    );
  });

  it("of one cell is the score of the distances to the training samples", async () => {
    const [real, fake, heldOut] = [mat(1, 120, 6), mat(2, 60, 6, 1, 0.1), mat(3, 70, 6)];
    const got = await featuresToCopyingTest(real, fake, heldOut, { cells: 1 });
    expect(got).toBeCloseTo(naiveScore(nearest(fake, real), nearest(heldOut, real)), 12);
  });

  it("of clusters far apart is the mean of theirs by held-out samples, without those of fewer than 20 fakes", async () => {
    const places = [0, 100, -100].map((place, c) => ({
      real: mat(10 + c, 50, 4, 1, place),
      fake: mat(20 + c, [40, 25, 19][c], 4, 0.9, place),
      heldOut: mat(30 + c, [30, 60, 40][c], 4, 1, place),
    }));
    const all = (role: "real" | "fake" | "heldOut") => join(...places.map((each) => each[role]));
    const scores = places.map(({ real, fake, heldOut }) =>
      naiveScore(nearest(fake, real), nearest(heldOut, real)),
    );
    const got = await featuresToCopyingTest(all("real"), all("fake"), all("heldOut"));
    expect(got).toBeCloseTo((30 * scores[0] + 60 * scores[1]) / 90, 12);
  });

  it("is far below 0 of copies, far above it of samples elsewhere, and about 0 of new ones", async () => {
    const [real, heldOut] = [mat(1, 400, 8), mat(2, 200, 8)];
    const noise = mat(4, 200, 8, 0.02);
    const copies = takeRows(
      real,
      Array.from({ length: 200 }, (_, i) => i),
    );
    const near = { ...copies, data: copies.data.map((value, at) => value + noise.data[at]) };
    expect(await featuresToCopyingTest(real, near, heldOut)).toBeLessThan(-8);
    expect(await featuresToCopyingTest(real, mat(5, 200, 8, 1, 3), heldOut)).toBeGreaterThan(8);
    const scores = await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        featuresToCopyingTest(real, mat(40 + i, 200, 8), mat(80 + i, 200, 8)),
      ),
    );
    for (const score of scores) expect(Math.abs(score)).toBeLessThan(3.5);
  });

  it("does not see the order of fakes and held-out samples, nor a change of scale", async () => {
    const [real, fake, heldOut] = [mat(1, 150, 4), mat(2, 90, 4), mat(3, 80, 4)];
    const all = await featuresToCopyingTest(real, fake, heldOut);
    const turned = (of: Features) =>
      takeRows(
        of,
        Array.from({ length: of.rows }, (_, i) => of.rows - 1 - i),
      );
    expect(await featuresToCopyingTest(real, turned(fake), turned(heldOut))).toBeCloseTo(all, 12);
    const double = (of: Features) => ({ ...of, data: of.data.map((value) => 2 * value) });
    expect(await featuresToCopyingTest(double(real), double(fake), double(heldOut))).toBeCloseTo(all, 12);
  });

  it("measures rows that are all equal, and refuses what it cannot", async () => {
    const equal = takeRows(mat(1, 1, 3), Array(30).fill(0));
    expect(await featuresToCopyingTest(equal, equal, equal)).toBe(0);
    await expect(featuresToCopyingTest(mat(1, 50, 3), mat(2, 19, 3), mat(3, 9, 3))).rejects.toMatchObject({
      code: "input.too-few-samples",
    });
    await expect(featuresToCopyingTest(mat(1, 50, 3), mat(2, 60, 3), mat(3, 9, 2))).rejects.toMatchObject({
      code: "input.feature-width",
    });
    const broken = mat(2, 60, 3);
    broken.data[4] = Number.POSITIVE_INFINITY;
    await expect(featuresToCopyingTest(mat(1, 50, 3), broken, mat(3, 9, 3))).rejects.toMatchObject({
      code: "input.features-not-finite",
    });
    await expect(
      featuresToCopyingTest(mat(1, 50, 3), mat(2, 60, 3), mat(3, 9, 3), { cells: 0 }),
    ).rejects.toMatchObject({ code: "usage.ct-cells" });
    // Fakes and held-out samples in cells of their own.
    const real = join(mat(1, 30, 3), mat(2, 30, 3, 1, 90));
    await expect(
      featuresToCopyingTest(real, mat(3, 30, 3), mat(4, 30, 3, 1, 90), { cells: 2 }),
    ).rejects.toMatchObject({ code: "input.too-few-samples", hint: expect.stringMatching(/--ct-cells 1/) });
  });
});
