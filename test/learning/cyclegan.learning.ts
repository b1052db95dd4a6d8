import { describe, it } from "vitest";
import { translate } from "./cycle.ts";
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
  },
};

describe.each(SEEDS)("cyclegan, seed %i,", (seed) => {
  it("finds the colours of unpaired digits", async () => {
    await translate(LESSON, seed);
  });
});
