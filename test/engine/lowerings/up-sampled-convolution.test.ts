import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openOnnxEngine } from "../../../src/engine/compile.ts";
import type { Engine, Tensors } from "../../../src/engine/engine.ts";
import * as tf from "../../../src/engine/tfjs.ts";
import { functionToGraph } from "../../../src/engine/trace.ts";
import { Draw } from "./draw.ts";

type Padding = [[0, 0], [number, number], [number, number], [0, 0]];

interface Case {
  readonly input: [number, number, number, number];
  readonly times: [number, number];
  readonly filter: [number, number, number, number];
  readonly pads: [number, number, number, number];
}

const CASES: Record<string, Case> = {
  "of the common block": { input: [2, 4, 4, 3], times: [2, 2], filter: [3, 3, 3, 2], pads: [1, 1, 1, 1] },
  "of one channel": { input: [2, 3, 5, 1], times: [2, 2], filter: [3, 3, 1, 1], pads: [1, 1, 1, 1] },
  "of odd sizes, three times": {
    input: [1, 3, 5, 2],
    times: [3, 3],
    filter: [3, 3, 2, 2],
    pads: [1, 1, 1, 1],
  },
  "of a 5x5 filter": { input: [2, 4, 3, 2], times: [2, 2], filter: [5, 5, 2, 3], pads: [2, 2, 2, 2] },
  "of an even filter, padded unevenly": {
    ...{ input: [1, 3, 3, 2], times: [2, 2] },
    ...{ filter: [4, 2, 2, 3], pads: [1, 2, 0, 1] },
  },
  "without padding": { input: [1, 3, 3, 2], times: [2, 2], filter: [3, 3, 2, 2], pads: [0, 0, 0, 0] },
  "along one axis only": { input: [1, 3, 3, 2], times: [1, 2], filter: [3, 3, 2, 2], pads: [1, 1, 1, 1] },
};

type UpSample = (x: tf.Tensor, layout: Case) => tf.Tensor;

const byResizing: UpSample = (x, { input, times }) =>
  tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [input[1] * times[0], input[2] * times[1]]);

/** The same by other kernels: the resize's gradient of tensorflow.js's cpu backend is wrong beyond the first image. */
const byGathering: UpSample = (x, { input, times }) =>
  [0, 1].reduce((large, i) => {
    const from = Array.from({ length: input[i + 1] * times[i] }, (_, at) => Math.floor(at / times[i]));
    return tf.gather(large, tf.tensor1d(from, "int32"), i + 1);
  }, x);

/** The pair and its gradients with respect to both inputs; weights tell the elements apart. */
function pairAndGradients(layout: Case, upSample: UpSample = byResizing) {
  const { pads } = layout;
  const pair = (x: tf.Tensor, filter: tf.Tensor): tf.Tensor => {
    const large = upSample(x, layout) as tf.Tensor4D;
    const padding: Padding = [
      [0, 0],
      [pads[0], pads[1]],
      [pads[2], pads[3]],
      [0, 0],
    ];
    return tf.conv2d(large, filter as tf.Tensor4D, 1, padding);
  };
  const weighted = (y: tf.Tensor) =>
    tf.sum(
      tf.mul(
        y,
        tf.tensor(
          Float32Array.from({ length: y.size }, (_, i) => Math.cos(i)),
          y.shape,
        ),
      ),
    );
  return ({ x, filter }: Tensors): Tensors => {
    const [dx, dw] = tf.grads((a, b) => weighted(pair(a, b)))([x, filter]);
    // The gradient of a squared gradient, as penalties take it.
    const slopeNorm = (b: tf.Tensor) =>
      tf.sum(tf.square(tf.grad((a: tf.Tensor) => weighted(tf.square(pair(a, b))))(x)));
    return { y: pair(x, filter), dx, dw, second: tf.grad(slopeNorm)(filter) };
  };
}

describe("an up-sampling and the convolution after it", () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openOnnxEngine({ device: "cpu", threads: 1 });
  });
  afterAll(() => engine.dispose());

  for (const [name, layout] of Object.entries(CASES)) {
    const draw = new Draw(7);
    const x = draw.floats(layout.input, -1, 1);
    const filter = draw.floats(layout.filter, -1, 1);
    const fn = pairAndGradients(layout);
    const signature = { x: { shape: layout.input }, filter: { shape: layout.filter } };

    it(`${name}: what tensorflow.js's cpu backend computes, with first and second derivatives`, async () => {
      await tf.setBackend("cpu");
      const expected = tf.tidy(() =>
        pairAndGradients(
          layout,
          byGathering,
        )({ x: tf.tensor(x.data, layout.input), filter: tf.tensor(filter.data, layout.filter) }),
      );
      const program = await engine.compile(fn, signature);
      const actual = await program.run({ x: x.data, filter: filter.data });
      for (const [output, tensor] of Object.entries(expected)) {
        const numbers = tensor.dataSync();
        expect(actual[output].shape, output).toEqual(tensor.shape);
        // Sums of tens to hundreds of float32 products in another order, beside the largest of the results.
        const scale = Math.max(1, ...numbers.map(Math.abs));
        numbers.forEach((number, i) => {
          expect(Math.abs(actual[output].data[i] - number) / scale, `${output}[${i}]`).toBeLessThan(1e-5);
        });
      }
      tf.dispose(expected);
    });

    it(`${name}: never makes the large image`, () => {
      const first = ({ x, filter }: Tensors): Tensors => {
        const { y, dx, dw } = fn({ x, filter });
        return { y, dx, dw };
      };
      const { nodes } = functionToGraph(first, signature, "pair");
      const ops = nodes.map(({ op }) => op);
      expect(ops.filter((op) => op === "ConvTranspose")).toHaveLength(1);
      const large = [layout.input[1] * layout.times[0], layout.input[2] * layout.times[1]];
      const channels = layout.input[3];
      const isLarge = (shape: readonly number[]) =>
        `${shape}` === `${[layout.input[0], ...large, channels]}` ||
        `${shape}` === `${[layout.input[0], channels, ...large]}`;
      const made = nodes.flatMap(({ outputs }) => outputs.filter(({ shape }) => isLarge(shape)));
      if (layout.filter[2] !== layout.filter[3]) expect(made).toEqual([]);
      expect(ops).not.toContain("Expand");
    });
  }

  it("of a 1x1 filter stays as it is written: there is nothing to gain", () => {
    const layout: Case = { input: [1, 2, 2, 1], times: [2, 2], filter: [1, 1, 1, 1], pads: [0, 0, 0, 0] };
    const signature = { x: { shape: layout.input }, filter: { shape: layout.filter } };
    const graph = functionToGraph((t: Tensors) => ({ y: pairAndGradients(layout)(t).y }), signature, "pair");
    expect(graph.nodes.map(({ op }) => op)).toContain("Expand");
  });
});
