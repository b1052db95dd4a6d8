import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { loadTensorflow } from "../../../src/engine/tensorflow.ts";
import * as tf from "../../../src/engine/tfjs.ts";
import { layersToNetwork } from "../../../src/train/networks/network.ts";
import { applied, expectClose, expectSlopes, normals, numbers } from "./eager.ts";

beforeAll(() => loadTensorflow());

const POOLS = {
  "average-pool": (values: readonly number[]) => values.reduce((a, b) => a + b) / values.length,
  "max-pool": (values: readonly number[]) => Math.max(...values),
} as const;

const SIZE = fc.record({
  height: fc.integer({ min: 3, max: 7 }),
  width: fc.integer({ min: 3, max: 7 }),
  size: fc.integer({ min: 1, max: 3 }),
  stride: fc.integer({ min: 1, max: 3 }),
  padding: fc.integer({ min: 0, max: 1 }),
});

describe.each(Object.keys(POOLS) as (keyof typeof POOLS)[])("%s", (kind) => {
  it("is of the pixels of each square that lie inside the image, with the slopes of differences", () => {
    fc.assert(
      fc.property(SIZE, ({ height, width, size, stride, padding }) => {
        fc.pre(2 * padding <= size);
        const network = layersToNetwork([height, width, 1], [{ kind, size, stride, padding }]);
        const x = normals([1, height, width, 1], 3);
        const pixels = numbers(x);
        const expected: number[] = [];
        for (let y = -padding; y + size <= height + padding; y += stride)
          for (let left = -padding; left + size <= width + padding; left += stride) {
            const inside: number[] = [];
            for (let row = Math.max(0, y); row < Math.min(height, y + size); row++)
              for (let column = Math.max(0, left); column < Math.min(width, left + size); column++)
                inside.push(pixels[row * width + column]);
            expected.push(POOLS[kind](inside));
          }
        const { output } = applied(network, { x });
        expect(output.shape.slice(1)).toEqual(network.output);
        expectClose(numbers(output), expected);
        // Of values far apart: a difference's step must not change which is the largest.
        const apart = Array.from({ length: height * width }, (_, i) => ((17 * i) % 53) / 10);
        expectSlopes(network, { x: tf.tensor(apart, [1, height, width, 1]) });
      }),
      { numRuns: 12, seed: 2020 },
    );
  });

  it("refuses more padding than half a square, where squares without a pixel would be", () => {
    expect(() => layersToNetwork([4, 4, 1], [{ kind, size: 3, stride: 1, padding: 2 }])).toThrow(
      /at most half its size 3, got 2/,
    );
  });
});

describe("a global average pool", () => {
  it("is the mean of each channel", () => {
    const network = layersToNetwork([2, 2, 2], [{ kind: "global-average-pool" }]);
    const x = tf.tensor([0, 10, 1, 20, 2, 30, 5, 40], [1, 2, 2, 2]);
    expect(network.output).toEqual([2]);
    expect(numbers(applied(network, { x }).output)).toEqual([2, 25]);
    expectSlopes(network, { x: normals([2, 2, 2, 2]) });
  });
});
