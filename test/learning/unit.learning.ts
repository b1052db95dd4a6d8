import { describe, expect, it } from "vitest";
import {
  figuresToText,
  type Learnt,
  type Lesson,
  learn,
  meanError,
  meanRows,
  report,
  SEEDS,
} from "./learn.ts";

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

async function measure({ heldOut: { a, b }, make, count }: Learnt) {
  const fake = await make("a-to-b", { a });
  const again = await make("b-to-a", { b: fake });
  return {
    error: meanError(fake, b),
    copying: meanError(a, b),
    average: meanError(meanRows(b, count), b),
    cycle: meanError(again, a),
  };
}

describe.each(SEEDS)("unit, seed %i,", (seed) => {
  it("finds the colours of unpaired digits", async () => {
    const figures = await learn(LESSON, seed, measure);
    report("unit on drawn-recolour", seed, figures);
    const text = figuresToText(figures);
    expect(figures.error, text).toBeLessThan(0.155);
    expect(figures.cycle, text).toBeLessThan(0.16);
  });
});
