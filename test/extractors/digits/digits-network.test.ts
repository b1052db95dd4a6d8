import { beforeAll, expect, it } from "vitest";
import type { Tensors } from "../../../src/engine/engine.ts";
import { loadTensorflow } from "../../../src/engine/tensorflow.ts";
import * as tf from "../../../src/engine/tfjs.ts";
import {
  DIGITS_WEIGHTS,
  type DigitsWeightName,
  digitsNetwork,
} from "../../../src/extractors/digits/digits-network.ts";

// The cpu backend is current afterwards.
beforeAll(async () => {
  await loadTensorflow();
});

/** Each weight at this value. */
const constantWeights = (value: number) =>
  Object.fromEntries(
    Object.entries(DIGITS_WEIGHTS).map(([name, shape]) => [name, tf.fill([...shape], value)]),
  ) as Tensors<DigitsWeightName>;

it("has 152,266 weights", () => {
  const sizes = Object.values(DIGITS_WEIGHTS).map((shape) => shape.reduce((a, b) => a * b, 1));
  // By hand: (25 + 1) 24 + (9 24 + 1) 32 + (9 32 + 1) 48 + (9 48 + 1) 64 + (1600 + 1) 64 + (64 + 1) 10
  expect(sizes.reduce((a, b) => a + b, 0)).toBe(624 + 6944 + 13_872 + 27_712 + 102_464 + 650);
});

it("turns n images into n x 64 features that are not negative, and n x 10 logits", () => {
  const images = tf.randomUniform([3, 28, 28, 1], 0, 1, "float32", 1);
  const random = Object.fromEntries(
    Object.entries(DIGITS_WEIGHTS).map(([name, shape], i) => [
      name,
      tf.randomNormal([...shape], 0, 0.1, "float32", i + 1),
    ]),
  ) as Tensors<DigitsWeightName>;
  const { features, logits } = digitsNetwork(images, random);
  expect([features.shape, logits.shape]).toEqual([
    [3, 64],
    [3, 10],
  ]);
  const values = [...features.dataSync()];
  expect(Math.min(...values)).toBe(0);
  expect(Math.max(...values)).toBeGreaterThan(0);
});

it("gives the biases alone where all weights are zero", () => {
  const weights = { ...constantWeights(0), "logits/biases": tf.range(0, 10) };
  const { features, logits } = digitsNetwork(tf.ones([1, 28, 28, 1]), weights);
  expect([...features.dataSync()]).toEqual(Array(64).fill(0));
  expect([...logits.dataSync()]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

it("drops features on their way to the logits only", () => {
  const weights = {
    ...constantWeights(0),
    "features/biases": tf.ones([64]),
    "logits/weights": tf.ones([64, 10]),
  };
  const dropout = tf.concat([tf.zeros([1, 60]), tf.fill([1, 4], 2)], 1);
  const { features, logits } = digitsNetwork(tf.zeros([1, 28, 28, 1]), weights, dropout);
  expect([...features.dataSync()]).toEqual(Array(64).fill(1));
  expect([...logits.dataSync()]).toEqual(Array(10).fill(8));
});
