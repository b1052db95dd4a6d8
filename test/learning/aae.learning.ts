/** aae is to rebuild held-out digits, and its codes are to be spread as the noise that samples are decoded from. */
import { describe, it } from "vitest";
import type { Maker } from "../../src/train/scheme/scheme.ts";
import { judge, type Learnt, type Lesson, learn, meanError, meanRows, SEEDS } from "./learn.ts";

const CODE = 4;
const LESSON: Lesson = {
  model: "aae",
  data: "drawn-masked",
  rounds: 2_000,
  rate: 1e-3,
  options: {
    batchSize: 64,
    latentDim: CODE,
    units: 64,
    weights: { adversarial: 0.1, reconstruction: 0.9 },
  },
};

/** What the encoder gives, `[n, 2 code]`. */
const ENCODE: Maker = {
  name: "encode",
  label: "codes",
  inputs: ["a"],
  make: (round) => round.pass("encoded", round.input("a")).output,
};

/** Codes as they are drawn have this mean and deviation, over images and noise. */
function codesToMoments(encoded: Float32Array, n: number) {
  const [means, deviations] = [new Float64Array(CODE), new Float64Array(CODE)];
  for (let k = 0; k < CODE; k++) {
    const at = (i: number, column: number) => encoded[i * 2 * CODE + column];
    for (let i = 0; i < n; i++) means[k] += at(i, k) / n;
    for (let i = 0; i < n; i++) deviations[k] += ((at(i, k) - means[k]) ** 2 + Math.exp(at(i, CODE + k))) / n;
  }
  return {
    mean: Math.max(...means.map(Math.abs)),
    least: Math.sqrt(Math.min(...deviations)),
    most: Math.sqrt(Math.max(...deviations)),
  };
}

async function measure({ heldOut: { a }, make, count }: Learnt) {
  return {
    error: meanError(await make("reconstruct", { a }), a),
    average: meanError(meanRows(a, count), a),
    ...codesToMoments(await make(ENCODE, { a }), count),
  };
}

describe.each(SEEDS)("aae, seed %i,", (seed) => {
  it("rebuilds digits from codes that are spread as noise", async () => {
    judge(LESSON, seed, await learn(LESSON, seed, measure));
  });
});
