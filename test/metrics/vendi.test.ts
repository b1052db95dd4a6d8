import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import type { Features } from "../../src/math/features/statistics.ts";
import { selectRows } from "../../src/math/features/statistics.ts";
import { featuresToVendi, row } from "../../src/metrics/vendi.ts";
import { mat, takeRows } from "../math/seeded-features.ts";
import { openContext } from "./context.ts";

/** The definition: eigenvalues of the n x n similarities. */
function naive({ data, rows, width }: Features): number {
  const unit = Matrix.from1DArray(rows, width, data);
  for (let r = 0; r < rows; r++) unit.mulRow(r, 1 / unit.getRowVector(r).norm());
  const { realEigenvalues } = new EigenvalueDecomposition(unit.mmul(unit.transpose()).div(rows), {
    assumeSymmetric: true,
  });
  return Math.exp(realEigenvalues.reduce((sum, l) => (l > 1e-15 ? sum - l * Math.log(l) : sum), 0));
}

const identity = (n: number, scale = 1): Features => ({
  data: Float32Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? scale : 0)),
  rows: n,
  width: n,
});

describe("the Vendi score", () => {
  it("is the golden one (NumPy)", () => {
    expect(featuresToVendi(mat(1, 200, 16))).toBeCloseTo(15.304485965446899, 10);
    expect(featuresToVendi(mat(2, 160, 16, 0.8, 0.15))).toBeCloseTo(14.317988684861964, 10);
  });

  it("of n orthogonal rows is n, whatever their lengths; of equal ones 1", () => {
    expect(featuresToVendi(identity(8))).toBeCloseTo(8, 12);
    expect(featuresToVendi(identity(300, 5))).toBeCloseTo(300, 9);
    const equal = takeRows(mat(3, 1, 12), new Array(40).fill(0));
    expect(featuresToVendi(equal)).toBeCloseTo(1, 12);
    expect(featuresToVendi(mat(3, 1, 12))).toBeCloseTo(1, 12);
  });

  it.each([
    ["fewer rows than columns", 60, 90],
    ["as many", 40, 40],
    ["more", 90, 33],
  ])("is that of the definition: %s", (_, n, d) => {
    expect(featuresToVendi(mat(n, n, d))).toBeCloseTo(naive(mat(n, n, d)), 9);
  });

  it("is the same on one thread and several, in blocks that are not full", () => {
    for (const features of [mat(4, 1100, 260), mat(5, 530, 600)])
      expect(featuresToVendi(features, { threads: 1 })).toBe(featuresToVendi(features, { threads: 2 }));
  });

  it("does not change when every row is there twice, or in another order", () => {
    const features = mat(6, 50, 20);
    const twice = takeRows(
      features,
      Array.from({ length: 100 }, (_, i) => (i * 7) % 50),
    );
    expect(featuresToVendi(twice)).toBeCloseTo(featuresToVendi(features), 10);
  });

  it.each([
    [200, 16],
    [40, 60],
  ])("with a block left out is that of the other rows: %d rows of %d", async (n, d) => {
    const features = mat(7, n, d);
    const blocks = {
      role: "fake",
      count: 6,
      ofRow: Int32Array.from({ length: n }, (_, i) => (i * 5) % 6),
    } as const;
    const got = await row.leaveOut!({ fake: { count: n, features } }, blocks, {}, openContext());
    expect(got).toHaveLength(6);
    got.forEach(({ score }, block) => {
      expect(score).toBeCloseTo(featuresToVendi(selectRows(features, (i) => blocks.ofRow[i] !== block)), 9);
    });
  });

  it("refuses a row of zeros, and NaN", () => {
    const features = mat(8, 20, 4);
    const zero = { ...features, data: features.data.slice().fill(0, 12, 16) };
    expect(() => featuresToVendi(zero)).toThrow(/zeros in row 3/);
    const broken = { ...features, data: features.data.slice().fill(Number.NaN, 13, 14) };
    expect(() => featuresToVendi(broken)).toThrow(/NaN in row 3/);
  });
});
