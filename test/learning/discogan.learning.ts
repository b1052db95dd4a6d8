/** discogan is to find the colours of unpaired digits. */
import { describe, it } from "vitest";
import { translate } from "./cycle.ts";
import { type Lesson, SEEDS } from "./learn.ts";

const LESSON: Lesson = {
  model: "discogan",
  data: "drawn-recolour",
  rounds: 500,
  rate: 1e-3,
  options: {
    batchSize: 8,
    filters: 8,
    discriminatorFilters: 8,
    discriminatorLayers: 2,
    dropout: 0,
    weights: { adversarial: 1, cycle: 10, pixel: 0 },
  },
};

describe.each(SEEDS)("discogan, seed %i,", (seed) => {
  it("finds the colours of unpaired digits", async () => {
    await translate(LESSON, seed);
  });
});
