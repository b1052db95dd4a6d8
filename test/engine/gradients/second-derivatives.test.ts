import { beforeAll, describe, expect, it } from "vitest";
import { loadTensorflow } from "../../../src/engine/tensorflow.ts";
import * as tf from "../../../src/engine/tfjs.ts";
import { Draw } from "../lowerings/draw.ts";

beforeAll(async () => {
  await loadTensorflow();
  await tf.setBackend("cpu");
});

const weighted = (x: tf.Tensor): tf.Scalar =>
  tf.sum(
    tf.mul(
      x,
      tf.tensor(
        Float32Array.from({ length: x.size }, (_, i) => Math.cos(1.7 * i)),
        x.shape,
      ),
    ),
  );

/** A smooth function of a gradient: its own gradient is a second derivative. */
const ofGradient = (fn: (x: tf.Tensor) => tf.Tensor) => (x: tf.Tensor) =>
  weighted(tf.square(tf.grad((at: tf.Tensor) => weighted(tf.square(fn(at))))(x)));

/**
 * Central differences in float32 with a step h err by about h^2 and 1e-6 / h: at h = 5e-3 a few in a thousand of the
 * largest slope.
 */
function expectDifferences(fn: (x: tf.Tensor) => tf.Scalar, x: tf.Tensor): void {
  const h = 5e-3;
  const slope = tf.grad(fn)(x).dataSync();
  const largest = Math.max(...slope.map(Math.abs));
  expect(largest).toBeGreaterThan(0);
  for (let i = 0; i < x.size; i += Math.max(1, Math.floor(x.size / 6))) {
    const at = (by: number): number => {
      const data = x.dataSync().slice();
      data[i] += by;
      return fn(tf.tensor(data, x.shape)).dataSync()[0];
    };
    expect(Math.abs((at(h) - at(-h)) / (2 * h) - slope[i]) / largest, `element ${i}`).toBeLessThan(0.02);
  }
}

const draw = new Draw(11);
const random = (shape: number[], low = -1, high = 1): tf.Tensor => {
  const { data } = draw.floats(shape, low, high);
  return tf.tensor(data, shape);
};

/** Of either sign, and not where a kink is within reach of a difference's step. */
const away = (shape: number[]): tf.Tensor => {
  const { data } = draw.floats(shape, -1, 1);
  return tf.tensor(
    Float32Array.from(data, (value) => value + Math.sign(value) * 0.1),
    shape,
  );
};

const FUNCTIONS: Record<string, () => [(x: tf.Tensor) => tf.Tensor, tf.Tensor]> = {
  Elu: () => [(x) => tf.elu(x), random([6], 0.2, 2)],
  "Elu below zero": () => [(x) => tf.elu(x), random([6], -2, -0.2)],
  Exp: () => [(x) => tf.exp(x), random([6])],
  Sigmoid: () => [(x) => tf.sigmoid(x), random([6], -2, 2)],
  Tanh: () => [(x) => tf.tanh(x), random([6])],
  Softmax: () => [(x) => tf.softmax(x), random([2, 3])],
  "Pow in its base": () => [(x) => tf.pow(x, 2.5), random([6], 0.5, 2)],
  "Pow in its exponent": () => [(x) => tf.pow(tf.scalar(1.7), x), random([6])],
  LeakyRelu: () => [(x) => tf.square(tf.leakyRelu(x, 0.2)), random([6], 0.3, 1)],
  Maximum: () => [(x) => tf.square(tf.maximum(x, 0.1)), random([6], 0.3, 1)],
  Softplus: () => [(x) => tf.softplus(x), random([6])],
  "Conv2D in its filter": () => {
    const x = random([1, 4, 4, 2]);
    return [(w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 2, "same"), random([3, 3, 2, 2])];
  },
  "Conv2D in its input": () => {
    const w = random([3, 3, 2, 2]);
    return [(x) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, "same"), random([1, 4, 4, 2])];
  },
  "transposed convolution in its filter": () => {
    const x = random([1, 3, 3, 2]);
    return [
      (w) => tf.conv2dTranspose(x as tf.Tensor4D, w as tf.Tensor4D, [1, 6, 6, 2], 2, "same"),
      random([4, 4, 2, 2]),
    ];
  },
  "depthwise convolution in its filter": () => {
    const x = random([1, 4, 4, 2]);
    return [(w) => tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, "same"), random([3, 3, 2, 2])];
  },
  "depthwise convolution in its input": () => {
    const w = random([3, 3, 2, 1]);
    return [(x) => tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, "same"), random([1, 4, 4, 2])];
  },
  MaxPool: () => [
    (x) => tf.maxPool(x as tf.Tensor4D, 2, 2, "same"),
    tf.tensor(draw.distinct([1, 4, 4, 2]).data, [1, 4, 4, 2]),
  ],
  "AvgPool, padded": () => [(x) => tf.avgPool(x as tf.Tensor4D, 3, 1, "same"), random([1, 4, 4, 2])],
  ResizeBilinear: () => [(x) => tf.image.resizeBilinear(x as tf.Tensor4D, [7, 7]), random([1, 4, 4, 1])],
  ResizeNearestNeighbor: () => [
    (x) => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [8, 8]),
    random([1, 4, 4, 1]),
  ],
  "MirrorPad, reflect": () => [
    (x) =>
      tf.mirrorPad(
        x,
        [
          [0, 0],
          [2, 1],
          [0, 2],
          [0, 0],
        ],
        "reflect",
      ),
    random([1, 3, 4, 2]),
  ],
  "MirrorPad, symmetric": () => [
    (x) =>
      tf.mirrorPad(
        x,
        [
          [0, 0],
          [3, 1],
          [2, 3],
          [0, 0],
        ],
        "symmetric",
      ),
    random([1, 3, 3, 2]),
  ],
  "PadV2, uneven": () => [
    (x) =>
      tf.pad(x, [
        [0, 0],
        [1, 0],
        [2, 3],
        [0, 0],
      ]),
    random([2, 3, 2, 1]),
  ],
  DepthToSpace: () => [(x) => tf.depthToSpace(x as tf.Tensor4D, 2, "NHWC"), random([1, 2, 3, 8])],
  "AvgPool, strided and padded": () => [
    (x) => tf.avgPool(x as tf.Tensor4D, 3, 2, 1, "floor"),
    random([1, 5, 6, 2]),
  ],
  "MaxPool, strided and padded": () => [
    (x) => tf.maxPool(x as tf.Tensor4D, 3, 2, 1, "floor"),
    tf.tensor(draw.distinct([1, 5, 6, 2]).data, [1, 5, 6, 2]),
  ],
  "Prelu in its input": () => {
    const slope = tf.tensor([0.25]);
    return [(x) => tf.square(tf.prelu(x, slope)), away([2, 3, 2, 2])];
  },
  "Prelu in its slope": () => {
    const x = random([2, 3, 2, 2]);
    return [(slope) => tf.square(tf.prelu(x, slope)), random([1], 0.2, 0.4)];
  },
  "a chain of Concat and Slice": () => [
    (x) => {
      const beside = tf.concat([tf.square(x), tf.sin(x), x], 3);
      const [rows, columns] = [beside.shape[1]! - 1, beside.shape[2]! - 1];
      const part = tf.slice(beside, [0, 1, 0, 1], [-1, rows, columns, 4]);
      return tf.concat([part, tf.slice(part, [0, 0, 0, 1], [-1, -1, -1, 2])], 3);
    },
    random([1, 3, 3, 2]),
  ],
  "instance norm": () => [
    (x) => {
      const { mean, variance } = tf.moments(x, [1, 2], true);
      return tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-5)));
    },
    random([2, 3, 3, 2]),
  ],
};

describe("gradients agree with differences", () => {
  for (const [name, make] of Object.entries(FUNCTIONS)) {
    it(`${name}: first derivative`, () => {
      const [fn, x] = make();
      expectDifferences((at) => weighted(tf.square(fn(at))), x);
    });
    it(`${name}: second derivative`, () => {
      const [fn, x] = make();
      expectDifferences(ofGradient(fn), x);
    });
  }
});
