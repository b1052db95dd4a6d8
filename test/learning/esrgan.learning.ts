/** esrgan is to enlarge digits: better than bicubic after the warm-up, sharper at the end. */
import { describe, expect, it } from "vitest";
import { enlarge } from "./enlarging.ts";
import { figuresToText, type Lesson, SEEDS } from "./learn.ts";

const ROUNDS = 200;
const LESSON: Lesson = {
  model: "esrgan",
  data: "drawn-larger",
  rounds: ROUNDS,
  rate: 1e-3,
  options: {
    batchSize: 8,
    filters: 12,
    blocks: 1,
    discriminatorFilters: 8,
    warmUp: ROUNDS,
    perceptual: "digits",
    weights: { pixel: 1 },
  },
};

describe.each(SEEDS)("esrgan, seed %i,", (seed) => {
  it("enlarges digits better than bicubic resizing, and sharper", async () => {
    const figures = await enlarge(LESSON, seed);
    const text = figuresToText({ ...figures });
    expect(figures.warmed, text).toBeGreaterThan(figures.bicubic + 1);
    expect(figures.psnr, text).toBeGreaterThan(figures.bicubic - 1);
    const away = (sharpness: number) => Math.abs(sharpness - figures.realSharpness);
    expect(away(figures.sharpness), text).toBeLessThan(away(figures.bicubicSharpness));
  });
});
