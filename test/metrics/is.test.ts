import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { logitsToInceptionScore } from "../../src/metrics/is.ts";
import { mat, takeRows } from "../math/seeded-features.ts";

const logits = mat(5, 1000, 10, 4);

// NumPy's float64 against ours: same formula, another order of additions.
const DIGITS = 12;

const expectScores = (found: readonly number[], expected: readonly number[]): void => {
  expect(found).toHaveLength(expected.length);
  found.forEach((score, i) => {
    expect(score).toBeCloseTo(expected[i]!, DIGITS);
  });
};

describe("golden values (NumPy)", () => {
  test("ten splits in the given order", () => {
    const found = logitsToInceptionScore(logits.data, 1000, 10, { shuffle: false });
    expect(found.mean).toBeCloseTo(2.5486488912934377, DIGITS);
    expect(found.std).toBeCloseTo(0.06241669196999012, DIGITS);
    expect(found.std * Math.sqrt(10 / 9)).toBeCloseTo(0.06579297021277027, DIGITS);
    expectScores(found.perSplit.slice(0, 3), [2.531284210436079, 2.5862458137704154, 2.451081743967174]);
  });

  test("shuffled as torch-fidelity does, RandomState(2020)", () => {
    const found = logitsToInceptionScore(logits.data, 1000, 10);
    expect(found.mean).toBeCloseTo(2.5369073935602424, DIGITS);
    expect(found.std).toBeCloseTo(0.08749710877805743, DIGITS);
    expectScores(
      found.perSplit,
      [
        2.586423161887423, 2.5111967786542553, 2.6558363931002935, 2.386326857602499, 2.5263176250163975,
        2.4700881620849717, 2.6454672728226107, 2.496726212698367, 2.6415404598835375, 2.4491510118520687,
      ],
    );
  });

  test("one split", () => {
    const found = logitsToInceptionScore(logits.data, 1000, 10, { splits: 1, shuffle: false });
    expect(found.mean).toBeCloseTo(2.5702860913426293, DIGITS);
    expect(found.std).toBe(0);
  });

  test("three splits of 100 rows: torch-fidelity's uneven slices 33, 33, 34", () => {
    const found = logitsToInceptionScore(logits.data.slice(0, 1000), 100, 10, { splits: 3, shuffle: false });
    expectScores(found.perSplit, [2.372757703291502, 2.501354022645558, 2.40056113435389]);
    expect(found.mean).toBeCloseTo(2.424890953430317, DIGITS);
    expect(found.std).toBeCloseTo(0.05524616674528247, DIGITS);
  });

  test("zero logits score 1, a perfect ten-class classifier 10", () => {
    expect(logitsToInceptionScore(new Float32Array(500), 50, 10)).toMatchObject({ mean: 1, std: 0 });
    const perfect = Float32Array.from({ length: 1000 }, (_, i) =>
      i % 10 === Math.floor(i / 10) % 10 ? 100 : -100,
    );
    expect(logitsToInceptionScore(perfect, 100, 10, { splits: 1 }).mean).toBeCloseTo(10, DIGITS);
  });
});

describe("properties", () => {
  test("between 1 and the number of classes, for any finite logits", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }).chain((classes) =>
          fc.tuple(
            fc.constant(classes),
            fc.array(
              fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), {
                minLength: classes,
                maxLength: classes,
              }),
              { minLength: 1, maxLength: 30 },
            ),
          ),
        ),
        fc.integer({ min: 1, max: 30 }),
        ([classes, rows], splits) => {
          const found = logitsToInceptionScore(Float32Array.from(rows.flat()), rows.length, classes, {
            splits: Math.min(splits, rows.length),
          });
          for (const score of found.perSplit) {
            expect(score).toBeGreaterThanOrEqual(1);
            expect(score).toBeLessThanOrEqual(classes * (1 + 1e-12));
          }
          expect(found.std).toBeGreaterThanOrEqual(0);
        },
      ),
      { seed: 1 },
    );
  });

  test("a constant added to a row's logits changes nothing; the order matters through the splits only", () => {
    const shifted = logits.data.map((value, i) => value + 8 * (Math.floor(i / 10) % 3));
    const options = { splits: 1, shuffle: false };
    const plain = logitsToInceptionScore(logits.data, 1000, 10, options).mean;
    // The sum is rounded to float32.
    expect(logitsToInceptionScore(shifted, 1000, 10, options).mean).toBeCloseTo(plain, 5);
    const backwards = takeRows(
      logits,
      Array.from({ length: 1000 }, (_, i) => 999 - i),
    );
    expect(logitsToInceptionScore(backwards.data, 1000, 10, options).mean).toBeCloseTo(plain, DIGITS);
  });
});

describe("bad input is named", () => {
  test("fewer rows than splits names the flag", () => {
    expect(() => logitsToInceptionScore(new Float32Array(90), 9, 10)).toThrow(
      expect.objectContaining({ code: "usage.too-many-splits", hint: expect.stringContaining("--splits 9") }),
    );
    expect(() => logitsToInceptionScore(new Float32Array(0), 0, 10)).toThrow(/got 0 in all/);
  });

  test("splits, seeds, shapes and values that cannot be", () => {
    const score = (values: Float32Array, n: number, options = {}): unknown =>
      logitsToInceptionScore(values, n, 10, options);
    expect(() => score(logits.data, 1000, { splits: 0 })).toThrow(
      expect.objectContaining({ code: "usage.splits" }),
    );
    expect(() => score(logits.data, 1000, { splits: 2.5 })).toThrow(
      expect.objectContaining({ code: "usage.splits" }),
    );
    expect(() => score(logits.data, 1000, { seed: -1 })).toThrow(
      expect.objectContaining({ code: "usage.seed" }),
    );
    expect(() => score(logits.data, 999)).toThrow(expect.objectContaining({ code: "input.logits-shape" }));
    const broken = logits.data.slice();
    broken[42] = Number.NaN;
    expect(() => score(broken, 1000)).toThrow(/NaN in row 4, column 2/);
  });
});
