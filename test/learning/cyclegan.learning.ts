import { describe, expect, it } from "vitest";
import { expectTranslated, translate } from "./cycle.ts";
import { type Lesson, SEEDS } from "./learn.ts";

const LESSON: Lesson = {
  model: "cyclegan",
  data: "drawn-recolour",
  rounds: 500,
  rate: 1e-3,
  options: {
    batchSize: 8,
    filters: 8,
    blocks: 1,
    discriminatorFilters: 8,
    discriminatorLayers: 2,
    weights: { adversarial: 1, cycle: 10, identity: 0 },
  },
};

describe.each(SEEDS)("cyclegan, seed %i,", (seed) => {
  it("finds the colours of unpaired digits", async () => {
    const figures = await translate(LESSON, seed);
    expectTranslated(figures, 0.8);
    expect(figures.cycle).toBeLessThan(0.3);
  });
});
