/** esrgan is to enlarge digits: better than bicubic after the warm-up, sharper at the end. */
import { describe, it } from "vitest";
import { enlarge } from "./enlarging.ts";
import { type Lesson, SEEDS } from "./learn.ts";

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
    await enlarge(LESSON, seed);
  });
});
