import { Matrix, SingularValueDecomposition } from "ml-matrix";
import { beforeAll, describe, expect, it } from "vitest";
import { loadTensorflow } from "../../../src/engine/tensorflow.ts";
import * as tf from "../../../src/engine/tfjs.ts";
import type { Layer, Shape } from "../../../src/train/networks/layers.ts";
import { layersToNetwork, type Network, withSpectralNorm } from "../../../src/train/networks/network.ts";
import { applied, expectClose, type Named, normals, numbers, specsToTensors } from "./eager.ts";

beforeAll(() => loadTensorflow());

const IMAGE: Shape = [5, 4, 3];

/** A layer, its input, and the element of the weights' flat data that is row `rest` and column `out` of the matrix. */
const CASES: readonly [
  Layer,
  Shape,
  { rest: number; out: number; at: (rest: number, out: number) => number },
][] = [
  [{ kind: "dense", units: 4 }, [6], { rest: 6, out: 4, at: (rest, out) => rest * 4 + out }],
  [{ kind: "maxout", units: 2, pieces: 3 }, [5], { rest: 5, out: 6, at: (rest, out) => rest * 6 + out }],
  [
    { kind: "convolution", filters: 4, size: 3, stride: 1, padding: 1 },
    IMAGE,
    { rest: 27, out: 4, at: (rest, out) => rest * 4 + out },
  ],
  [
    { kind: "transposed-convolution", filters: 4, size: 2, stride: 2, padding: 0 },
    IMAGE,
    // [height, width, out, in]: the rest is the place and the input channel.
    { rest: 12, out: 4, at: (rest, out) => (Math.floor(rest / 3) * 4 + out) * 3 + (rest % 3) },
  ],
];

const advanced = (network: Network, weights: Named<tf.Tensor>, times: number): Named<tf.Tensor> => {
  let buffers = specsToTensors(network.buffers);
  for (let i = 0; i < times; i++) buffers = network.advance!(weights, buffers);
  return buffers;
};

const decomposed = (data: ArrayLike<number>, { rest, out, at }: (typeof CASES)[number][2]) =>
  new SingularValueDecomposition(
    new Matrix(Array.from({ length: rest }, (_, i) => Array.from({ length: out }, (_, j) => data[at(i, j)]))),
    { autoTranspose: true },
  );

describe.each(CASES)("the spectral norm of %j", (layer, input, matrix) => {
  const plain = layersToNetwork(input, [layer]);
  const network = withSpectralNorm(plain);
  const name = (array: string) => `${layer.kind}1/${array}`;

  it("divides the weights by their largest singular value, in training and after", () => {
    const weights = specsToTensors(network.weights);
    const { diagonal } = decomposed(numbers(weights[name("weights")]), matrix);
    const buffers = advanced(network, weights, 100);
    const divided = {
      ...weights,
      [name("weights")]: tf.div(weights[name("weights")], Math.max(...diagonal)),
    };
    const x = normals([2, ...input]);
    const expected = numbers(applied(plain, { x, weights: divided }).output);
    for (const mode of ["train", "evaluate"] as const)
      expectClose(numbers(applied(network, { x, weights, buffers, mode }).output), expected, 4);
  });

  it("finds the singular vectors, of length 1", () => {
    const weights = specsToTensors(network.weights);
    const svd = decomposed(numbers(weights[name("weights")]), matrix);
    const buffers = advanced(network, weights, 100);
    const first = svd.diagonal.indexOf(Math.max(...svd.diagonal));
    for (const [vector, expected] of [
      [buffers[name("u")], svd.rightSingularVectors],
      [buffers[name("v")], svd.leftSingularVectors],
    ] as const) {
      const inner = numbers(vector).reduce((sum, value, i) => sum + value * expected.get(i, first), 0);
      expect(Math.abs(inner)).toBeCloseTo(1, 3);
      expect(Math.hypot(...numbers(vector))).toBeCloseTo(1, 5);
    }
  });
});

describe("a spectral norm", () => {
  const network = layersToNetwork([3], [{ kind: "dense", units: 2, bias: false, spectral: true }]);
  const weights = () => ({
    "dense1/weights": tf.tensor([
      [1, 2],
      [3, -1],
      [0, 4],
    ]),
  });
  const unit = (values: number[]) => values.map((value) => value / Math.hypot(...values));

  it("takes one iteration at a time: v from W u, then u from W' v", () => {
    const start = { "dense1/u": tf.tensor([1, 0]), "dense1/v": tf.tensor([0, 0, 0]) };
    const after = network.advance!(weights(), start);
    const v = unit([1, 3, 0]);
    expectClose(numbers(after["dense1/v"]), v);
    expectClose(numbers(after["dense1/u"]), unit([v[0] + 3 * v[1], 2 * v[0] - v[1]]));
  });

  it("has the slope (G - <G, W / sigma> v u') / sigma: its vectors count as constants", () => {
    const buffers = { "dense1/u": tf.tensor([0.6, 0.8]), "dense1/v": tf.tensor([2 / 3, 1 / 3, 2 / 3]) };
    const [u, v] = [numbers(buffers["dense1/u"]), numbers(buffers["dense1/v"])];
    const w = numbers(weights()["dense1/weights"]);
    const x = normals([4, 3]);
    const directions = normals([4, 2], 3);
    const slope = tf.grad((own: tf.Tensor) =>
      tf.sum(tf.mul(applied(network, { x, weights: { "dense1/weights": own }, buffers }).output, directions)),
    )(weights()["dense1/weights"]);
    const sigma = w.reduce((sum, value, at) => sum + v[Math.floor(at / 2)] * value * u[at % 2], 0);
    const g = numbers(tf.matMul(x as tf.Tensor2D, directions as tf.Tensor2D, true));
    const inner = g.reduce((sum, value, at) => sum + (value * w[at]) / sigma, 0);
    expectClose(
      numbers(slope),
      g.map((value, at) => (value - inner * v[Math.floor(at / 2)] * u[at % 2]) / sigma),
    );
  });

  it("of a projection divides the dense weights and the embedding each by its own", () => {
    const plain = layersToNetwork([4], [{ kind: "projection", classes: 3 }]);
    const spectral = withSpectralNorm(plain);
    const own = specsToTensors(spectral.weights);
    const largest = (data: number[], rows: number) => {
      const columns = data.length / rows;
      const matrix = new Matrix(
        Array.from({ length: rows }, (_, i) => data.slice(i * columns, (i + 1) * columns)),
      );
      return Math.max(...new SingularValueDecomposition(matrix, { autoTranspose: true }).diagonal);
    };
    const divided = {
      ...own,
      "projection1/weights": tf.div(
        own["projection1/weights"],
        largest(numbers(own["projection1/weights"]), 4),
      ),
      "projection1/embedding": tf.div(
        own["projection1/embedding"],
        largest(numbers(own["projection1/embedding"]), 3),
      ),
    };
    const given = {
      x: normals([2, 4]),
      labels: tf.tensor([
        [1, 0, 0],
        [0, 0, 1],
      ]),
    };
    const buffers = advanced(spectral, own, 200);
    expectClose(
      numbers(applied(spectral, { ...given, weights: own, buffers }).output),
      numbers(applied(plain, { ...given, weights: divided }).output),
      4,
    );
  });

  it("begins with vectors of length 1", () => {
    const { "dense1/u": u, "dense1/v": v } = specsToTensors(network.buffers);
    for (const vector of [u, v]) expect(Math.hypot(...numbers(vector))).toBeCloseTo(1, 6);
  });

  it("is not there where none was asked for", () => {
    const plain = layersToNetwork([3], [{ kind: "dense", units: 2 }, { kind: "relu" }]);
    expect(plain.advance).toBeUndefined();
    expect(plain.buffers).toEqual({});
  });
});
