import { describe, expect, it } from "vitest";
import {
  convolutionalDiscriminator,
  stridedDiscriminator,
  transposedGenerator,
  upSamplingGenerator,
} from "../../../src/train/networks/convolutional.ts";
import { dcganDiscriminator, dcganGenerator } from "../../../src/train/networks/dcgan.ts";
import type { Network } from "../../../src/train/networks/network.ts";
import { resnetDiscriminator, resnetGenerator } from "../../../src/train/networks/resnet.ts";

/** The shapes on the way, each once. */
const shapes = (network: Network) => [...new Set(network.layers.map(({ output }) => output.join("x")))];

describe("the up-sampling pair of PyTorch-GAN", () => {
  it("fits together at any size", () => {
    for (const image of [
      [28, 28, 1],
      [30, 19, 3],
      [5, 5, 1],
      [1, 1, 1],
    ] as const) {
      expect(upSamplingGenerator(8, image).output).toEqual(image);
      expect(stridedDiscriminator(image).output).toEqual([1]);
    }
  });
});

describe("the pair of Lucic et al.", () => {
  it("has the layers of the paper", () => {
    expect(shapes(transposedGenerator(64, [28, 28, 1]))).toEqual([
      "1024",
      "6272",
      "7x7x128",
      "14x14x64",
      "28x28x1",
    ]);
    expect(shapes(convolutionalDiscriminator([28, 28, 1]))).toEqual([
      "14x14x64",
      "7x7x128",
      "6272",
      "1024",
      "1",
    ]);
  });

  it("cuts sizes that 4 does not divide", () => {
    expect(shapes(transposedGenerator(64, [17, 23, 3])).slice(2)).toEqual([
      "5x6x128",
      "10x12x64",
      "9x12x64",
      "18x24x3",
      "17x23x3",
    ]);
  });
});

describe("DCGAN", () => {
  it("has the layers of the paper at 64 x 64, half as wide", () => {
    expect(shapes(dcganGenerator(100, [64, 64, 3]))).toEqual([
      "8192",
      "4x4x512",
      "8x8x256",
      "16x16x128",
      "32x32x64",
      "64x64x3",
    ]);
    expect(shapes(dcganDiscriminator([64, 64, 3]))).toEqual([
      "32x32x64",
      "16x16x128",
      "8x8x256",
      "4x4x512",
      "8192",
      "1",
    ]);
  });

  it("fits together at every size from 8 on", () => {
    for (let side = 8; side <= 70; side++) {
      const image = [side, 78 - side, 1] as const;
      expect(dcganGenerator(4, image).output).toEqual(image);
      expect(dcganDiscriminator(image).output).toEqual([1]);
    }
  });
});

describe("the residual networks", () => {
  it("double three times where the image is large enough, and halve twice", () => {
    expect(shapes(resnetGenerator(8, [32, 32, 3])).slice(1)).toEqual([
      "4x4x64",
      "8x8x64",
      "16x16x64",
      "32x32x64",
      "32x32x3",
    ]);
    expect(shapes(resnetDiscriminator([32, 32, 3]))).toEqual(["16x16x64", "8x8x64", "64", "1"]);
    expect(shapes(resnetGenerator(8, [8, 8, 1])).slice(1)).toEqual(["4x4x64", "8x8x64", "8x8x1"]);
  });

  it("fit together at every size from 4 on", () => {
    for (let side = 4; side <= 40; side++) {
      const image = [side, 44 - side, 1] as const;
      expect(resnetGenerator(4, image).output).toEqual(image);
      expect(resnetDiscriminator(image).output).toEqual([1]);
    }
  });
});
