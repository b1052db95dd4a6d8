import { describe, expect, it } from "vitest";
import { type Features, selectRows } from "../../src/math/features/statistics.ts";
import type { Blocks } from "../../src/math/intervals/blocks.ts";
import { logitsToInceptionScore } from "../../src/metrics/is.ts";
import { logitsToModeScore, row } from "../../src/metrics/mode-score.ts";
import { mat, sliceRows } from "../math/seeded-features.ts";
import { openContext } from "./context.ts";

const logits = mat(5, 1000, 10, 4);
const [fake, real] = [sliceRows(logits, 0, 200), sliceRows(logits, 200, 400)];

/** All but one-hot rows, so many of each class. */
function classes(...counts: number[]): Features {
  const labels = counts.flatMap((count, label) => new Array<number>(count).fill(label));
  const data = new Float32Array(labels.length * counts.length);
  labels.forEach((label, i) => {
    data[i * counts.length + label] = 40;
  });
  return { data, rows: labels.length, width: counts.length };
}

describe("the mode score", () => {
  it("is the golden one (NumPy)", () => {
    expect(logitsToModeScore(real, fake)).toBeCloseTo(2.575352446084791, 12);
  });

  it("is the Inception Score of one split where the classes are distributed as the real ones", () => {
    const { mean } = logitsToInceptionScore(fake.data, 200, 10, { splits: 1 });
    expect(logitsToModeScore(fake, fake)).toBeCloseTo(mean, 12);
  });

  it("is exp of entropy less divergence for sure classes", () => {
    const found = logitsToModeScore(classes(50, 50), classes(30, 10));
    const entropy = -(0.75 * Math.log(0.75) + 0.25 * Math.log(0.25));
    const divergence = 0.75 * Math.log(1.5) + 0.25 * Math.log(0.5);
    // A softmax at 40 is 1 - 4e-18.
    expect(found).toBeCloseTo(Math.exp(entropy - divergence), 12);
  });

  it("is 0, not NaN, where the real side lacks a class altogether", () => {
    const sure = { ...classes(5, 0), data: classes(5, 0).data.map((value) => 100 * value) };
    expect(logitsToModeScore(sure, classes(3, 2))).toBe(0);
  });

  it("with a block left out is that of the other rows, to the last digits", async () => {
    for (const role of ["real", "fake"] as const) {
      const blocks = { role, count: 7, ofRow: Int32Array.from({ length: 200 }, (_, i) => (i * 3) % 7) };
      const sides = { real: { count: 200, logits: real }, fake: { count: 200, logits: fake } };
      const got = await row.leaveOut!(sides, blocks, {}, openContext());
      got.forEach(({ score }, block) => {
        const rest = (side: Features) => selectRows(side, (i) => blocks.ofRow[i] !== block);
        const expected =
          role === "real" ? logitsToModeScore(rest(real), fake) : logitsToModeScore(real, rest(fake));
        expect(score).toBeCloseTo(expected, 12);
      });
    }
  });

  it("with two blocks left out is that of the other rows, of one side and of two", async () => {
    const ofReal = {
      role: "real",
      count: 7,
      ofRow: Int32Array.from({ length: 200 }, (_, i) => i % 7),
    } as const;
    const ofFake = { ...ofReal, role: "fake" } as const;
    const sides = { real: { count: 200, logits: real }, fake: { count: 200, logits: fake } };
    const without = (side: Features, ...out: number[]) => selectRows(side, (i) => !out.includes(i % 7));
    const leave = async (...blocks: [Blocks, Blocks]) =>
      (await row.leaveOutPairs!(sides, blocks, [[1, 5]], {}, openContext()))[0]!.score;
    expect(await leave(ofReal, ofReal)).toBeCloseTo(logitsToModeScore(without(real, 1, 5), fake), 12);
    expect(await leave(ofFake, ofFake)).toBeCloseTo(logitsToModeScore(real, without(fake, 1, 5)), 12);
    expect(await leave(ofReal, ofFake)).toBeCloseTo(
      logitsToModeScore(without(real, 1), without(fake, 5)),
      12,
    );
  });

  it("refuses unlike numbers of classes, NaN and nothing", () => {
    expect(() => logitsToModeScore(real, mat(1, 20, 9))).toThrow(/got 10 \(real\) and 9 \(fake\)/);
    expect(() => logitsToModeScore(real, mat(1, 0, 10))).toThrow(/got 0/);
    const broken = { ...fake, data: fake.data.slice().fill(Number.NaN, 31, 32) };
    expect(() => logitsToModeScore(real, broken)).toThrow(/NaN in row 3, column 1/);
  });
});
