import { describe, expect, it } from "vitest";
import type { Features } from "../../../src/math/features/statistics.ts";
import { cutsToHalves, isInHalf, rowsToHalves } from "../../../src/math/intervals/split-halves.ts";
import {
  featuresToNeighbourhoods,
  neighbourhoodsToRadii,
} from "../../../src/math/neighbours/neighbourhoods.ts";
import { squaredDistance } from "../../../src/math/neighbours/squared-distance.ts";
import { mat, mulberry32, takeRows } from "../seeded-features.ts";
import { lattice, naiveSquared } from "./naive.ts";

/** The k nearest others in float64, of equal ones the lower first. */
function naiveNearest(of: Features, row: number, k: number, without?: (other: number) => boolean) {
  return Array.from({ length: of.rows }, (_, other) => ({
    other,
    squared: squaredDistance(of, row, of, other),
  }))
    .filter(({ other }) => other !== row && !without?.(other))
    .sort((a, b) => a.squared - b.squared || a.other - b.other)
    .slice(0, k);
}

async function expectNaive(of: Features, k: number): Promise<void> {
  const { nearest } = await featuresToNeighbourhoods(of, { k });
  for (let row = 0; row < of.rows; row++) {
    const [from, to] = [nearest.starts[row], nearest.starts[row + 1]];
    const got = Array.from({ length: to - from }, (_, n) => ({
      other: nearest.who[from + n],
      squared: nearest.squared[from + n],
    }));
    expect(got).toEqual(naiveNearest(of, row, k));
  }
}

/** Rows in tight clusters far apart: by products in float32 alone all of a cluster would be at distance zero. */
function clustered(rows: number, width: number, clusters: number, spread: number): Features {
  const [centres, noise] = [mat(91, clusters, width, 1000), mat(92, rows, width, spread)];
  const data = noise.data.map((value, at) => {
    const [row, k] = [Math.floor(at / width), at % width];
    return centres.data[(row % clusters) * width + k] + value;
  });
  return { data, rows, width };
}

describe("a squared distance", () => {
  it("is the definition's, the same both ways round, and zero for copies", () => {
    for (const width of [1, 3, 4, 7, 130]) {
      const [a, b] = [mat(1, 5, width), mat(2, 6, width, 2, 1)];
      for (let i = 0; i < 5; i++)
        for (let j = 0; j < 6; j++) {
          const got = squaredDistance(a, i, b, j);
          const expected = naiveSquared(a, i, b, j);
          // Two orders of adding `width` positive numbers.
          expect(Math.abs(got - expected)).toBeLessThanOrEqual(width * 2 ** -52 * expected);
          expect(squaredDistance(b, j, a, i)).toBe(got);
        }
      expect(squaredDistance(a, 3, takeRows(a, [0, 3]), 1)).toBe(0);
    }
  });
});

describe("neighbourhoods", () => {
  it.each([
    ["several tiles", mat(3, 1100, 5)],
    ["wide rows", mat(4, 150, 700)],
    ["ties and copies", lattice(5, 400, 4, 3)],
    ["a large common offset", mat(6, 200, 20, 1, 3e4)],
    ["clusters tighter than float32 sees", clustered(300, 24, 3, 1e-3)],
    ["huge numbers", mat(7, 120, 9, 1e37)],
    ["tiny numbers", mat(8, 120, 9, 1e-30)],
    ["one row all the same", { data: new Float32Array(60).fill(2.5), rows: 20, width: 3 }],
  ])("are those of float64, ties and all: %s", async (_, features) => {
    for (const k of [1, 4]) await expectNaive(features, k);
  });

  it("hold with one far outlier, which makes float32 blind for the rest", async () => {
    const features = mat(9, 200, 12);
    features.data.fill(1e6, 36, 48);
    await expectNaive(features, 3);
  });

  it("are as many as there are others where there are fewer than k", async () => {
    const { nearest } = await featuresToNeighbourhoods(mat(1, 3, 4), { k: 5 });
    expect([...nearest.starts]).toEqual([0, 2, 4, 6]);
  });

  it("have the radii of any half of the rows alone", async () => {
    const features = lattice(10, 261, 3, 6);
    // Of the last cut one half is few rows far from each other among the many of the other half.
    const halves = rowsToHalves(261, 5, 6);
    halves.ofRow.forEach((bits, row) => {
      halves.ofRow[row] = (bits & 31) | (row % 29 === 0 ? 32 : 0);
    });
    const neighbourhoods = await featuresToNeighbourhoods(features, { k: 4, halves });
    for (const k of [1, 4])
      for (const half of cutsToHalves(6)) {
        const isOut = (row: number) => !isInHalf(halves, row, half);
        const radii = neighbourhoodsToRadii(neighbourhoods, k, "--k", half);
        const expected = Array.from({ length: features.rows }, (_, row) =>
          isOut(row) ? -1 : naiveNearest(features, row, k, isOut)[k - 1].squared,
        );
        expect([...radii]).toEqual(expected);
      }
  });

  it("do not say that a half of too few rows has radii", async () => {
    const halves = rowsToHalves(8, 5, 1);
    const neighbourhoods = await featuresToNeighbourhoods(mat(1, 8, 4), { k: 4, halves });
    expect(() => neighbourhoodsToRadii(neighbourhoods, 4, "--k", { cut: 0, half: 0 })).toThrow(
      /in each half of them for an interval, got 8 in all/,
    );
  });

  it("do not depend on the threads or the order of the rows", async () => {
    const features = mat(11, 1300, 30);
    const uniform = mulberry32(3);
    const order = [...Array(1300).keys()].map((row) => ({ row, at: uniform() }));
    const rows = order.sort((a, b) => a.at - b.at).map(({ row }) => row);
    const options = { k: 5 };
    const one = await featuresToNeighbourhoods(features, { ...options, threads: 1 });
    const two = await featuresToNeighbourhoods(takeRows(features, rows), { ...options, threads: 2 });
    const [radii, turned] = [one, two].map((each) => neighbourhoodsToRadii(each, 5, "--k"));
    expect([...turned]).toEqual(rows.map((row) => radii[row]));
  });

  it("stop where they are told to", async () => {
    const signal = AbortSignal.abort();
    await expect(featuresToNeighbourhoods(mat(1, 9, 2), { k: 1, signal })).rejects.toThrow(/abort/i);
  });
});
