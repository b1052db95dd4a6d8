import { beforeAll, describe, expect, it } from "vitest";
import { loadTensorflow } from "../../../src/engine/tensorflow.ts";
import * as tf from "../../../src/engine/tfjs.ts";
import { layersToNetwork } from "../../../src/train/networks/network.ts";
import { applied, expectClose, expectSlopes, normals, numbers } from "./eager.ts";

beforeAll(() => loadTensorflow());

/** The deviation over the batch at each place, averaged. */
function meanDeviation(pixels: readonly number[], batch: number): number {
  const size = pixels.length / batch;
  const deviations = Array.from({ length: size }, (_, at) => {
    const values = Array.from({ length: batch }, (_, n) => pixels[n * size + at]);
    const mean = values.reduce((a, b) => a + b) / batch;
    return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / batch);
  });
  return deviations.reduce((a, b) => a + b) / size;
}

describe("the deviation over the batch", () => {
  it.each([
    ["images, as one more channel", [3, 2, 2]],
    ["flat examples, as one more number", [4]],
  ])("is appended to %s", (_what, input) => {
    const network = layersToNetwork(input, [{ kind: "batch-deviation" }]);
    const x = normals([5, ...input]);
    expect(network.output).toEqual([...input.slice(0, -1), input[input.length - 1] + 1]);
    const expected = meanDeviation(numbers(x), 5);
    for (const mode of ["train", "evaluate"] as const) {
      const { output } = applied(network, { x, mode });
      const rows = tf.reshape(output, [-1, network.output[network.output.length - 1]]);
      const [own, appended] = tf.split(rows, [input[input.length - 1], 1], 1);
      expectClose(numbers(own), numbers(x));
      expectClose(numbers(appended), Array(appended.size).fill(expected));
    }
  });

  it("has the slopes of differences, and finite ones where nothing varies", () => {
    const network = layersToNetwork([2, 1, 2], [{ kind: "batch-deviation" }]);
    expectSlopes(network, { x: normals([3, 2, 1, 2]) });
    const slope = tf.grad((x: tf.Tensor) => applied(network, { x }).output)(tf.ones([3, 2, 1, 2]));
    expect(numbers(slope).every(Number.isFinite)).toBe(true);
  });
});
