/** Networks applied at once on tensorflow.js's cpu backend, and their slopes held against differences. */

import { expect } from "vitest";
import * as tf from "../../../src/engine/tfjs.ts";
import type { Mode, Specs } from "../../../src/train/networks/layers.ts";
import { type Network, specsToArrays } from "../../../src/train/networks/network.ts";
import { openRandomStream } from "../../../src/train/random.ts";

export type Named<T> = Record<string, T>;

export const specsToTensors = (specs: Specs, seed = 1): Named<tf.Tensor> =>
  Object.fromEntries(
    Object.entries(specsToArrays(specs, openRandomStream(seed, "weights"))).map(([name, { data, shape }]) => [
      name,
      tf.tensor(data as Float32Array, [...shape]) as tf.Tensor,
    ]),
  );

/** Standard normal numbers in a batch of examples. */
export const normals = (shape: readonly number[], seed = 1): tf.Tensor =>
  tf.tensor(openRandomStream(seed, "latent").normal(new Float32Array(shape.reduce((a, b) => a * b, 1))), [
    ...shape,
  ]);

export interface Application {
  readonly x: tf.Tensor;
  readonly weights?: Named<tf.Tensor>;
  readonly buffers?: Named<tf.Tensor>;
  readonly noise?: Named<tf.Tensor>;
  readonly labels?: tf.Tensor;
  readonly sides?: Named<tf.Tensor>;
  readonly mode?: Mode;
}

export function applied(network: Network, { x, mode = "train", ...given }: Application) {
  const arrays = {
    weights: given.weights ?? specsToTensors(network.weights),
    buffers: given.buffers ?? specsToTensors(network.buffers),
    noise: given.noise,
    labels: given.labels,
    sides: given.sides,
  };
  return network.apply(x, arrays, mode);
}

export const numbers = (tensor: tf.Tensor): number[] => [...tensor.dataSync()];

export function expectClose(got: ArrayLike<number>, expected: ArrayLike<number>, digits = 5): void {
  expect(got.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) expect(got[i], `number ${i}`).toBeCloseTo(expected[i], digits);
}

const STEP = 1e-2;

/**
 * Holds the slopes of a network in its input and in all its weights against central differences. In float32 they agree
 * to about 1e-7 / STEP, and to STEP squared times the third derivative.
 */
export function expectSlopes(network: Network, given: Application, tolerance = 2e-3): void {
  const weights = given.weights ?? specsToTensors(network.weights);
  const names = Object.keys(weights);
  const directions = normals([given.x.shape[0], ...network.output], 7);
  const value = (x: tf.Tensor, tensors: readonly tf.Tensor[]): tf.Scalar => {
    const own = Object.fromEntries(names.map((name, i) => [name, tensors[i]]));
    return tf.sum(tf.mul(applied(network, { ...given, x, weights: own }).output, directions));
  };
  const args = [given.x, ...names.map((name) => weights[name])];
  const slopes = tf.grads((x: tf.Tensor, ...tensors: tf.Tensor[]) => value(x, tensors))(args);
  for (const [at, arg] of args.entries()) {
    const data = arg.dataSync();
    const slope = slopes[at].dataSync();
    for (let i = 0; i < data.length; i++) {
      const moved = (by: number): number => {
        const copy = data.slice();
        copy[i] += by;
        const others = args.with(at, tf.tensor(copy, arg.shape));
        return value(others[0], others.slice(1)).dataSync()[0];
      };
      const difference = (moved(STEP) - moved(-STEP)) / (2 * STEP);
      const what = `${at === 0 ? "input" : names[at - 1]} ${i}`;
      expect(Math.abs(slope[i] - difference), what).toBeLessThan(
        tolerance * Math.max(1, Math.abs(difference)),
      );
    }
  }
}
