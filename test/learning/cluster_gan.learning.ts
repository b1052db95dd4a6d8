/** cluster_gan is to find clusters of digits without their classes, and to read the class of its own images. */
import { describe, it } from "vitest";
import * as tf from "../../src/engine/tfjs.ts";
import { drawLabels, labelsToOneHot } from "../../src/train/labels.ts";
import { openRandomStream } from "../../src/train/random.ts";
import type { Maker, Round } from "../../src/train/scheme/scheme.ts";
import { judge, type Learnt, type Lesson, learn, SEEDS } from "./learn.ts";

const [NOISE, CLASSES] = [8, 10];
const LESSON: Lesson = {
  model: "cluster_gan",
  data: "drawn-masked",
  labels: "read",
  rounds: 4_500,
  rate: 1e-3,
  options: {
    batchSize: 32,
    latentDim: NOISE,
    filters: 8,
    discriminatorFilters: 8,
    units: 64,
    discriminatorSteps: 1,
    weights: { adversarial: 1, latent: 1, classes: 1, penalty: 0 },
  },
};

/** Class logits that the encoder reads from images. */
const readClasses = (
  name: string,
  inputs: readonly string[],
  images: (round: Round) => tf.Tensor,
): Maker => ({
  name,
  label: "classes",
  inputs,
  make: (round) =>
    tf.slice(round.pass("reread", images(round)).output as tf.Tensor2D, [0, NOISE], [-1, CLASSES]),
});

const OF_DATA = readClasses("read-classes", ["a"], (round) => round.input("a"));
const OF_MADE = readClasses("reread-classes", ["noise", "classes"], (round) => {
  const code = tf.concat([tf.mul(round.input("noise"), 0.75), round.input("classes")], 1);
  return round.pass("made", code).output;
});

const rowsToClasses = (rows: Float32Array): number[] =>
  Array.from({ length: rows.length / CLASSES }, (_, i) => {
    const row = rows.subarray(i * CLASSES, (i + 1) * CLASSES);
    return row.indexOf(Math.max(...row));
  });

/** Share of rows that have the most frequent label of their cluster. */
function toPurity(clusters: readonly number[], labels: readonly number[]): number {
  let right = 0;
  for (let cluster = 0; cluster < CLASSES; cluster++) {
    const counts = new Array(CLASSES).fill(0);
    for (const [i, own] of clusters.entries()) if (own === cluster) counts[labels[i]]++;
    right += Math.max(...counts);
  }
  return right / clusters.length;
}

async function measure({ heldOut: { a, labels }, make, count }: Learnt) {
  const right = rowsToClasses(labels);
  const wanted = drawLabels(count, CLASSES, openRandomStream(1, "labels"));
  const made = await make(OF_MADE, {
    noise: openRandomStream(1, "noise").normal(new Float32Array(count * NOISE)),
    classes: labelsToOneHot(wanted, CLASSES),
  });
  const chance = [...drawLabels(count, CLASSES, openRandomStream(2, "labels"))];
  return {
    purity: toPurity(rowsToClasses(await make(OF_DATA, { a })), right),
    chance: toPurity(chance, right),
    recovered: rowsToClasses(made).filter((own, i) => own === wanted[i]).length / count,
  };
}

describe.each(SEEDS)("cluster_gan, seed %i,", (seed) => {
  it("finds clusters of digits, and reads the classes of its own images", async () => {
    judge(LESSON, seed, await learn(LESSON, seed, measure));
  });
});
