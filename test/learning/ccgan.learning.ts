/** ccgan is to fill holes in digits so that one can read them. */
import { describe, expect, it } from "vitest";
import { fill } from "./filling.ts";
import { type Lesson, SEEDS } from "./learn.ts";

const LESSON: Lesson = {
  model: "ccgan",
  data: "drawn-masked",
  rounds: 1000,
  rate: 1e-3,
  options: {
    batchSize: 16,
    filters: 12,
    maskSize: 6,
    discriminatorFilters: 8,
    discriminatorLayers: 2,
    weights: { pixel: 10 },
  },
};

describe.each(SEEDS)("ccgan, seed %i,", (seed) => {
  it("fills holes in digits so that one can read them", async () => {
    const { outside } = await fill(LESSON, seed);
    expect(outside).toBe(0);
  });
});
