import { describe, expect, test } from "vitest";
import type { Image } from "../../src/images/source.ts";
import { imageToLevel, sizeToLevels } from "../../src/math/images/laplacian-pyramid.ts";
import { rowsToQuarters } from "../../src/math/intervals/split-halves.ts";
import { imagesToLaplacianDistance, row } from "../../src/metrics/lap-swd.ts";
import { drawLines } from "../../src/metrics/swd.ts";
import { noiseImages } from "../math/noise-images.ts";
import { openContext } from "./context.ts";

const few = { patches: 16, directions: 64 };

describe("a Laplacian pyramid", () => {
  /** The 5 x 5 binomial filter, written out, edges mirrored. */
  function naiveSmooth(plane: number[][]): number[][] {
    const weights = [1, 4, 6, 4, 1];
    const [h, w] = [plane.length, plane[0]!.length];
    const mirror = (at: number, length: number) => (at < 0 ? -at : at >= length ? 2 * length - 2 - at : at);
    return plane.map((line, y) =>
      line.map((_, x) => {
        let sum = 0;
        for (let i = -2; i <= 2; i++)
          for (let j = -2; j <= 2; j++)
            sum += weights[i + 2]! * weights[j + 2]! * plane[mirror(y + i, h)]![mirror(x + j, w)]!;
        return sum / 256;
      }),
    );
  }

  test("has details of each size, and the smallest image; odd sizes too", () => {
    const [image] = noiseImages(1, 19, 14, 1);
    const { pixels, width, height } = image!;
    let plane = Array.from({ length: height }, (_, y) =>
      Array.from({ length: width }, (_, x) => pixels[(y * width + x) * 3 + 1]!),
    );
    for (const level of [0, 1, 2]) {
      const found = imageToLevel(image!, level, 3);
      expect([found.height, found.width]).toEqual([plane.length, plane[0]!.length]);
      const small = naiveSmooth(plane)
        .filter((_, y) => y % 2 === 0)
        .map((line) => line.filter((_, x) => x % 2 === 0));
      const spread = Array.from({ length: 2 * small.length }, (_, y) =>
        Array.from({ length: 2 * small[0]!.length }, (_, x) =>
          y % 2 || x % 2 ? 0 : 4 * small[y / 2]![x / 2]!,
        ),
      );
      const coarse = naiveSmooth(spread);
      const expected = plane.flatMap((line, y) =>
        line.map((value, x) => value - (level < 2 ? coarse[y]![x]! : 0)),
      );
      // Float32 of levels up to 255.
      for (const [i, value] of expected.entries())
        expect(Math.abs(found.channels[1]![i]! - value)).toBeLessThan(1e-4);
      plane = small;
    }
  });

  test("ends at 16 to 31 pixels of the shorter side", () => {
    expect([7, 16, 28, 32, 64, 100, 1024].map((size) => sizeToLevels(size, 2000))).toEqual([
      1, 1, 1, 2, 3, 3, 7,
    ]);
  });
});

describe("the sliced Wasserstein distance of patches", () => {
  test("is the formula where an image is one patch", async () => {
    const [real, fake] = [noiseImages(40, 7, 7, 1), noiseImages(40, 7, 7, 2, 100)];
    const lines = drawLines(147, { directions: 64, seed: 2020 });
    const toDescriptors = (images: readonly Image[]) => {
      const moments = [0, 1, 2].map((channel) => {
        const values = images.flatMap(({ pixels }) => [...pixels].filter((_, i) => i % 3 === channel));
        const mean = values.reduce((a, b) => a + b, 0) / values.length;
        const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
        return { mean, deviation: Math.sqrt(variance) };
      });
      return images.map(({ pixels }) =>
        moments.flatMap(({ mean, deviation }, channel) =>
          Array.from({ length: 49 }, (_, i) => (pixels[3 * i + channel]! - mean) / deviation),
        ),
      );
    };
    const [x, y] = [toDescriptors(real), toDescriptors(fake)];
    let sum = 0;
    for (let u = 0; u < 64; u++) {
      const project = (rows: number[][]) =>
        rows
          .map((values) => values.reduce((total, value, k) => total + value * lines.data[u * 147 + k]!, 0))
          .sort((a, b) => a - b);
      const [p, q] = [project(x), project(y)];
      sum += p.reduce((total, value, i) => total + Math.abs(value - q[i]!), 0) / p.length;
    }
    const { mean, perLevel } = await imagesToLaplacianDistance(real, fake, { directions: 64, patches: 1 });
    // Float32 patches and projections.
    expect(mean / ((1000 * sum) / 64)).toBeCloseTo(1, 5);
    expect(perLevel).toEqual([mean]);
  });

  test("is zero for a set and itself, and for one of other brightness and contrast; never else", async () => {
    const images = noiseImages(20, 32, 32, 3, 60);
    expect((await imagesToLaplacianDistance(images, images, few)).mean).toBe(0);
    const brighter = images.map((image) => ({
      ...image,
      pixels: image.pixels.map((value) => value + 40),
    }));
    const stretched = images.map((image) => ({
      ...image,
      pixels: image.pixels.map((value) => 2 * (value - 90)),
    }));
    for (const changed of [brighter, stretched]) {
      // Thousandths of a standard deviation, in float32.
      expect((await imagesToLaplacianDistance(images, changed, few)).mean).toBeLessThan(0.01);
    }
    const others = await imagesToLaplacianDistance(images, noiseImages(20, 32, 32, 4, 60), few);
    expect(others.mean).toBeGreaterThan(1);
  });

  test("sees on which scale images differ", async () => {
    const real = noiseImages(30, 64, 64, 5, 60);
    // Stripes of one pixel, which smoothing takes away.
    const striped = real.map((image) => ({
      ...image,
      pixels: image.pixels.map((value, i) => value + (Math.floor(i / 3) % 2 === 0 ? 30 : -30)),
    }));
    const { perLevel, mean } = await imagesToLaplacianDistance(real, striped, few);
    expect(perLevel.length).toBe(3);
    expect(perLevel[0]).toBeGreaterThan(2 * perLevel[2]!);
    const sides = { fake: { count: 30, images: striped }, real: { count: 30, images: real } };
    expect(await row.measure(sides, { ...row.defaults, ...few }, openContext())).toEqual({
      mean,
      finest: perLevel[0],
      coarsest: perLevel[2],
    });
  });

  test("cuts both sides to as many images, the same ones for a seed", async () => {
    const [real, fake] = [noiseImages(30, 16, 16, 6, 60), noiseImages(20, 16, 16, 7, 60)];
    const options = { ...few, pictures: 10 };
    const first = await imagesToLaplacianDistance(real, fake, options);
    expect(await imagesToLaplacianDistance(real, fake, options)).toEqual(first);
    expect(await imagesToLaplacianDistance(real, fake, { ...options, seed: 1 })).not.toEqual(first);
    // 10 of 30, in an order of their own: a set and its part are not at zero.
    expect((await imagesToLaplacianDistance(real, real.slice(0, 10), options)).mean).toBeGreaterThan(0);
  });

  const images = noiseImages(4, 16, 16, 8);
  test.each([
    [images, [], {}, "input.too-few-samples"],
    [images, noiseImages(4, 16, 18, 9), {}, "input.mixed-sizes"],
    [noiseImages(4, 6, 30, 9), noiseImages(4, 6, 30, 9), {}, "input.too-small"],
    [images, images, { pictures: 0 }, "usage.lap-swd-pictures"],
    [images, images, { patches: 0 }, "usage.lap-swd-patches"],
    [images, images, { directions: 0.5 }, "usage.lap-swd-directions"],
  ])("refuses what it cannot compare (%#)", async (real, fake, options, code) => {
    await expect(imagesToLaplacianDistance(real, fake, options)).rejects.toThrow(
      expect.objectContaining({ code }),
    );
  });
});

test("the distance of halves and quarters is that of their images, of at most as large a share", async () => {
  const [real, fake] = [noiseImages(24, 32, 32, 1), noiseImages(20, 32, 32, 2)];
  const parameters = { ...row.defaults, ...few, pictures: 20 };
  const sides = { real: { count: 24, images: real }, fake: { count: 20, images: fake } };
  const cuts = await row.quarter!(sides, 3, parameters, openContext());
  const [ofReal, ofFake] = [rowsToQuarters(24, 3, cuts.length), rowsToQuarters(20, 4, cuts.length)];
  const [cut, of] = [
    2,
    (side: Image[], quarters: Uint8Array, isIn: (quarter: number) => boolean) =>
      side.filter((_, at) => isIn(quarters[at]!)),
  ] as const;
  const measure = async (images: number, isIn: (quarter: number) => boolean) => {
    const parts = [of(real, ofReal.ofRow[cut]!, isIn), of(fake, ofFake.ofRow[cut]!, isIn)] as const;
    return (await imagesToLaplacianDistance(...parts, { ...parameters, pictures: images })).mean;
  };
  expect(cuts[cut]!.halves[1].mean).toBe(await measure(10, (quarter) => quarter > 1));
  expect(cuts[cut]!.quarters[3].mean).toBe(await measure(5, (quarter) => quarter === 3));
  const three = { real: { count: 3, images: real.slice(0, 3) }, fake: sides.fake };
  await expect(row.quarter!(three, 3, parameters, openContext())).rejects.toMatchObject({
    code: "input.too-few-samples",
  });
});
