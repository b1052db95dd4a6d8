import { describe, expect, test } from "vitest";
import type { Features } from "../../src/math/features/statistics.ts";
import { rowsToBlocks, toIsLeftOut } from "../../src/math/intervals/jackknife.ts";
import {
  featuresToKernelSides,
  kernelSumsToPairSums,
  pairSumsToUnbiased,
  sidesToKernelSums,
  withKernelProducts,
} from "../../src/math/kernels/kernel-sums.ts";
import { createTorchRandom } from "../../src/math/random/torch-random.ts";
import { featuresToKid, row } from "../../src/metrics/kid.ts";
import { mat, takeRows } from "../math/seeded-features.ts";
import { openContext } from "./context.ts";

const [real, fake] = [mat(1, 200, 16), mat(2, 160, 16, 0.8, 0.15)];
const golden = { subsets: 20, subsetSize: 50 };

/** Products in float32 of rows as long as 1 are off by 1e-7; over many kernels of about 1 the errors average out. */
const TOLERANCE = 1e-8;

/** The formula, in float64. */
function naiveMmd(x: Features, y: Features): number {
  const kernel = (a: Features, i: number, b: Features, j: number) => {
    let sum = 0;
    for (let k = 0; k < a.width; k++) sum += a.data[i * a.width + k]! * b.data[j * a.width + k]!;
    return (sum / a.width + 1) ** 3;
  };
  const mean = (a: Features, b: Features) => {
    let sum = 0;
    for (let i = 0; i < a.rows; i++)
      for (let j = 0; j < b.rows; j++) if (a !== b || i !== j) sum += kernel(a, i, b, j);
    return sum / (a.rows * (a === b ? b.rows - 1 : b.rows));
  };
  return mean(x, x) + mean(y, y) - 2 * mean(x, y);
}

async function wholeMmd(a: Features, b: Features): Promise<number> {
  const kernel = { name: "polynomial", degree: 3, gamma: 1 / a.width, coef0: 1 } as const;
  const sides = featuresToKernelSides([a, b], kernel);
  const sums = await withKernelProducts(kernel, a.width, {}, (products) =>
    sidesToKernelSums(products, sides),
  );
  return pairSumsToUnbiased(kernelSumsToPairSums(sums));
}

describe("the unbiased MMD^2 of all rows", () => {
  test("golden: of two sets, and of a set and itself, which is below zero", async () => {
    expect(Math.abs((await wholeMmd(real, fake)) - 0.07320158275026811)).toBeLessThan(TOLERANCE);
    expect(Math.abs((await wholeMmd(real, mat(1, 200, 16))) + 0.009554910492854507)).toBeLessThan(TOLERANCE);
  });

  test("is the formula where rows fill several tiles", async () => {
    const [a, b] = [mat(3, 1100, 4), mat(4, 1030, 4, 1, 0.3)];
    expect(Math.abs((await wholeMmd(a, b)) - naiveMmd(a, b))).toBeLessThan(TOLERANCE);
  });
});

describe("KID over subsets", () => {
  test("golden, whose first side drawn was the real one", async () => {
    const { mean, std, perSubset } = await featuresToKid(fake, real, golden);
    expect(Math.abs(mean - 0.07346543768343654)).toBeLessThan(TOLERANCE);
    expect(Math.abs(std - 0.020016111805533747)).toBeLessThan(TOLERANCE);
    for (const [i, value] of [0.07897562831820792, 0.09739129216835773, 0.06765918125495496].entries())
      expect(Math.abs(perSubset[i]! - value)).toBeLessThan(TOLERANCE);
  });

  // torch-fidelity 0.4.0, kid_features_to_metric of the same features in float64, input 1 the fake ones.
  test.each([
    [{}, 0.07715615829878228, 0.02292987129071876],
    [{ kernel: "rbf" }, 0.0038872601098028036, 0.0011653846939313533],
    [{ degree: 2, gamma: 0.5, coef0: 0.25 }, 0.1505856658370299, 0.03646780622067822],
  ])("is torch-fidelity's: %o", async (options, mean, std) => {
    const found = await featuresToKid(real, fake, { ...golden, ...options });
    expect(Math.abs(found.mean / mean - 1)).toBeLessThan(1e-6);
    expect(Math.abs(found.std / std - 1)).toBeLessThan(1e-6);
  });

  test("is the same from the subsets' own products and picked from all pairs", async () => {
    // Five subsets of 50 are fewer pairs than all, twenty are more.
    const [own, picked] = [
      await featuresToKid(real, fake, { ...golden, subsets: 5 }),
      await featuresToKid(real, fake, golden),
    ];
    own.perSubset.forEach((value, i) => {
      expect(Math.abs(value - picked.perSubset[i]!)).toBeLessThan(TOLERANCE);
    });
  });

  test("torchmetrics draws the real side first, by PyTorch's permutations", async () => {
    const { randperm } = createTorchRandom(7);
    const reals = takeRows(real, randperm(200).slice(0, 50));
    const fakes = takeRows(fake, randperm(160).slice(0, 50));
    const { mean } = await featuresToKid(real, fake, {
      draw: "torchmetrics",
      seed: 7,
      subsets: 1,
      subsetSize: 50,
    });
    expect(Math.abs(mean - naiveMmd(reals, fakes))).toBeLessThan(1e-7);
  });

  test("clean-fid takes as many as there are of the fewer", async () => {
    const { mean, std } = await featuresToKid(fake, fake, { draw: "clean-fid", subsets: 2 });
    // All of both: the set and itself, in any order.
    expect(Math.abs(mean - naiveMmd(fake, mat(2, 160, 16, 0.8, 0.15)))).toBeLessThan(TOLERANCE);
    expect(std).toBeLessThan(TOLERANCE);
  });

  test("a common offset of the features costs no digits with a kernel of distances", async () => {
    const move = (features: Features): Features => ({
      ...features,
      // Whole numbers of 2^-10, so that the offset rounds nothing.
      data: features.data.map((value) => Math.round(value * 1024) / 1024 + 1000),
    });
    const rounded = (features: Features): Features => ({
      ...features,
      data: features.data.map((value) => Math.round(value * 1024) / 1024),
    });
    const options = { ...golden, kernel: "rbf" };
    const [near, far] = [
      await featuresToKid(rounded(real), rounded(fake), options),
      await featuresToKid(move(real), move(fake), options),
    ];
    expect(Math.abs(far.mean / near.mean - 1)).toBeLessThan(1e-6);
  });

  test.each([
    [{ subsetSize: 161 }, "input.too-few-samples", /got 160 \(fake\) and 200 \(real\)/],
    [{ subsetSize: 1 }, "usage.kid-subset-size", /at least 2 for --kid-subset-size, got 1/],
    [{ subsets: 0 }, "usage.kid-subsets", /got 0/],
    [{ kernel: "linear" }, "usage.kid-kernel", /got linear/],
    [{ degree: 1.5 }, "usage.kid-kernel", /degree 1.5/],
    [{ kernel: "rbf", sigma: 0 }, "usage.kid-kernel", /sigma 0/],
    [{ draw: "mine" }, "usage.kid-draw", /got "mine"/],
    [{ seed: -1 }, "usage.seed", /got -1/],
  ])("refuses %o", async (options, code, message) => {
    const failure = featuresToKid(real, fake, { ...golden, ...options });
    await expect(failure).rejects.toThrow(expect.objectContaining({ code }));
    await expect(failure).rejects.toThrow(message);
  });

  test("refuses features of two widths and numbers that are none", async () => {
    await expect(featuresToKid(mat(1, 60, 8), fake, golden)).rejects.toThrow(
      expect.objectContaining({ code: "input.feature-width" }),
    );
    const broken = { ...fake, data: fake.data.map((value, i) => (i === 35 ? Number.NaN : value)) };
    await expect(featuresToKid(real, broken, golden)).rejects.toThrow(/got NaN in row 2, column 3/);
  });
});

describe("the row", () => {
  const sides = { fake: { count: 160, features: fake }, real: { count: 200, features: real } };

  test("leaves out blocks of either side as if they had not been there", async () => {
    const context = openContext();
    for (const role of ["fake", "real"] as const) {
      const features = sides[role].features;
      const blocks = rowsToBlocks(role, features.rows, 7, 1);
      const left = await row.leaveOut!(sides, blocks, { ...row.defaults, ...golden }, context);
      expect(left.length).toBe(7);
      for (const [block, { mean }] of left.entries()) {
        const others = takeRows(
          features,
          Array.from(blocks.ofRow.keys()).filter((i) => blocks.ofRow[i] !== block),
        );
        const expected = role === "fake" ? naiveMmd(real, others) : naiveMmd(others, fake);
        expect(Math.abs(mean - expected)).toBeLessThan(TOLERANCE);
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
      const [left] = await row.leaveOutPairs!(
        sides,
        blocks,
        [[2, 5]],
        { ...row.defaults, ...golden },
        openContext(),
      );
      const rest = (role: "real" | "fake") => {
        const { features } = sides[role];
        const isLeftOut = toIsLeftOut(role, blocks, [2, 5]);
        return takeRows(
          features,
          [...Array(features.rows).keys()].filter((i) => !isLeftOut(i)),
        );
      };
      expect(Math.abs(left!.mean - naiveMmd(rest("real"), rest("fake")))).toBeLessThan(TOLERANCE);
    }
  });

  test("of all rows, as blocks are left out of them, is the unbiased one of all pairs", async () => {
    const none = await row.leaveOutNone!(sides, { ...row.defaults, ...golden }, openContext());
    expect(Math.abs(none.mean - naiveMmd(real, fake))).toBeLessThan(TOLERANCE);
  });

  test("computes all pairs once: for the subsets and for both sides' blocks", async () => {
    const counted: number[] = [];
    const context = { ...openContext(), progress: (_done: number, of: number) => counted.push(of) };
    const parameters = { ...row.defaults, ...golden };
    const { mean } = await row.measure(sides, parameters, context);
    expect(Math.abs(mean - 0.07715615829878228)).toBeLessThan(TOLERANCE);
    const pairs = 200 * 200 + 160 * 160 + 200 * 160;
    expect(counted).toEqual([pairs, pairs, pairs]);
    await row.leaveOut!(sides, rowsToBlocks("real", 200, 4, 1), parameters, context);
    expect(counted.slice(3)).toEqual([4, 4, 4, 4]);
  });

  test("knows the variance of the mean by the drawing of subsets", () => {
    expect(
      row.drawVariance!({ mean: 1, std: 3 }, { ...row.defaults, subsets: 10 }, sides, openContext()),
    ).toEqual({ mean: 1 });
  });
});
