import { describe, expect, it } from "vitest";
import type { Features } from "../../src/math/features/statistics.ts";
import { featuresToRealism, row } from "../../src/metrics/realism.ts";
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
function naive(real: Features, fake: Features, k: number): number[] {
  const radii = naiveRadii(real, k).map(Math.sqrt);
  const sorted = radii.slice().sort((a, b) => a - b);
  const median = (sorted[Math.floor((real.rows - 1) / 2)] + sorted[Math.floor(real.rows / 2)]) / 2;
  const isAsked = radii.some((radius) => radius < median)
    ? (radius: number) => radius < median
    : (radius: number) => radius <= median;
  return Array.from({ length: fake.rows }, (_, j) =>
    Math.max(
      ...radii.map((radius, i) => {
        if (!isAsked(radius)) return 0;
        const distance = Math.sqrt(naiveSquared(real, i, fake, j));
        return radius === 0 && distance === 0 ? 1 : radius / (distance + 1e-5);
      }),
    ),
  );
}

describe("realism", () => {
  it.each([
    ["dense", mat(1, 301, 6), mat(2, 120, 6, 0.8, 0.15), 3],
    ["several tiles", mat(3, 1100, 2), mat(4, 40, 2), 1],
    ["full of ties", lattice(5, 200, 3, 5), lattice(6, 90, 3, 7), 2],
    ["equal radii", lattice(7, 60, 1, 2), mat(8, 20, 1), 3],
    ["far away", mat(9, 100, 4), mat(10, 30, 4, 1, 1e3), 3],
  ])("is that of the definition: %s", async (_, real, fake, k) => {
    const got = await featuresToRealism(real, fake, { k });
    const expected = naive(real, fake, k);
    // Sums of float64 squares in another order.
    for (let j = 0; j < fake.rows; j++)
      expect(Math.abs(got[j] - expected[j])).toBeLessThan(1e-12 * got[j] + 1e-300);
  });

  it("is 1 on the largest asked ball's surface, more within, and finite for copies", async () => {
    // On a line, k = 1: radii 1, 1, 5, 5; the median is 3, and the first two are asked.
    const real = { data: Float32Array.of(0, 1, 20, 25), rows: 4, width: 1 };
    const fake = { data: Float32Array.of(2, 1.5, 11, 0), rows: 4, width: 1 };
    const got = await featuresToRealism(real, fake, { k: 1 });
    expect([...got]).toEqual([1 / (1 + 1e-5), 1 / (0.5 + 1e-5), 1 / (10 + 1e-5), 1 / 1e-5]);
  });

  it("is 1 for a copy of a real sample that the real set holds again and again, whose ball is a point", async () => {
    const few = mat(11, 12, 6);
    const repeated = takeRows(
      few,
      Array.from({ length: 60 }, (_, i) => i % 12),
    );
    expect([...(await featuresToRealism(repeated, few, { k: 3 }))]).toEqual(new Array(12).fill(1));
    const [off] = await featuresToRealism(repeated, mat(12, 1, 6), { k: 3 });
    expect(off).toBe(0);
  });

  it("is one number an image, whose mean and median are the values", async () => {
    const sides = { real: toSide(mat(11, 150, 5)), fake: toSide(mat(12, 101, 5)) };
    const context = openContext();
    const { mean, median } = await row.measure(sides, row.defaults, context);
    const { realism } = await row.perImage!(sides, row.defaults, context);
    expect(mean).toBe(realism.reduce((a, b) => a + b, 0) / 101);
    expect(median).toBe([...realism].sort((a, b) => a - b)[50]);
  });

  it("of halves is as if they were measured", async () => {
    for (const [real, fake] of [
      [mat(13, 200, 4), mat(14, 90, 4, 0.9, 0.2)],
      [lattice(15, 160, 3, 5), lattice(16, 80, 3, 6)],
    ]) {
      const sides = { real: toSide(real), fake: toSide(fake) };
      const got = await row.halve!(sides, 4, row.defaults, openContext());
      for (const half of SOME_HALVES)
        expect(got[half.cut][half.half]).toEqual(
          await row.measure(sidesToHalf(sides, 4, half), row.defaults, openContext()),
        );
    }
  });

  it("does not depend on the order of the real rows", async () => {
    const [real, fake] = [mat(17, 130, 5), mat(18, 70, 5)];
    const turned = takeRows(
      real,
      Array.from({ length: 130 }, (_, i) => (i * 37) % 130),
    );
    expect(await featuresToRealism(turned, fake)).toEqual(await featuresToRealism(real, fake));
  });

  it("needs more real samples than neighbours", async () => {
    await expect(featuresToRealism(mat(1, 3, 4), mat(2, 9, 4))).rejects.toMatchObject({
      code: "input.too-few-samples",
      hint: expect.stringMatching(/--realism-neighbours/),
    });
  });
});
