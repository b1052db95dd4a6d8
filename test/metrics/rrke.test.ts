import { describe, expect, it } from "vitest";
import type { Features } from "../../src/math/features/statistics.ts";
import { rowsToQuarters } from "../../src/math/intervals/split-halves.ts";
import { featuresToRelativeEntropy, row } from "../../src/metrics/rrke.ts";
import { toSide } from "../math/neighbours/naive.ts";
import { mat, takeRows } from "../math/seeded-features.ts";
import { openContext } from "./context.ts";
import { featuresToPoints, gauss } from "./wave-points.ts";

/** Singular values by one-sided Jacobi rotations of the columns, which are their lengths in the end. */
function naiveSingularValues(matrix: number[][]): number[] {
  const columns = matrix[0].map((_, c) => matrix.map((line) => line[c]));
  const dot = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * b[i], 0);
  for (let sweep = 0; sweep < 60; sweep++)
    for (let p = 0; p < columns.length; p++)
      for (let q = p + 1; q < columns.length; q++) {
        const [a, b] = [columns[p], columns[q]];
        const across = dot(a, b);
        if (Math.abs(across) < 1e-300) continue;
        const tau = (dot(b, b) - dot(a, a)) / (2 * across);
        const t = Math.sign(tau || 1) / (Math.abs(tau) + Math.sqrt(1 + tau ** 2));
        const c = 1 / Math.sqrt(1 + t ** 2);
        columns[p] = a.map((value, i) => c * (value - t * b[i]));
        columns[q] = b.map((value, i) => c * (value + t * a[i]));
      }
  return columns.map((column) => Math.sqrt(dot(column, column)));
}

function naive(real: Features, fake: Features, sigma: number): number {
  const [x, y] = [featuresToPoints(real), featuresToPoints(fake)];
  const scale = Math.sqrt(x.length * y.length);
  const kernel = x.map((a) => y.map((b) => gauss(a, b, sigma) / scale));
  return -Math.log(naiveSingularValues(kernel).reduce((a, b) => a + b, 0) ** 2);
}

describe("the relative Renyi kernel entropy", () => {
  it("is that of the definition to 1e-12, of wide and of tall kernels", () => {
    for (const [n, m] of [
      [1, 1],
      [30, 20],
      [18, 33],
    ]) {
      const [real, fake] = [mat(1, n, 4), mat(2, m, 4, 1, 0.2)];
      for (const sigma of [0.4, 2])
        expect(featuresToRelativeEntropy(real, fake, { sigma })).toBeCloseTo(naive(real, fake, sigma), 12);
    }
  });

  it("of a set and itself is 0, also in another order and of equal rows", () => {
    const set = mat(1, 60, 5);
    const order = Array.from({ length: 60 }, (_, i) => (i * 7) % 60);
    expect(featuresToRelativeEntropy(set, takeRows(set, order), { sigma: 0.7 })).toBeCloseTo(0, 12);
    expect(
      featuresToRelativeEntropy(takeRows(set, Array(30).fill(0)), takeRows(set, Array(20).fill(0))),
    ).toBeCloseTo(0, 12);
  });

  it("of far clusters that the sides have half of in common is ln 2, and grows without them", () => {
    const points = (...places: number[]): Features => ({
      data: Float32Array.from(places, (place) => 100 * place),
      rows: places.length,
      width: 1,
    });
    // One of two clusters each way: a single singular value, 1 / sqrt(2 2) times sqrt(1 1).
    expect(featuresToRelativeEntropy(points(0, 1), points(1, 2), { sigma: 1 })).toBeCloseTo(Math.log(4), 12);
    expect(featuresToRelativeEntropy(points(0, 1), points(0, 0), { sigma: 1 })).toBeCloseTo(Math.log(2), 12);
  });

  it("of quarters and halves is as if they were measured", async () => {
    const [real, fake] = [mat(1, 60, 4), mat(2, 48, 4)];
    const parameters = { sigma: 0.8, samples: 500, seed: 1 };
    const sides = { real: toSide(real), fake: toSide(fake) };
    const found = await row.quarter!(sides, 6, parameters, openContext());
    const part = (of: Features, seed: number, cut: number, isIn: (quarter: number) => boolean) =>
      takeRows(
        of,
        [...Array(of.rows).keys()].filter((i) => isIn(rowsToQuarters(of.rows, seed).ofRow[cut][i])),
      );
    for (const cut of [0, 7]) {
      const of = (isIn: (quarter: number) => boolean) =>
        featuresToRelativeEntropy(part(real, 6, cut, isIn), part(fake, 7, cut, isIn), parameters);
      expect(found[cut].quarters[2].entropy).toBeCloseTo(
        of((quarter) => quarter === 2),
        12,
      );
      expect(found[cut].halves[1].entropy).toBeCloseTo(
        of((quarter) => quarter >= 2),
        12,
      );
    }
  });

  it("draws from larger sides by seed, and refuses what it cannot measure", () => {
    const [real, fake] = [mat(1, 300, 4), mat(2, 200, 4)];
    const drawn = (seed: number) => featuresToRelativeEntropy(real, fake, { sigma: 0.7, samples: 50, seed });
    expect(drawn(1)).toBe(drawn(1));
    expect(drawn(1)).not.toBe(drawn(2));
    const refusal = (run: () => number) => {
      try {
        return run();
      } catch (error) {
        return (error as { code: string }).code;
      }
    };
    expect(refusal(() => featuresToRelativeEntropy(real, mat(1, 0, 4)))).toBe("input.too-few-samples");
    expect(refusal(() => featuresToRelativeEntropy(real, mat(1, 5, 3)))).toBe("input.feature-width");
    expect(refusal(() => featuresToRelativeEntropy(real, fake, { samples: 0 }))).toBe("usage.rrke-samples");
    const data = fake.data.map((value, at) => (at === 3 ? Number.NaN : value));
    expect(refusal(() => featuresToRelativeEntropy(real, { ...fake, data }))).toBe(
      "input.features-not-finite",
    );
  });
});
