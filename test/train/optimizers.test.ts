import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, it } from "vitest";
import { loadTensorflow } from "../../src/engine/tensorflow.ts";
import {
  OPTIMIZER_DEFAULTS,
  OPTIMIZERS,
  type Optimizer,
  type OptimizerName,
  type OptimizerOptions,
} from "../../src/train/optimizers.ts";

beforeAll(() => loadTensorflow());

/** The gradient of (w - 3)^2 / 2 + sin(5 w): not constant, so that the moments matter. */
const gradientAt = (w: number) => w - 3 + 5 * Math.cos(5 * w);

function run(name: OptimizerName, options: Partial<OptimizerOptions>, steps: number, rate: number): number {
  const optimizer: Optimizer = OPTIMIZERS[name];
  const all = { ...OPTIMIZER_DEFAULTS, ...options };
  let weight: tf.Tensor = tf.scalar(1);
  let carried = Object.fromEntries(optimizer.carries.map((what) => [what, tf.scalar(0) as tf.Tensor]));
  for (let step = 1; step <= steps; step++) {
    const scalars = Object.fromEntries(
      Object.entries(optimizer.scalars(step, rate, all)).map(([key, value]) => [key, tf.scalar(value)]),
    );
    const gradient = tf.scalar(gradientAt(weight.dataSync()[0]));
    ({ weight, carried } = optimizer.update(weight, gradient, carried, scalars, all));
  }
  return weight.dataSync()[0];
}

/** PyTorch's formulas, term by term as its documentation has them, in float64. */
const REFERENCES: Readonly<
  Record<OptimizerName, (o: OptimizerOptions, steps: number, rate: number) => number>
> = {
  adam: ({ b1, b2, epsilon }, steps, rate) => {
    let [w, m, v] = [1, 0, 0];
    for (let t = 1; t <= steps; t++) {
      const g = gradientAt(w);
      m = b1 * m + (1 - b1) * g;
      v = b2 * v + (1 - b2) * g * g;
      w -= (rate * (m / (1 - b1 ** t))) / (Math.sqrt(v / (1 - b2 ** t)) + epsilon);
    }
    return w;
  },
  rmsprop: ({ decay, epsilon }, steps, rate) => {
    let [w, v] = [1, 0];
    for (let t = 1; t <= steps; t++) {
      const g = gradientAt(w);
      v = decay * v + (1 - decay) * g * g;
      w -= (rate * g) / (Math.sqrt(v) + epsilon);
    }
    return w;
  },
  sgd: ({ momentum }, steps, rate) => {
    let [w, u] = [1, 0];
    for (let t = 1; t <= steps; t++) {
      u = momentum * u + gradientAt(w);
      w -= rate * u;
    }
    return w;
  },
};

it.each<[OptimizerName, Partial<OptimizerOptions>, number]>([
  ["adam", {}, 2e-2],
  ["adam", { b1: 0.9, b2: 0.99, epsilon: 1e-3 }, 1e-2],
  ["adam", { b1: 0 }, 2e-2],
  ["rmsprop", {}, 5e-3],
  ["rmsprop", { decay: 0.9, epsilon: 1e-2 }, 5e-3],
  ["sgd", {}, 1e-2],
  ["sgd", { momentum: 0.9 }, 5e-3],
])("%s with %j takes PyTorch's steps", (name, options, rate) => {
  for (const steps of [1, 2, 30]) {
    const expected = REFERENCES[name]({ ...OPTIMIZER_DEFAULTS, ...options }, steps, rate);
    expect(run(name, options, steps, rate), `${steps} steps`).toBeCloseTo(expected, 4);
  }
});
