import { describe, expect, it } from "vitest";
import type { Features } from "../../src/math/features/statistics.ts";
import { rowsToBlocks } from "../../src/math/intervals/jackknife.ts";
import { featuresToModeCount, row } from "../../src/metrics/rke.ts";
import { toSide } from "../math/neighbours/naive.ts";
import { mat, takeRows } from "../math/seeded-features.ts";
import { openContext } from "./context.ts";
import { FAKE, featuresToPoints, naiveModes, pointsToFeatures, REAL } from "./wave-points.ts";

/** Products of float32 features. */
const TOLERANCE = 1e-6;

const expectNear = (got: number, wanted: number) =>
  expect(Math.abs(got - wanted)).toBeLessThan(TOLERANCE * wanted);

/** Clusters of equal rows, far apart. */
function clusters(count: number, each: number): Features {
  const data = Float32Array.from({ length: count * each * 4 }, (_, at) => 100 * ((at >> 2) % count));
  return { data, rows: count * each, width: 4 };
}

describe("the mode count by Renyi kernel entropy", () => {
  it("is the golden one of the wave points", async () => {
    expectNear(await featuresToModeCount(pointsToFeatures(REAL), { sigma: 1 }), 4.001101472918858);
    expectNear(await featuresToModeCount(pointsToFeatures(FAKE), { sigma: 1 }), 3.088099476354199);
  });

  it("is that of the definition, of one row up to more than a tile", async () => {
    for (const rows of [1, 2, 150, 1100]) {
      const features = mat(3, rows, 6, 1, 0.4);
      for (const sigma of rows > 1000 ? [0.7] : [0.4, 3])
        expectNear(
          await featuresToModeCount(features, { sigma }),
          naiveModes(featuresToPoints(features), sigma),
        );
    }
  });

  it("of equal clusters far apart is their number, and of equal rows 1", async () => {
    for (const count of [1, 2, 7])
      expectNear(await featuresToModeCount(clusters(count, 12), { sigma: 5 }), count);
  });

  it("does not see the order of rows, and grows with none of scale and width together", async () => {
    const features = mat(1, 200, 5);
    const all = await featuresToModeCount(features, { sigma: 0.5 });
    const order = Array.from({ length: 200 }, (_, i) => (i * 77) % 200);
    expectNear(await featuresToModeCount(takeRows(features, order), { sigma: 0.5 }), all);
    const data = features.data.map((value) => 8 * value);
    expectNear(await featuresToModeCount({ ...features, data }, { sigma: 4 }), all);
  });

  it("without blocks is as if the rest were measured", async () => {
    const features = mat(5, 1200, 4);
    const parameters = { sigma: 0.6 };
    const blocks = rowsToBlocks("fake", 1200, 20, 3);
    const sides = { fake: toSide(features) };
    const without = await row.leaveOut!(sides, blocks, parameters, openContext());
    const pairs = await row.leaveOutPairs!(sides, [blocks, blocks], [[2, 11]], parameters, openContext());
    const rest = (out: readonly number[]) =>
      featuresToModeCount(
        takeRows(
          features,
          [...Array(1200).keys()].filter((i) => !out.includes(blocks.ofRow[i])),
        ),
        parameters,
      );
    for (const block of [0, 19]) expectNear(without[block].modes, await rest([block]));
    expectNear(pairs[0].modes, await rest([2, 11]));
  });

  it("warns of a kernel that is too narrow or too wide, and refuses one without a width", async () => {
    const sides = { fake: toSide(mat(1, 60, 5)) };
    for (const [sigma, word] of [
      [1e-3, /narrow/],
      [1e3, /wide/],
    ] as const) {
      const context = openContext();
      await row.measure(sides, { sigma }, context);
      expect(context.warnings).toMatchObject([
        {
          code: "kernel-width",
          message: expect.stringMatching(word),
          hint: expect.stringMatching(/--rke-sigma/),
        },
      ]);
    }
    await expect(featuresToModeCount(mat(1, 9, 3), { sigma: 0 })).rejects.toMatchObject({
      code: "usage.kernel-width",
    });
    await expect(featuresToModeCount(mat(1, 0, 3))).rejects.toMatchObject({ code: "input.too-few-samples" });
  });
});
