import { describe, expect, it } from "vitest";
import { featuresToRarity, row } from "../../src/metrics/rarity.ts";
import { naiveRadii, toSide } from "../math/neighbours/naive.ts";
import { mat, takeRows } from "../math/seeded-features.ts";
import { openContext } from "./context.ts";
import { itIsAMetricOfNeighbours } from "./neighbour-properties.ts";
import { meanOf, naiveRarity } from "./wave-points.ts";

describe("the rarity score", () => {
  itIsAMetricOfNeighbours(row, {
    naive: (real, fake, { k }: { k: number }) => {
      const all = naiveRarity(real, fake, k);
      const inside = all.filter((value) => !Number.isNaN(value));
      return { mean: meanOf(inside), inside: inside.length / all.length };
    },
    others: [{ k: 1 }, { k: 9 }],
    scaled: { mean: 2, inside: 1 },
    equal: { mean: 0, inside: 1 },
    flag: "--rarity-neighbours",
  });

  it("of a real sample is its own ball's radius at most", async () => {
    const real = mat(1, 200, 5);
    const radii = naiveRadii(real, 3).map(Math.sqrt);
    const rarity = await featuresToRarity(real, real);
    for (const [i, value] of rarity.entries()) expect(value).toBeLessThanOrEqual(radii[i] + 1e-12);
  });

  it("of each fake sample is named for a table of images, and not a number outside", async () => {
    const real = mat(1, 100, 3);
    const fake = takeRows(mat(2, 40, 3), [0, 1, 2, 3, 4, 5]);
    fake.data.set([90, 90, 90], 6);
    const { rarity } = await row.perImage!(
      { real: toSide(real), fake: toSide(fake) },
      row.defaults,
      openContext(),
    );
    expect(rarity[2]).toBeNaN();
    expect(rarity[0]).toBeGreaterThan(0);
  });

  it("warns where no fake sample has one", async () => {
    const context = openContext();
    const sides = { real: toSide(mat(1, 100, 3)), fake: toSide(mat(2, 40, 3, 1, 50)) };
    expect(await row.measure(sides, row.defaults, context)).toEqual({ mean: Number.NaN, inside: 0 });
    expect(context.warnings).toMatchObject([{ code: "no-rarity" }]);
  });
});
