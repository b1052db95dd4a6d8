import { describe, expect, it } from "vitest";
import { openEngine } from "../../../src/engine/index.ts";
import { SCALINGS } from "../../../src/extractors/custom/custom-options.ts";
import { imageToInput } from "../../../src/extractors/custom/preprocessing.ts";
import { compileNetwork } from "../../../src/extractors/named/compile-network.ts";
import {
  type ConvolutionalShape,
  stateDictToConvolutional,
} from "../../../src/extractors/named/convolutional.ts";
import type { NetworkLayer } from "../../../src/extractors/perceptual/layers.ts";
import type { StateDict } from "../../../src/extractors/perceptual/read-state-dict.ts";
import { differenceOf, formulaTensors, goldenOf, smallImages } from "./small-networks.ts";

const SIDE = 8;

const convolution = (place: number, into: number, out: number): NetworkLayer => ({
  ...{ kind: "convolution", name: `conv${place}`, key: `features.${place}` },
  ...{ filter: [3, 3, into, out], stride: 1, pad: 1 },
});
const rectifier = { kind: "rectifier", name: "relu" } as const;
const pool = (name: string): NetworkLayer => ({ kind: "pool", name, size: 2, stride: 2 });

/** torchvision's list of channels 4, M, 6, 8, M. */
const SHAPE: ConvolutionalShape = {
  layers: [
    ...[convolution(0, 3, 4), rectifier, pool("pool1")],
    ...[convolution(3, 4, 6), rectifier, convolution(5, 6, 8), rectifier, pool("pool2")],
  ],
  ...{ dense: [0, 3, 6], hidden: 16, classes: 5 },
};

function stateDict(without: readonly string[] = []): StateDict {
  const tensors = new Map(
    [...formulaTensors(goldenOf("vgg", "torchvision"))]
      .filter(([key]) => !without.includes(key))
      .map(([key, { data, shape }]) => [key, { dtype: "float32", shape, read: () => data } as const]),
  );
  return { location: "small.pth", tensors, hash: "" };
}

describe("a network of convolutions and dense layers", () => {
  it("is torchvision's to 2e-6, after the second rectifier and at the classes", async () => {
    const engine = await openEngine({ engine: "onnx", threads: 1 });
    const network = stateDictToConvolutional(stateDict(), SHAPE, SIDE, "small VGG");
    const images = smallImages(SIDE);
    const size = SIDE * SIDE * 3;
    const input = new Float32Array(images.length * size);
    const sides = { height: SIDE, width: SIDE, channels: 3, layout: "nhwc", resize: "clean" } as const;
    for (const [i, image] of images.entries())
      imageToInput(
        image,
        { ...sides, ...SCALINGS.imagenet },
        input.subarray(i * size, (i + 1) * size),
        new Float32Array(size),
      );
    const ends = ["fc2", "logits"];
    const program = await compileNetwork(engine, network, { name: "small", batchSize: 3, side: SIDE, ends });
    const made = await program.run({ images: input });
    const golden = goldenOf("vgg", "torchvision").results[0]!.ends;
    for (const end of ends)
      expect(differenceOf(made[end]!.data as Float32Array, golden[end]!)).toBeLessThan(2e-6);
    expect(golden.fc2!.flat().every((value) => value >= 0)).toBe(true);
    await program.dispose();
    await engine.dispose();
    expect(Object.keys(network.arrays)).toEqual([]);
  });

  it("is refused without its dense layers", () => {
    const half = stateDict(["classifier.3.weight"]);
    expect(() => stateDictToConvolutional(half, SHAPE, SIDE, "small VGG")).toThrow(
      /expected classifier\.3\.weight of shape \[16, 16\] in small\.pth/,
    );
  });
});
