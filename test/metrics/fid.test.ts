import fc from "fast-check";
import { all, create } from "mathjs";
import { Matrix } from "ml-matrix";
import { describe, expect, test } from "vitest";
import { GanEvalError } from "../../src/errors.ts";
import { type Features, featuresToMoments, momentsToCovariance } from "../../src/math/features/statistics.ts";
import { generalSquareRoot } from "../../src/math/linalg/general-square-root.ts";
import {
  type FeatureStatistics,
  featuresToFrechet,
  momentsToFrechet,
  statisticsToFrechet,
} from "../../src/metrics/fid.ts";
import { statisticsToReferenceFrechet } from "../../src/metrics/reference-frechet.ts";
import { mat, mulberry32, takeRows, timesMatrix } from "../math/seeded-features.ts";

const math = create(all);

const toStatistics = (features: Features, ddof: 0 | 1 = 1): FeatureStatistics => {
  const moments = featuresToMoments(features);
  return { mu: moments.mean, sigma: momentsToCovariance(moments, ddof) };
};

const diagonal = (values: readonly number[]): Float64Array => {
  const d = values.length;
  return Float64Array.from({ length: d * d }, (_, i) => (i % (d + 1) === 0 ? values[i / (d + 1)]! : 0));
};

const toMatrix = (values: Float64Array, d: number): Matrix => Matrix.from1DArray(d, d, values);

const codeOf = (action: () => unknown): string => {
  try {
    action();
  } catch (error) {
    if (error instanceof GanEvalError) return error.code;
    throw error;
  }
  return "none";
};

const real = mat(1, 200, 16);
const fake = mat(2, 160, 16, 0.8, 0.15);

describe("golden values (NumPy and SciPy)", () => {
  test("200 and 160 rows of 16, ddof 1 and 0, with their terms", () => {
    const found = featuresToFrechet(real, fake);
    // Float64 from the same float32 inputs: only the order of additions differs.
    expect(found.distance).toBeCloseTo(0.7328594153162973, 12);
    expect(found.meanTerm).toBeCloseTo(0.4122922612455358, 12);
    expect(found.traceReal).toBeCloseTo(3.9771308385745288, 12);
    expect(found.traceFake).toBeCloseTo(2.5166026153608962, 12);
    expect(found.traceRoot).toBeCloseTo(3.086583149932332, 12);
    expect(found.method).toBe("eigenvalues");
    expect(featuresToFrechet(real, fake, { ddof: 0 }).distance).toBeCloseTo(0.7319702677312314, 12);
  });

  test("fewer rows than columns: exact from the rows, within its bound from the covariances alone", () => {
    const [a, b] = [mat(3, 10, 32), mat(4, 12, 32, 0.9, 0.1)];
    const exact = featuresToFrechet(a, b);
    expect(exact.distance).toBeCloseTo(10.070036095403523, 12);
    expect(exact.traceRoot).toBeCloseTo(3.21179053767635, 12);
    const known = statisticsToFrechet(toStatistics(a), toStatistics(b));
    expect(Math.abs(known.distance - exact.distance)).toBeLessThan(1e-9);
    expect(Math.abs(known.distance - exact.distance)).toBeLessThanOrEqual(known.errorBound);
  });

  test("one-dimensional normals and diagonal covariances", () => {
    const zero = new Float64Array(3);
    const one = { mu: Float64Array.of(1), sigma: Float64Array.of(4) };
    expect(statisticsToFrechet(one, { mu: Float64Array.of(3), sigma: Float64Array.of(0.25) }).distance).toBe(
      6.25,
    );
    const [a, b] = [
      { mu: zero, sigma: diagonal([1, 4, 9]) },
      { mu: zero, sigma: diagonal([4, 4, 1]) },
    ];
    expect(statisticsToFrechet(a, b).distance).toBeCloseTo(5, 13);
  });

  test("pytorch-fid's test: means 0 and 1, identity covariances, d = 2048", () => {
    const d = 2048;
    const sigma = diagonal(new Array<number>(d).fill(1));
    const [a, b] = [new Float64Array(d), new Float64Array(d).fill(1)];
    expect(statisticsToFrechet({ mu: a, sigma }, { mu: b, sigma }).distance).toBeCloseTo(2048, 8);
  });

  test("compare_gan's test: two constant columns, singular covariances", () => {
    const [a, b] = [new Float32Array(200).fill(1), new Float32Array(200).fill(9)];
    for (let i = 0; i < 50; i++) {
      a[2 * i] = 2;
      b[2 * (i + 50)] = 2;
    }
    const wrap = (data: Float32Array): Features => ({ data, rows: 100, width: 2 });
    // Printed by its authors to three digits; by hand: 80 + (3.5 - 0.5)^2 100 / 99.
    expect(featuresToFrechet(wrap(a), wrap(b)).distance).toBeCloseTo(89.091, 3);
  });
});

describe("the general square root agrees", () => {
  test("ml-matrix and mathjs on the golden features", () => {
    const [a, b] = [toStatistics(real), toStatistics(fake)];
    const product = toMatrix(a.sigma, 16).mmul(toMatrix(b.sigma, 16));
    const root = math.sqrtm(math.matrix(product.to2DArray()));
    const trace = math.trace(root) as unknown as number;
    expect(trace).toBeCloseTo(3.086583149932332, 9);
    expect(generalSquareRoot(product).trace()).toBeCloseTo(3.086583149932332, 10);
  });

  test("random full-rank features of any width to 64", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 64 }),
        fc.integer({ min: 0, max: 1e6 }),
        fc.double({ min: 0.1, max: 10, noNaN: true }),
        (d, seed, scale) => {
          const a = toStatistics(mat(seed, 4 * d + 8, d));
          const b = toStatistics(mat(seed + 1, 3 * d + 9, d, scale, 0.3));
          const found = statisticsToFrechet(a, b);
          // ml-matrix's non-symmetric eigenvectors give up some digits.
          expect(Math.abs(found.distance - statisticsToReferenceFrechet(a, b))).toBeLessThan(
            1e-8 * (found.traceReal + found.traceFake),
          );
        },
      ),
      { numRuns: 40, seed: 1 },
    );
  });
});

describe("the reference distance", () => {
  test("of commuting covariances is the sum of squared differences of means and of standard deviations", () => {
    const variances = fc.array(
      fc.tuple(
        fc.double({ min: -3, max: 3, noNaN: true }),
        fc.double({ min: 0.1, max: 4, noNaN: true }),
        fc.double({ min: 0.1, max: 4, noNaN: true }),
      ),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(variances, (each) => {
        const a = { mu: new Float64Array(each.length), sigma: diagonal(each.map(([, s]) => s)) };
        const b = { mu: Float64Array.from(each, ([m]) => m), sigma: diagonal(each.map(([, , s]) => s)) };
        const byHand = each.reduce((sum, [m, s, t]) => sum + m ** 2 + (Math.sqrt(s) - Math.sqrt(t)) ** 2, 0);
        expect(statisticsToReferenceFrechet(a, b)).toBeCloseTo(byHand, 9);
        expect(statisticsToReferenceFrechet(b, a)).toBeCloseTo(byHand, 9);
      }),
    );
  });

  test("refuses what the fast one refuses, by the same codes", () => {
    const good = toStatistics(real);
    const [short, broken] = [
      { mu: good.mu, sigma: good.sigma.subarray(1) },
      { mu: good.mu, sigma: good.sigma.with(3, Number.NaN) },
    ];
    for (const bad of [short, broken, toStatistics(mat(1, 40, 8))])
      for (const [a, b] of [
        [good, bad],
        [bad, good],
      ] as const)
        expect(codeOf(() => statisticsToReferenceFrechet(a, b))).toBe(
          codeOf(() => statisticsToFrechet(a, b)),
        );
  });
});

describe("properties of a distance", () => {
  test("the same set is at 0, whatever its rank", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 80 }),
        fc.integer({ min: 1, max: 40 }),
        fc.nat(1e6),
        (n, d, seed) => {
          const x = mat(seed, n, d);
          const fromRows = featuresToFrechet(x, x);
          expect(Math.abs(fromRows.unclipped)).toBeLessThan(1e-6);
          expect(fromRows.distance).toBeGreaterThanOrEqual(0);
          const statistics = toStatistics(x);
          expect(Math.abs(statisticsToFrechet(statistics, statistics).unclipped)).toBeLessThan(1e-6);
        },
      ),
      { numRuns: 60, seed: 2 },
    );
  });

  test("symmetric in its arguments", () => {
    for (const [a, b] of [
      [real, fake],
      [mat(3, 10, 32), mat(4, 12, 32, 0.9, 0.1)],
      [mat(3, 10, 32), mat(4, 90, 32, 0.9, 0.1)],
    ] as const) {
      expect(featuresToFrechet(a, b).distance).toBeCloseTo(featuresToFrechet(b, a).distance, 12);
    }
  });

  test("unchanged by a rotation of both sides", () => {
    const d = 16;
    // Product of Givens rotations: orthogonal to rounding; features are rounded to float32 after it (6e-8).
    const rotation = diagonal(new Array<number>(d).fill(1));
    const uniform = mulberry32(9);
    for (let i = 0; i < d; i++) {
      for (let j = 0; j < i; j++) {
        const angle = 2 * Math.PI * uniform();
        for (let r = 0; r < d; r++) {
          const [x, y] = [rotation[r * d + i]!, rotation[r * d + j]!];
          rotation[r * d + i] = Math.cos(angle) * x - Math.sin(angle) * y;
          rotation[r * d + j] = Math.sin(angle) * x + Math.cos(angle) * y;
        }
      }
    }
    const turned = featuresToFrechet(timesMatrix(real, rotation), timesMatrix(fake, rotation));
    expect(turned.distance).toBeCloseTo(featuresToFrechet(real, fake).distance, 6);
  });

  test("times a squared when both sides are multiplied by a", () => {
    for (const a of [2, 1024, 2 ** -20, 2 ** 40]) {
      const times = (x: Features): Features => ({ ...x, data: x.data.map((value) => value * a) });
      const scaled = featuresToFrechet(times(real), times(fake)).distance / a ** 2;
      // Powers of two change no digit of the features; the sums are the same up to the unit chosen inside.
      expect(scaled).toBeCloseTo(featuresToFrechet(real, fake).distance, 12);
    }
  });

  test("independent of the order of the rows", () => {
    const backwards = takeRows(
      real,
      Array.from({ length: 200 }, (_, i) => 199 - i),
    );
    expect(featuresToFrechet(backwards, fake).distance).toBeCloseTo(
      featuresToFrechet(real, fake).distance,
      12,
    );
  });

  test("one side with fewer rows than columns agrees with the covariance form", () => {
    const [few, many] = [mat(5, 9, 24), mat(6, 300, 24, 1.2)];
    const { rows: _, ...withoutRows } = featuresToMoments(few);
    const exact = featuresToFrechet(few, many);
    const known = momentsToFrechet(withoutRows, featuresToMoments(many));
    expect(exact.method).toBe("singular-values");
    expect(Math.abs(exact.distance - known.distance)).toBeLessThan(1e-9);
  });
});

describe("singular and nearly singular covariances", () => {
  test("given as covariances only, they stay within the error bound of the exact value", () => {
    for (const [n, m, d] of [
      [10, 12, 32],
      [40, 41, 64],
      [63, 64, 64],
      [30, 400, 64],
    ] as const) {
      const [a, b] = [mat(n, n, d), mat(m, m, d, 0.7, 0.1)];
      const exact = featuresToFrechet(a, b);
      const known = statisticsToFrechet(toStatistics(a), toStatistics(b));
      expect(Math.abs(known.distance - exact.distance)).toBeLessThanOrEqual(
        known.errorBound + exact.errorBound,
      );
      expect(Math.abs(known.distance - exact.distance)).toBeLessThan(1e-7);
    }
  });

  test("eigenvalues spread over sixteen decades", () => {
    const d = 33;
    const values = Array.from({ length: d }, (_, i) => 10 ** (-i / 2));
    const sigma = diagonal(values);
    const found = statisticsToFrechet({ mu: new Float64Array(d), sigma }, { mu: new Float64Array(d), sigma });
    expect(Math.abs(found.unclipped)).toBeLessThan(1e-12);
  });

  test("constant features: the distance of the means and the other side's trace", () => {
    const constant: Features = { data: new Float32Array(30 * 16).fill(0.5), rows: 30, width: 16 };
    const other: Features = { data: new Float32Array(20 * 16).fill(2.5), rows: 20, width: 16 };
    expect(featuresToFrechet(constant, other).distance).toBe(64);
    const found = featuresToFrechet(constant, real);
    expect(found.traceRoot).toBe(0);
    expect(found.distance).toBeCloseTo(found.meanTerm + found.traceReal + found.traceFake, 12);
  });

  test("float32 statistics, no longer quite semi-definite, still give a distance near the exact one", () => {
    const [a, b] = [mat(3, 10, 32), mat(4, 12, 32, 0.9, 0.1)];
    const rounded = [a, b].map((x) => {
      const { mu, sigma } = toStatistics(x);
      return { mu, sigma: Float64Array.from(Float32Array.from(sigma)) };
    });
    const found = statisticsToFrechet(rounded[0]!, rounded[1]!);
    expect(Math.abs(found.distance - 10.070036095403523)).toBeLessThan(1e-2);
    expect(Math.abs(found.distance - 10.070036095403523)).toBeLessThanOrEqual(found.errorBound);
  });

  test("any rows, any repetition of them: finite, not negative, no exception", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }).chain((d) =>
          fc.tuple(
            fc.constant(d),
            fc.array(fc.array(fc.integer({ min: -3, max: 3 }), { minLength: d, maxLength: d }), {
              minLength: 2,
            }),
            fc.array(fc.array(fc.integer({ min: -3, max: 3 }), { minLength: d, maxLength: d }), {
              minLength: 2,
            }),
          ),
        ),
        ([d, x, y]) => {
          const wrap = (rows: number[][]): Features => ({
            data: Float32Array.from(rows.flat()),
            rows: rows.length,
            width: d,
          });
          const [a, b] = [wrap(x), wrap(y)];
          const exact = featuresToFrechet(a, b);
          const known = statisticsToFrechet(toStatistics(a), toStatistics(b));
          for (const found of [exact, known]) {
            expect(Number.isFinite(found.distance)).toBe(true);
            expect(found.distance).toBeGreaterThanOrEqual(0);
            expect(found.unclipped).toBeGreaterThan(-1e-6);
          }
          expect(Math.abs(known.distance - exact.distance)).toBeLessThan(1e-6);
        },
      ),
      { numRuns: 200, seed: 3 },
    );
  });
});

describe("bad input is named", () => {
  const ok = { mu: new Float64Array(2), sigma: Float64Array.of(1, 0, 0, 1) };
  const sigma = (...values: number[]): FeatureStatistics => ({ mu: ok.mu, sigma: Float64Array.from(values) });

  test("covariances that are none", () => {
    for (const [bad, code] of [
      [sigma(1, 0.5, 0, 1), "input.asymmetric-covariance"],
      [sigma(1, 2, 2, 1), "input.indefinite-covariance"],
      [sigma(1, 0, 0, -1), "input.indefinite-covariance"],
      [sigma(0, 1, 1, 0), "input.indefinite-covariance"],
      [sigma(-1, 0, 0, -1), "input.indefinite-covariance"],
      [sigma(1, Number.NaN, Number.NaN, 1), "input.statistics-not-finite"],
      [sigma(1, 0, 0), "input.statistics-shape"],
      [{ mu: Float64Array.of(0, Number.POSITIVE_INFINITY), sigma: ok.sigma }, "input.statistics-not-finite"],
      [{ mu: new Float64Array(1), sigma: Float64Array.of(1) }, "input.feature-width"],
      [{ mu: new Float64Array(0), sigma: new Float64Array(0) }, "input.statistics-shape"],
    ] as const) {
      expect([codeOf(() => statisticsToFrechet(ok, bad)), bad]).toEqual([
        code === "input.statistics-shape" && bad.mu.length === 0 ? "input.feature-width" : code,
        bad,
      ]);
      expect([codeOf(() => statisticsToFrechet(bad, ok)), bad]).toEqual([code, bad]);
    }
  });

  test("different widths, too few rows, NaN", () => {
    expect(codeOf(() => featuresToFrechet(real, mat(1, 20, 8)))).toBe("input.feature-width");
    expect(codeOf(() => featuresToFrechet(mat(1, 1, 16), real))).toBe("input.too-few-samples");
    expect(codeOf(() => featuresToFrechet(mat(1, 0, 16), real, { ddof: 0 }))).toBe("input.too-few-samples");
    expect(featuresToFrechet(mat(1, 1, 16), mat(1, 1, 16), { ddof: 0 }).distance).toBe(0);
    const broken = { ...real, data: real.data.slice() };
    broken.data[5 * 16 + 3] = Number.NaN;
    expect(() => featuresToFrechet(broken, fake)).toThrow(/row 5, column 3/);
  });
});
