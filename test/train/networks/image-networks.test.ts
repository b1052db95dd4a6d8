import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openOnnxEngine } from "../../../src/engine/compile.ts";
import type { Engine, InputSpec, Tensors } from "../../../src/engine/engine.ts";
import * as tf from "../../../src/engine/tfjs.ts";
import { PATCHES, patchJudge } from "../../../src/train/networks/judges.ts";
import { under, within } from "../../../src/train/networks/names.ts";
import {
  layersToNetwork,
  type Network,
  parameterCount,
  specsToArrays,
} from "../../../src/train/networks/network.ts";
import { openRandomStream, type RandomStream } from "../../../src/train/random.ts";
import { IMAGE_NETWORKS } from "./image-networks.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await openOnnxEngine({ device: "cpu", threads: 1 });
});
afterAll(() => engine.dispose());

const BATCH = 3;
type Arrays = Record<string, { data: Float32Array; shape: readonly number[] }>;

/**
 * Weights that neither swell nor fade what goes through them. The tiny ones that a training begins with make norms so steep
 * that a difference's step leaves their straight part.
 */
function evened(specs: Network["weights"], random: RandomStream): Arrays {
  const arrays = specsToArrays(specs, random) as Arrays;
  for (const { data, shape } of Object.values(arrays))
    if (shape.length > 1) {
      random.normal(data);
      const inputs = data.length / shape[shape.length - 1];
      for (let i = 0; i < data.length; i++) data[i] *= Math.sqrt(1.5 / inputs);
    }
  return arrays;
}

/** Arrays for everything that an application reads, drawn. */
function drawn(network: Network): Arrays {
  const random = openRandomStream(3, "weights");
  const each = (
    shapes: Readonly<Record<string, readonly number[]>>,
    fill: (x: Float32Array) => Float32Array,
  ) =>
    Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => {
        const whole = [BATCH, ...shape];
        return [name, { data: fill(new Float32Array(whole.reduce((a, b) => a * b, 1))), shape: whole }];
      }),
    );
  return {
    ...under("weights", evened(network.weights, random)),
    ...under("buffers", specsToArrays(network.buffers, random) as Arrays),
    ...under("noise", each(network.noise, random.uniform)),
    ...under("sides", each(network.sides, random.normal)),
    ...each({ x: network.input }, random.normal),
  };
}

type ToValue = (outputOf: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor) => tf.Scalar;

/** A scalar of the output that tells all its numbers apart. */
const weighted: ToValue = (outputOf, x) => {
  const output = outputOf(x);
  const signs = Float32Array.from({ length: output.size }, (_, i) => Math.cos(1.7 * i));
  return tf.mean(tf.mul(output, tf.tensor(signs, output.shape)));
};

/** The penalty of Gulrajani et al. 2017 on the slopes of the summed map: its own slopes are second derivatives. */
const gradientPenalty: ToValue = (outputOf, x) => {
  const slopes = tf.grad((image: tf.Tensor) => tf.sum(outputOf(image)))(x);
  const lengths = tf.sqrt(tf.add(tf.sum(tf.square(slopes), [1, 2, 3]), 1e-12));
  // The last bias has a slope in the output only.
  return tf.add(tf.mean(tf.square(tf.sub(lengths, 1))), weighted(outputOf, x));
};

/** The output, a scalar, and its slopes in all weights. */
function networkToSlopes(network: Network, toValue: ToValue): (inputs: Tensors) => Tensors {
  return (inputs) => {
    const names = Object.keys(network.weights);
    const given = {
      buffers: within(inputs, "buffers"),
      noise: within(inputs, "noise"),
      sides: within(inputs, "sides"),
    };
    const outputOf = (x: tf.Tensor, weights: Tensors) =>
      network.apply(x, { ...given, weights }, "train").output;
    const ofWeights = (...tensors: tf.Tensor[]): tf.Scalar => {
      const weights = Object.fromEntries(names.map((name, i) => [name, tensors[i]]));
      return toValue((x) => outputOf(x, weights), inputs.x);
    };
    const { value, grads } = tf.valueAndGrads(ofWeights)(names.map((name) => inputs[`weights/${name}`]));
    return {
      output: outputOf(inputs.x, within(inputs, "weights")),
      value: tf.reshape(value, [1]),
      ...Object.fromEntries(names.map((name, i) => [`slope/${name}`, grads[i]])),
    };
  };
}

/**
 * Runs compiled, and holds the slopes against differences. Along the slopes the value changes by their length, but for
 * kinks of rectified units and float32's rounding.
 */
async function expectSlopes(network: Network, toValue: ToValue): Promise<void> {
  const arrays = drawn(network);
  const signature: Record<string, InputSpec> = Object.fromEntries(
    Object.entries(arrays).map(([name, { shape }]) => [name, { shape }]),
  );
  const program = await engine.compile(networkToSlopes(network, toValue), signature);
  const run = (feeds: Arrays) =>
    program.run(Object.fromEntries(Object.entries(feeds).map(([name, { data }]) => [name, data])));
  const first = await run(arrays);
  expect(first.output.shape).toEqual([BATCH, ...network.output]);
  const slopes = Object.keys(network.weights).map((name) => [
    name,
    Float32Array.from(first[`slope/${name}`].data as Float32Array),
  ]) as [string, Float32Array][];
  const length = Math.hypot(...slopes.flatMap(([, slope]) => [...slope]));
  expect(length).toBeGreaterThan(0);
  // A norm takes the biases before it out again: only what multiplies must have a slope.
  for (const [name, slope] of slopes)
    if (name.endsWith("weights") || name.endsWith("scale"))
      expect(Math.hypot(...slope), name).toBeGreaterThan(1e-7 * length);
  const step = 1e-2 / length;
  const moved = async (by: number): Promise<number> => {
    const feeds = { ...arrays };
    for (const [name, slope] of slopes) {
      const { data, shape } = arrays[`weights/${name}`];
      feeds[`weights/${name}`] = { data: data.map((weight, i) => weight + by * slope[i]), shape };
    }
    return (await run(feeds)).value.data[0] as number;
  };
  const difference = async (h: number) => ((await moved(h)) - (await moved(-h))) / (2 * h);
  const slope = (4 * (await difference(step)) - (await difference(2 * step))) / 3;
  await program.dispose();
  expect(slope / length ** 2).toBeCloseTo(1, 1);
}

describe.each(Object.entries(IMAGE_NETWORKS))("%s", (_name, { make, parameters, output, small }) => {
  it("has as many weights as its layers, and the shape of its output", () => {
    const network = make();
    expect(parameterCount(network)).toBe(parameters);
    expect(network.output).toEqual(output);
  });

  it("runs compiled, small, with slopes in all its weights that agree with differences", () =>
    expectSlopes(small(), weighted));
});

/** Where units have kinks, the slopes jump, and differences of them say nothing. */
const smoothed = ({ input, layers }: Network): Network =>
  layersToNetwork(
    input,
    layers.map(({ layer }) => (layer!.kind === "leaky-relu" ? { kind: "tanh" } : layer!)),
  );

describe("a gradient penalty on a judge", () => {
  it.each(["instance", "batch", "none"] as const)("of norm %s has the slopes of differences", (norm) =>
    expectSlopes(
      smoothed(patchJudge([24, 24, 2], { ...PATCHES.discogan, norm, filters: 2 })),
      gradientPenalty,
    ),
  );
});
