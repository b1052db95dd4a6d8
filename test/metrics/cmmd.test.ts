import { describe, expect, test } from "vitest";
import type { Features } from "../../src/math/features/statistics.ts";
import { rowsToBlocks, toIsLeftOut } from "../../src/math/intervals/jackknife.ts";
import { embeddingsToCmmd, featuresToUnitRows, row } from "../../src/metrics/cmmd.ts";
import { mat, takeRows } from "../math/seeded-features.ts";
import { openContext } from "./context.ts";

const [real, fake] = [mat(1, 200, 16), mat(2, 160, 16, 0.8, 0.15)];
const sides = { fake: { count: 160, features: fake }, real: { count: 200, features: real } };

/** All pairs in float64, of rows brought to length 1. */
function naiveCmmd(x: Features, y: Features): number {
  const unit = ({ data, rows, width }: Features) =>
    Array.from({ length: rows }, (_, i) => {
      const values = Array.from(data.subarray(i * width, (i + 1) * width));
      const length = Math.hypot(...values);
      return values.map((value) => value / length);
    });
  const mean = (a: number[][], b: number[][]) => {
    let sum = 0;
    for (const p of a)
      for (const q of b) sum += Math.exp(-p.reduce((d, value, k) => d + (value - q[k]!) ** 2, 0) / 200);
    return sum / (a.length * b.length);
  };
  const [a, b] = [unit(x), unit(y)];
  return 1000 * (mean(a, a) + mean(b, b) - 2 * mean(a, b));
}

describe("CMMD", () => {
  test("golden, of rows brought to length 1", async () => {
    const found = await embeddingsToCmmd(featuresToUnitRows(real).unit, featuresToUnitRows(fake).unit);
    // Rows and products in float32: 1e-7.
    expect(found / 1.372998284155491).toBeCloseTo(1, 7);
  });

  test("is zero for a set and itself, in any order", async () => {
    const { unit } = featuresToUnitRows(fake);
    const turned = takeRows(
      unit,
      Array.from({ length: 160 }, (_, i) => 159 - i),
    );
    // 1000 times the difference of means near 1, of float32 products over 200.
    expect(Math.abs(await embeddingsToCmmd(unit, turned))).toBeLessThan(1e-6);
  });

  test("the row normalises, says so, and is silent where nothing was to be done", async () => {
    const context = openContext();
    const { distance } = await row.measure(sides, {}, context);
    expect(distance / 1.372998284155491).toBeCloseTo(1, 7);
    expect(context.warnings.map(({ code }) => code)).toEqual(["not-normalised", "not-normalised"]);
    expect(context.warnings[0]!.message).toMatch(/100.0 % of the real embeddings/);
    const [a, b] = [featuresToUnitRows(real).unit, featuresToUnitRows(fake).unit];
    const quiet = openContext();
    await row.measure({ fake: { count: 160, features: b }, real: { count: 200, features: a } }, {}, quiet);
    expect(quiet.warnings).toEqual([]);
  });

  test("leaves out blocks of either side as if they had not been there", async () => {
    const context = openContext();
    for (const role of ["fake", "real"] as const) {
      const blocks = rowsToBlocks(role, sides[role].count, 6, 1);
      const left = await row.leaveOut!(sides, blocks, {}, context);
      for (const [block, { distance }] of left.entries()) {
        const rows = Array.from(blocks.ofRow.keys()).filter((i) => blocks.ofRow[i] !== block);
        const others = takeRows(sides[role].features, rows);
        const expected = role === "fake" ? naiveCmmd(real, others) : naiveCmmd(others, fake);
        expect(distance / expected).toBeCloseTo(1, 6);
      }
    }
  });

  test("leaves out two blocks, of one side and of two, as if they had not been there", async () => {
    const [ofFake, ofReal] = [rowsToBlocks("fake", 160, 7, 1), rowsToBlocks("real", 200, 7, 1)];
    for (const blocks of [
      [ofFake, ofFake],
      [ofReal, ofReal],
      [ofReal, ofFake],
    ] as const) {
      const [left] = await row.leaveOutPairs!(sides, blocks, [[2, 5]], {}, openContext());
      const rest = (role: "real" | "fake") => {
        const { features } = sides[role];
        const isLeftOut = toIsLeftOut(role, blocks, [2, 5]);
        return takeRows(
          features,
          [...Array(features.rows).keys()].filter((i) => !isLeftOut(i)),
        );
      };
      expect(left!.distance / naiveCmmd(rest("real"), rest("fake"))).toBeCloseTo(1, 6);
    }
  });

  test("a row of zeros stays and counts as not normalised", () => {
    const { unit, changed } = featuresToUnitRows({
      data: Float32Array.of(3, 4, 0, 0, 0, 1),
      rows: 3,
      width: 2,
    });
    expect([...unit.data]).toEqual([Math.fround(0.6), Math.fround(0.8), 0, 0, 0, 1]);
    expect(changed).toBe(2);
  });
});
