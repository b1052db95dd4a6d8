import { beforeAll, describe, expect, it } from "vitest";
import { loadTensorflow } from "../../../src/engine/tensorflow.ts";
import * as tf from "../../../src/engine/tfjs.ts";
import type { Layer } from "../../../src/train/networks/layers.ts";
import { mlpDiscriminator, mlpGenerator, toyNetwork } from "../../../src/train/networks/mlp.ts";
import {
  layersToNetwork,
  type Network,
  parameterCount,
  specsToArrays,
} from "../../../src/train/networks/network.ts";
import { openRandomStream } from "../../../src/train/random.ts";

beforeAll(() => loadTensorflow());

const toTensors = (specs: Network["weights"], seed = 1) =>
  Object.fromEntries(
    Object.entries(specsToArrays(specs, openRandomStream(seed, "weights"))).map(([name, { data, shape }]) => [
      name,
      tf.tensor(data, [...shape]) as tf.Tensor,
    ]),
  );

describe("the fully connected pairs", () => {
  it("have as many weights as PyTorch-GAN's", () => {
    expect(parameterCount(mlpGenerator(100, [28, 28, 1]))).toBe(1_510_032);
    expect(parameterCount(mlpDiscriminator([28, 28, 1]))).toBe(533_505);
  });

  it("fit together at any size", () => {
    for (const image of [
      [28, 28, 1],
      [17, 9, 3],
    ]) {
      const generator = mlpGenerator(10, image);
      expect(generator.output).toEqual(image);
      const discriminator = mlpDiscriminator(image);
      const latent = tf.ones([2, 10]);
      const { output } = generator.apply(
        latent,
        { weights: toTensors(generator.weights), buffers: toTensors(generator.buffers) },
        "train",
      );
      expect(output.shape).toEqual([2, ...image]);
      expect(
        discriminator.apply(output, { weights: toTensors(discriminator.weights), buffers: {} }, "train")
          .output.shape,
      ).toEqual([2, 1]);
    }
  });

  it("of toys have 0 to 5 hidden layers", () => {
    expect(parameterCount(toyNetwork(2, 1, { hidden: 0, units: 128 }))).toBe(3);
    expect(parameterCount(toyNetwork(2, 1, { hidden: 2, units: 128 }))).toBe(
      2 * 128 + 128 + 128 * 128 + 128 + 129,
    );
  });
});

describe("batch norm", () => {
  const network = layersToNetwork([2], [{ kind: "batch-norm", epsilon: 1e-3, momentum: 0.1 }]);
  const weights = () => ({
    "batch-norm1/scale": tf.tensor1d([2, 1]),
    "batch-norm1/offset": tf.tensor1d([0.5, -1]),
  });
  const x = [
    [1, 10],
    [2, 30],
    [6, 20],
  ];

  it("normalises by the batch's own moments, and carries PyTorch's running ones", () => {
    const { output, buffers } = network.apply(
      tf.tensor2d(x),
      { weights: weights(), buffers: toTensors(network.buffers) },
      "train",
    );
    const [mean, variance] = [3, 14 / 3];
    const expected = x.map(([first]) => (2 * (first - mean)) / Math.sqrt(variance + 1e-3) + 0.5);
    (output.arraySync() as number[][]).forEach(([first], i) => {
      expect(first).toBeCloseTo(expected[i], 5);
    });
    expect(buffers["batch-norm1/mean"].dataSync()[0]).toBeCloseTo(0.1 * mean, 6);
    // The unbiased variance, 7, into a running one that began at 1.
    expect(buffers["batch-norm1/variance"].dataSync()[0]).toBeCloseTo(0.9 + 0.1 * 7, 5);
  });

  it("normalises by the running moments when evaluated, and leaves them alone", () => {
    const buffers = { "batch-norm1/mean": tf.tensor1d([1, 0]), "batch-norm1/variance": tf.tensor1d([4, 1]) };
    const evaluated = network.apply(tf.tensor2d(x), { weights: weights(), buffers }, "evaluate");
    expect(evaluated.output.dataSync()[0]).toBeCloseTo(0.5, 6);
    expect(evaluated.output.dataSync()[2]).toBeCloseTo(2 / Math.sqrt(4.001) + 0.5, 5);
    expect(evaluated.buffers).toBe(buffers);
  });
});

describe("weights before training", () => {
  it("are PyTorch's defaults: uniform within 1 / sqrt(inputs), biases too", () => {
    const { weights } = layersToNetwork([400], [{ kind: "dense", units: 50 }]);
    const arrays = specsToArrays(weights, openRandomStream(1, "weights"));
    for (const { data } of Object.values(arrays)) {
      const largest = Math.max(...data.map(Math.abs));
      expect(largest).toBeLessThanOrEqual(1 / 20);
      expect(largest).toBeGreaterThan(0.9 / 20);
    }
  });

  it("are the same for the same seed, and others for another", () => {
    const { weights } = toyNetwork(2, 1, { hidden: 1, units: 8 });
    const draw = (seed: number) => specsToArrays(weights, openRandomStream(seed, "weights"));
    expect(draw(4)).toEqual(draw(4));
    expect(draw(4)).not.toEqual(draw(5));
  });
});

describe("networks that cannot be", () => {
  it.each<[string, readonly number[], readonly Layer[], RegExp]>([
    ["a dense layer on an image", [4, 4, 1], [{ kind: "dense", units: 3 }], /flat input/],
    ["a reshape to another size", [16], [{ kind: "reshape", shape: [3, 5] }], /16 numbers/],
    ["a size of nothing", [0], [], /input sizes of at least 1/],
  ])("%s is refused", (_what, input, layers, message) => {
    expect(() => layersToNetwork(input, layers)).toThrow(message);
  });
});
