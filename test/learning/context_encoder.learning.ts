/** context_encoder is to fill holes in digits so that one can read them. */
import { describe, expect, it } from "vitest";
import { fill } from "./filling.ts";
import { type Lesson, SEEDS } from "./learn.ts";

const LESSON: Lesson = {
  model: "context_encoder",
  data: "drawn-masked",
  rounds: 1500,
  rate: 2e-3,
  options: {
    batchSize: 16,
    filters: 24,
    latentDim: 128,
    maskSize: 8,
    // At 16 pixels the network has two halvings, and no place of its code sees the whole image.
    maskPlace: "middle",
    discriminatorFilters: 8,
    discriminatorLayers: 1,
  },
};

describe.each(SEEDS)("context_encoder, seed %i,", (seed) => {
  it("fills holes in digits so that one can read them", async () => {
    const { outside } = await fill(LESSON, seed);
    expect(outside).toBe(0);
  });
});
