/** discogan is to find the colours of unpaired digits, and with the pixel term to fill outlines as their partners are. */
import { describe, it } from "vitest";
import { translate } from "./cycle.ts";
import { type Lesson, SEEDS } from "./learn.ts";

const OPTIONS = { batchSize: 8, filters: 8, discriminatorFilters: 8, discriminatorLayers: 2, dropout: 0 };

const UNPAIRED: Lesson = {
  model: "discogan",
  data: "drawn-recolour",
  rounds: 500,
  rate: 1e-3,
  options: { ...OPTIONS, weights: { adversarial: 1, cycle: 10, pixel: 0 } },
};

const PAIRED: Lesson = {
  model: "discogan",
  data: "drawn-outline",
  wants: "pairs",
  rounds: 1_000,
  rate: 1e-3,
  options: { ...OPTIONS, weights: { adversarial: 1, cycle: 1, pixel: 100 } },
};

describe.each(SEEDS)("discogan, seed %i,", (seed) => {
  it("finds the colours of unpaired digits", async () => {
    await translate(UNPAIRED, seed);
  });

  it("fills outlines as their partners are", async () => {
    await translate(PAIRED, seed);
  });
});
