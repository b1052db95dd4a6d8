import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openOnnxEngine } from "../../../src/engine/compile.ts";
import type { Engine, InputSpec, Tensors } from "../../../src/engine/engine.ts";
import * as tf from "../../../src/engine/tfjs.ts";
import { under, within } from "../../../src/train/networks/names.ts";
import { type Network, parameterCount, specsToArrays } from "../../../src/train/networks/network.ts";
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

/** A scalar of the output that tells all its numbers apart, its slopes in all weights, and the output. */
function networkToSlopes(network: Network): (inputs: Tensors) => Tensors {
  return (inputs) => {
    const names = Object.keys(network.weights);
    const given = {
      buffers: within(inputs, "buffers"),
      noise: within(inputs, "noise"),
      sides: within(inputs, "sides"),
    };
    const outputOf = (weights: Tensors) => network.apply(inputs.x, { ...given, weights }, "train").output;
    const output = outputOf(within(inputs, "weights"));
    const signs = Float32Array.from({ length: output.size }, (_, i) => Math.cos(1.7 * i));
    const toValue = (...tensors: tf.Tensor[]): tf.Scalar =>
      tf.mean(
        tf.mul(
          outputOf(Object.fromEntries(names.map((name, i) => [name, tensors[i]]))),
          tf.tensor(signs, output.shape),
        ),
      );
    const tensors = names.map((name) => inputs[`weights/${name}`]);
    const { value, grads } = tf.valueAndGrads(toValue)(tensors);
    return {
      output,
      value: tf.reshape(value, [1]),
      ...Object.fromEntries(names.map((name, i) => [`slope/${name}`, grads[i]])),
    };
  };
}

describe.each(Object.entries(IMAGE_NETWORKS))("%s", (_name, { make, parameters, output, small }) => {
  it("has as many weights as its layers, and the shape of its output", () => {
    const network = make();
    expect(parameterCount(network)).toBe(parameters);
    expect(network.output).toEqual(output);
  });

  it("runs compiled, small, with slopes in all its weights that agree with differences", async () => {
    const network = small();
    const arrays = drawn(network);
    const signature: Record<string, InputSpec> = Object.fromEntries(
      Object.entries(arrays).map(([name, { shape }]) => [name, { shape }]),
    );
    const program = await engine.compile(networkToSlopes(network), signature);
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
    // Along the slopes the value changes by their length, but for kinks of rectified units and float32's rounding.
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
  });
});
