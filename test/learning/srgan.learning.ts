/** srgan is to enlarge digits: better than bicubic after the warm-up, sharper at the end. */
import { describe, it } from "vitest";
import { enlarge } from "./enlarging.ts";
import { type Lesson, SEEDS } from "./learn.ts";

const ROUNDS = 200;
const LESSON: Lesson = {
  model: "srgan",
  data: "drawn-larger",
  rounds: ROUNDS,
  rate: 1e-3,
  options: {
    batchSize: 8,
    filters: 12,
    blocks: 2,
    discriminatorFilters: 8,
    warmUp: ROUNDS,
    perceptual: "digits",
  },
};

describe.each(SEEDS)("srgan, seed %i,", (seed) => {
  it("enlarges digits better than bicubic resizing, and sharper", async () => {
    await enlarge(LESSON, seed);
  });
});
