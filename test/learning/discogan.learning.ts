/** discogan is to find the colours of unpaired digits, and, given pairs, to fill outlines as pix2pix does. */
import { describe, it } from "vitest";
import { translate } from "./cycle.ts";
import { type Lesson, SEEDS } from "./learn.ts";
import { fillOutlines } from "./outlines.ts";

const SMALL = { batchSize: 8, filters: 8, discriminatorFilters: 8, discriminatorLayers: 2, dropout: 0 };

const UNPAIRED: Lesson = {
  model: "discogan",
  data: "drawn-recolour",
  rounds: 500,
  rate: 1e-3,
  options: { ...SMALL, weights: { adversarial: 1, cycle: 10, pixel: 0 } },
};

/** The third term, which compares with the pairs, is PyTorch-GAN's. */
const PAIRED: Lesson = {
  model: "discogan",
  data: "drawn-outline",
  wants: "pairs",
  rounds: 1000,
  rate: 1e-3,
  options: { ...SMALL, filters: 12, weights: { adversarial: 1, cycle: 10, pixel: 10 } },
};

describe.each(SEEDS)("discogan, seed %i,", (seed) => {
  it("finds the colours of unpaired digits", async () => {
    await translate(UNPAIRED, seed);
  });

  it("fills outlines in the colour of their shape, given pairs", async () => {
    await fillOutlines(PAIRED, seed);
  });
});
