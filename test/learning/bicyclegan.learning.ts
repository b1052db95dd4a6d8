import { describe, it } from "vitest";
import type { Maker } from "../../src/train/scheme/scheme.ts";
import { measureDiversity } from "./diversity.ts";
import { judge, type Learnt, type Lesson, learn, meanError, SEEDS } from "./learn.ts";

const LESSON: Lesson = {
  model: "bicyclegan",
  data: "drawn-outline-many",
  rounds: 500,
  rate: 3e-3,
  options: {
    batchSize: 8,
    filters: 12,
    discriminatorFilters: 8,
    discriminatorLayers: 2,
    scales: 2,
    latentDim: 2,
    weights: { adversarial: 0.2, pixel: 20, divergence: 0.001 },
  },
};

async function measure(learnt: Learnt) {
  const { heldOut, make, scheme, count } = learnt;
  const { a, b } = heldOut;
  const [width] = scheme.networks["code-map"].input;
  const encoded = scheme.makers.find(({ name }) => name === "encoded") as Maker;
  return {
    ...(await measureDiversity(learnt, "code")),
    encoded: meanError(await make(encoded, { a, b }), b),
    zero: meanError(await make("a-to-b", { a, code: new Float32Array(width * count) }), b),
  };
}

describe.each(SEEDS)("bicyclegan, seed %i,", (seed) => {
  it("fills outlines in every colour, and by the code of an image in that image's", async () => {
    judge(LESSON, seed, await learn(LESSON, seed, measure));
  });
});
