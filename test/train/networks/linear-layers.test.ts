import { beforeAll, describe, expect, it } from "vitest";
import { loadTensorflow } from "../../../src/engine/tensorflow.ts";
import * as tf from "../../../src/engine/tfjs.ts";
import type { Layer, Shape } from "../../../src/train/networks/layers.ts";
import { layersToNetwork, specsToArrays } from "../../../src/train/networks/network.ts";
import { openRandomStream } from "../../../src/train/random.ts";
import { applied, expectClose, expectSlopes, normals, numbers, specsToTensors } from "./eager.ts";

beforeAll(() => loadTensorflow());

/** One layer on one example, and its arrays. */
function onOneExample(layer: Layer, input: Shape) {
  const network = layersToNetwork(input, [layer]);
  const random = openRandomStream(1, "weights");
  const arrays = specsToArrays(network.weights, random);
  const x = random.normal(new Float32Array(input.reduce((a, b) => a * b, 1)));
  const weights = Object.fromEntries(
    Object.entries(arrays).map(([name, { data, shape }]) => [name, tf.tensor(data, [...shape]) as tf.Tensor]),
  );
  const { output } = network.apply(tf.tensor(x, [1, ...input]), { weights, buffers: {} }, "train");
  return {
    x,
    weights: arrays[`${layer.kind}1/weights`].data,
    biases: arrays[`${layer.kind}1/biases`].data,
    output: output.dataSync(),
    shape: output.shape.slice(1),
    planned: network.output,
  };
}

describe("a convolution is PyTorch's Conv2d", () => {
  it.each([
    [{ filters: 3, size: 3, stride: 2, padding: 1 }, [6, 5, 2]],
    [{ filters: 2, size: 4, stride: 2, padding: 1 }, [8, 6, 1]],
    [{ filters: 2, size: 3, stride: 1, padding: 1 }, [4, 4, 3]],
  ] as const)("%j on %j", (options, input) => {
    const layer = { kind: "convolution", ...options } as const;
    const { x, weights, biases, output, shape, planned } = onOneExample(layer, input);
    expect(shape).toEqual(planned);
    const [height, width, channels] = input;
    const { size, stride, padding, filters } = options;
    let at = 0;
    for (let oy = 0; oy < planned[0]; oy++)
      for (let ox = 0; ox < planned[1]; ox++)
        for (let f = 0; f < filters; f++) {
          let sum = biases[f];
          for (let ky = 0; ky < size; ky++)
            for (let kx = 0; kx < size; kx++)
              for (let c = 0; c < channels; c++) {
                const [y, xx] = [oy * stride + ky - padding, ox * stride + kx - padding];
                if (y < 0 || xx < 0 || y >= height || xx >= width) continue;
                sum +=
                  x[(y * width + xx) * channels + c] *
                  weights[((ky * size + kx) * channels + c) * filters + f];
              }
          expect(output[at++]).toBeCloseTo(sum, 5);
        }
  });
});

describe("a transposed convolution is PyTorch's ConvTranspose2d", () => {
  it.each([
    [{ filters: 3, size: 4, stride: 2, padding: 1 }, [3, 4, 2]],
    [{ filters: 1, size: 5, stride: 2, padding: 2 }, [4, 4, 2]],
    [{ filters: 2, size: 3, stride: 2, padding: 1, outputPadding: 1 }, [4, 3, 2]],
  ] as const)("%j on %j", (options, input) => {
    const layer = { kind: "transposed-convolution", ...options } as const;
    const { x, weights, biases, output, shape, planned } = onOneExample(layer, input);
    expect(shape).toEqual(planned);
    const [height, width, channels] = input;
    const { size, stride, padding, filters } = options;
    // Every input pixel adds its window to the output.
    const expected = Float64Array.from({ length: output.length }, (_, i) => biases[i % filters]);
    for (let y = 0; y < height; y++)
      for (let xx = 0; xx < width; xx++)
        for (let ky = 0; ky < size; ky++)
          for (let kx = 0; kx < size; kx++) {
            const [oy, ox] = [y * stride + ky - padding, xx * stride + kx - padding];
            if (oy < 0 || ox < 0 || oy >= planned[0] || ox >= planned[1]) continue;
            for (let f = 0; f < filters; f++)
              for (let c = 0; c < channels; c++)
                expected[(oy * planned[1] + ox) * filters + f] +=
                  x[(y * width + xx) * channels + c] *
                  weights[((ky * size + kx) * filters + f) * channels + c];
          }
    expected.forEach((value, i) => {
      expect(output[i]).toBeCloseTo(value, 5);
    });
  });
});

it("a transposed convolution of stride 2 doubles with an output padding of 1, and refuses one of 2", () => {
  const layer = { kind: "transposed-convolution", filters: 1, size: 3, stride: 2, padding: 1 } as const;
  expect(layersToNetwork([4, 5, 1], [{ ...layer, outputPadding: 1 }]).output).toEqual([8, 10, 1]);
  expect(layersToNetwork([4, 5, 1], [layer]).output).toEqual([7, 9, 1]);
  expect(() => layersToNetwork([4, 5, 1], [{ ...layer, outputPadding: 2 }])).toThrow(
    /less than the stride 2/,
  );
});

describe("maxout", () => {
  const network = layersToNetwork([3], [{ kind: "maxout", units: 2, pieces: 3 }]);

  it("is the largest of a unit's linear functions, which lie side by side", () => {
    const x = normals([4, 3]);
    const weights = specsToTensors(network.weights);
    const [w, b, examples] = [weights["maxout1/weights"], weights["maxout1/biases"], x].map(numbers);
    const expected = Array.from({ length: 8 }, (_, at) => {
      const [n, unit] = [Math.floor(at / 2), at % 2];
      const pieces = [0, 1, 2].map((piece) => {
        const column = unit * 3 + piece;
        return [0, 1, 2].reduce((sum, i) => sum + examples[n * 3 + i] * w[i * 6 + column], b[column]);
      });
      return Math.max(...pieces);
    });
    expect(network.output).toEqual([2]);
    expectClose(numbers(applied(network, { x, weights }).output), expected);
  });

  it("has the slopes of the largest", () => {
    expectSlopes(network, { x: normals([3, 3], 5) });
  });
});

describe("weights as a layer asks for them", () => {
  const drawn = (layer: Layer) =>
    specsToArrays(layersToNetwork([64], [layer]).weights, openRandomStream(1, "weights"));
  const largest = (data: ArrayLike<number>) => Math.max(...Array.from(data, Math.abs));

  it("are uniform within a bound, with biases of zero", () => {
    const arrays = drawn({ kind: "dense", units: 32, bound: 0.5, bias: "zeros" });
    expect(largest(arrays["dense1/weights"].data)).toBeLessThanOrEqual(0.5);
    expect(largest(arrays["dense1/weights"].data)).toBeGreaterThan(0.48);
    expect(largest(arrays["dense1/biases"].data)).toBe(0);
  });

  it("are normal with a deviation, with PyTorch's biases", () => {
    const arrays = drawn({ kind: "dense", units: 64, deviation: 3 });
    const squares = Array.from(arrays["dense1/weights"].data, (value) => value * value);
    // Of 4,096 draws, the deviation is known to 3 sqrt(1 / 8,192), three standard errors.
    expect(Math.sqrt(squares.reduce((a, b) => a + b) / squares.length)).toBeCloseTo(3, 0);
    expect(largest(arrays["dense1/biases"].data)).toBeLessThanOrEqual(1 / 8);
  });

  it("have no biases where none are wanted", () => {
    expect(Object.keys(drawn({ kind: "dense", units: 4, bias: false }))).toEqual(["dense1/weights"]);
  });
});
