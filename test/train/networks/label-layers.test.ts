import { beforeAll, describe, expect, it } from "vitest";
import { loadTensorflow } from "../../../src/engine/tensorflow.ts";
import * as tf from "../../../src/engine/tfjs.ts";
import { layersToNetwork } from "../../../src/train/networks/network.ts";
import { applied, expectClose, expectSlopes, normals, numbers, specsToTensors } from "./eager.ts";

beforeAll(() => loadTensorflow());

/** Classes 2 and 0 of three. */
const labels = (): tf.Tensor =>
  tf.tensor([
    [0, 0, 1],
    [1, 0, 0],
  ]);

describe("an embedding of the label", () => {
  const embedding = () => ({
    "label-embedding1/embedding": tf.tensor([
      [1, 2],
      [3, 4],
      [5, 6],
    ]),
  });
  const x = () =>
    tf.tensor([
      [10, 20],
      [30, 40],
    ]);

  it("stands beside the input", () => {
    const network = layersToNetwork([2], [{ kind: "label-embedding", classes: 3, units: 2, join: "concat" }]);
    expect([network.output, network.classes]).toEqual([[4], 3]);
    const { output } = applied(network, { x: x(), weights: embedding(), labels: labels() });
    expect(output.arraySync()).toEqual([
      [10, 20, 5, 6],
      [30, 40, 1, 2],
    ]);
    expectSlopes(network, { x: normals([2, 2]), labels: labels() });
  });

  it("multiplies the input", () => {
    const network = layersToNetwork(
      [2],
      [{ kind: "label-embedding", classes: 3, units: 2, join: "multiply" }],
    );
    const { output } = applied(network, { x: x(), weights: embedding(), labels: labels() });
    expect(output.arraySync()).toEqual([
      [50, 120],
      [30, 80],
    ]);
    expectSlopes(network, { x: normals([2, 2]), labels: labels() });
  });

  it("is refused where it cannot multiply", () => {
    const layer = { kind: "label-embedding", classes: 3, units: 4, join: "multiply" } as const;
    expect(() => layersToNetwork([2], [layer])).toThrow(/2 numbers to multiply/);
  });
});

describe("channels of the label", () => {
  it("are ones in the label's channel", () => {
    const network = layersToNetwork([1, 2, 1], [{ kind: "label-channels", classes: 3 }]);
    expect([network.output, network.classes]).toEqual([[1, 2, 4], 3]);
    const { output } = applied(network, { x: tf.tensor([7, 8, 9, 10], [2, 1, 2, 1]), labels: labels() });
    expect(numbers(output)).toEqual([7, 0, 0, 1, 8, 0, 0, 1, 9, 1, 0, 0, 10, 1, 0, 0]);
    expectSlopes(network, { x: normals([2, 1, 2, 1]), labels: labels() });
  });
});

describe("a projection", () => {
  const network = layersToNetwork([4], [{ kind: "projection", classes: 3 }]);

  it("is a dense layer plus the inner product with the label's vector", () => {
    const weights = specsToTensors(network.weights);
    const x = normals([2, 4]);
    const [w, b, e] = ["weights", "biases", "embedding"].map((name) =>
      numbers(weights[`projection1/${name}`]),
    );
    const features = numbers(x);
    const expected = [2, 0].map((label, n) =>
      [0, 1, 2, 3].reduce((sum, i) => sum + features[n * 4 + i] * (w[i] + e[label * 4 + i]), b[0]),
    );
    expect([network.output, network.classes]).toEqual([[1], 3]);
    expectClose(numbers(applied(network, { x, weights, labels: labels() }).output), expected);
  });

  it("has the slopes of differences, in the embedding too", () => {
    expectSlopes(network, { x: normals([2, 4]), labels: labels() });
  });
});

describe("labels that do not fit", () => {
  const network = layersToNetwork([2], [{ kind: "label-embedding", classes: 3, units: 2, join: "concat" }]);

  it("are refused where there are none, or others", () => {
    expect(() => applied(network, { x: normals([2, 2]) })).toThrow(/labels of 3 classes .* got none/);
    expect(() => applied(network, { x: normals([2, 2]), labels: tf.ones([2, 4]) })).toThrow(/got \[2,4\]/);
  });

  it("are refused where two layers want other classes", () => {
    const twice = [3, 4].map((classes) => ({ kind: "label-channels", classes }) as const);
    expect(() => layersToNetwork([2, 2, 1], twice)).toThrow(/same number of classes, got 3 and 4/);
  });
});
