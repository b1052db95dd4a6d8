import { describe, expect, it } from "vitest";
import type { Features } from "../../src/math/features/statistics.ts";
import { createRandomState } from "../../src/math/random/random-state.ts";
import { featuresToNeighbourRatio, row } from "../../src/metrics/nn-ratio.ts";
import { lattice, naiveSquared, SOME_HALVES, sidesToHalf, toSide } from "../math/neighbours/naive.ts";
import { mat, sliceRows, takeRows } from "../math/seeded-features.ts";
import { openContext } from "./context.ts";

/** The definition. */
function naive(real: Features, fake: Features, heldOut: Features) {
  const least = (of: Features, j: number) =>
    Math.sqrt(Math.min(...Array.from({ length: of.rows }, (_, i) => naiveSquared(of, i, fake, j))));
  const pairs = Array.from({ length: fake.rows }, (_, j) => [least(real, j), least(heldOut, j)]);
  const ratios = pairs.map(([a, b]) => (a === b ? 1 : a / b)).sort((a, b) => a - b);
  const middle = fake.rows / 2;
  return {
    ratio: (ratios[Math.ceil(middle) - 1] + ratios[Math.floor(middle)]) / 2,
    nearer: pairs.reduce((sum, [a, b]) => sum + (a < b ? 1 : a === b ? 0.5 : 0), 0) / fake.rows,
  };
}

describe("the ratio of nearest-neighbour distances", () => {
  it("is that of the definition, ties counting half", async () => {
    for (const [real, fake, heldOut] of [
      [lattice(1, 90, 4, 5), lattice(2, 71, 4, 6), lattice(3, 90, 4, 5)],
      [lattice(4, 60, 3, 9), lattice(5, 80, 3, 9), lattice(6, 50, 3, 9)],
    ])
      expect(await featuresToNeighbourRatio(real, fake, heldOut)).toEqual(naive(real, fake, heldOut));
  });

  it("is about 1 for a third draw of the distribution, and says where the training set is repeated", async () => {
    const [real, heldOut] = [mat(7, 800, 4), mat(8, 800, 4)];
    const fresh = await featuresToNeighbourRatio(real, mat(9, 800, 4), heldOut);
    // The share's standard error is 0.018; that of the ratio's median, with ratios spread over 0.5 to 2, about 0.02.
    expect(Math.abs(fresh.nearer - 0.5)).toBeLessThan(0.07);
    expect(Math.abs(fresh.ratio - 1)).toBeLessThan(0.1);
    const noise = mat(10, 800, 4, 0.02);
    const repeated = { ...real, data: real.data.map((value, at) => value + noise.data[at]) };
    const memorised = await featuresToNeighbourRatio(real, repeated, heldOut);
    expect(memorised.ratio).toBeLessThan(0.2);
    expect(memorised.nearer).toBeGreaterThan(0.95);
    const turned = await featuresToNeighbourRatio(heldOut, repeated, real);
    expect(turned.nearer).toBe(1 - memorised.nearer);
  });

  it("counts copies of both as even", async () => {
    const real = mat(11, 30, 3);
    const got = await featuresToNeighbourRatio(real, sliceRows(real, 0, 9), real);
    expect(got).toEqual({ ratio: 1, nearer: 0.5 });
  });

  it("draws equal numbers of real and held-out rows by seed, and cuts those in two", async () => {
    const sides = {
      real: toSide(lattice(12, 90, 3, 7)),
      fake: toSide(lattice(13, 55, 3, 7)),
      heldOut: toSide(lattice(14, 60, 3, 7)),
    };
    const drawn = createRandomState(5).choice(90, 60).sort();
    const real = takeRows(sides.real.features!, drawn);
    const values = await row.measure(sides, { seed: 5 }, openContext());
    expect(values).toEqual(naive(real, sides.fake.features!, sides.heldOut.features!));
    const got = await row.halve!(sides, 4, { seed: 5 }, openContext());
    for (const half of SOME_HALVES) {
      const part = sidesToHalf({ ...sides, real: toSide(real) }, 4, half);
      expect(got[half.cut][half.half]).toEqual(
        naive(part.real!.features!, part.fake.features!, part.heldOut!.features!),
      );
    }
  });

  it("needs features of one width and at least one a side", async () => {
    const code = (...sides: [Features, Features, Features]) =>
      featuresToNeighbourRatio(...sides).catch((error) => error.code);
    expect(await code(mat(1, 4, 2), mat(1, 4, 2), mat(1, 4, 3))).toBe("input.feature-width");
    expect(await code(mat(1, 4, 2), mat(1, 4, 2), mat(1, 0, 2))).toBe("input.too-few-samples");
  });
});
