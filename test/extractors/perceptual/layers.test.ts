import { describe, expect, it } from "vitest";
import {
  layersToParameterCount,
  layersUpTo,
  NETWORK_NAMES,
  NETWORKS,
  sideToLastSide,
} from "../../../src/extractors/perceptual/layers.ts";

/** Of torchvision's networks, up to the layer. */
const COUNTS = [
  ["vgg19", "relu3_4", 2_325_568],
  ["vgg19", "conv5_4", 20_024_384],
  ["vgg16", "relu5_3", 14_714_688],
  ["alexnet", "relu5", 2_469_696],
] as const;

describe("the networks", () => {
  it.each(COUNTS)("%s up to %s has %d weights and biases", (network, layer, count) => {
    expect(layersToParameterCount(layersUpTo(NETWORKS[network], layer, network))).toBe(count);
  });

  it("have the convolutions of torchvision's state dicts", () => {
    const keysOf = (network: keyof typeof NETWORKS) =>
      NETWORKS[network].flatMap((layer) => ("key" in layer ? [Number(layer.key.slice(9))] : []));
    expect(keysOf("vgg19")).toEqual([0, 2, 5, 7, 10, 12, 14, 16, 19, 21, 23, 25, 28, 30, 32, 34]);
    expect(keysOf("vgg16")).toEqual([0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28]);
    expect(keysOf("alexnet")).toEqual([0, 3, 6, 8, 10]);
  });

  it.each(NETWORK_NAMES)("%s has no two layers of one name", (network) => {
    const names = NETWORKS[network].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each([
    ["vgg19", "conv5_4", 15, 0],
    ["vgg19", "conv5_4", 16, 1],
    ["vgg19", "conv5_4", 28, 1],
    ["vgg16", "relu3_3", 224, 56],
    ["alexnet", "relu5", 224, 13],
    ["alexnet", "relu5", 63, 3],
  ] as const)("%s: the maps of %s of an image of %d have sides of %d", (network, layer, side, last) => {
    expect(sideToLastSide(layersUpTo(NETWORKS[network], layer, network), side)).toBe(last);
  });
});
