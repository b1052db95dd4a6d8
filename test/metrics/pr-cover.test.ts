import { describe, expect, it } from "vitest";
import { featuresToPrecisionRecallCover, row } from "../../src/metrics/pr-cover.ts";
import { mat } from "../math/seeded-features.ts";
import { itIsAMetricOfNeighbours } from "./neighbour-properties.ts";
import { naiveCover } from "./wave-points.ts";

describe("precision and recall cover", () => {
  itIsAMetricOfNeighbours(row, {
    naive: (real, fake, { k, factor }: { k: number; factor: number }) => naiveCover(real, fake, k, factor),
    others: [
      { k: 1, factor: 3 },
      { k: 2, factor: 1 },
      { k: 5, factor: 2 },
    ],
    equal: { precision: 1, recall: 1 },
    same: { precision: 1, recall: 1 },
    flag: "--pr-cover-neighbours",
  });

  it("exchange places with the sides", async () => {
    const [a, b] = [mat(1, 120, 4), mat(2, 140, 4, 0.7, 0.2)];
    const there = await featuresToPrecisionRecallCover(a, b);
    const back = await featuresToPrecisionRecallCover(b, a);
    expect(there).toEqual({ precision: back.recall, recall: back.precision });
  });

  it("refuse a factor that is no whole number", async () => {
    await expect(
      featuresToPrecisionRecallCover(mat(1, 40, 3), mat(2, 40, 3), { factor: 1.5 }),
    ).rejects.toMatchObject({ code: "usage.pr-cover-factor" });
  });
});
