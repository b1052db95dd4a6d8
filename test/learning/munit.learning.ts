import { describe, it } from "vitest";
import { expectDiverse, measureDiversity } from "./diversity.ts";
import { type Learnt, type Lesson, learn, report, SEEDS } from "./learn.ts";

const LESSON: Lesson = {
  model: "munit",
  data: "drawn-outline-many",
  rounds: 1_200,
  rate: 2e-3,
  options: {
    batchSize: 4,
    filters: 8,
    blocks: 1,
    halvings: 1,
    discriminatorFilters: 8,
    discriminatorLayers: 2,
    scales: 2,
    styleDim: 4,
    styleUnits: 32,
  },
};

const measure = (learnt: Learnt) => measureDiversity(learnt, "drawn-style-b");

describe.each(SEEDS)("munit, seed %i,", (seed) => {
  it("fills outlines in every colour", async () => {
    const figures = await learn(LESSON, seed, measure);
    report("munit on drawn-outline-many", seed, { ...figures });
    expectDiverse(figures, { distance: 0.29, hues: 1.5, best: 0.95 });
  });
});
