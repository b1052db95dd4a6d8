import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createMomentsAccumulator,
  type Features,
  featuresToMoments,
  type Moments,
  mergeMoments,
  momentsToCovariance,
} from "../../../src/math/features/statistics.ts";
import { mat, sliceRows, takeRows } from "../seeded-features.ts";

const inBatches = (features: Features, sizes: readonly number[]): Moments => {
  const accumulator = createMomentsAccumulator(features.width);
  for (let from = 0, i = 0; from < features.rows; i++) {
    const to = Math.min(features.rows, from + sizes[i % sizes.length]!);
    accumulator.add(sliceRows(features, from, to));
    from = to;
  }
  return accumulator.finish();
};

/** The definition, with two passes. */
function definition({ data, rows, width: d }: Features): { mean: Float64Array; scatter: Float64Array } {
  const mean = new Float64Array(d);
  for (let i = 0; i < rows; i++) for (let j = 0; j < d; j++) mean[j]! += data[i * d + j]! / rows;
  const scatter = new Float64Array(d * d);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < d; j++) {
      for (let k = 0; k < d; k++) {
        scatter[j * d + k]! += (data[i * d + j]! - mean[j]!) * (data[i * d + k]! - mean[k]!);
      }
    }
  }
  return { mean, scatter };
}

const largestDifference = (a: Float64Array, b: Float64Array): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);

describe("moments", () => {
  test("are those of the definition, in blocks and across them", () => {
    for (const [n, d] of [
      [1, 3],
      [2, 1],
      [255, 7],
      [256, 8],
      [257, 9],
      [1000, 13],
    ] as const) {
      const features = mat(n, n, d, 1.5, 0.7);
      const found = featuresToMoments(features);
      const expected = definition(features);
      expect(found.n).toBe(n);
      // n additions of numbers near 1, each rounded to 1e-16.
      expect(largestDifference(found.mean, expected.mean)).toBeLessThan(1e-13);
      expect(largestDifference(found.scatter, expected.scatter)).toBeLessThan(1e-15 * n * 30);
    }
  });

  test("a common offset of a million costs no digits beyond those float32 has lost", () => {
    const features = mat(1, 900, 6, 1000, 1e6);
    const expected = definition(features);
    const found = featuresToMoments(features);
    expect(largestDifference(found.scatter, expected.scatter)).toBeLessThan(1e-11 * expected.scatter[0]!);
  });

  test("do not depend on the batch size by a single bit", () => {
    const features = mat(2, 700, 12);
    const whole = featuresToMoments(features);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 600 }), { minLength: 1, maxLength: 6 }), (sizes) => {
        const found = inBatches(features, sizes);
        expect(found.mean).toEqual(whole.mean);
        expect(found.scatter).toEqual(whole.scatter);
      }),
      { numRuns: 20, seed: 1 },
    );
  });

  test("do not depend on the number of threads by a single bit", () => {
    const features = mat(3, 300, 720);
    const one = featuresToMoments(features, { threads: 1 });
    for (const threads of [2, 3]) {
      const { scatter } = featuresToMoments(features, { threads });
      expect(Buffer.from(scatter.buffer).equals(Buffer.from(one.scatter.buffer))).toBe(true);
    }
  });

  test("depend on the order of rows in the last digits only", () => {
    const features = mat(4, 600, 10, 1, 0.2);
    const backwards = takeRows(
      features,
      Array.from({ length: 600 }, (_, i) => 599 - i),
    );
    const [a, b] = [featuresToMoments(features), featuresToMoments(backwards)];
    expect(largestDifference(a.mean, b.mean)).toBeLessThan(1e-14);
    expect(largestDifference(a.scatter, b.scatter)).toBeLessThan(1e-13 * a.scatter[0]!);
  });

  test("of parts, merged, are those of the whole", () => {
    const features = mat(5, 500, 9, 1, 3);
    const whole = featuresToMoments(features);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 500 }), (i, j) => {
        const [from, to] = [Math.min(i, j), Math.max(i, j)];
        const parts = [
          sliceRows(features, 0, from),
          sliceRows(features, from, to),
          sliceRows(features, to, 500),
        ];
        const merged = parts.map((part) => featuresToMoments(part)).reduce(mergeMoments);
        expect(merged.n).toBe(500);
        expect(largestDifference(merged.mean, whole.mean)).toBeLessThan(1e-13);
        expect(largestDifference(merged.scatter, whole.scatter)).toBeLessThan(1e-11);
      }),
      { numRuns: 50, seed: 2 },
    );
  });

  test("keep their rows while there are no more of them than columns, through a merge too", () => {
    const features = mat(6, 12, 8);
    expect(featuresToMoments(sliceRows(features, 0, 8)).rows).toEqual(features.data.slice(0, 64));
    expect(featuresToMoments(sliceRows(features, 0, 9)).rows).toBeUndefined();
    const parts = [0, 3, 6, 12].map((at) => at);
    const [a, b, c] = [0, 1, 2].map((i) => featuresToMoments(sliceRows(features, parts[i]!, parts[i + 1]!)));
    expect(mergeMoments(a!, b!).rows).toEqual(features.data.slice(0, 48));
    expect(mergeMoments(mergeMoments(a!, b!), c!).rows).toBeUndefined();
  });
});

describe("covariances", () => {
  test("three constant images 0, 0.5 and 1, feature = mean: mu 0.5, sigma 0.25 (pytorch-fid's test)", () => {
    const moments = featuresToMoments({ data: Float32Array.of(0, 0.5, 1), rows: 3, width: 1 });
    expect(moments.mean[0]).toBe(0.5);
    expect(momentsToCovariance(moments)[0]).toBe(0.25);
    expect(momentsToCovariance(moments, 0)[0]).toBeCloseTo(1 / 6, 15);
  });

  test("of one row with ddof 1 are an error, with ddof 0 zero", () => {
    const one = featuresToMoments(mat(1, 1, 3));
    expect(() => momentsToCovariance(one)).toThrow(/at least 2 samples/);
    expect(momentsToCovariance(one, 0)).toEqual(new Float64Array(9));
  });
});

describe("bad rows are named", () => {
  test("NaN and Infinity, counted over all batches", () => {
    const accumulator = createMomentsAccumulator(4);
    accumulator.add(mat(1, 300, 4));
    const bad = mat(2, 10, 4);
    bad.data[4 * 7 + 2] = Number.NEGATIVE_INFINITY;
    expect(() => accumulator.add(bad)).toThrow("got -Infinity in row 307, column 2");
  });

  test("another width, a length that does not fit, no columns", () => {
    const accumulator = createMomentsAccumulator(4);
    expect(() => accumulator.add(mat(1, 3, 5))).toThrow(/width 4/);
    expect(() => accumulator.add({ data: new Float32Array(7), rows: 2, width: 4 })).toThrow(/width 4/);
    expect(() => createMomentsAccumulator(0)).toThrow(/width 1 or more/);
    expect(() => mergeMoments(featuresToMoments(mat(1, 3, 5)), featuresToMoments(mat(1, 3, 4)))).toThrow(
      /one width/,
    );
  });
});
