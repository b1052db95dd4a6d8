import { describe, it } from "vitest";
import { translate } from "./cycle.ts";
import { type Lesson, SEEDS } from "./learn.ts";

const LESSON: Lesson = {
  model: "unit",
  data: "drawn-recolour",
  rounds: 200,
  rate: 1e-3,
  options: {
    batchSize: 4,
    filters: 8,
    blocks: 1,
    halvings: 1,
    discriminatorFilters: 8,
    discriminatorLayers: 2,
  },
};

describe.each(SEEDS)("unit, seed %i,", (seed) => {
  it("finds the colours of unpaired digits", async () => {
    await translate(LESSON, seed);
  });
});
