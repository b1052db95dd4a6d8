import { beforeAll, describe, expect, it } from "vitest";
import { loadTensorflow } from "../../../src/engine/tensorflow.ts";
import * as tf from "../../../src/engine/tfjs.ts";
import { layersToNetwork } from "../../../src/train/networks/network.ts";
import { applied, expectClose, expectSlopes, normals, numbers } from "./eager.ts";

beforeAll(() => loadTensorflow());

describe("a sigmoid", () => {
  it("is 1 / (1 + exp(-x)), stretched to its range", () => {
    const x = normals([2, 3]);
    const share = numbers(x).map((value) => 1 / (1 + Math.exp(-value)));
    const plain = layersToNetwork([3], [{ kind: "sigmoid" }]);
    expectClose(numbers(applied(plain, { x }).output), share);
    const stretched = layersToNetwork([3], [{ kind: "sigmoid", range: [-1, 1] }]);
    expectClose(
      numbers(applied(stretched, { x }).output),
      share.map((value) => 2 * value - 1),
    );
    expectSlopes(stretched, { x });
  });
});

describe.each([
  ["dropout of numbers", "dropout", [2, 2, 3]],
  ["dropout of channels", "channel-dropout", [1, 1, 3]],
] as const)("%s", (_what, kind, kept) => {
  const network = layersToNetwork([2, 2, 3], [{ kind, rate: 0.25 }]);
  const x = () => tf.ones([1, 2, 2, 3]);
  // Below the rate: left out.
  const draws = [0.1, 0.25, 0.9];
  const noise = () => ({
    [`${kind}1/keep`]: tf.tensor(
      Array.from({ length: kept[0] * kept[1] }, (_, i) => (i % 2 === 0 ? draws : [0.9, 0, 0.3])).flat(),
      [1, ...kept],
    ),
  });
  const expected = Array.from({ length: 12 }, (_, i) => {
    const isOdd = kind === "dropout" && Math.floor(i / 3) % 2 === 1;
    return (isOdd ? [4 / 3, 0, 4 / 3] : [0, 4 / 3, 4 / 3])[i % 3];
  });

  it("leaves out where the number is below the rate, and scales the rest up", () => {
    expect(network.noise).toEqual({ [`${kind}1/keep`]: kept });
    expectClose(numbers(applied(network, { x: x(), noise: noise() }).output), expected, 6);
  });

  it("passes slopes on where it kept", () => {
    expectSlopes(network, { x: x(), noise: noise() });
  });

  it("does nothing when evaluated", () => {
    expect(numbers(applied(network, { x: x(), mode: "evaluate" }).output)).toEqual(Array(12).fill(1));
  });
});

describe("a mark", () => {
  it("brings the value at its place back, and changes nothing", () => {
    const network = layersToNetwork(
      [2],
      [{ kind: "relu" }, { kind: "mark", name: "active" }, { kind: "tanh" }],
    );
    expect(network.marks).toEqual({ active: [2] });
    const { output, marks } = applied(network, { x: tf.tensor([[-1, 2]]) });
    expect(numbers(marks.active)).toEqual([0, 2]);
    expectClose(numbers(output), [0, Math.tanh(2)]);
  });
});

describe("parametric rectified units", () => {
  it("have one slope below zero, a quarter before training", () => {
    const network = layersToNetwork([1, 2, 2], [{ kind: "parametric-relu" }]);
    const x = tf.tensor([-4, 2, 3, -1], [1, 1, 2, 2]);
    expect(numbers(applied(network, { x }).output)).toEqual([-1, 2, 3, -0.25]);
    const weights = { "parametric-relu1/slope": tf.tensor([0.5]) };
    expect(numbers(applied(network, { x, weights }).output)).toEqual([-2, 2, 3, -0.5]);
    expectSlopes(network, { x, weights });
  });
});

describe("a scale", () => {
  it("multiplies by its factor", () => {
    const network = layersToNetwork([2], [{ kind: "scale", factor: 0.2 }]);
    expectClose(numbers(applied(network, { x: tf.tensor([[5, -1]]) }).output), [1, -0.2]);
  });
});
