/** The self-check on WebGPU: it stops what is really wrong there, and lets pass what is right. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { openOnnxEngine } from "../../../src/engine/compile.ts";
import type { Engine } from "../../../src/engine/engine.ts";
import type { Constant } from "../../../src/engine/graph.ts";
import { loadTensorflow } from "../../../src/engine/tensorflow.ts";
import { openOnnxGenerator } from "../../../src/evaluate/sides/onnx-generator.ts";
import { float, floats, node, writeOnnx } from "../../extractors/made-networks.ts";
import { haveWebGpu } from "./software-gpu.ts";

const SHAPE = { x: { shape: [2, 4] } };
/** WGSL asks 2^-11 of a sine between -pi and pi, and nothing beyond. */
const LARGE = { x: Float32Array.from({ length: 8 }, (_, i) => 1e4 * (i + 1)) };

describe.skipIf(!haveWebGpu())("on WebGPU the self-check", () => {
  let engine: Engine | undefined;
  const open = async (selfCheck: boolean) => {
    engine = await openOnnxEngine({ device: "webgpu", threads: 1, selfCheck });
    return { engine, tf: await loadTensorflow() };
  };
  afterEach(() => engine?.dispose());

  it("refuses sines of large arguments, which drivers get wrong", async () => {
    const { engine, tf } = await open(true);
    const sine = await engine.compile(({ x }) => ({ y: tf.sin(x) }), SHAPE, { name: "sine" });
    await expect(sine.run(LARGE)).rejects.toMatchObject({
      code: "unavailable.device-differs",
      message: expect.stringMatching(/^expected output y of sine on webgpu to be the CPU's to 0.0001, got/),
    });
  });

  it("refuses what a generator in a file makes of such arguments", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "gan-eval-generator-"));
    const [latents, large, waves, images] = [
      ...["latents", "large", "waves"].map((name) => float(name, [2, 12])),
      float("images", [2, 3, 2, 2]),
    ] as const;
    const factor = floats("factor", [1], Float32Array.of(1e4));
    const shape: Constant = {
      ...{ name: "shape", dtype: "int64", shape: [4] },
      data: BigInt64Array.of(2n, 3n, 2n, 2n),
    };
    const location = writeOnnx(folder, "waves.onnx", {
      ...{ name: "waves", inputs: [latents!], constants: [factor, shape] },
      nodes: [
        node("Mul", [latents!, factor], large!),
        node("Sin", [large!], waves!),
        node("Reshape", [waves!, shape], images!),
      ],
      outputs: [{ name: "images", value: images! }],
    });
    for (const selfCheck of [true, false]) {
      const generator = await openOnnxGenerator(location, { samples: 2, device: "webgpu", selfCheck });
      const images = generator.images as (n: number, start: number) => Promise<{ shape: readonly number[] }>;
      const made = images(2, 0);
      if (selfCheck) await expect(made).rejects.toMatchObject({ code: "unavailable.device-differs" });
      else expect((await made).shape).toEqual([2, 2, 2, 3]);
      await generator.close?.();
    }
    rmSync(folder, { recursive: true, force: true });
  });

  it("lets a caller choose another tolerance", async () => {
    const { engine, tf } = await open(true);
    const options = { name: "sine", selfCheckTolerance: 3 };
    const sine = await engine.compile(({ x }) => ({ y: tf.sin(x) }), SHAPE, options);
    expect((await sine.run(LARGE)).y.data).toHaveLength(8);
  });

  it("gives the device's numbers where it is left out", async () => {
    const { engine, tf } = await open(false);
    const sine = await engine.compile(({ x }) => ({ y: tf.sin(x) }), SHAPE);
    const { data } = (await sine.run(LARGE)).y;
    expect(Math.max(...[...data].map((y, i) => Math.abs(y - Math.sin(LARGE.x[i]!))))).toBeGreaterThan(1e-4);
  });

  it("passes a matrix product, in the caller's thread and in the background", async () => {
    const { engine, tf } = await open(true);
    for (const background of [false, true]) {
      const product = await engine.compile(({ x }) => ({ y: tf.matMul(x, x, false, true) }), SHAPE, {
        background,
      });
      const x = Float32Array.from({ length: 8 }, (_, i) => i);
      for (let run = 0; run < 2; run++)
        expect([...(await product.run({ x })).y.data]).toEqual([14, 38, 38, 126]);
    }
  });
});
