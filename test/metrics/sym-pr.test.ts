import { describe, expect, it } from "vitest";
import { featuresToSymmetricPrecisionRecall, row } from "../../src/metrics/sym-pr.ts";
import { mat } from "../math/seeded-features.ts";
import { itIsAMetricOfNeighbours } from "./neighbour-properties.ts";
import { naiveSymmetric } from "./wave-points.ts";

describe("symmetric precision and recall", () => {
  itIsAMetricOfNeighbours(row, {
    naive: (real, fake, { k }: { k: number }) => {
      const { precision, complement, recall, coverage } = naiveSymmetric(real, fake, k);
      return { precision: Math.min(precision, complement), recall: Math.min(recall, coverage) };
    },
    others: [{ k: 1 }, { k: 12 }],
    equal: { precision: 0, recall: 0 },
    same: { precision: 1, recall: 1 },
    flag: "--sym-pr-neighbours",
  });

  it("fall where fakes shrink within the real ones' shell and where they leave it, as usual precision does not", async () => {
    const real = mat(1, 400, 64);
    for (const scale of [0.7, 1.4]) {
      const { precision } = await featuresToSymmetricPrecisionRecall(real, mat(2, 400, 64, scale));
      expect(precision).toBeLessThan(0.1);
    }
    const alike = await featuresToSymmetricPrecisionRecall(real, mat(2, 400, 64));
    expect(Math.min(alike.precision, alike.recall)).toBeGreaterThan(0.7);
  });
});
