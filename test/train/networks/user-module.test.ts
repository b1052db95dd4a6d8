import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openOnnxEngine } from "../../../src/engine/compile.ts";
import type { Engine, InputSpec, Tensors } from "../../../src/engine/engine.ts";
import * as tf from "../../../src/engine/tfjs.ts";
import { layersModelToNetwork, recordInitializers } from "../../../src/train/networks/layers-model.ts";
import { under, within } from "../../../src/train/networks/names.ts";
import { type Network, parameterCount, specsToArrays } from "../../../src/train/networks/network.ts";
import type { Pair } from "../../../src/train/networks/pairs.ts";
import { openUserPair } from "../../../src/train/networks/user-module.ts";
import { openRandomStream } from "../../../src/train/random.ts";
import { applied, expectClose, normals, numbers, specsToTensors } from "./eager.ts";

const fixture = (name: string): string => join(import.meta.dirname, "fixtures", name);

let engine: Engine;
let pair: Pair;
beforeAll(async () => {
  engine = await openOnnxEngine({ device: "cpu", threads: 2 });
  pair = await openUserPair(fixture("pair.mjs"));
});
afterAll(() => engine.dispose());

const REQUEST = { latent: 3, image: [6, 5, 2] };

describe("a pair of a module", () => {
  it("has our names, counted from 1 in each model", () => {
    const [generator, discriminator] = [pair.generator(REQUEST), pair.discriminator(REQUEST)];
    expect(Object.keys(generator.weights)).toEqual([
      "dense1/kernel",
      "batch-normalization1/gamma",
      "batch-normalization1/beta",
      "conv2d1/kernel",
      "conv2d1/bias",
    ]);
    expect(Object.keys(generator.buffers)).toEqual([
      "batch-normalization1/moving_mean",
      "batch-normalization1/moving_variance",
    ]);
    expect(generator.layers.map(({ name, output }) => `${name} ${output.join("x")}`)).toEqual([
      "dense1 120",
      "batch-normalization1 120",
      "leaky-relu1 120",
      "reshape1 6x5x4",
      "conv2d1 6x5x2",
    ]);
    expect(parameterCount(generator)).toBe(3 * 120 + 240 + 9 * 4 * 2 + 2);
    expect([discriminator.input, discriminator.output]).toEqual([[6, 5, 2], [1]]);
  });

  it("keeps frozen layers among what is carried along, and reads dropout's numbers as noise", () => {
    const { weights, buffers, noise } = pair.discriminator(REQUEST);
    expect(Object.keys(weights)).toEqual(["conv2d1/kernel", "conv2d1/bias", "dense2/kernel", "dense2/bias"]);
    expect(Object.keys(buffers)).toEqual(["dense1/kernel", "dense1/bias"]);
    expect(noise).toEqual({ "dropout1/keep": [3 * 3 * 4] });
  });

  it("is drawn by the model's own initialisers from the seed", () => {
    const { weights } = pair.generator(REQUEST);
    const draw = (seed: number) => specsToArrays(weights, openRandomStream(seed, "weights"));
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    expect(specsToArrays(pair.generator(REQUEST).weights, openRandomStream(1, "weights"))).toEqual(draw(1));
    // Glorot and Bengio's normal one, which tensorflow.js takes for dense layers, is cut at two deviations.
    const { data } = draw(1)["dense1/kernel"];
    const largest = Math.max(...data.map(Math.abs));
    expect(largest).toBeGreaterThan(0.05);
    expect(largest).toBeLessThan(2 * Math.sqrt(2 / 123) + 1e-6);
    expect(draw(1)["batch-normalization1/gamma"].data.every((value) => value === 1)).toBe(true);
  });

  it("takes packed images, more outputs, and points", async () => {
    const request = { ...REQUEST, packing: 2, outputs: 5 };
    expect(pair.discriminator(request)).toMatchObject({ input: [6, 5, 4], output: [5] });
    const points = await openUserPair(fixture("pair-in-typescript.ts"));
    const asked = { latent: 2, image: [3], packing: 2 };
    expect(points.generator(asked)).toMatchObject({ input: [2], output: [3] });
    expect(points.discriminator(asked)).toMatchObject({ input: [6], output: [1] });
  });

  it("is told the labels beside its input", () => {
    const request = { ...REQUEST, classes: 3 };
    for (const who of ["generator", "discriminator"] as const) {
      const network = pair[who](request);
      expect(network).toMatchObject({ classes: 3, input: pair[who](REQUEST).input });
      const x = normals([2, ...network.input]);
      const judge = (label: number) => {
        const labels = tf.oneHot([label, label], 3).toFloat();
        return numbers(applied(network, { x, labels, mode: "evaluate" }).output);
      };
      expect(judge(0)).not.toEqual(judge(2));
      expect(() => applied(network, { x, mode: "evaluate" })).toThrow(/labels of 3 classes/);
    }
  });
});

describe("a layers model as a network", () => {
  const model = () => {
    const { built, initializers } = recordInitializers(() =>
      tf.sequential({
        layers: [
          tf.layers.dense({ units: 4, inputShape: [3], activation: "tanh" }),
          tf.layers.batchNormalization({ momentum: 0.75, epsilon: 1e-3 }),
          tf.layers.dropout({ rate: 0.5 }),
        ],
      }),
    );
    return { model: built, network: layersModelToNetwork(built, initializers) };
  };

  it("is what the model predicts", () => {
    const { model: own, network } = model();
    const weights = specsToTensors(network.weights);
    const buffers = {
      "batch-normalization1/moving_mean": tf.tensor1d([1, 2, 3, 4]),
      "batch-normalization1/moving_variance": tf.tensor1d([4, 3, 2, 1]),
    };
    const x = normals([5, 3]);
    const evaluated = applied(network, { x, weights, buffers, mode: "evaluate" });
    own.setWeights([...Object.values(weights), ...Object.values(buffers)]);
    expectClose(numbers(evaluated.output), numbers(own.predict(x) as tf.Tensor));
    expect(evaluated.buffers).toBe(buffers);
  });

  it("normalises by the batch in training, moves the statistics, and leaves the model as it was", () => {
    const { model: own, network } = model();
    const before = own.getWeights().map(numbers);
    const weights = specsToTensors(network.weights);
    const x = normals([6, 3]);
    const keep = tf.tensor(
      Array.from({ length: 24 }, (_, i) => (i % 3 === 0 ? 0.1 : 0.9)),
      [6, 4],
    );
    const { output, buffers } = applied(network, { x, weights, noise: { "dropout1/keep": keep } });
    const active = tf.tanh(
      tf.add(tf.matMul(x as tf.Tensor2D, weights["dense1/kernel"] as tf.Tensor2D), weights["dense1/bias"]),
    );
    const { mean, variance } = tf.moments(active, 0);
    const normed = numbers(tf.div(tf.sub(active, mean), tf.sqrt(tf.add(variance, 1e-3))));
    expectClose(
      numbers(output),
      normed.map((value, i) => (i % 3 === 0 ? 0 : 2 * value)),
      4,
    );
    expectClose(
      numbers(buffers["batch-normalization1/moving_mean"]),
      numbers(mean).map((value) => 0.25 * value),
    );
    expectClose(
      numbers(buffers["batch-normalization1/moving_variance"]),
      numbers(variance).map((value) => 0.75 + 0.25 * value),
    );
    expect(own.getWeights().map(numbers)).toEqual(before);
  });

  it("leaves no tensors behind", () => {
    const { network } = model();
    const given = {
      x: normals([6, 3]),
      weights: specsToTensors(network.weights),
      buffers: specsToTensors(network.buffers),
      noise: { "dropout1/keep": tf.ones([6, 4]) },
    };
    const before = tf.memory().numTensors;
    tf.tidy(() => void applied(network, given));
    expect(tf.memory().numTensors).toBe(before);
  });

  it("begins with values that were set by hand, whatever the seed", () => {
    const { built, initializers } = recordInitializers(() => {
      const own = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
      own.setWeights([tf.tensor([[5], [6]]), tf.tensor([7])]);
      return own;
    });
    const arrays = specsToArrays(
      layersModelToNetwork(built, initializers).weights,
      openRandomStream(3, "weights"),
    );
    expect(Object.values(arrays).map(({ data }) => [...data])).toEqual([[5, 6], [7]]);
  });

  it("learns under the onnx engine as it does under tensorflow.js", async () => {
    const network = pair.discriminator({ latent: 3, image: [4, 4, 1] });
    const arrays = {
      ...under("weights", specsToArrays(network.weights, openRandomStream(1, "weights"))),
      ...under("buffers", specsToArrays(network.buffers, openRandomStream(1, "weights"))),
      x: { data: normals([2, 4, 4, 1]).dataSync() as Float32Array, shape: [2, 4, 4, 1] },
      "noise/dropout1/keep": {
        data: tf.randomUniform([2, 16], 0, 1, "float32", 1).dataSync(),
        shape: [2, 16],
      },
    };
    const slopes = (inputs: Tensors): Tensors => {
      const names = Object.keys(network.weights);
      const loss = (...tensors: tf.Tensor[]): tf.Tensor => {
        const weights = Object.fromEntries(names.map((name, i) => [name, tensors[i]]));
        const given = { weights, buffers: within(inputs, "buffers"), noise: within(inputs, "noise") };
        return tf.mean(tf.square(network.apply(inputs.x, given, "train").output));
      };
      const grads = tf.grads(loss)(names.map((name) => inputs[`weights/${name}`]));
      return Object.fromEntries(names.map((name, i) => [name, grads[i]]));
    };
    const signature: Record<string, InputSpec> = Object.fromEntries(
      Object.entries(arrays).map(([name, { shape }]) => [name, { shape }]),
    );
    const program = await engine.compile(slopes, signature);
    const data = Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, array.data]));
    const compiled = await program.run(data as Record<string, Float32Array>);
    const eager = slopes(
      Object.fromEntries(
        Object.entries(arrays).map(([name, array]) => [
          name,
          tf.tensor(array.data as Float32Array, [...array.shape]) as tf.Tensor,
        ]),
      ),
    );
    for (const name of Object.keys(network.weights)) {
      expect(numbers(eager[name]).some((value) => value !== 0)).toBe(true);
      expectClose(compiled[name].data, numbers(eager[name]), 5);
    }
  });
});

describe("modules that do not keep to it", () => {
  it.each([
    ["no-such-file.mjs", /a module from .*no-such-file.mjs, got no such file/],
    ["half-a-pair.mjs", /a function discriminator\(.*half-a-pair.mjs, got undefined/],
    ["broken.mjs", /importable module from .*broken.mjs, got .*nothing-there/],
  ])("%s", async (name, message) => {
    await expect(openUserPair(fixture(name))).rejects.toThrow(
      expect.objectContaining({ code: "input.network-module", message: expect.stringMatching(message) }),
    );
  });

  const build = async (name: string): Promise<Network> => {
    const { choose } = await import(fixture("wrong-pairs.mjs"));
    choose(name);
    return (await openUserPair(fixture("wrong-pairs.mjs"))).generator({ latent: 3, image: [2] });
  };

  it.each([
    ["undefined", "input.network-module", /a LayersModel of the generator .*, got undefined/],
    ["promise", "input.network-module", /a LayersModel of the generator .*, got a promise/],
    ["shape", "input.network-module", /\[2\] as output of the generator .*, got \[7\]/],
    ["noisy", "input.network-module", /trainable, compilable layers in the generator .*random numbers/],
    ["open", "usage.network", /known input shape of the model/],
    ["twins", "usage.network", /one input and one output, got 2 and 1/],
  ])("a generator that is wrong: %s", async (name, code, message) => {
    await expect(build(name)).rejects.toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });

  it("a discriminator that throws", async () => {
    const own = await openUserPair(fixture("wrong-pairs.mjs"));
    expect(() => own.discriminator({ latent: 3, image: [2] })).toThrow(
      /a model of the discriminator .*, got no idea/,
    );
  });
});
