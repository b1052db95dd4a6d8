import { describe, expect, it } from "vitest";
import {
  distinctRows,
  featuresToNearestOther,
  openNearestRealRatio,
  openRealDistance,
  rowsToNearestRows,
} from "../../../src/math/variety/sample-variety.ts";
import { naiveSquared } from "../neighbours/naive.ts";
import { mat, sliceRows, takeRows } from "../seeded-features.ts";

const median = (values: number[]): number => {
  const sorted = values.sort((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.floor(sorted.length / 2)]) / 2;
};
const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const [real, fake] = [mat(1, 120, 5), mat(2, 70, 5, 1.5)];
const repeat = (times: number) =>
  takeRows(
    real,
    range(times * real.rows).map((i) => i % real.rows),
  );

describe("variety of samples", () => {
  it("is the median distance to the nearest other sample, 0 where each has a copy", async () => {
    const naive = range(fake.rows).map((i) =>
      Math.min(
        ...range(fake.rows)
          .filter((j) => j !== i)
          .map((j) => Math.sqrt(naiveSquared(fake, i, fake, j))),
      ),
    );
    expect(await featuresToNearestOther(fake)).toBeCloseTo(median(naive), 12);
    expect(await featuresToNearestOther(repeat(2))).toBe(0);
  });

  it("counts each real sample once, however often it occurs, the first in its place", () => {
    expect(distinctRows(real)).toBe(real);
    for (const times of [2, 3]) expect(distinctRows(repeat(times))).toEqual(real);
  });

  it("measures how far samples are from real ones by how far those are from each other there", async () => {
    const own = range(real.rows).map((i) =>
      Math.min(
        ...range(real.rows)
          .filter((l) => l !== i)
          .map((l) => Math.sqrt(naiveSquared(real, i, real, l))),
      ),
    );
    const nearest = range(fake.rows).map((j) => {
      const distances = range(real.rows).map((i) => Math.sqrt(naiveSquared(real, i, fake, j)));
      return distances.indexOf(Math.min(...distances));
    });
    expect([...(await rowsToNearestRows(fake, real))]).toEqual(nearest);
    const ratios = nearest.map((i, j) => Math.sqrt(naiveSquared(real, i, fake, j)) / own[i]);
    const measure = await openNearestRealRatio(real);
    expect(await measure(fake)).toBeCloseTo(median(ratios), 12);
    // As of a real set that holds each sample several times.
    for (const times of [2, 3])
      expect(await (await openNearestRealRatio(repeat(times)))(fake)).toBeCloseTo(median(ratios), 12);
  });

  it("is about 1 of other real samples and of a part of them, and grows with noise", async () => {
    const measure = await openRealDistance(mat(3, 800, 4), { seed: 1 });
    const others = mat(4, 400, 4);
    expect(await measure(others)).toBeCloseTo(1, 0);
    const some = takeRows(
      others,
      range(400).filter((i) => others.data[4 * i] > 0.5),
    );
    expect(Math.abs((await measure(some)) - 1)).toBeLessThan(0.3);
    const noise = mat(5, 400, 4, 4);
    expect(await measure({ ...others, data: others.data.map((v, i) => v + noise.data[i]) })).toBeGreaterThan(
      2,
    );
    expect(await measure(sliceRows(mat(3, 800, 4), 0, 50))).toBe(0);
  });
});
