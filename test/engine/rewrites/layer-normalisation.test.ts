import { describe, expect, it } from "vitest";
import { openEngine } from "../../../src/engine/index.ts";
import { loadTensorflow } from "../../../src/engine/tensorflow.ts";
import * as tf from "../../../src/engine/tfjs.ts";
import { functionToGraph } from "../../../src/engine/trace.ts";
import { layerNorm } from "../../../src/networks/architectures/transformer.ts";

const CHANNELS = 6;
const wave = (phase: number) => Float32Array.from({ length: CHANNELS }, (_, i) => 1 + Math.sin(phase + i));
const learned = () => ({ "norm.weight": tf.tensor1d(wave(1)), "norm.bias": tf.tensor1d(wave(2)) });
const opsOf = (fn: Parameters<typeof functionToGraph>[0], signature = {}) =>
  functionToGraph(fn, { x: { shape: [4, CHANNELS] }, ...signature }, "norm").nodes.map(({ op }) => op);

await loadTensorflow();

describe("a layer's normalisation", () => {
  it("is one node where its weights are constants, with the result that its parts have", async () => {
    const fn = ({ x }: { x: tf.Tensor }) => ({ y: layerNorm(x, learned(), "norm", 1e-3) });
    expect(opsOf(fn as never)).toEqual(["LayerNormalization"]);
    const x = Float32Array.from({ length: 4 * CHANNELS }, (_, i) => 3 * Math.cos(i * i));
    const results: ArrayLike<number>[] = [];
    for (const name of ["onnx", "cpu"] as const) {
      const engine = await openEngine({ engine: name, threads: 1 });
      const program = await engine.compile(fn, { x: { shape: [4, CHANNELS] } });
      results.push((await program.run({ x })).y.data);
      await engine.dispose();
    }
    for (const [i, value] of Array.from(results[1]!).entries()) expect(results[0]![i]).toBeCloseTo(value, 5);
  });

  it("stays what it is where its weights are inputs, or the mean is over another axis", () => {
    const trained = opsOf(
      ((inputs: Record<string, tf.Tensor>) => ({
        y: layerNorm(inputs.x!, { "norm.weight": inputs.w!, "norm.bias": inputs.b! }, "norm", 1e-3),
      })) as never,
      { w: { shape: [CHANNELS] }, b: { shape: [CHANNELS] } },
    );
    expect(trained).not.toContain("LayerNormalization");
    const ofBatch = opsOf((({ x }: { x: tf.Tensor }) => {
      const { mean, variance } = tf.moments(x, 0, true);
      const { "norm.weight": weight, "norm.bias": bias } = learned();
      const scaled = tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-3)));
      return { y: tf.add(tf.mul(scaled, weight), bias) };
    }) as never);
    expect(ofBatch).not.toContain("LayerNormalization");
  });
});
