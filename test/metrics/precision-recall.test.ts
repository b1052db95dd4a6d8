import { describe, expect, it } from "vitest";
import { featuresToNeighbourhoods } from "../../src/metrics/neighbourhoods.ts";
import { featuresToPrecisionRecall } from "../../src/metrics/precision-recall.ts";
import type { Features } from "../../src/metrics/statistics.ts";
import { mat, mulberry32, sliceRows, takeRows } from "./seeded-features.ts";

const toFeatures = (rows: readonly (readonly number[])[]): Features => ({
  data: Float32Array.from(rows.flat()),
  rows: rows.length,
  width: rows[0].length,
});

const squaredDistance = (a: Features, i: number, b: Features, j: number): number => {
  let sum = 0;
  for (let k = 0; k < a.width; k++) sum += (a.data[i * a.width + k] - b.data[j * b.width + k]) ** 2;
  return sum;
};

/** The definition, distance by distance. */
function naive(real: Features, fake: Features, k: number) {
  const radii = (of: Features) =>
    Array.from(
      { length: of.rows },
      (_, i) =>
        Array.from({ length: of.rows }, (_, j) => (j === i ? -1 : squaredDistance(of, i, of, j)))
          .filter((value) => value >= 0)
          .sort((a, b) => a - b)[k - 1],
    );
  const covered = (by: Features, points: Features) => {
    const reach = radii(by);
    const inside = Array.from({ length: points.rows }, (_, j) =>
      reach.some((radius, i) => squaredDistance(by, i, points, j) <= radius),
    );
    return inside.filter(Boolean).length / points.rows;
  };
  return { precision: covered(real, fake), recall: covered(fake, real) };
}

/** Whole numbers below `levels`: full of ties and copies, and every distance exact. */
function lattice(seed: number, rows: number, width: number, levels: number): Features {
  const uniform = mulberry32(seed);
  const data = Float32Array.from({ length: rows * width }, () => Math.floor(levels * uniform()));
  return { data, rows, width };
}

describe("precision and recall", () => {
  it("are the golden ones", () => {
    const [real, fake] = [mat(1, 200, 16, 1, 0), mat(2, 160, 16, 0.8, 0.15)];
    expect(featuresToPrecisionRecall(real, fake)).toEqual({ precision: 0.96875, recall: 0.345 });
    expect(featuresToPrecisionRecall(real, fake, { k: 5 })).toEqual({ precision: 0.98125, recall: 0.435 });
  });

  it("are the golden ones of ten points in the plane", () => {
    const real = toFeatures([
      ...[
        [0, 0],
        [1, 0],
        [0, 1],
      ],
      ...[
        [10, 10],
        [10, 11],
        [11, 10],
      ],
    ]);
    const fake = toFeatures([
      [0.2, 0.2],
      [0.5, 0.5],
      [5, 5],
      [10.2, 10.2],
    ]);
    expect(featuresToPrecisionRecall(real, fake, { k: 2 })).toEqual({ precision: 0.75, recall: 1 });
  });

  it.each([
    ["one tile", 300, 200, 16],
    ["tiles that are not full", 1100, 700, 3],
    ["a width of several blocks", 60, 90, 700],
  ])("are those of the definition: %s", (_, n, m, width) => {
    const [real, fake] = [mat(3, n, width), mat(4, m, width, 0.9, 0.05)];
    for (const k of [1, 3])
      expect(featuresToPrecisionRecall(real, fake, { k })).toEqual(naive(real, fake, k));
  });

  it("count points on a ball's surface and copies as the definition does", () => {
    for (const [n, m, levels] of [
      [600, 530, 3],
      [300, 520, 5],
    ]) {
      const [real, fake] = [lattice(n, n, 5, levels), lattice(m, m, 5, levels + 1)];
      const got = featuresToPrecisionRecall(real, fake);
      expect(got).toEqual(naive(real, fake, 3));
      expect(got.precision).toBeLessThan(1);
    }
  });

  it("of a set and itself are 1, whatever its order and wherever its copies are", () => {
    const real = mat(5, 1100, 300, 1, 40);
    const shuffled = takeRows(
      real,
      Array.from({ length: 1100 }, (_, i) => (i * 391) % 1100),
    );
    expect(featuresToPrecisionRecall(real, shuffled)).toEqual({ precision: 1, recall: 1 });
    // Four copies of each: every radius is zero, and only equal rows are in.
    const fourfold = takeRows(
      real,
      Array.from({ length: 1200 }, (_, i) => i % 300),
    );
    expect([...featuresToNeighbourhoods(fourfold, { k: 3 }).squaredRadii].every((r) => r === 0)).toBe(true);
    expect(featuresToPrecisionRecall(fourfold, fourfold)).toEqual({ precision: 1, recall: 1 });
    expect(featuresToPrecisionRecall(fourfold, sliceRows(real, 300, 700)).precision).toBe(0);
  });

  it("of sets apart are 0", () => {
    expect(featuresToPrecisionRecall(mat(6, 50, 8), mat(7, 60, 8, 1, 100))).toEqual({
      precision: 0,
      recall: 0,
    });
  });

  it("say which side is which: a part of the real set is precise, and lacks the rest", () => {
    const real = mat(8, 400, 4);
    const part = sliceRows(
      takeRows(
        real,
        [...Array(400).keys()].sort((a, b) => real.data[4 * a] - real.data[4 * b]),
      ),
      0,
      100,
    );
    const { precision, recall } = featuresToPrecisionRecall(real, part);
    expect(precision).toBe(1);
    expect(recall).toBeLessThan(0.5);
    expect(featuresToPrecisionRecall(part, real)).toEqual({ precision: recall, recall: precision });
  });

  it("do not depend on the order of the rows or the threads", () => {
    const [real, fake] = [mat(9, 900, 40), mat(10, 800, 40, 0.9)];
    const turned = takeRows(
      real,
      Array.from({ length: 900 }, (_, i) => 899 - i),
    );
    const expected = featuresToPrecisionRecall(real, fake, { threads: 1 });
    expect(featuresToPrecisionRecall(turned, fake, { threads: 2 })).toEqual(expected);
  });

  it("need more samples than neighbours, finite, of one width", () => {
    const few = mat(11, 3, 4);
    const code = (call: () => unknown) => {
      try {
        call();
      } catch (error) {
        return (error as { code: string }).code;
      }
    };
    expect(code(() => featuresToPrecisionRecall(mat(1, 9, 4), few))).toBe("input.too-few-samples");
    expect(code(() => featuresToPrecisionRecall(few, few, { k: 2 }))).toBeUndefined();
    expect(code(() => featuresToPrecisionRecall(few, few, { k: 0 }))).toBe("usage.neighbours");
    expect(code(() => featuresToPrecisionRecall(mat(1, 9, 4), mat(1, 9, 5)))).toBe("input.feature-width");
    const broken = mat(1, 9, 4);
    broken.data[21] = Number.NaN;
    expect(() => featuresToPrecisionRecall(broken, mat(2, 9, 4))).toThrow(/row 5/);
  });
});
