import { describe, expect, it } from "vitest";
import { sidesToRows } from "../../src/math/clusters/clusters.ts";
import type { Features } from "../../src/math/features/statistics.ts";
import { type Quarters, rowsToQuarters } from "../../src/math/intervals/split-halves.ts";
import { drawRows } from "../../src/math/neighbours/equal-numbers.ts";
import { featuresToPrd, histogramsToPrd, prdToF, row } from "../../src/metrics/prd.ts";
import { mat, sliceRows, takeRows } from "../math/seeded-features.ts";
import { openContext } from "./context.ts";

/** NumPy's, by compare_gan's compute_prd([.2, .3, .5], [.5, .4, .1], num_angles=11). */
const NUMPY_PRECISION = [
  1e-10, 0.15838444032453627, 0.3249196962329063, 0.454762725, 0.563271264, 0.6, 0.637638192, 0.696261051,
  0.807768354, 1, 1,
];
const NUMPY_RECALL = [
  1, 1, 1, 0.892522101, 0.775276384, 0.6, 0.463271264, 0.354762725, 0.262459848, 0.15838444, 1.0000007e-10,
];

const side = (features: Features) => ({ count: features.rows, features });
const toF = (curve: { precision: Float64Array; recall: Float64Array }) => ({
  f8: prdToF(curve, 8),
  f1_8: prdToF(curve, 1 / 8),
});

describe("the curve of two histograms", () => {
  it.each([
    // compare_gan's test cases: reference, evaluated, angle of 11, precision and recall there.
    ["perfect overlap", [1, 0], [1, 0], 5, 1, 1],
    ["low precision, in the middle", [1, 0], [0.5, 0.5], 5, 0.5, 0.5],
    ["low precision, at the end", [1, 0], [0.5, 0.5], 10, 0.5, undefined],
    ["high recall, at the start", [1, 0], [0.5, 0.5], 1, undefined, 1],
    ["low recall, in the middle", [0.5, 0.5], [1, 0], 5, 0.5, 0.5],
    ["low recall, at the start", [0.5, 0.5], [1, 0], 1, undefined, 0.5],
    ["high precision, at the end", [0.5, 0.5], [1, 0], 10, 1, undefined],
  ])("is compare_gan's: %s", (_, real, fake, angle, precision, recall) => {
    const curve = histogramsToPrd(real, fake, 11);
    if (precision !== undefined) expect(curve.precision[angle]).toBeCloseTo(precision, 7);
    if (recall !== undefined) expect(curve.recall[angle]).toBeCloseTo(recall, 7);
  });

  it("is zero without overlap, at every angle", () => {
    const { precision, recall } = histogramsToPrd([1, 0], [0, 1]);
    for (const value of [...precision, ...recall]) expect(value).toBeCloseTo(0, 7);
  });

  it("is NumPy's for three bins", () => {
    const curve = histogramsToPrd([5, 4, 1], [2, 3, 5], 11);
    // Printed to nine digits.
    for (let i = 0; i < 11; i++) {
      expect(curve.precision[i]).toBeCloseTo(NUMPY_PRECISION[i]!, 8);
      expect(curve.recall[i]).toBeCloseTo(NUMPY_RECALL[i]!, 8);
    }
    expect(toF(curve).f8).toBeCloseTo(0.9690257112752986, 12);
    expect(toF(curve).f1_8).toBeCloseTo(0.9244279897667202, 12);
  });

  it("exchanges precision and recall with the sides", () => {
    const [a, b] = [histogramsToPrd([1, 2, 3], [3, 3, 1]), histogramsToPrd([3, 3, 1], [1, 2, 3])];
    a.precision.forEach((value, i) => {
      expect(b.recall[1000 - i]).toBeCloseTo(value, 9);
    });
  });

  it("needs from 3 to a million angles", () => {
    for (const angles of [0, 1, -1, 2.5, 1e6 + 1])
      expect(() => histogramsToPrd([1], [1], angles)).toThrow(/--prd-angles/);
  });
});

describe("F of a curve", () => {
  it.each([
    // compare_gan's table
    [1, [1, 0, 0, 0, 0.5, 2 / 3, 2 / 3]],
    [2, [1, 0, 0, 0, 0.5, 5 / 9, 5 / 6]],
    [0.5, [1, 0, 0, 0, 0.5, 5 / 6, 5 / 9]],
  ])("beta %d", (beta, expected) => {
    const precision = [1, 1, 0, 0, 0.5, 1, 0.5];
    const recall = [1, 0, 1, 0, 0.5, 0.5, 1];
    expected.forEach((value, i) => {
      const curve = { precision: Float64Array.of(precision[i]!), recall: Float64Array.of(recall[i]!) };
      expect(prdToF(curve, beta)).toBeCloseTo(value, 7);
    });
  });
});

describe("PRD of features", () => {
  it("agrees with compare_gan's within what its own clusters vary", async () => {
    const found = toF(await featuresToPrd(mat(11, 2000, 16), mat(12, 2000, 16, 0.8, 0.15)));
    // Means of fifteen calls of prd_score.py's procedure (10 runs each) with scikit-learn: 0.928 and 0.930 with
    // MiniBatchKMeans, 0.928 and 0.925 with KMeans; single calls spread by 0.004 and 0.0055, of which this is four.
    expect(Math.abs(found.f8 - 0.928)).toBeLessThan(0.016);
    expect(Math.abs(found.f1_8 - 0.927)).toBeLessThan(0.022);
  });

  it("is 1 for a set and itself, 0 for sets apart", async () => {
    const real = mat(1, 200, 8);
    // The angles are steps: the one of slope 1 is among them.
    expect(toF(await featuresToPrd(real, real)).f8).toBeCloseTo(1, 9);
    expect(toF(await featuresToPrd(real, mat(2, 200, 8, 1, 50))).f1_8).toBeLessThan(1e-6);
  });

  it("sees a lost mode in F8 and an invented one in F1/8", async () => {
    const stack = (...blobs: Features[]): Features => sidesToRows(blobs, new Float32Array(4));
    const blob = (seed: number, shift: number) => mat(seed, 100, 4, 0.1, shift);
    const real = stack(blob(1, 0), blob(2, 5));
    const lost = toF(await featuresToPrd(real, stack(blob(3, 0), blob(4, 0)), { clusters: 2 }));
    expect(lost.f8).toBeCloseTo(0.5, 1);
    expect(lost.f1_8).toBeGreaterThan(0.95);
    const invented = toF(
      await featuresToPrd(stack(blob(1, 0), blob(2, 0)), stack(blob(3, 0), blob(4, 5)), { clusters: 2 }),
    );
    expect(invented.f1_8).toBeCloseTo(0.5, 1);
    expect(invented.f8).toBeGreaterThan(0.95);
  });

  it("draws equal numbers, and says so", async () => {
    const context = openContext();
    const sides = { real: side(mat(1, 200, 8)), fake: side(mat(2, 150, 8)) };
    const values = await row.measure(sides, row.defaults, context);
    expect(context.warnings.map(({ code }) => code)).toEqual(["unequal-numbers"]);
    expect(await row.measure(sides, row.defaults, openContext())).toEqual(values);
  });

  it("of halves and quarters is that of their rows, in clusters of their own and of fewer runs", async () => {
    const [real, fake] = [mat(1, 200, 8), mat(2, 240, 8, 0.9, 0.1)];
    const parameters = { ...row.defaults, clusters: 6, runs: 4, angles: 101 };
    const context = openContext();
    const got = await row.quarter!({ real: side(real), fake: side(fake) }, 4, parameters, context);
    const kept = drawRows(fake, 200, parameters.seed, openContext());
    const [ofReal, ofFake] = [rowsToQuarters(200, 4, got.length), rowsToQuarters(200, 5, got.length)];
    const cut = 3;
    const measure = async (isIn: (quarter: number) => boolean, runs: number, seed: number) => {
      const part = (features: Features, { ofRow }: Quarters) =>
        takeRows(
          features,
          Array.from(ofRow[cut]!.keys()).filter((i) => isIn(ofRow[cut]![i]!)),
        );
      return toF(await featuresToPrd(part(real, ofReal), part(kept, ofFake), { ...parameters, runs, seed }));
    };
    for (const half of [0, 1] as const)
      expect(got[cut]!.halves[half]).toEqual(
        await measure((each) => each >> 1 === half, 2, parameters.seed + 6 * cut + 2 + half),
      );
    for (const quarter of [0, 1, 2, 3] as const)
      expect(got[cut]!.quarters[quarter]).toEqual(
        await measure((each) => each === quarter, 1, parameters.seed + 6 * cut + 4 + quarter),
      );
  });

  it("refuses too few rows, unlike widths, NaN and parameters that are none", async () => {
    const real = mat(1, 30, 4);
    await expect(featuresToPrd(real, sliceRows(real, 0, 19))).rejects.toMatchObject({
      code: "input.too-few-samples",
      hint: expect.stringContaining("--prd-clusters 19"),
    });
    await expect(featuresToPrd(real, mat(1, 30, 5))).rejects.toMatchObject({ code: "input.feature-width" });
    const broken = { ...real, data: real.data.slice() };
    broken.data[17] = Number.NaN;
    await expect(featuresToPrd(broken, real)).rejects.toThrow(/row 4, column 1 .* real side/);
    await expect(featuresToPrd(real, real, { clusters: 0 })).rejects.toMatchObject({
      code: "usage.prd-clusters",
    });
    await expect(featuresToPrd(real, real, { runs: 1.5 })).rejects.toMatchObject({ code: "usage.prd-runs" });
  });
});
