import { describe, expect, it } from "vitest";
import { featuresToAuthenticity, row } from "../../src/metrics/authpct.ts";
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

describe("authenticity", () => {
  const [real, fake] = [mat(1, 200, 16), mat(2, 160, 16, 0.8, 0.15)];

  it("is the golden one, with the nearest real samples", async () => {
    const { percent, nearestReal } = await featuresToAuthenticity(real, fake);
    expect(percent).toBe(53.125);
    expect([...nearestReal.slice(0, 8)]).toEqual([64, 190, 142, 105, 99, 114, 183, 48]);
  });

  it("is that of the definition, also where distances tie", async () => {
    for (const [a, b] of [
      [mat(3, 150, 3), mat(4, 90, 3)],
      [lattice(5, 150, 4, 5), lattice(6, 120, 4, 6)],
    ]) {
      const own = naiveRadii(a, 1);
      const got = await featuresToAuthenticity(a, b);
      for (let j = 0; j < b.rows; j++) {
        const distances = Array.from({ length: a.rows }, (_, i) => naiveSquared(a, i, b, j));
        const least = Math.min(...distances);
        const nearest = distances.indexOf(least);
        expect(got.nearestReal[j]).toBe(nearest);
        expect(got.authentic[j]).toBe(own[nearest] < least ? 1 : 0);
        expect(got.distance[j]).toBeCloseTo(Math.sqrt(least), 12);
      }
    }
  });

  it("is 0 for copies of the real set and 100 for samples far away", async () => {
    expect((await featuresToAuthenticity(real, sliceRows(real, 20, 90))).percent).toBe(0);
    expect((await featuresToAuthenticity(real, mat(7, 30, 16, 1, 50))).percent).toBe(100);
  });

  it("is 0 for copies of a real set, however often that holds each of its samples", async () => {
    const copies = sliceRows(real, 20, 90);
    for (const times of [2, 3, 7]) {
      const repeated = takeRows(
        real,
        Array.from({ length: times * real.rows }, (_, i) => i % real.rows),
      );
      expect((await featuresToAuthenticity(repeated, copies)).percent).toBe(0);
    }
  });

  it("gives a row an image, whose share is the value", async () => {
    const sides = { real: toSide(real), fake: toSide(fake) };
    const { authentic, nearest_real } = await row.perImage!(sides, {}, openContext());
    expect(authentic.filter((is) => is === 1).length / 1.6).toBe(53.125);
    expect(nearest_real.length).toBe(160);
  });

  it("of halves is as if they were measured", async () => {
    const sides = { real: toSide(lattice(8, 140, 3, 8)), fake: toSide(lattice(9, 121, 3, 8)) };
    const got = await row.halve!(sides, 4, {}, openContext());
    for (const half of SOME_HALVES)
      expect(got[half.cut][half.half]).toEqual(
        await row.measure(sidesToHalf(sides, 4, half), {}, openContext()),
      );
  });

  it("needs another real sample", async () => {
    await expect(featuresToAuthenticity(mat(1, 1, 16), fake)).rejects.toMatchObject({
      code: "input.too-few-samples",
    });
  });
});
