import { describe, expect, test } from "vitest";
import type { Image } from "../../src/images/source.ts";
import { imagesToSimilarities, type Levels } from "../../src/math/images/structural-similarity.ts";
import { rowsToBlocks } from "../../src/math/intervals/jackknife.ts";
import { imagesToMsSsim, row } from "../../src/metrics/ms-ssim.ts";
import { noiseImages } from "../math/noise-images.ts";
import { openContext } from "./context.ts";

const flat = (level: number): Levels => ({
  pixels: new Float32Array(64 * 64 * 3).fill(level),
  width: 64,
  height: 64,
});

/** One channel as rows. */
const toRows = ({ pixels, width, height }: Levels, channel: number): number[][] =>
  Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => pixels[(y * width + x) * 3 + channel]!),
  );

/** The formula with windows of two dimensions, as it is written down. */
function naiveSimilarity(a: Levels, b: Levels): number {
  const exponents = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333];
  let sum = 0;
  for (let channel = 0; channel < 3; channel++) {
    let [x, y] = [toRows(a, channel), toRows(b, channel)];
    let product = 1;
    exponents.forEach((exponent, scale) => {
      const size = Math.min(11, x.length, x[0]!.length);
      const gauss = (k: number) => Math.exp(-((k - (size - 1) / 2) ** 2) / (2 * 1.5 ** 2));
      let [measure, windows] = [0, 0];
      for (let top = 0; top + size <= x.length; top++)
        for (let left = 0; left + size <= x[0]!.length; left++) {
          let [weights, mx, my, xx, yy, xy] = [0, 0, 0, 0, 0, 0];
          for (let i = 0; i < size; i++)
            for (let j = 0; j < size; j++) {
              const w = gauss(i) * gauss(j);
              const [p, q] = [x[top + i]![left + j]!, y[top + i]![left + j]!];
              weights += w;
              mx += w * p;
              my += w * q;
              xx += w * p * p;
              yy += w * q * q;
              xy += w * p * q;
            }
          [mx, my, xx, yy, xy] = [mx / weights, my / weights, xx / weights, yy / weights, xy / weights];
          const [c1, c2] = [2.55 ** 2, 7.65 ** 2];
          const structure = (2 * (xy - mx * my) + c2) / (xx - mx * mx + (yy - my * my) + c2);
          const luminance = (2 * mx * my + c1) / (mx * mx + my * my + c1);
          measure += scale === 4 ? structure * luminance : structure;
          windows++;
        }
      product *= Math.max(0, measure / windows) ** exponent;
      const halve = (rows: number[][]) =>
        Array.from({ length: Math.ceil(rows.length / 2) }, (_, i) =>
          Array.from({ length: Math.ceil(rows[0]!.length / 2) }, (_, j) => {
            const at = (m: number, n: number) =>
              rows[Math.min(m, rows.length - 1)]![Math.min(n, rows[0]!.length - 1)]!;
            return (
              (at(2 * i, 2 * j) + at(2 * i + 1, 2 * j) + at(2 * i, 2 * j + 1) + at(2 * i + 1, 2 * j + 1)) / 4
            );
          }),
        );
      [x, y] = [halve(x), halve(y)];
    });
    sum += product;
  }
  return sum / 3;
}

describe("multi-scale structural similarity", () => {
  test("golden: compare_gan's three constant images, of levels 1, 0.7 and 0", () => {
    // Its own tolerance is 1e-3; luminance alone counts, so the value is known to more.
    const luminance = (p: number, q: number) =>
      ((2 * p * q + 2.55 ** 2) / (p * p + q * q + 2.55 ** 2)) ** 0.1333;
    const expected = (luminance(1, 0.7) + luminance(1, 0) + luminance(0.7, 0)) / 3;
    expect(expected).toBeCloseTo(0.989989, 3);
    // 0.7 is float32.
    expect(imagesToMsSsim([flat(1), flat(0.7), flat(0)])).toBeCloseTo(expected, 7);
  });

  test.each([
    [24, 24],
    [13, 18],
    [35, 12],
    [3, 2],
    [1, 1],
  ])("is the formula for images of %i x %i, to one pixel", (width, height) => {
    // Alike enough that no scale is at zero.
    const images = noiseImages(3, width, height, 1, 60);
    const similarities = imagesToSimilarities(images);
    for (const [a, b] of [
      [0, 1],
      [2, 0],
      [1, 2],
    ] as const) {
      expect(similarities[a * 3 + b]).toBeCloseTo(naiveSimilarity(images[a]!, images[b]!), 10);
      expect(similarities[b * 3 + a]).toBe(similarities[a * 3 + b]);
    }
    expect(similarities[4]).toBe(1);
  });

  test("is 1 for equal images, and near 0 for images of noise", () => {
    const [one] = noiseImages(1, 32, 32, 2);
    expect(imagesToMsSsim([one!, one!, one!])).toBeCloseTo(1, 12);
    expect(imagesToMsSsim(noiseImages(10, 32, 32, 3))).toBeLessThan(0.15);
  });
});

describe("the row", () => {
  const images = noiseImages(12, 16, 16, 4, 60);
  const sides = { fake: { count: 12, images: images as readonly Image[] } };
  const parameters = { ...row.defaults, size: 4 };

  test("is the mean over batches, of which there are as many as images allow", async () => {
    const whole = imagesToSimilarities(images);
    const { similarity } = await row.measure(sides, { ...parameters, size: 64 }, openContext());
    expect(similarity).toBeCloseTo((whole.reduce((sum, value) => sum + value, 0) - 12) / (12 * 11), 12);
    const threes = await row.measure(sides, parameters, openContext());
    expect(threes.similarity).not.toBe(similarity);
    expect(threes.similarity).toBe(
      (await row.measure(sides, { ...parameters, batches: 3 }, openContext())).similarity,
    );
  });

  test("leaves out blocks from the pairs that were computed", async () => {
    const blocks = rowsToBlocks("fake", 12, 3, 1);
    const left = await row.leaveOut!(sides, blocks, { ...parameters, size: 64 }, openContext());
    for (const [block, { similarity }] of left.entries()) {
      const others = images.filter((_, i) => blocks.ofRow[i] !== block);
      expect(similarity).toBeCloseTo(imagesToMsSsim(others), 12);
    }
  });

  test.each([
    [images.slice(0, 1), {}, "input.too-few-samples"],
    [[...images, ...noiseImages(1, 16, 17, 5)], {}, "input.mixed-sizes"],
    [images, { batches: 0 }, "usage.ms-ssim-batches"],
    [images, { size: 1 }, "usage.ms-ssim-size"],
  ])("refuses what it cannot compare (%#)", (given, options, code) => {
    expect(() => imagesToMsSsim(given, options)).toThrow(expect.objectContaining({ code }));
  });
});
