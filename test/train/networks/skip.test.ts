import { beforeAll, describe, expect, it } from "vitest";
import { loadTensorflow } from "../../../src/engine/tensorflow.ts";
import * as tf from "../../../src/engine/tfjs.ts";
import type { Layer } from "../../../src/train/networks/layers.ts";
import { layersToNetwork, withSpectralNorm } from "../../../src/train/networks/network.ts";
import { applied, expectSlopes, normals, numbers } from "./eager.ts";

beforeAll(() => loadTensorflow());

const DOWN: Layer = { kind: "convolution", filters: 2, size: 2, stride: 2, padding: 0 };
const UP: Layer = { kind: "transposed-convolution", filters: 3, size: 2, stride: 2, padding: 0 };

describe("a skip", () => {
  it("has the body's channels, and behind them the input's", () => {
    const network = layersToNetwork([1, 2, 1], [{ kind: "skip", body: [{ kind: "scale", factor: 10 }] }]);
    expect(network.output).toEqual([1, 2, 2]);
    expect(numbers(applied(network, { x: tf.tensor([1, 2], [1, 1, 2, 1]) }).output)).toEqual([10, 1, 20, 2]);
  });

  it("nests, with the slopes of differences and names by the way to a layer", () => {
    const body: readonly Layer[] = [DOWN, { kind: "skip", body: [DOWN, UP] }, UP];
    const network = layersToNetwork([4, 4, 1], [{ kind: "skip", body }]);
    expect(network.output).toEqual([4, 4, 4]);
    expect(Object.keys(network.weights).filter((name) => name.endsWith("weights"))).toEqual([
      "skip1/body/convolution1/weights",
      "skip1/body/skip1/body/convolution1/weights",
      "skip1/body/skip1/body/transposed-convolution1/weights",
      "skip1/body/transposed-convolution1/weights",
    ]);
    expectSlopes(network, { x: normals([1, 4, 4, 1]) });
  });

  it("is refused where the body does not keep height and width", () => {
    expect(() => layersToNetwork([5, 4, 1], [{ kind: "skip", body: [DOWN, UP] }])).toThrow(
      /keeps height and width, got \[4,4,3\] from \[5,4,1\]/,
    );
  });

  it("has a spectral norm in its body, if it is to have any", () => {
    const spectral = withSpectralNorm(layersToNetwork([4, 4, 1], [{ kind: "skip", body: [DOWN, UP] }]));
    expect(Object.keys(spectral.buffers)).toEqual(
      ["convolution1", "transposed-convolution1"].flatMap((name) => [
        `skip1/body/${name}/u`,
        `skip1/body/${name}/v`,
      ]),
    );
  });
});
