import { beforeAll, describe, expect, it } from "vitest";
import { loadTensorflow } from "../../src/engine/tensorflow.ts";
import * as tf from "../../src/engine/tfjs.ts";
import { orthogonality, PENALTIES, type PenaltyName } from "../../src/train/penalties.ts";

beforeAll(() => loadTensorflow());

const REAL = [
  [1, 0.5],
  [-0.3, 2],
  [0.8, -1],
];
const FAKE = [
  [0.2, 0.1],
  [1.5, -0.7],
  [-1, -1],
];
const MIX = [[0.25], [0.9], [0.5]];
const NOISE = [
  [0.1, 0.7],
  [0.4, 0.2],
  [0.9, 0.3],
];

/** D(x) = a x1^2 / 2 + b x2: its gradient is (a x1, b). */
const penaltyAt = (name: PenaltyName, a: number, b: number) => {
  const critic = (x: tf.Tensor) => {
    const [first, second] = tf.split(x as tf.Tensor2D, 2, 1);
    return tf.add(tf.mul(tf.square(first), a / 2), tf.mul(second, b));
  };
  const [real, fake, mix, noise] = [REAL, FAKE, MIX, NOISE].map((rows) => tf.tensor2d(rows));
  return PENALTIES[name].apply(critic, { real, fake, mix, noise }).dataSync()[0];
};

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const mixed = REAL.map((row, i) => row.map((x, k) => FAKE[i][k] + (x - FAKE[i][k]) * MIX[i][0]));
const all = REAL.flat();
const deviation = Math.sqrt(mean(all.map((x) => (x - mean(all)) ** 2)));
const near = REAL.map((row, i) => row.map((x, k) => x + (deviation / 2) * NOISE[i][k] * MIX[i][0]));

/** From the formulas, with the gradient known. */
const REFERENCES: Readonly<Record<PenaltyName, (norm: (x: readonly number[]) => number) => number>> = {
  interpolated: (norm) => mean(mixed.map((x) => (norm(x) - 1) ** 2)),
  "one-sided": (norm) => mean(mixed.map((x) => Math.max(0, norm(x) - 1) ** 2)),
  "zero-centred": (norm) => mean(mixed.map((x) => norm(x) ** 2)),
  dragan: (norm) => mean(near.map((x) => (norm(x) - 1) ** 2)),
  r1: (norm) => mean(REAL.map((x) => norm(x) ** 2)) / 2,
  r2: (norm) => mean(FAKE.map((x) => norm(x) ** 2)) / 2,
  divergence: (norm) => (mean(REAL.map((x) => norm(x) ** 6)) + mean(FAKE.map((x) => norm(x) ** 6))) / 2,
};

describe.each(Object.keys(PENALTIES) as PenaltyName[])("%s", (name) => {
  it("equals its formula where the discriminator's gradient is known", () => {
    for (const [a, b] of [
      [0.7, 1.3],
      [-2, 0.4],
    ]) {
      const expected = REFERENCES[name]((x) => Math.hypot(a * x[0], b));
      expect(Math.abs(penaltyAt(name, a, b) - expected)).toBeLessThan(1e-5 * Math.max(1, expected));
    }
  });

  it("has the gradient of its formula by the discriminator's weights: a second derivative", () => {
    const [a, b, h] = [0.7, 1.3, 1e-4];
    const value = (w: number) => REFERENCES[name]((x) => Math.hypot(a * x[0], w));
    const slope = (value(b + h) - value(b - h)) / (2 * h);
    const [real, fake, mix, noise] = [REAL, FAKE, MIX, NOISE].map((rows) => tf.tensor2d(rows));
    const gradient = tf
      .grad((w: tf.Tensor) => {
        const critic = (x: tf.Tensor) => {
          const [first, second] = tf.split(x as tf.Tensor2D, 2, 1);
          return tf.add(tf.mul(tf.square(first), a / 2), tf.mul(second, w));
        };
        return PENALTIES[name].apply(critic, { real, fake, mix, noise });
      })(tf.scalar(b))
      .dataSync()[0];
    expect(Math.abs(gradient - slope)).toBeLessThan(1e-4 * Math.max(1, Math.abs(slope)));
  });

  it("is finite where the discriminator is flat", () => {
    expect(Number.isFinite(penaltyAt(name, 0, 0))).toBe(true);
  });
});

describe("orthogonal regularisation", () => {
  it("is the sum of the squared products of different columns, each pair twice; vectors are left out", () => {
    const value = orthogonality({
      "dense1/weights": tf.tensor2d([
        [1, 2, 0],
        [3, -1, 1],
      ]),
      "dense1/biases": tf.tensor1d([7, 7, 7]),
      // Two 1 x 2 filters of one channel: columns (1, 2) and (-1, 1).
      "convolution1/weights": tf.tensor4d([1, -1, 2, 1], [1, 2, 1, 2]),
    }).dataSync()[0];
    // Columns (1, 3), (2, -1), (0, 1): products -1, 3, -1.
    expect(value).toBeCloseTo(2 * (1 + 9 + 1) + 2 * 1, 5);
  });

  it("is zero for columns at right angles, whatever their lengths, and its slope with it", () => {
    const columns = tf.tensor2d([
      [2, 3],
      [-2, 3],
    ]);
    const slope = tf.grad((w: tf.Tensor) => orthogonality({ w }))(columns);
    expect([orthogonality({ w: columns }).dataSync()[0], ...slope.dataSync()].map(Math.abs)).toEqual([
      0, 0, 0, 0, 0,
    ]);
    expect(orthogonality({}).dataSync()[0]).toBe(0);
  });
});
