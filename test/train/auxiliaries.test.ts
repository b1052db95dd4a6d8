import { beforeAll, describe, expect, it } from "vitest";
import { loadTensorflow } from "../../src/engine/tensorflow.ts";
import * as tf from "../../src/engine/tfjs.ts";
import { AUXILIARIES, type Judged, type Targets } from "../../src/train/auxiliaries.ts";

beforeAll(async () => {
  await loadTensorflow();
  await tf.setBackend("cpu");
});

const SCORES_OF_REAL = [
  [1, 0, -1],
  [0.5, 2, 0],
];
const SCORES_OF_FAKE = [
  [0, 3, 1],
  [-2, 0.3, 0.4],
];
const REAL_LABELS = [2, 1];
const FAKE_LABELS = [0, 1];

const logit = (n: number) => tf.zeros([n, 1]);
const judged = (heads: Record<string, number[][]>, embedding?: number[][]): Judged => ({
  logits: logit(2),
  heads: Object.fromEntries(Object.entries(heads).map(([name, rows]) => [name, tf.tensor2d(rows)])),
  marks: embedding ? { embedding: tf.tensor2d(embedding) } : {},
});
const oneHot = (labels: number[], classes: number) => tf.cast(tf.oneHot(labels, classes), "float32");
const targets = (change: Partial<Targets> = {}): Targets => ({
  realLabels: oneHot(REAL_LABELS, 3),
  fakeLabels: oneHot(FAKE_LABELS, 3),
  latents: tf.zeros([2, 1]),
  latent: { noise: 1, distribution: "normal" },
  ...change,
});
const number = (scalar: tf.Scalar) => scalar.dataSync()[0];

/** E -log of the share of the target's exponential. */
const crossEntropy = (scores: readonly number[][], labels: readonly number[]) =>
  scores.reduce((sum, row, i) => {
    const all = row.reduce((total, score) => total + Math.exp(score), 0);
    return sum - Math.log(Math.exp(row[labels[i]]) / all) / scores.length;
  }, 0);

describe("classification", () => {
  const { discriminator, generator, heads } = AUXILIARIES.classification;

  it("asks both players for the classes, the discriminator of real images too", () => {
    expect(heads({ classes: 3, latent: { noise: 1, distribution: "normal" } })).toEqual({ classes: 3 });
    const [real, fake] = [judged({ classes: SCORES_OF_REAL }), judged({ classes: SCORES_OF_FAKE })];
    const [onReal, onFake] = [
      crossEntropy(SCORES_OF_REAL, REAL_LABELS),
      crossEntropy(SCORES_OF_FAKE, FAKE_LABELS),
    ];
    expect(number(discriminator(real, fake, targets()))).toBeCloseTo(onReal + onFake, 5);
    expect(number(generator(fake, targets()))).toBeCloseTo(onFake, 5);
  });

  it("stays finite where scores are far apart", () => {
    const sure = judged({
      classes: [
        [300, -300, 0],
        [-300, 0, 300],
      ],
    });
    expect(number(generator(sure, targets()))).toBeCloseTo(150, 3);
  });
});

describe("semi-supervised", () => {
  const { discriminator, heads } = AUXILIARIES["semi-supervised"];

  it("asks the discriminator for the classes of real images, and for one more where they are fake", () => {
    expect(heads({ classes: 2, latent: { noise: 1, distribution: "normal" } })).toEqual({ classes: 3 });
    const [real, fake] = [judged({ classes: SCORES_OF_REAL }), judged({ classes: SCORES_OF_FAKE })];
    const given = targets({ realLabels: oneHot([1, 0], 2), fakeLabels: undefined });
    const expected = crossEntropy(SCORES_OF_REAL, [1, 0]) + crossEntropy(SCORES_OF_FAKE, [2, 2]);
    expect(number(discriminator(real, fake, given))).toBeCloseTo(expected, 5);
    expect("generator" in AUXILIARIES["semi-supervised"]).toBe(false);
  });
});

describe("information", () => {
  const { discriminator, generator, heads } = AUXILIARIES.information;
  const latent = { noise: 1, distribution: "normal", categories: [2, 3], codes: 2 } as const;

  it("asks both for the codes: cross-entropies, and a tenth of the continuous ones' mean squared error", () => {
    expect(heads({ classes: 0, latent })).toEqual({ codes: 7 });
    const told = [
      [0.5, -1, ...SCORES_OF_FAKE[0], 0.2, -0.7],
      [0, 2, ...SCORES_OF_FAKE[1], 1, 1],
    ];
    const latents = tf.tensor2d([
      [9, 1, 0, 0, 0, 1, 0.5, -0.5],
      [9, 0, 1, 1, 0, 0, 0, 0.9],
    ]);
    const errors = [0.2 - 0.5, -0.7 + 0.5, 1, 0.1];
    const expected =
      crossEntropy(
        [
          [0.5, -1],
          [0, 2],
        ],
        [0, 1],
      ) +
      crossEntropy(SCORES_OF_FAKE, [2, 0]) +
      (0.1 * errors.reduce((sum, x) => sum + x * x, 0)) / 4;
    const fake = judged({ codes: told });
    expect(number(generator(fake, targets({ latents, latent })))).toBeCloseTo(expected, 5);
    expect(number(discriminator(judged({}), fake, targets({ latents, latent })))).toBeCloseTo(expected, 5);
  });
});

describe("pull-away", () => {
  const pullAway = (embedding: number[][]) =>
    number(AUXILIARIES["pull-away"].generator(judged({}, embedding)));

  it("is the mean squared cosine of different images, whatever their lengths", () => {
    // Cosines: 0 of the first and second, 0.6 of the first and third, 0.8 of the second and third.
    expect(
      pullAway([
        [5, 0],
        [0, 0.1],
        [3, 4],
      ]),
    ).toBeCloseTo((0 + 0.36 + 0.64) / 3, 5);
  });

  it("is 1 where all are alike or opposite, and 0 at right angles", () => {
    expect(
      pullAway([
        [1, 2],
        [-2, -4],
        [0.5, 1],
      ]),
    ).toBeCloseTo(1, 5);
    expect(
      pullAway([
        [1, 2],
        [-2, 1],
      ]),
    ).toBeCloseTo(0, 5);
  });

  it("has finite slopes where an embedding is zero", () => {
    const slope = tf.grad((embedding: tf.Tensor) =>
      AUXILIARIES["pull-away"].generator({ logits: logit(2), heads: {}, marks: { embedding } }),
    )(
      tf.tensor2d([
        [0, 0],
        [1, 2],
      ]),
    );
    expect([...slope.dataSync()].every(Number.isFinite)).toBe(true);
  });
});
