import { describe, expect, it } from "vitest";
import { rowsToCentres, rowsToLabels, sidesToRows } from "../../src/math/clusters/clusters.ts";
import { sidesToMean } from "../../src/math/features/centred-features.ts";
import type { Features } from "../../src/math/features/statistics.ts";
import { countsToDifferentBins, featuresToDifferentBins, row } from "../../src/metrics/ndb.ts";
import { mat, sliceRows } from "../math/seeded-features.ts";
import { openContext } from "./context.ts";

const side = (features: Features) => ({ count: features.rows, features });

describe("different bins of two histograms", () => {
  it("are the golden ones (NumPy and SciPy)", () => {
    const found = countsToDifferentBins([30, 20, 25, 25], [10, 40, 25, 25]);
    expect(found.z[0]).toBeCloseTo(3.535533905932737, 12);
    expect(found.z[1]).toBeCloseTo(3.086066999241839, 12);
    expect([...found.z.subarray(2)]).toEqual([0, 0]);
    expect(found.different).toBe(2);
    expect(found.share).toBe(0.5);
    expect(found.jsd).toBeCloseTo(0.043152310867767094, 14);
  });

  it("are those with p below the significance: 0.0020 and 0.00041 here", () => {
    const different = (significance: number) =>
      countsToDifferentBins([30, 20, 25, 25], [10, 40, 25, 25], significance).different;
    expect([0.0005, 0.002, 0.0021].map(different)).toEqual([1, 1, 2]);
  });

  it("of one histogram and itself are none; of two apart all, with a divergence of ln 2", () => {
    expect(countsToDifferentBins([5, 0, 7], [5, 0, 7])).toMatchObject({ different: 0, jsd: 0 });
    const apart = countsToDifferentBins([50, 0], [0, 60]);
    expect(apart.share).toBe(1);
    expect(apart.jsd).toBeCloseTo(Math.LN2, 14);
  });
});

describe("NDB of features", () => {
  it("of two samples of one distribution is about the significance", async () => {
    const { share, jsd } = await featuresToDifferentBins(mat(1, 3000, 8), mat(2, 3000, 8));
    // 100 tests at 5 %: 5 -+ 4 sqrt(100 0.05 0.95).
    expect(share).toBeLessThan(0.14);
    expect(jsd).toBeLessThan(0.02);
  });

  it("finds the bins of a lost mode", async () => {
    const real = sidesToRows([mat(1, 500, 4, 0.1), mat(2, 500, 4, 0.1, 5)], new Float32Array(4));
    const { share, jsd } = await featuresToDifferentBins(real, mat(3, 900, 4, 0.1), { bins: 20 });
    expect(share).toBeGreaterThan(0.9);
    // Half of the real side against nothing: ln 2 - 3/4 ln 3/2 - ..., the divergence of (1/2, 1/2) and (1, 0).
    expect(jsd).toBeGreaterThan(0.2157);
  });

  it("whitened does not depend on the scale of a feature", async () => {
    const [real, fake] = [mat(1, 600, 3), mat(2, 500, 3, 0.9)];
    // A power of two: no digit of the features changes.
    const scaled = ({ data, rows, width }: Features): Features => ({
      data: data.map((value, i) => (i % 3 === 1 ? 64 * value : value)),
      rows,
      width,
    });
    const options = { bins: 10, whitening: true };
    const [a, b] = [
      await featuresToDifferentBins(real, fake, options),
      await featuresToDifferentBins(scaled(real), scaled(fake), options),
    ];
    // 1e-6 is added to the deviations, so that a row on a border may change its bin.
    expect(Math.abs(a.jsd - b.jsd)).toBeLessThan(1e-3);
    const plain = await featuresToDifferentBins(scaled(real), scaled(fake), { bins: 10 });
    expect(Math.abs(plain.jsd - a.jsd)).toBeGreaterThan(1e-3);
  });

  it("with fewer than ten real rows a bin takes fewer bins, and says so", async () => {
    const context = openContext();
    const sides = { real: side(mat(1, 57, 4)), fake: side(mat(2, 40, 4)) };
    const { share } = await row.measure(sides, row.defaults, context);
    expect((share * 5) % 1).toBeCloseTo(0, 12);
    expect(context.warnings).toMatchObject([
      { code: "fewer-bins", message: expect.stringContaining("5 bins instead of 100") },
    ]);
  });

  it("with a block left out is that of the other rows in the same bins", async () => {
    const [real, fake] = [mat(1, 240, 6), mat(2, 200, 6, 0.8, 0.1)];
    const parameters = { ...row.defaults, bins: 12 };
    const mean = sidesToMean([real]);
    const [realRows, fakeRows] = [sidesToRows([real], mean), sidesToRows([fake], mean)];
    const centres = await rowsToCentres(realRows, { clusters: 12, runs: 1, seed: 2020 });
    const labels = {
      real: (await rowsToLabels(realRows, centres, 1))[0]!,
      fake: (await rowsToLabels(fakeRows, centres, 1))[0]!,
    };
    for (const role of ["real", "fake"] as const) {
      const blocks = { role, count: 5, ofRow: Int32Array.from(labels[role], (_, i) => (i * 3) % 5) };
      const got = await row.leaveOut!(
        { real: side(real), fake: side(fake) },
        blocks,
        parameters,
        openContext(),
      );
      got.forEach((values, block) => {
        const histogram = (of: "real" | "fake") => {
          const counts = new Array<number>(12).fill(0);
          labels[of].forEach((label, i) => {
            if (of !== role || blocks.ofRow[i] !== block) counts[label]!++;
          });
          return counts;
        };
        const { share, jsd } = countsToDifferentBins(histogram("real"), histogram("fake"));
        expect(values).toEqual({ share, jsd });
      });
    }
    const blocksOf = (role: "real" | "fake") => ({
      role,
      count: 5,
      ofRow: Int32Array.from(labels[role], (_, i) => (i * 3) % 5),
    });
    const blocks = [blocksOf("real"), blocksOf("fake")] as const;
    const sides = { real: side(real), fake: side(fake) };
    const [both] = await row.leaveOutPairs!(sides, blocks, [[1, 4]], parameters, openContext());
    const counts = (["real", "fake"] as const).map((of, at) => {
      const rest = [...labels[of]].filter((_, i) => blocks[at]!.ofRow[i] !== [1, 4][at]);
      return Array.from({ length: 12 }, (_, bin) => rest.filter((label) => label === bin).length);
    });
    expect(both!.jsd).toBe(countsToDifferentBins(counts[0]!, counts[1]!).jsd);
  });

  it("refuses too few rows, unlike widths, NaN and parameters that are none", async () => {
    const real = mat(1, 60, 4);
    const codeOf = (...call: Parameters<typeof featuresToDifferentBins>) =>
      featuresToDifferentBins(...call).then(
        () => "none",
        ({ code }) => code,
      );
    expect(await codeOf(sliceRows(real, 0, 19), real)).toBe("input.too-few-samples");
    expect(await codeOf(real, sliceRows(real, 0, 9))).toBe("input.too-few-samples");
    expect(await codeOf(real, mat(1, 60, 5))).toBe("input.feature-width");
    expect(await codeOf(real, real, { bins: 1 })).toBe("usage.ndb-bins");
    expect(await codeOf(real, real, { significance: 5 })).toBe("usage.ndb-significance");
    const broken = { ...real, data: real.data.slice() };
    broken.data[17] = Number.NaN;
    await expect(featuresToDifferentBins(real, broken)).rejects.toThrow(/row 4, column 1 .* fake side/);
  });
});
