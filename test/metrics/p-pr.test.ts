import { describe, expect, it } from "vitest";
import type { Features } from "../../src/math/features/statistics.ts";
import { featuresToProbabilisticPrecisionRecall, row } from "../../src/metrics/p-pr.ts";
import { mat } from "../math/seeded-features.ts";
import { itIsAMetricOfNeighbours } from "./neighbour-properties.ts";
import { naiveProbabilistic } from "./wave-points.ts";

const line = (...values: number[]): Features => ({
  data: Float32Array.from(values),
  rows: values.length,
  width: 1,
});

describe("probabilistic precision and recall", () => {
  itIsAMetricOfNeighbours(row, {
    naive: (real, fake, { k }: { k: number }) => {
      const { precision, recall } = naiveProbabilistic(real, fake, k);
      return { precision, recall };
    },
    others: [{ k: 1 }, { k: 9 }],
    equal: { precision: 1, recall: 1 },
    same: { precision: 1, recall: 1 },
    flag: "--p-pr-neighbours",
  });

  it("are those of a line by hand: radii of 1.2, and probabilities of 1 - d / 1.2", async () => {
    const got = await featuresToProbabilisticPrecisionRecall(line(0, 1), line(2, 3), { k: 1 });
    expect(got.precision).toBeCloseTo((1 - 1 / 1.2) / 2, 12);
    expect(got.recall).toBeCloseTo((1 - 1 / 1.2) / 2, 12);
  });

  it("are 0 of sides that lie apart", async () => {
    expect(await featuresToProbabilisticPrecisionRecall(mat(1, 60, 4), mat(2, 60, 4, 1, 40))).toEqual({
      precision: 0,
      recall: 0,
    });
  });
});
