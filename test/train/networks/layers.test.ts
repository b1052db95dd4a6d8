import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { loadTensorflow } from "../../../src/engine/tensorflow.ts";
import type { Layer, Shape } from "../../../src/train/networks/layers.ts";
import { layersToNetwork, specsToArrays } from "../../../src/train/networks/network.ts";
import { openRandomStream } from "../../../src/train/random.ts";

beforeAll(() => loadTensorflow());

/** One layer on one example, and its arrays. */
function applied(layer: Layer, input: Shape) {
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
    const { x, weights, biases, output, shape, planned } = applied(layer, input);
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
  ] as const)("%j on %j", (options, input) => {
    const layer = { kind: "transposed-convolution", ...options } as const;
    const { x, weights, biases, output, shape, planned } = applied(layer, input);
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

describe("up-sampling", () => {
  it("repeats every pixel", () => {
    const network = layersToNetwork([2, 1, 1], [{ kind: "up-sampling", height: 4, width: 2 }]);
    const { output } = network.apply(tf.tensor([1, 2], [1, 2, 1, 1]), { weights: {}, buffers: {} }, "train");
    expect([...output.dataSync()]).toEqual([1, 1, 1, 1, 2, 2, 2, 2]);
  });
});

describe("dropout of channels", () => {
  const network = layersToNetwork([2, 2, 3], [{ kind: "channel-dropout", rate: 0.25 }]);
  const x = () => tf.ones([1, 2, 2, 3]);

  it("leaves whole channels out where the number is below the rate, and scales the others up", () => {
    expect(network.noise).toEqual({ "channel-dropout1/keep": [1, 1, 3] });
    const noise = { "channel-dropout1/keep": tf.tensor([0.1, 0.25, 0.9], [1, 1, 1, 3]) };
    const { output } = network.apply(x(), { weights: {}, buffers: {}, noise }, "train");
    [...output.dataSync()].forEach((value, i) => {
      expect(value).toBeCloseTo([0, 4 / 3, 4 / 3][i % 3], 6);
    });
  });

  it("does nothing when evaluated", () => {
    const { output } = network.apply(x(), { weights: {}, buffers: {} }, "evaluate");
    expect([...output.dataSync()]).toEqual(Array(12).fill(1));
  });
});
