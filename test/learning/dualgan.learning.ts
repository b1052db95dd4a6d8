/** dualgan is to find the colours of unpaired digits by critics of five steps. */
import { describe, it } from "vitest";
import { translate } from "./cycle.ts";
import { type Lesson, SEEDS } from "./learn.ts";

const LESSON: Lesson = {
  model: "dualgan",
  data: "drawn-recolour",
  rounds: 200,
  rate: 1e-3,
  options: { batchSize: 8, filters: 8, discriminatorFilters: 8, discriminatorLayers: 1, dropout: 0 },
};

describe.each(SEEDS)("dualgan, seed %i,", (seed) => {
  it("finds the colours of unpaired digits", async () => {
    await translate(LESSON, seed);
  });
});
