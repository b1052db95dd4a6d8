/** pixelda is to classify digits of the target better than a classifier that has seen the source only. */
import { describe, it } from "vitest";
import type { Maker } from "../../src/train/scheme/scheme.ts";
import { judge, type Learnt, type Lesson, learn, SEEDS } from "./learn.ts";

const CLASSES = 10;
const ADAPTED: Lesson = {
  model: "pixelda",
  data: "drawn-shifted",
  rounds: 800,
  rate: 1e-3,
  heldOut: 500,
  options: {
    batchSize: 16,
    latentDim: 24,
    filters: 12,
    discriminatorFilters: 24,
    discriminatorLayers: 3,
    blocks: 1,
  },
};

/** Nothing looks at the target: the classifier learns from the source and from what a still generator makes of it. */
const SOURCE_ONLY: Lesson = {
  ...ADAPTED,
  options: { ...ADAPTED.options, weights: { adversarial: 0 } },
};

const CLASSIFY: Maker = {
  name: "classify",
  label: "classes",
  inputs: ["b"],
  make: (round) => round.pass("source-classified", round.input("b")).output,
};

const rowsToClasses = (rows: Float32Array): number[] =>
  Array.from({ length: rows.length / CLASSES }, (_, i) => {
    const row = rows.subarray(i * CLASSES, (i + 1) * CLASSES);
    return row.indexOf(Math.max(...row));
  });

/** Held-out rows of drawn domains are of one digit: the labels are those of b too. */
async function measure({ heldOut: { b, labels }, make, count }: Learnt): Promise<number> {
  const right = rowsToClasses(labels);
  const own = rowsToClasses(await make(CLASSIFY, { b }));
  return own.filter((digit, i) => digit === right[i]).length / count;
}

describe.each(SEEDS)("pixelda, seed %i,", (seed) => {
  it("classifies the target better than by the source alone", async () => {
    const accuracy = await learn(ADAPTED, seed, measure);
    const sourceOnly = await learn(SOURCE_ONLY, seed, measure);
    judge(ADAPTED, seed, { accuracy, "source only": sourceOnly, gain: accuracy - sourceOnly });
  });
});
