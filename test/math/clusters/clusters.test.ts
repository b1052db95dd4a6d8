import { describe, expect, it } from "vitest";
import {
  labelsToCounts,
  rowsToCentres,
  rowsToLabels,
  sidesToRows,
} from "../../../src/math/clusters/clusters.ts";
import { sidesToMean } from "../../../src/math/features/centred-features.ts";
import type { Features } from "../../../src/math/features/statistics.ts";
import { mat, takeRows } from "../seeded-features.ts";

const centred = (...sides: Features[]): Features => sidesToRows(sides, sidesToMean(sides));

const squaredDistance = (a: Features, i: number, b: Features, j: number): number =>
  Array.from(
    { length: a.width },
    (_, k) => (a.data[i * a.width + k]! - b.data[j * b.width + k]!) ** 2,
  ).reduce((sum, value) => sum + value);

/** Squared distances of all rows to their centres. */
const inertia = (rows: Features, centres: Features, labels: Int32Array): number =>
  labels.reduce((sum, label, row) => sum + squaredDistance(rows, row, centres, label), 0);

describe("k-means", () => {
  it("finds clusters that are far apart, in every run", async () => {
    const blobs = Array.from({ length: 5 }, (_, i) => mat(20 + i, 60, 8, 0.1, 3 * i));
    const rows = centred(...blobs);
    const centres = await rowsToCentres(rows, { clusters: 5, runs: 4, seed: 1 });
    for (const labels of await rowsToLabels(rows, centres, 4)) {
      const ofBlobs = labelsToCounts(labels, 5, 5, (row) => Math.floor(row / 60));
      for (const counts of ofBlobs) expect([...counts].sort((a, b) => b - a)).toEqual([60, 0, 0, 0, 0]);
    }
  });

  it("labels are the nearest centres, and centres nearly the means of their rows", async () => {
    const rows = centred(mat(1, 1500, 6));
    const centres = await rowsToCentres(rows, { clusters: 7, runs: 1, seed: 3 });
    const [labels] = await rowsToLabels(rows, centres, 1);
    for (const [row, label] of labels!.entries()) {
      const distances = Array.from({ length: 7 }, (_, c) => squaredDistance(rows, row, centres, c));
      // Float32 products: 1e-6 of squares below 10.
      expect(distances[label]! - Math.min(...distances)).toBeLessThan(1e-5);
    }
    for (let c = 0; c < 7; c++) {
      const members = [...labels!.keys()].filter((row) => labels![row] === c);
      const mean = sidesToMean([takeRows(rows, members)]);
      const drift = squaredDistance({ data: mean, rows: 1, width: 6 }, 0, centres, c);
      // At most 1 row in 1,000 still changes its centre.
      expect(Math.sqrt(drift)).toBeLessThan(0.02);
    }
  });

  it("a large common offset changes nothing", async () => {
    const [near, far] = [centred(mat(1, 400, 5)), centred(mat(1, 400, 5, 1, 1024))];
    const options = { clusters: 6, runs: 1, seed: 3 };
    const labels = async (rows: Features) =>
      (await rowsToLabels(rows, await rowsToCentres(rows, options), 1))[0]!;
    const [a, b] = [await labels(near), await labels(far)];
    // Features at 1,024 have 6e-5 of float32 rounding: a row on a border may fall on the other side.
    expect(a.filter((label, row) => label !== b[row]).length).toBeLessThan(8);
  });

  it("reaches the inertia of scikit-learn's KMeans within 2 %", async () => {
    const rows = centred(mat(1, 200, 16), mat(2, 160, 16, 0.8, 0.15));
    const centres = await rowsToCentres(rows, { clusters: 20, runs: 10, seed: 2020 });
    const labels = await rowsToLabels(rows, centres, 10);
    const inertias = labels.map((run, i) =>
      inertia(rows, { ...centres, data: centres.data.subarray(i * 320, (i + 1) * 320), rows: 20 }, run),
    );
    // scikit-learn 1.9.1, KMeans(20, n_init=1): the mean of 200 seeds, each 0.8 % from it.
    expect(inertias.reduce((sum, value) => sum + value, 0) / 10 / 819.693).toBeCloseTo(1, 1.7);
  });

  it("one seed gives one result, another another", async () => {
    const rows = centred(mat(5, 300, 4));
    const centres = (seed: number) => rowsToCentres(rows, { clusters: 9, runs: 2, seed });
    expect(await centres(1)).toEqual(await centres(1));
    expect(await centres(2)).not.toEqual(await centres(1));
  });

  it("of fewer different rows than clusters, some stay empty and it ends", async () => {
    const two: Features = { data: Float32Array.from([0, 0, 0, 1, 1, 1]), rows: 6, width: 1 };
    const rows = centred(two);
    const centres = await rowsToCentres(rows, { clusters: 3, runs: 1, seed: 1 });
    const [labels] = await rowsToLabels(rows, centres, 1);
    expect(new Set(labels!.subarray(0, 3)).size).toBe(1);
    expect(new Set(labels).size).toBe(2);
  });

  it("more than 500 rows a cluster are drawn from, and all of them labelled", async () => {
    const blobs = [mat(6, 1800, 3, 0.1, 0), mat(7, 400, 3, 0.1, 5)];
    const rows = centred(...blobs);
    const centres = await rowsToCentres(rows, { clusters: 2, runs: 1, seed: 4 });
    const [labels] = await rowsToLabels(rows, centres, 1);
    const counts = labelsToCounts(labels!, 2, 1, () => 0)[0]!;
    expect([...counts].sort((a, b) => a - b)).toEqual([400, 1800]);
  });
});
