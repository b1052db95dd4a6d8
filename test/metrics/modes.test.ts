import { describe, expect, it } from "vitest";
import type { Warning } from "../../src/errors.ts";
import { logitsToStackedClasses } from "../../src/math/clusters/class-coverage.ts";
import { type Features, selectRows } from "../../src/math/features/statistics.ts";
import type { Blocks } from "../../src/math/intervals/blocks.ts";
import { rowsToBlocks } from "../../src/math/intervals/jackknife.ts";
import { row } from "../../src/metrics/modes.ts";
import { mulberry32 } from "../math/seeded-features.ts";

/** Logits of digits side by side: `[[2, 0, 7]]` is one row of 3 x classes columns. */
function toLogits(digits: readonly (readonly number[])[], classes = 10): Features {
  const places = digits[0]!.length;
  const data = new Float32Array(digits.length * places * classes).fill(-3);
  for (const [i, row] of digits.entries())
    for (const [place, digit] of row.entries()) data[(i * places + place) * classes + digit] = 4;
  return { data, rows: digits.length, width: places * classes };
}

function measure(fake: Features, parameters: Partial<typeof row.defaults> = {}, real?: Features) {
  const warnings: Warning[] = [];
  const context = {
    warn: (warning: Warning) => void warnings.push(warning),
    progress: () => {},
    memo: <T>(_: object, __: string, compute: () => T) => compute(),
  };
  const sides = {
    fake: { count: fake.rows, logits: fake },
    ...(real && { real: { count: real.rows, logits: real } }),
  };
  const all = { ...row.defaults, ...parameters };
  return {
    values: row.measure(sides, all, context) as { hit: number; kl: number },
    warnings,
    leaveOut: (role: "real" | "fake", count: number, rows: number) =>
      row.leaveOut!(sides, rowsToBlocks(role, rows, count, 1), all, context),
    leaveOutPairs: (blocks: readonly [Blocks, Blocks], pairs: readonly (readonly [number, number])[]) =>
      row.leaveOutPairs!(sides, blocks, pairs, all, context),
  };
}

const DIGITS = toLogits([[1], [1], [4], [1]]);

describe("modes", () => {
  it("of digits, by hand: 2 of 10 classes, KL of 3/4 and 1/4 to equal ones", () => {
    const { hit, kl } = measure(DIGITS).values;
    expect(hit).toBe(2);
    expect(kl).toBeCloseTo(0.75 * Math.log(7.5) + 0.25 * Math.log(2.5), 12);
  });

  it("of stacks, by hand: three digits are one of 1,000 classes", () => {
    const stacks = toLogits([
      [2, 0, 7],
      [7, 0, 2],
      [2, 0, 7],
      [9, 9, 9],
    ]);
    const { hit, kl } = measure(stacks, { places: 3 }).values;
    expect(hit).toBe(3);
    expect(kl).toBeCloseTo(0.5 * Math.log(500) + 2 * 0.25 * Math.log(250), 12);
    expect(logitsToStackedClasses(stacks, 3)).toEqual({
      predicted: Int32Array.of(207, 702, 207, 999),
      classes: 1000,
    });
  });

  it("of a perfect sampler of stacks: nearly all 1,000, and KL 999 / 2n", () => {
    const uniform = mulberry32(3);
    const digit = () => Math.floor(10 * uniform());
    const n = 8000;
    const { values, warnings } = measure(
      toLogits(Array.from({ length: n }, () => [digit(), digit(), digit()])),
      { places: 3 },
    );
    // A class is missed with (1 - 1/1000)^8000 = 3.3e-4: 0.33 of 1,000 in the mean.
    expect(values.hit).toBeGreaterThanOrEqual(997);
    // 2n KL is chi-squared of 999 degrees: four standard deviations, and the next order, of it.
    expect(Math.abs(2 * n * values.kl - 999)).toBeLessThan(4 * Math.sqrt(2 * 999) + 40);
    expect(warnings).toEqual([]);
  });

  it("against the real images' frequencies, if told so", () => {
    const real = toLogits([[1], [1], [1], [4]]);
    expect(measure(DIGITS, { reference: "real" }, real).values).toEqual({ hit: 2, kl: 0 });
    expect(measure(DIGITS, {}, real).values).toEqual(measure(DIGITS).values);
  });

  it("say what a perfect generator would miss with so few samples", () => {
    const { warnings } = measure(DIGITS);
    expect(warnings.map(({ code }) => code)).toEqual(["few-samples-for-modes"]);
    // 10 (1 - 0.9^4) = 3.4
    expect(warnings[0]!.message).toContain("with 4 samples, a perfect generator hits about 3 of");
  });

  it("without each block are those of the other rows, of either side", async () => {
    const uniform = mulberry32(5);
    const draw = (n: number) =>
      toLogits(
        Array.from({ length: n }, () => [Math.floor(4 * uniform())]),
        4,
      );
    const [fake, real] = [draw(40), draw(50)];
    const reference = { reference: "real" } as const;
    for (const role of ["fake", "real"] as const) {
      const rows = role === "fake" ? 40 : 50;
      const { ofRow } = rowsToBlocks(role, rows, 5, 1);
      const without = await measure(fake, reference, real).leaveOut(role, 5, rows);
      for (const [block, values] of without.entries()) {
        const rest = selectRows(role === "fake" ? fake : real, (i) => ofRow[i] !== block);
        const direct = role === "fake" ? measure(rest, reference, real) : measure(fake, reference, rest);
        expect(values).toEqual(direct.values);
      }
    }
  });

  it("without two blocks are those of the other rows", async () => {
    const uniform = mulberry32(6);
    const draw = (n: number) =>
      toLogits(
        Array.from({ length: n }, () => [Math.floor(4 * uniform())]),
        4,
      );
    const [fake, real] = [draw(40), draw(40)];
    const reference = { reference: "real" } as const;
    const blocks = [rowsToBlocks("fake", 40, 5, 1), rowsToBlocks("real", 40, 5, 1)] as const;
    const [got] = await measure(fake, reference, real).leaveOutPairs(blocks, [[1, 4]]);
    const without = (of: Features, block: number) => selectRows(of, (i) => blocks[0].ofRow[i] !== block);
    expect(got).toEqual(measure(without(fake, 1), reference, without(real, 4)).values);
  });

  it("refuse places that do not divide the logits, and references that are not there", () => {
    for (const places of [3, 0, 1.5])
      expect(() => measure(DIGITS, { places })).toThrow(
        expect.objectContaining({
          code: "usage.modes-places",
          hint: expect.stringContaining("--modes-places"),
        }),
      );
    expect(() => measure(DIGITS, { reference: "real" })).toThrow(
      expect.objectContaining({ code: "usage.modes-reference", hint: expect.stringContaining("--real") }),
    );
    expect(() => measure(DIGITS, { reference: "imagenet" })).toThrow(
      expect.objectContaining({ code: "usage.modes-reference" }),
    );
  });
});
