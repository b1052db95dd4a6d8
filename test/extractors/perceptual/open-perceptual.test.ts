import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../../src/engine/engine.ts";
import { openEngine } from "../../../src/engine/index.ts";
import { loadTensorflow } from "../../../src/engine/tensorflow.ts";
import * as tf from "../../../src/engine/tfjs.ts";
import { arraysToTensors } from "../../../src/extractors/perceptual/apply-layers.ts";
import { depthsToVgg, layersUpTo, NETWORKS } from "../../../src/extractors/perceptual/layers.ts";
import {
  openPerceptual,
  type Perceptual,
  type PerceptualOptions,
} from "../../../src/extractors/perceptual/open-perceptual.ts";
import { stateDictToArrays } from "../../../src/extractors/perceptual/state-dict-to-network.ts";
import { tensorsToTorchZip } from "../../formats/pickle-writer.ts";
import { realImage } from "../../metrics/paired-images.ts";
import { layersToTensors, writeOnnx, writeSafetensors } from "./formula-weights.ts";

interface Golden {
  readonly vgg19: {
    readonly size: readonly [number, number];
    readonly layer: string;
    readonly shape: readonly number[];
    readonly mean: number;
    readonly every: number;
    readonly values: readonly number[];
  };
}
const { vgg19 }: Golden = JSON.parse(
  readFileSync(path.resolve(import.meta.dirname, "../../metrics/fixtures/paired.json"), "utf8"),
);

const upTo = (layer: string) => layersToTensors(layersUpTo(NETWORKS.vgg19, layer, "vgg19"));

let folder: string;
let engine: Engine;
let safetensors: string;
beforeAll(async () => {
  await loadTensorflow();
  folder = mkdtempSync(path.join(tmpdir(), "gan-eval-perceptual-"));
  engine = await openEngine({ engine: "onnx", threads: 1 });
  safetensors = writeSafetensors(folder, "vgg19.safetensors", upTo("relu3_4"));
});
afterAll(async () => {
  await engine.dispose();
  rmSync(folder, { recursive: true });
});

const colour = (size: readonly [number, number], layer?: string): PerceptualOptions => ({
  ...{ channels: 3, size },
  ...(layer !== undefined && { layer }),
});

/** Images in [-1, 1] through a network, compiled. */
async function run(network: Perceptual, shape: readonly number[], data: Float32Array) {
  const program = await engine.compile(
    ({ images }) => ({ features: network.features(images, arraysToTensors(network.arrays)) }),
    { images: { shape } },
  );
  const { features } = await program.run({ images: data });
  await program.dispose();
  return features;
}

const goldenInput = () => Float32Array.from(realImage(0, ...vgg19.size).pixels, (level) => level / 127.5 - 1);

/** Of maps as large as VGG's: float32 sums of 2,304 products, in another order than PyTorch's. */
const TOLERANCE = 1e-4;

describe("VGG19", () => {
  const toFile: Readonly<Record<string, () => string>> = {
    safetensors: () => safetensors,
    onnx: () => writeOnnx(folder, "vgg19.onnx", upTo("relu3_4")),
    pth: () => {
      const file = path.join(folder, "vgg19.pth");
      writeFileSync(file, tensorsToTorchZip([...upTo("relu3_4")]));
      return file;
    },
  };

  it.each(Object.keys(toFile))("from a file of %s has the maps that torchvision's has", async (kind) => {
    const file = toFile[kind]!();
    const network = await openPerceptual(file, colour(vgg19.size, vgg19.layer));
    expect(network.name).toBe("vgg19 relu3_4");
    const { data, shape } = await run(network, [1, ...vgg19.size, 3], goldenInput());
    expect(shape).toEqual([1, ...vgg19.shape]);
    const mean = Array.from(data).reduce((sum, value) => sum + value, 0) / data.length;
    expect(Math.abs(mean - vgg19.mean)).toBeLessThan(TOLERANCE);
    for (const [i, value] of vgg19.values.entries())
      expect(Math.abs(data[i * vgg19.every]! - value)).toBeLessThan(TOLERANCE);
  });

  it("has the sha256 of its file, and arrays for no layer beyond the last", async () => {
    const { hash, arrays } = await openPerceptual(safetensors, colour([16, 16], "conv2_1"));
    expect(hash).toBe(createHash("sha256").update(readFileSync(safetensors)).digest("hex"));
    expect(Object.keys(arrays)).toEqual(
      ["0", "2", "5"].flatMap((n) => [`features.${n}.weight`, `features.${n}.bias`]),
    );
  });

  it("sees a grey image as three equal channels", async () => {
    const grey = Float32Array.from({ length: 64 }, (_, i) => Math.sin(i));
    const rgb = Float32Array.from({ length: 192 }, (_, i) => grey[Math.floor(i / 3)]!);
    const of = async (channels: number, data: Float32Array) =>
      run(
        await openPerceptual(safetensors, { channels, size: [8, 8], layer: "relu2_2" }),
        [1, 8, 8, channels],
        data,
      );
    expect((await of(1, grey)).data).toEqual((await of(3, rgb)).data);
  });

  it("takes no images on which its last layer has no place, and says the least size", async () => {
    const file = writeSafetensors(folder, "whole.safetensors", upTo("conv4_1"));
    await expect(openPerceptual(file, colour([7, 40], "conv4_1"))).rejects.toMatchObject({
      code: "usage.perceptual",
      message: expect.stringContaining("at least 8x8 for vgg19 conv4_1, got 7x40"),
    });
  });
});

describe("a file that is not the network's", () => {
  const open = (file: string, layer = "relu3_4") => openPerceptual(file, colour([32, 32], layer));

  it("is refused where a layer's weights are missing, with the name of the first", async () => {
    await expect(open(safetensors, "conv4_1")).rejects.toMatchObject({
      code: "input.perceptual-weights",
      message: expect.stringContaining("features.19.weight of shape [512, 256, 3, 3]"),
    });
  });

  it("is refused where a weight has another shape", async () => {
    const tensors = upTo("relu3_4");
    tensors.set("features.5.bias", { data: new Float32Array(64), shape: [64] });
    const file = writeSafetensors(folder, "wrong.safetensors", tensors);
    await expect(open(file)).rejects.toMatchObject({
      code: "input.perceptual-weights",
      message: expect.stringMatching(/features\.5\.bias of shape \[128\].*got \[64\]/),
    });
  });

  it("is refused with other names, and with batch normalisation", async () => {
    const small = { data: new Float32Array(8), shape: [8] };
    const other = writeSafetensors(folder, "other.safetensors", new Map([["fc.weight", small]]));
    const normalised = writeSafetensors(
      folder,
      "bn.safetensors",
      new Map([...upTo("relu3_4"), ["features.1.running_mean", small]]),
    );
    await expect(open(other)).rejects.toMatchObject({
      code: "input.perceptual-weights",
      message: expect.stringContaining("fc.weight"),
    });
    await expect(open(normalised)).rejects.toMatchObject({
      message: expect.stringContaining("batch normalisation"),
    });
  });

  it("is refused cut in half, of another kind, and where there is none", async () => {
    const half = path.join(folder, "half.safetensors");
    writeFileSync(half, readFileSync(safetensors).subarray(0, 100_000));
    await expect(open(half)).rejects.toMatchObject({ code: "input.safetensors" });
    await expect(open(path.join(folder, "vgg19.h5"))).rejects.toMatchObject({
      code: "input.perceptual-weights",
    });
    await expect(open(path.join(folder, "none.pth"))).rejects.toMatchObject({ code: "input.cannot-read" });
  });

  it("is asked for a layer by its names", async () => {
    await expect(open(safetensors, "relu9")).rejects.toMatchObject({
      code: "usage.perceptual",
      message: expect.stringContaining("relu3_4"),
    });
  });
});

it("a tiny state dict becomes filters of height, width, inputs and outputs", () => {
  const layers = layersUpTo(depthsToVgg([1], [4]), "relu1_1", "tiny");
  const data = Float32Array.from({ length: 108 }, (_, i) => i);
  const tensors = new Map([
    ["features.0.weight", { dtype: "float32" as const, shape: [4, 3, 3, 3], read: () => data }],
    ["features.0.bias", { dtype: "float32" as const, shape: [4], read: () => new Float32Array(4) }],
  ]);
  const arrays = stateDictToArrays({ tensors, location: "tiny", hash: "" }, layers, "tiny");
  const filter = arrays["features.0.weight"]!;
  expect(filter.shape).toEqual([3, 3, 3, 4]);
  // [out 2, in 1, row 0, column 2] of the file.
  expect(filter.data[((0 * 3 + 2) * 3 + 1) * 4 + 2]).toBe(data[((2 * 3 + 1) * 3 + 0) * 3 + 2]);
});

const STAND_INS = [
  ["random", { channels: 3, size: [16, 16] }, [2, 4, 4, 128]],
  ["random", { channels: 1, size: [28, 28] }, [2, 7, 7, 128]],
  ["digits", { channels: 1, size: [28, 28] }, [2, 64]],
] as const satisfies readonly (readonly [string, PerceptualOptions, readonly number[]])[];

describe("the stand-ins", () => {
  it.each(STAND_INS)(
    "%s %j: features have their shape, and gradients reach every image",
    async (name, options, shape) => {
      const network = await openPerceptual(name, options);
      expect(network.name).toBe(name);
      const input = [2, ...options.size, options.channels];
      const data = Float32Array.from({ length: input.reduce((a, b) => a * b) }, (_, i) => Math.sin(i * i));
      expect((await run(network, input, data)).shape).toEqual(shape);
      const program = await engine.compile(
        ({ images }) => {
          const weights = arraysToTensors(network.arrays);
          const loss = (x: tf.Tensor) => tf.sum(tf.square(network.features(x, weights))) as tf.Scalar;
          return { gradient: tf.grad(loss)(images), loss: loss(images) };
        },
        { images: { shape: input } },
      );
      const { gradient, loss } = await program.run({ images: data });
      const half = gradient.data.length / 2;
      for (const image of [gradient.data.subarray(0, half), gradient.data.subarray(half)])
        expect(Math.max(...Array.from(image, Math.abs))).toBeGreaterThan(0);
      // Along its gradient the loss rises as the gradient's length says: float32 losses leave about 3 digits.
      const length = Math.sqrt(Array.from(gradient.data).reduce((sum, value) => sum + value * value, 0));
      const step = 0.01;
      const ahead = data.map((value, i) => value + (step * gradient.data[i]!) / length);
      const behind = data.map((value, i) => value - (step * gradient.data[i]!) / length);
      const lossOf = async (images: Float32Array) => (await program.run({ images })).loss.data[0]!;
      const rise = ((await lossOf(ahead)) - (await lossOf(behind))) / (2 * step);
      expect(loss.data[0]).toBeGreaterThan(0);
      expect(Math.abs(rise / length - 1)).toBeLessThan(0.02);
      await program.dispose();
    },
  );

  it("are the same for the same seed, and others for another", async () => {
    const hashOf = async (seed: number) =>
      (await openPerceptual("random", { channels: 3, size: [16, 16], seed })).hash;
    expect(await hashOf(1)).toBe(await hashOf(1));
    expect(await hashOf(1)).not.toBe(await hashOf(2));
  });

  it("refuse images that they are not for", async () => {
    for (const options of [
      { channels: 3, size: [28, 28] },
      { channels: 1, size: [32, 32] },
    ] as const)
      await expect(openPerceptual("digits", options)).rejects.toMatchObject({ code: "usage.perceptual" });
    await expect(openPerceptual("random", { channels: 3, size: [3, 9] })).rejects.toMatchObject({
      message: expect.stringContaining("at least 4x4"),
    });
    await expect(openPerceptual("random", { channels: 4, size: [16, 16] })).rejects.toMatchObject({
      code: "usage.perceptual",
    });
  });
});
