import { describe, it } from "vitest";
import { measureDiversity } from "./diversity.ts";
import { judge, type Learnt, type Lesson, learn, SEEDS } from "./learn.ts";

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
    judge(LESSON, seed, { ...(await learn(LESSON, seed, measure)) });
  });
});
