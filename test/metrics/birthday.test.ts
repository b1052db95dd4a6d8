import { describe, expect, it } from "vitest";
import type { Features } from "../../src/math/features/statistics.ts";
import { featuresToClosePairs, featuresToSupport, row } from "../../src/metrics/birthday.ts";
import { mat, mulberry32, sliceRows, takeRows } from "../math/seeded-features.ts";
import { openContext } from "./context.ts";

const side = (features: Features) => ({ count: features.rows, features });

/** `count` draws from `support` different rows, equally likely, with noise. */
function draws(support: number, count: number, width: number, noise: number): Features {
  const uniform = mulberry32(support);
  const drawn = takeRows(
    mat(50, support, width),
    Array.from({ length: count }, () => Math.floor(support * uniform())),
  );
  const { data } = mat(51, count, width, noise);
  return { ...drawn, data: drawn.data.map((value, i) => value + data[i]!) };
}

function naive({ data, rows, width }: Features, squared: number): number {
  let count = 0;
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < i; j++) {
      let sum = 0;
      for (let k = 0; k < width; k++) sum += (data[i * width + k]! - data[j * width + k]!) ** 2;
      if (sum <= squared) count++;
    }
  return count;
}

const countBits = (bits: Uint32Array): number =>
  bits.reduce((sum, word) => sum + word.toString(2).replaceAll("0", "").length, 0);

describe("close pairs", () => {
  it.each([
    [300, 16, 1],
    [1100, 4, 0.05],
    [65, 3, 0],
  ])("of %d rows of %d within %d are those of the definition", async (n, d, squared) => {
    const features = mat(n, n, d);
    const { bits } = await featuresToClosePairs(features, squared);
    expect(countBits(bits)).toBe(naive(features, squared));
  });

  it("count copies at distance zero, and exactly at the distance", async () => {
    const features: Features = { data: Float32Array.of(0, 3, 0, 3, 6, 1000), rows: 6, width: 1 };
    expect(countBits((await featuresToClosePairs(features, 0)).bits)).toBe(2);
    expect(countBits((await featuresToClosePairs(features, 9)).bits)).toBe(2 + 4 + 2);
  });
});

describe("the support by the birthday paradox", () => {
  it.each([10, 100, 1000])(
    "of %d images with noise is found within four standard errors",
    async (support) => {
      const [m, width] = [2000, 32];
      const found = await featuresToSupport(mat(60, 1500, width), draws(support, m, width, 0.01));
      expect(Math.abs(found.support / support - 1)).toBeLessThan((4 * Math.sqrt(2 * support)) / m);
      expect(found.collisionRate).toBeCloseTo(1 / found.support, 12);
    },
  );

  it("of the real distribution itself is 50 to 100 times the real rows, far above the fakes", async () => {
    const { support } = await featuresToSupport(mat(1, 2000, 16), mat(2, 2000, 16));
    // 1 % of 2,000 real rows: about 12 pairs, of which the root is 30 %; a factor of 2 is more than two deviations.
    expect(support).toBeGreaterThan(25 * 2000);
    expect(support).toBeLessThan(200 * 2000);
  });

  it("is where batches of s collide with the probability of the authors' formula", async () => {
    const [support, s] = [200, 18];
    const fakes = draws(support, 200 * s, 16, 0);
    const { support: found } = await featuresToSupport(mat(60, 500, 16), fakes);
    const batches = Array.from({ length: 200 }, (_, b) => sliceRows(fakes, b * s, (b + 1) * s));
    const hit = batches.filter((batch) => naive(batch, 0) > 0).length / 200;
    // p = 0.53 of 200 batches: a standard error of 0.035 of p, 0.075 of ln(1 - p), 10 % of N.
    expect(Math.abs((s * (s - 1)) / (-2 * Math.log(1 - hit)) / found - 1)).toBeLessThan(0.3);
  });

  it("is below the number of images where some are likelier: 1 / sum p^2", async () => {
    const fakes = takeRows(
      mat(50, 10, 8),
      Array.from({ length: 1000 }, (_, i) => (i % 2 ? 0 : 1 + ((i / 2) % 9))),
    );
    const { support } = await featuresToSupport(mat(60, 500, 8), fakes);
    expect(support).toBeCloseTo(1 / (1 / 4 + 9 / 18 ** 2), 1);
  });

  it("without a collision is a lower bound, with words", async () => {
    const context = openContext();
    const sides = { real: side(mat(1, 300, 16)), fake: side(mat(2, 300, 16, 40)) };
    const found = await row.measure(sides, row.defaults, context);
    expect(found).toEqual({ support: (300 * 299) / 2 / 3, collisionRate: 0 });
    expect(context.warnings.map(({ code }) => code)).toEqual(["no-collisions"]);
  });

  it("counts exact copies only where the real side is full of copies, and says so", async () => {
    const context = openContext();
    const real = takeRows(
      mat(1, 200, 8),
      Array.from({ length: 220 }, (_, i) => i % 200),
    );
    const fake = takeRows(
      mat(2, 50, 8),
      Array.from({ length: 100 }, (_, i) => i % 50),
    );
    const found = await row.measure({ real: side(real), fake: side(fake) }, row.defaults, context);
    expect(context.warnings.map(({ code }) => code)).toEqual(["real-duplicates"]);
    expect(found.collisionRate).toBe(50 / ((100 * 99) / 2));
  });

  it("refuses single rows, unlike widths, NaN and parameters that are none", async () => {
    const real = mat(1, 20, 4);
    const codeOf = (...call: Parameters<typeof featuresToSupport>) =>
      featuresToSupport(...call).then(
        () => "none",
        ({ code }) => code,
      );
    expect(await codeOf(real, sliceRows(real, 0, 1))).toBe("input.too-few-samples");
    expect(await codeOf(real, mat(1, 20, 5))).toBe("input.feature-width");
    expect(await codeOf({ ...real, data: real.data.map(() => Number.NaN) }, real)).toBe(
      "input.features-not-finite",
    );
    expect(await codeOf(real, real, { quantile: 0 })).toBe("usage.birthday-quantile");
    expect(await codeOf(real, real, { samples: 1 })).toBe("usage.birthday-samples");
  });
});
