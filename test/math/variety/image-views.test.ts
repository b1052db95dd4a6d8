import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { imagesToViews, pixelsToViews } from "../../../src/math/variety/image-views.ts";

const levels = (seed: number, count: number): Uint8Array =>
  Uint8Array.from({ length: count }, (_, i) => (Math.imul(i + 1, 2654435761 + seed) >>> 8) & 255);

describe("views of images", () => {
  it("of one colour are that colour, whatever the size and the channels", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom(1, 3),
        fc.integer({ min: 0, max: 255 }),
        (width, height, channels, level) => {
          const pixels = new Uint8Array(width * height * channels).fill(level);
          const { thumbnail, middle } = pixelsToViews(pixels, [height, width, channels]);
          expect([thumbnail.rows, thumbnail.width]).toEqual([1, 64 * channels]);
          expect([middle.rows, middle.width]).toEqual([1, 256 * channels]);
          for (const { data } of [thumbnail, middle])
            for (const value of data) expect(value).toBeCloseTo(level / 255, 6);
        },
      ),
    );
  });

  it("are the means of an 8 x 8 grid's cells, and the 16 x 16 pixels in the middle", () => {
    const [height, width] = [32, 24];
    const pixels = levels(1, height * width);
    const { thumbnail, middle } = pixelsToViews(pixels, [height, width, 1]);
    let sum = 0;
    for (let y = 4 * 3; y < 4 * 4; y++) for (let x = 3 * 5; x < 3 * 6; x++) sum += pixels[y * width + x];
    expect(thumbnail.data[3 * 8 + 5]).toBeCloseTo(sum / 12 / 255, 6);
    expect(middle.data[2 * 16 + 7]).toBeCloseTo(pixels[(8 + 2) * width + 4 + 7] / 255, 6);
  });

  it("of images one after the other are those of each alone", () => {
    const pixels = levels(2, 3 * 28 * 28);
    const together = pixelsToViews(pixels, [28, 28, 1]);
    const alone = imagesToViews(
      [0, 1, 2].map((i) => ({
        pixels: pixels.subarray(i * 784, (i + 1) * 784),
        width: 28,
        height: 28,
      })),
      1,
    );
    expect(together).toEqual(alone);
  });

  it("tell grain by its details and not by thumbnails", () => {
    const grain = pixelsToViews(levels(3, 2 * 32 * 32), [32, 32, 1]);
    const distance = (data: Float32Array): number => {
      const half = data.length / 2;
      return Math.sqrt(data.subarray(0, half).reduce((s, v, i) => s + (v - data[half + i]) ** 2, 0) / half);
    };
    expect(distance(grain.thumbnail.data)).toBeLessThan(0.2);
    expect(distance(grain.middle.data)).toBeGreaterThan(0.3);
  });
});
