import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openOnnxEngine } from "../../../src/engine/compile.ts";
import type { Engine, InputSpec, Tensors } from "../../../src/engine/engine.ts";
import * as tf from "../../../src/engine/tfjs.ts";
import { under, within } from "../../../src/train/networks/names.ts";
import {
  type Network,
  parameterCount,
  specsToArrays,
  withSpectralNorm,
} from "../../../src/train/networks/network.ts";
import {
  type NetworkRequest,
  PAIRS,
  type Pair,
  type PairName,
  packed,
  toyPair,
} from "../../../src/train/networks/pairs.ts";
import { openRandomStream } from "../../../src/train/random.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await openOnnxEngine({ device: "cpu", threads: 2 });
});
afterAll(() => engine.dispose());

const BATCH = 5;
const names = Object.keys(PAIRS) as PairName[];
const pair = (name: PairName): Pair => PAIRS[name];
const forImages = names.filter((name) => pair(name).takes !== "points");

type Arrays = Record<string, { data: Float32Array; shape: readonly number[] }>;

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** Arrays for everything that an application reads, drawn; `weights/...`, `buffers/...`, `noise/...`, `x`, `labels`. */
function drawn(network: Network, label = 0): Arrays {
  const random = openRandomStream(1, "weights");
  const batch = (shape: readonly number[], fill: (out: Float32Array) => Float32Array) => ({
    data: fill(new Float32Array(BATCH * sizeOf(shape))),
    shape: [BATCH, ...shape],
  });
  const noise = Object.entries(network.noise).map(([name, shape]) => [name, batch(shape, random.uniform)]);
  const { classes } = network;
  return {
    ...under("weights", specsToArrays(network.weights, random) as Arrays),
    ...under("buffers", specsToArrays(network.buffers, random) as Arrays),
    ...under("noise", Object.fromEntries(noise)),
    x: batch(network.input, random.normal),
    ...(classes !== undefined && {
      labels: batch([classes], (out) => {
        for (let n = 0; n < BATCH; n++) out[n * classes + label] = 1;
        return out;
      }),
    }),
  };
}

const applyTo = (network: Network, inputs: Tensors, x = inputs.x, weights = within(inputs, "weights")) =>
  network.apply(
    x,
    { weights, buffers: within(inputs, "buffers"), noise: within(inputs, "noise"), labels: inputs.labels },
    "train",
  );

async function run(fn: (inputs: Tensors) => Tensors, arrays: Arrays) {
  const signature: Record<string, InputSpec> = Object.fromEntries(
    Object.entries(arrays).map(([name, { shape }]) => [name, { shape }]),
  );
  const program = await engine.compile(fn, signature);
  const data = Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, array.data]));
  try {
    return await program.run(data);
  } finally {
    await program.dispose();
  }
}

/** The output's shape as ONNX Runtime gives it, of arrays that are all 0.01: large ones are slow to draw. */
async function shapeOfRun(network: Network): Promise<readonly number[]> {
  const constant = (shape: readonly number[]) => ({
    data: new Float32Array(sizeOf(shape)).fill(0.01),
    shape,
  });
  const specs = (part: "weights" | "buffers") =>
    Object.fromEntries(Object.entries(network[part]).map(([name, { shape }]) => [name, constant(shape)]));
  const noise = Object.entries(network.noise).map(([name, shape]) => [name, constant([BATCH, ...shape])]);
  const { output } = await run((inputs) => ({ output: applyTo(network, inputs).output }), {
    ...under("weights", specs("weights")),
    ...under("buffers", specs("buffers")),
    ...under("noise", Object.fromEntries(noise)),
    x: constant([BATCH, ...network.input]),
    ...(network.classes !== undefined && { labels: constant([BATCH, network.classes]) }),
  });
  expect(output.data.every(Number.isFinite)).toBe(true);
  return output.shape;
}

const isAutoencoder = (name: PairName): boolean => name.startsWith("autoencoder");

describe.each(forImages)("the pair %s", (name) => {
  it.each([
    [28, 28, 1],
    [32, 32, 3],
    [17, 23, 3],
  ])("makes and judges images of %i x %i x %i", async (...image) => {
    const request: NetworkRequest = { latent: 5, image };
    const [generator, discriminator] = [pair(name).generator(request), pair(name).discriminator(request)];
    expect(generator.output).toEqual(image);
    expect(discriminator.input).toEqual(image);
    const judged = isAutoencoder(name) ? image : [1];
    expect(discriminator.output).toEqual(judged);
    expect(await shapeOfRun(generator)).toEqual([BATCH, ...image]);
    expect(await shapeOfRun(discriminator)).toEqual([BATCH, ...judged]);
  });
});

const requestFor = (name: PairName): NetworkRequest => ({
  latent: 5,
  image: pair(name).takes === "points" ? [2] : [9, 12, 2],
});

/** What a step is to take off a loss, as a share of it. */
const SHARE = 3e-4;

/** The loss at the weights, and after a step against its slopes that takes SHARE off it if the slopes are right. */
function lossAndAfter(network: Network, inputs: Tensors, loss: (weights: Tensors) => tf.Scalar): Tensors {
  const keys = Object.keys(network.weights);
  const toWeights = (tensors: readonly tf.Tensor[]) =>
    Object.fromEntries(keys.map((key, i) => [key, tensors[i]]));
  const values = keys.map((key) => inputs[`weights/${key}`]);
  const { value, grads } = tf.valueAndGrads((...tensors: tf.Tensor[]) => loss(toWeights(tensors)))(values);
  const square = tf.addN(grads.map((slope) => tf.sum(tf.square(slope))));
  const rate = tf.div(tf.mul(value, SHARE), square);
  const moved = values.map((tensor, i) => tf.sub(tensor, tf.mul(grads[i], rate)));
  return { before: value, after: loss(toWeights(moved)) };
}

const takenOff = ({ before, after }: Awaited<ReturnType<typeof run>>): number =>
  1 - after.data[0] / before.data[0];

describe.each(names)("the networks of %s", (name) => {
  it.each(["generator", "discriminator"] as const)(
    "%s: a step against the slopes takes off a loss what they say",
    async (who) => {
      const network = pair(name)[who](requestFor(name));
      const values = await run(
        (inputs) =>
          lossAndAfter(network, inputs, (weights) =>
            tf.mean(tf.square(tf.sub(applyTo(network, inputs, inputs.x, weights).output, 0.5))),
          ),
        drawn(network),
      );
      expect(Math.abs(takenOff(values) / SHARE - 1)).toBeLessThan(0.1);
    },
  );

  it("so does one against a penalty on the slope in the images", async () => {
    const network = pair(name).discriminator(requestFor(name));
    const values = await run(
      (inputs) =>
        lossAndAfter(network, inputs, (weights) => {
          // Squares: where batch norm comes last, the plain sum over a batch does not depend on the images.
          const energy = (x: tf.Tensor) => tf.sum(tf.square(applyTo(network, inputs, x, weights).output));
          return tf.sum(tf.square(tf.grad(energy)(inputs.x)));
        }),
      drawn(network),
    );
    expect(Math.abs(takenOff(values) / SHARE - 1)).toBeLessThan(0.1);
  });

  it("react to labels where they are conditional", async () => {
    const request = { ...requestFor(name), classes: 3 };
    for (const who of ["generator", "discriminator"] as const) {
      const network = pair(name)[who](request);
      expect(pair(name)[who](requestFor(name)).classes).toBeUndefined();
      if (name === "conditional-up-sampling" && who === "discriminator") {
        expect(network.classes).toBeUndefined();
        continue;
      }
      expect(network.classes).toBe(3);
      const outputOf = async (label: number) => {
        const arrays = drawn(network, label);
        return (await run((inputs) => ({ output: applyTo(network, inputs).output }), arrays)).output.data;
      };
      expect(await outputOf(2)).not.toEqual(await outputOf(0));
    }
  });

  it("have a discriminator that a spectral norm bounds", async () => {
    const network = withSpectralNorm(pair(name).discriminator({ ...requestFor(name), classes: 3 }));
    const arrays = drawn(network);
    const { output, ...buffers } = await run((inputs) => {
      let buffers = within(inputs, "buffers");
      const weights = within(inputs, "weights");
      for (let i = 0; i < 2; i++) buffers = network.advance!(weights, buffers);
      const noise = within(inputs, "noise");
      const { labels } = inputs;
      return {
        output: network.apply(inputs.x, { weights, buffers, noise, labels }, "train").output,
        ...buffers,
      };
    }, arrays);
    expect(output.data.every(Number.isFinite)).toBe(true);
    const vectors = Object.keys(buffers).filter((key) => /[/-][uv]$/.test(key));
    // Two for every linear layer, and none is left as it was.
    const linear = Object.keys(network.weights).filter((key) =>
      /\/weights$|^projection\d+\/embedding$/.test(key),
    );
    expect(vectors.length).toBe(2 * linear.length);
    // A unit vector of one number stays what it is.
    for (const key of vectors.filter((key) => buffers[key].data.length > 1))
      expect(buffers[key].data).not.toEqual(arrays[`buffers/${key}`].data);
  });

  it("judge examples packed side by side, and give as many outputs as are asked for", () => {
    const request = { ...requestFor(name), packing: 3 };
    const { input, output } = pair(name).discriminator(request);
    expect(input).toEqual(request.image.with(-1, 6));
    expect(output).toEqual(isAutoencoder(name) ? input : [1]);
    expect(input).toEqual(packed(request));
    const many = () => pair(name).discriminator({ ...request, outputs: 11 });
    if (isAutoencoder(name)) expect(many).toThrow(/an autoencoder without outputs besides its image, got/);
    else expect(many().output).toEqual([11]);
  });
});

describe("parameters", () => {
  const MNIST: NetworkRequest = { latent: 100, image: [28, 28, 1] };
  const of32 = { latent: 100, image: [32, 32, 1] };
  const counts = (name: PairName, request: NetworkRequest) => [
    parameterCount(pair(name).generator(request)),
    parameterCount(pair(name).discriminator(request)),
  ];
  const dense = (from: number, to: number) => from * to + to;

  it("are those of the documented networks", () => {
    expect(counts("mlp", MNIST)).toEqual([1_510_032, 533_505]);
    expect(counts("up-sampling", of32)).toEqual([1_049_985, 98_113]);
    expect(counts("up-sampling-plain", of32)).toEqual([1_049_985 - 256, 98_113]);
    expect(counts("goodfellow2014", MNIST)).toEqual([
      dense(100, 1200) + dense(1200, 1200) + dense(1200, 784),
      dense(784, 1200) + dense(240, 1200) + dense(240, 1),
    ]);
    expect(counts("pacgan-toy", { latent: 2, image: [2], packing: 2 })).toEqual([
      2 * 400 + 3 * 400 * 400 + 4 * 2 * 400 + dense(400, 2),
      dense(4, 1000) + 2 * dense(200, 1000) + dense(200, 1),
    ]);
    expect(counts("toy", { latent: 2, image: [2] })).toEqual([
      dense(2, 128) + dense(128, 128) + dense(128, 2),
      dense(2, 128) + dense(128, 128) + dense(128, 1),
    ]);
  });

  it("are those of PyTorch-GAN's conditional and energy-based networks", () => {
    // cgan: embeddings of ten numbers beside 100 and beside 1,024.
    expect(counts("conditional-mlp", { ...of32, classes: 10 })).toEqual([
      100 + dense(110, 128) + 1_510_032 - dense(100, 128) - dense(1024, 784) + dense(1024, 1024),
      100 + dense(1034, 512) + 2 * dense(512, 512) + dense(512, 1),
    ]);
    expect(counts("conditional-up-sampling", { ...of32, classes: 10, outputs: 11 })).toEqual([
      1_049_985 + 1000,
      98_113 + 10 * 513,
    ]);
    const down = 64 * 16 * 16;
    expect(counts("autoencoder", of32)[1]).toBe(
      dense(9, 64) + dense(down, 32) + 64 + dense(32, down) + 2 * down + dense(64 * 9, 1),
    );
  });

  it("of DCGAN at 64 x 64 x 3 are those of PyTorch's example, but for its biases", () => {
    // 3,576,704 and 2,765,568 there. Ours has biases in the image's convolution, in the first and the last of the judge.
    expect(counts("dcgan", { latent: 100, image: [64, 64, 3] })).toEqual([3_576_704 + 3, 2_765_568 + 65]);
  });

  it("of a toy follow its hidden layers", () => {
    const { generator } = toyPair({ hidden: 0, units: 128 });
    expect(parameterCount(generator({ latent: 2, image: [1] }))).toBe(3);
  });
});

describe("networks that a request cannot have", () => {
  it.each<[PairName, readonly number[], RegExp]>([
    ["dcgan", [7, 28, 1], /at least 8 x 8 pixels for dcgan, got 7 x 28/],
    ["resnet", [28, 3, 1], /at least 4 x 4 pixels for resnet, got 28 x 3/],
    ["transposed", [3, 3, 1], /at least 4 x 4 pixels/],
    ["toy", [28, 28, 1], /expected points, got data of shape \[28,28,1\]/],
    ["up-sampling", [2], /height, width and channels/],
  ])("%s does not take [%s]", (name, image, message) => {
    for (const who of ["generator", "discriminator"] as const)
      expect(() => pair(name)[who]({ latent: 4, image })).toThrow(
        expect.objectContaining({ code: "usage.network", message: expect.stringMatching(message) }),
      );
  });
});

describe("an autoencoder", () => {
  it("tells the 32 numbers of an image", async () => {
    const network = PAIRS.autoencoder.discriminator({ latent: 4, image: [8, 8, 1] });
    expect(network.marks).toEqual({ embedding: [32] });
    const { embedding } = await run((inputs) => applyTo(network, inputs).marks, drawn(network));
    expect(embedding.shape).toEqual([BATCH, 32]);
  });
});
