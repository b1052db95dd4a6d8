/** pix2pix is to fill outlines of shapes in the colour that belongs to each. */
import { describe, it } from "vitest";
import { type Lesson, SEEDS } from "./learn.ts";
import { fillOutlines } from "./outlines.ts";

const LESSON: Lesson = {
  model: "pix2pix",
  data: "drawn-outline",
  rounds: 1500,
  rate: 1e-3,
  options: { batchSize: 8, filters: 12, discriminatorFilters: 8, discriminatorLayers: 2 },
};

describe.each(SEEDS)("pix2pix, seed %i,", (seed) => {
  it("fills outlines in the colour of their shape", async () => {
    await fillOutlines(LESSON, seed);
  });
});
