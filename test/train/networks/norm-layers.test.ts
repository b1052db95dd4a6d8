import { beforeAll, describe, expect, it } from "vitest";
import { loadTensorflow } from "../../../src/engine/tensorflow.ts";
import * as tf from "../../../src/engine/tfjs.ts";
import type { Layer } from "../../../src/train/networks/layers.ts";
import { layersToNetwork } from "../../../src/train/networks/network.ts";
import { applied, expectClose, expectSlopes, normals, numbers, specsToTensors } from "./eager.ts";

beforeAll(() => loadTensorflow());

const SHAPE = [3, 2, 2] as const;
const BATCH = 2;
const PIXELS = 6;
const one = (layer: Layer) => layersToNetwork(SHAPE, [layer]);

/** The value in row-major order of [n, pixel, channel]. */
const at = (values: readonly number[], n: number, pixel: number, channel: number): number =>
  values[(n * PIXELS + pixel) * 2 + channel];

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b) / values.length;
const squares = (values: readonly number[]): number => {
  const middle = mean(values);
  return values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
};

/** Each channel of each image by its own moments, times `scale(n, c)`, plus `offset(n, c)`. */
function instanceNormed(
  values: readonly number[],
  scale = (_n: number, _c: number) => 1,
  offset = (_n: number, _c: number) => 0,
  epsilon = 1e-5,
): number[] {
  return values.map((value, i) => {
    const [n, c] = [Math.floor(i / (2 * PIXELS)), i % 2];
    const own = Array.from({ length: PIXELS }, (_, pixel) => at(values, n, pixel, c));
    return scale(n, c) * ((value - mean(own)) / Math.sqrt(squares(own) / PIXELS + epsilon)) + offset(n, c);
  });
}

describe("instance norm", () => {
  it("normalises each channel of each image by its own moments", () => {
    const network = one({ kind: "instance-norm", epsilon: 1e-2 });
    const x = normals([BATCH, ...SHAPE]);
    expect(network.weights).toEqual({});
    expectClose(
      numbers(applied(network, { x }).output),
      instanceNormed(numbers(x), undefined, undefined, 1e-2),
    );
    expectSlopes(network, { x });
  });

  it("is the same whatever else is in the batch, and in training as in evaluation", () => {
    const network = one({ kind: "instance-norm", affine: true });
    const x = normals([BATCH, ...SHAPE]);
    const both = numbers(applied(network, { x }).output);
    const first = tf.slice(x, [0, 0, 0, 0], [1, -1, -1, -1]);
    expectClose(numbers(applied(network, { x: first, mode: "evaluate" }).output), both.slice(0, 2 * PIXELS));
  });

  it("has a learnt scale and offset for each channel if it is affine, drawn around 1 if asked for", () => {
    const network = one({ kind: "instance-norm", affine: true });
    const start = specsToTensors(network.weights);
    expect(numbers(start["instance-norm1/scale"])).toEqual([1, 1]);
    expect(numbers(start["instance-norm1/offset"])).toEqual([0, 0]);
    const drawn = specsToTensors(one({ kind: "instance-norm", affine: true, deviation: 0.02 }).weights);
    for (const scale of numbers(drawn["instance-norm1/scale"])) {
      expect(scale).not.toBe(1);
      expect(Math.abs(scale - 1)).toBeLessThan(0.2);
    }
    const [scale, offset] = [
      [2, -1],
      [0.5, 3],
    ];
    const weights = { "instance-norm1/scale": tf.tensor(scale), "instance-norm1/offset": tf.tensor(offset) };
    const x = normals([BATCH, ...SHAPE]);
    expectClose(
      numbers(applied(network, { x, weights }).output),
      instanceNormed(
        numbers(x),
        (_n, c) => scale[c],
        (_n, c) => offset[c],
      ),
    );
    expectSlopes(network, { x, weights });
  });

  it.each([{ kind: "instance-norm" }, { kind: "adain", side: "style", length: 4 }] as const)(
    "of $kind is refused for one pixel alone, of which nothing would be left",
    (layer) => {
      expect(() => layersToNetwork([1, 1, 2], [layer])).toThrow(/more than one pixel .* got \[1,1,2\]/);
      expect(layersToNetwork([1, 2, 2], [layer]).output).toEqual([1, 2, 2]);
    },
  );
});

describe("layer norm", () => {
  const network = one({ kind: "layer-norm" });

  it("divides each image by its unbiased deviation plus epsilon, then scales and moves each channel", () => {
    const x = normals([BATCH, ...SHAPE]);
    const values = numbers(x);
    const [scale, offset] = [
      [2, -1],
      [0.5, 3],
    ];
    const size = 2 * PIXELS;
    const expected = values.map((value, i) => {
      const own = values.slice(Math.floor(i / size) * size).slice(0, size);
      const scaled = (value - mean(own)) / (Math.sqrt(squares(own) / (size - 1)) + 1e-5);
      return scaled * scale[i % 2] + offset[i % 2];
    });
    const weights = { "layer-norm1/scale": tf.tensor(scale), "layer-norm1/offset": tf.tensor(offset) };
    expectClose(numbers(applied(network, { x, weights }).output), expected);
    expectSlopes(network, { x, weights });
  });

  it("begins with scales uniform in [0, 1), and offsets of 0", () => {
    const many = layersToNetwork([1, 1, 400], [{ kind: "layer-norm" }]);
    const scales = numbers(specsToTensors(many.weights)["layer-norm1/scale"]);
    expect(Math.min(...scales)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...scales)).toBeLessThan(1);
    expect(mean(scales)).toBeCloseTo(0.5, 1);
    expect(new Set(numbers(specsToTensors(many.weights)["layer-norm1/offset"]))).toEqual(new Set([0]));
  });
});

describe("adaptive instance norm", () => {
  const network = one({ kind: "adain", side: "style", length: 7, from: 2 });

  it("takes offsets, then scales, of its place in the side input, for each image", () => {
    expect(network.sides).toEqual({ style: [7] });
    const x = normals([BATCH, ...SHAPE]);
    const style = normals([BATCH, 7], 3);
    const read = numbers(style);
    expectClose(
      numbers(applied(network, { x, sides: { style } }).output),
      instanceNormed(
        numbers(x),
        (n, c) => read[7 * n + 4 + c],
        (n, c) => read[7 * n + 2 + c],
      ),
    );
    expectSlopes(network, { x, sides: { style } });
  });

  it("has slopes in the side input, only in what it reads of it", () => {
    const x = normals([1, ...SHAPE]);
    const weighted = (style: tf.Tensor): tf.Tensor =>
      tf.mul(applied(network, { x, sides: { style } }).output, normals([1, ...SHAPE], 5));
    const slope = numbers(tf.grad(weighted)(normals([1, 7], 3)));
    expect(slope.map((value) => value !== 0)).toEqual([false, false, true, true, true, true, false]);
  });
});

it.each(["instance-norm", "layer-norm"] as const)("%s refuses what is no image", (kind) => {
  expect(() => layersToNetwork([4], [{ kind }])).toThrow(/height, width and channels/);
});
