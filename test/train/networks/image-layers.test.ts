import { beforeAll, describe, expect, it } from "vitest";
import { loadTensorflow } from "../../../src/engine/tensorflow.ts";
import * as tf from "../../../src/engine/tfjs.ts";
import { layersToNetwork } from "../../../src/train/networks/network.ts";
import { applied, expectClose, expectSlopes, normals, numbers } from "./eager.ts";

beforeAll(() => loadTensorflow());

/** 0, 1, 2, ... */
const counted = (shape: readonly number[]): tf.Tensor =>
  tf.reshape(
    tf.range(
      0,
      shape.reduce((a, b) => a * b, 1),
    ),
    [...shape],
  );

describe("up-sampling", () => {
  it("repeats every pixel", () => {
    const network = layersToNetwork([2, 1, 1], [{ kind: "up-sampling", height: 4, width: 2 }]);
    const { output } = applied(network, { x: tf.tensor([1, 2], [1, 2, 1, 1]) });
    expect(numbers(output)).toEqual([1, 1, 1, 1, 2, 2, 2, 2]);
  });
});

describe("a crop", () => {
  const network = layersToNetwork([3, 3, 1], [{ kind: "crop", height: 2, width: 1 }]);

  it("keeps the top left", () => {
    const { output } = applied(network, { x: counted([1, 3, 3, 1]) });
    expect(output.shape).toEqual([1, 2, 1, 1]);
    expect(numbers(output)).toEqual([0, 3]);
  });

  it("has the slopes of what it keeps", () => {
    expectSlopes(network, { x: normals([2, 3, 3, 1]) });
  });

  it("does not make images larger", () => {
    expect(() => layersToNetwork([3, 3, 1], [{ kind: "crop", height: 4, width: 1 }])).toThrow(/4 x 1 pixels/);
  });
});

describe("an average pool", () => {
  const network = layersToNetwork([5, 4, 2], [{ kind: "average-pool", size: 2 }]);

  it("is the mean of each square, and leaves a rest out", () => {
    const x = normals([3, 5, 4, 2]);
    const pixels = numbers(x);
    const expected: number[] = [];
    for (let n = 0; n < 3; n++)
      for (let y = 0; y < 2; y++)
        for (let xx = 0; xx < 2; xx++)
          for (let c = 0; c < 2; c++) {
            const at = (dy: number, dx: number) => pixels[((n * 5 + 2 * y + dy) * 4 + 2 * xx + dx) * 2 + c];
            expected.push((at(0, 0) + at(0, 1) + at(1, 0) + at(1, 1)) / 4);
          }
    expect(network.output).toEqual([2, 2, 2]);
    expectClose(numbers(applied(network, { x }).output), expected);
  });

  it("has their slopes", () => {
    expectSlopes(network, { x: normals([1, 5, 4, 2]) });
  });

  it("refuses images of less than a square", () => {
    expect(() => layersToNetwork([1, 4, 1], [{ kind: "average-pool", size: 2 }])).toThrow(/large enough/);
  });
});

describe("a global sum pool", () => {
  it("sums each channel", () => {
    const network = layersToNetwork([2, 2, 2], [{ kind: "global-sum-pool" }]);
    const { output } = applied(network, { x: counted([2, 2, 2, 2]) });
    expect(network.output).toEqual([2]);
    expect(output.arraySync()).toEqual([
      [0 + 2 + 4 + 6, 1 + 3 + 5 + 7],
      [8 + 10 + 12 + 14, 9 + 11 + 13 + 15],
    ]);
    expectSlopes(network, { x: normals([2, 2, 2, 2]) });
  });
});

describe("a pixel shuffle", () => {
  it("makes squares of channels in PyTorch's order", () => {
    const [height, width, filters, r] = [2, 3, 2, 2];
    const network = layersToNetwork([height, width, filters * r * r], [{ kind: "pixel-shuffle", factor: r }]);
    const x = counted([2, height, width, filters * r * r]);
    const { output } = applied(network, { x });
    expect(network.output).toEqual([height * r, width * r, filters]);
    const [before, after] = [x.arraySync(), output.arraySync()] as number[][][][][];
    // out[c, h r + i, w r + j] = in[c r^2 + i r + j, h, w]
    for (const n of [0, 1])
      for (let c = 0; c < filters; c++)
        for (let h = 0; h < height; h++)
          for (let w = 0; w < width; w++)
            for (let i = 0; i < r; i++)
              for (let j = 0; j < r; j++)
                expect(after[n][h * r + i][w * r + j][c]).toBe(before[n][h][w][c * r * r + i * r + j]);
  });

  it("has the slopes of what it moves", () => {
    expectSlopes(layersToNetwork([2, 1, 9], [{ kind: "pixel-shuffle", factor: 3 }]), {
      x: normals([1, 2, 1, 9]),
    });
  });

  it("refuses channels that make no squares", () => {
    expect(() => layersToNetwork([2, 2, 6], [{ kind: "pixel-shuffle", factor: 2 }])).toThrow(
      /multiple of 4 channels/,
    );
  });
});
