import { describe, expect, it } from "vitest";
import { normalDistribution } from "../../../src/math/intervals/normal-distribution.ts";
import { boundsToCells, pointsToShares } from "../../../src/plane/cells.ts";
import { kernelsToDensity, kernelsToMasses } from "../../../src/plane/exact/kernel-masses.ts";
import { dataToBounds } from "../../../src/plane/open-plane.ts";
import { toyToOpenedData } from "../../../src/train/data/toy.ts";
import { openRandomStream } from "../../../src/train/random.ts";
import { TOY_DATA, type ToyName } from "../../../src/train/toy-data.ts";

const TOYS = Object.keys(TOY_DATA) as ToyName[];

describe("the normal distribution function", () => {
  it("is erfc(-z / sqrt 2) / 2, by Python's math.erfc", () => {
    const values: [number, number][] = [
      [-8.5, 9.479534822203355e-18],
      [-3, 0.0013498980316300957],
      [-0.1, 0.460172162722971],
      [0, 0.5],
      [0.75, 0.7733726476231317],
      [1.96, 0.9750021048517795],
      [2.5, 0.9937903346742238],
      [5, 0.9999997133484281],
    ];
    for (const [z, expected] of values)
      expect(Math.abs(normalDistribution(z) - expected)).toBeLessThan(2e-13);
  });
});

describe("the mass of cells", () => {
  it.each(TOYS)("of %s is what 400,000 samples put there", (name) => {
    const bounds = dataToBounds(toyToOpenedData(name));
    const masses = kernelsToMasses(TOY_DATA[name].kernels(), bounds, 20);
    const n = 400_000;
    const shares = pointsToShares(TOY_DATA[name].sample(n, openRandomStream(7, "data")), bounds, 20);
    for (const [cell, mass] of masses.entries())
      expect(Math.abs(shares[cell] - mass)).toBeLessThan(5.5 * Math.sqrt((mass + 1 / n) / n));
    expect(masses.reduce((sum, mass) => sum + mass, 0)).toBeCloseTo(1, 4);
  });

  it.each(TOYS)("of %s is the integral of the density", (name) => {
    const bounds = dataToBounds(toyToOpenedData(name));
    const kernels = { ...TOY_DATA[name].kernels(), deviation: 0.2 };
    const fine = boundsToCells(bounds, 200);
    const area = bounds.low.reduce((product, low, axis) => (product * (bounds.high[axis] - low)) / 200, 1);
    const density = kernelsToDensity(kernels, fine);
    const masses = kernelsToMasses(kernels, bounds, 20);
    const sums = new Float64Array(masses.length);
    const d = bounds.low.length;
    for (const [i, p] of density.entries()) {
      const column = Math.floor((i % 200) / 10);
      sums[d === 1 ? column : Math.floor(Math.floor(i / 200) / 10) * 20 + column] += p * area;
    }
    for (const [cell, mass] of masses.entries())
      expect(Math.abs(sums[cell] - mass)).toBeLessThan(5e-3 * (mass + 0.02));
  });

  it("is that of the points themselves where the deviation is 0", () => {
    const kernels = { centres: Float64Array.of(0.1, 0.1, 0.9, 0.9, 5, 5), d: 2, deviation: 0 };
    const masses = kernelsToMasses(kernels, { low: [0, 0], high: [1, 1] }, 2);
    expect([...masses].map((mass) => mass.toFixed(4))).toEqual(["0.3333", "0.0000", "0.0000", "0.3333"]);
  });
});
