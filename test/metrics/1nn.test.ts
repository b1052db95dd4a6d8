import { describe, expect, it } from "vitest";
import type { Features } from "../../src/math/features/statistics.ts";
import { createRandomState } from "../../src/math/random/random-state.ts";
import { featuresToNearestNeighbourTest, row } from "../../src/metrics/1nn.ts";
import { lattice, naiveSquared, SOME_HALVES, sidesToHalf, toSide } from "../math/neighbours/naive.ts";
import { mat, takeRows } from "../math/seeded-features.ts";
import { openContext } from "./context.ts";

/** The definition: each sample's nearest other one of both sides. */
function naive(real: Features, fake: Features) {
  const share = (own: Features, other: Features): number => {
    let right = 0;
    for (let i = 0; i < own.rows; i++) {
      const within = Math.min(
        ...Array.from({ length: own.rows }, (_, j) => (j === i ? Infinity : naiveSquared(own, i, own, j))),
      );
      const across = Math.min(
        ...Array.from({ length: other.rows }, (_, j) => naiveSquared(own, i, other, j)),
      );
      right += within < across ? 1 : within > across ? 0 : 0.5;
    }
    return right / own.rows;
  };
  const [accuracyReal, accuracyFake] = [share(real, fake), share(fake, real)];
  return { accuracy: (accuracyReal + accuracyFake) / 2, accuracyReal, accuracyFake };
}

describe("the nearest-neighbour two-sample test", () => {
  it("is that of the definition, ties counting half", async () => {
    for (const [real, fake] of [
      [mat(1, 120, 4), mat(2, 120, 4, 0.9, 0.1)],
      [lattice(3, 100, 4, 5), lattice(4, 130, 4, 5)],
    ])
      expect(await featuresToNearestNeighbourTest(real, fake)).toEqual(naive(real, fake));
  });

  it("is 1 for sides apart, 0 for a copied set, and near 0.5 for two draws of one distribution", async () => {
    const real = mat(5, 1500, 3);
    const apart = await featuresToNearestNeighbourTest(mat(6, 60, 3), mat(7, 60, 3, 1, 30));
    expect(apart.accuracy).toBe(1);
    expect((await featuresToNearestNeighbourTest(real, real)).accuracy).toBe(0);
    const { accuracy } = await featuresToNearestNeighbourTest(real, mat(8, 1500, 3));
    // The standard error of a share of 3,000 is 0.009; neighbours in pairs make it a little more.
    expect(Math.abs(accuracy - 0.5)).toBeLessThan(0.04);
  });

  it("draws the larger side down to the other's number by seed, and says so", async () => {
    const [real, fake] = [mat(9, 90, 5), mat(10, 60, 5)];
    const context = openContext();
    const values = await row.measure({ real: toSide(real), fake: toSide(fake) }, { seed: 7 }, context);
    const drawn = takeRows(real, createRandomState(7).choice(90, 60).sort());
    const { accuracy, accuracyReal, accuracyFake } = naive(drawn, fake);
    expect(values).toEqual({ accuracy, accuracy_real: accuracyReal, accuracy_fake: accuracyFake });
    expect(context.warnings).toMatchObject([{ code: "unequal-numbers" }]);
  });

  it("of halves is as if they were compared", async () => {
    const sides = { real: toSide(lattice(11, 110, 4, 6)), fake: toSide(lattice(12, 110, 4, 6)) };
    const got = await row.halve!(sides, 4, row.defaults, openContext());
    for (const half of SOME_HALVES)
      expect(got[half.cut][half.half]).toEqual(
        await row.measure(sidesToHalf(sides, 4, half), row.defaults, openContext()),
      );
  });

  it("cuts the rows that were drawn in two", async () => {
    const [real, fake] = [mat(13, 80, 3), mat(14, 50, 3)];
    const [[one, other]] = await row.halve!(
      { real: toSide(real), fake: toSide(fake) },
      4,
      { seed: 3 },
      openContext(),
    );
    const drawn = takeRows(real, createRandomState(3).choice(80, 50).sort());
    const half = (which: 0 | 1) =>
      sidesToHalf({ real: toSide(drawn), fake: toSide(fake) }, 4, { cut: 0, half: which });
    const expected = ([0, 1] as const).map((which) => {
      const { real, fake } = half(which);
      return naive(real!.features!, fake.features!).accuracy;
    });
    expect([one.accuracy, other.accuracy]).toEqual(expected);
  });

  it("needs two samples in each half for an interval", async () => {
    const sides = { real: toSide(mat(1, 3, 2)), fake: toSide(mat(2, 3, 2)) };
    await expect(row.halve!(sides, 4, row.defaults, openContext())).rejects.toMatchObject({
      code: "input.too-few-samples",
      message: expect.stringMatching(/in each half/),
    });
  });

  it("needs two samples a side, of one width", async () => {
    const code = (real: Features, fake: Features) =>
      featuresToNearestNeighbourTest(real, fake).catch((error) => error.code);
    expect(await code(mat(1, 1, 2), mat(1, 4, 2))).toBe("input.too-few-samples");
    expect(await code(mat(1, 4, 2), mat(1, 4, 3))).toBe("input.feature-width");
  });
});
