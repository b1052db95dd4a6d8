import { describe, expect, it } from "vitest";
import {
  type CentreDistances,
  distancesToLogVariances,
  distancesToLoss,
  rowsToCentreDistances,
} from "../../../src/math/mixtures/gaussian-mixture.ts";
import { naiveSquared } from "../neighbours/naive.ts";
import { mat } from "../seeded-features.ts";

const toDistances = (squared: readonly number[][], d: number): CentreDistances => ({
  rows: squared.length,
  centres: squared[0].length,
  d,
  squared: Float32Array.from(squared.flat()),
});

describe("distances from centres", () => {
  it("are right to 1e-4, and exact where rows nearly coincide", async () => {
    const [rows, centres] = [mat(1, 60, 40, 1, 3), mat(2, 30, 40, 1, 3)];
    centres.data.set(rows.data.subarray(0, 80));
    centres.data[0] += 1e-3;
    const { squared } = await rowsToCentreDistances(rows, centres, {});
    for (let i = 0; i < 60; i++)
      for (let j = 0; j < 30; j++) {
        const wanted = naiveSquared(rows, i, centres, j);
        expect(Math.abs(squared[i * 30 + j] - wanted)).toBeLessThanOrEqual(1e-4 * wanted);
      }
    expect(squared[31]).toBe(0);
  });
});

describe("a mixture of normal distributions", () => {
  it("has the likelihood of its density", () => {
    const [squared, logs] = [
      [
        [0.5, 2, 9],
        [3, 0.1, 4],
      ],
      [-0.5, 0.2, 1],
    ];
    const d = 3;
    const density = (line: readonly number[]): number =>
      line.reduce(
        (sum, square, j) =>
          sum +
          ((2 * Math.PI * Math.exp(logs[j])) ** (-d / 2) * Math.exp(-square / (2 * Math.exp(logs[j])))) / 3,
        0,
      );
    const wanted = -(Math.log(density(squared[0])) + Math.log(density(squared[1]))) / (2 * d);
    expect(distancesToLoss(toDistances(squared, d), Float64Array.from(logs))).toBeCloseTo(wanted, 7);
  });

  it("gets the width that samples about one centre have", () => {
    // 400 samples whose squared distances are those of a normal distribution of variance 0.3 in 16 dimensions.
    const samples = mat(5, 400, 16, 2 * Math.sqrt(0.3));
    const origin = { data: new Float32Array(16), rows: 1, width: 16 };
    const squared = Array.from({ length: 400 }, (_, i) => [naiveSquared(samples, i, origin, 0)]);
    const variance = squared.reduce((sum, [square]) => sum + square, 0) / (400 * 16);
    const background = new Float64Array(400).fill(1000);
    const [log] = distancesToLogVariances(toDistances(squared, 16), background);
    // Within what moves the loss by less than 5e-4 in five steps.
    expect(Math.abs(Math.exp(log) / variance - 1)).toBeLessThan(0.12);
  });

  it("keeps a centre narrow that repeats a sample, and bounded", () => {
    const squared = [
      [0, 8],
      [8, 0.5],
      [9, 0.7],
    ];
    const logs = distancesToLogVariances(toDistances(squared, 4), Float64Array.of(5, 5, 5));
    expect(logs[0]).toBeLessThan(-8);
    expect(logs[0]).toBeGreaterThanOrEqual(-40);
    expect(logs[1]).toBeGreaterThan(-3);
  });
});
