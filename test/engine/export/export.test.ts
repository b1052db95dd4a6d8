import { beforeAll, describe, expect, it } from "vitest";
import type { BatchedFunction } from "../../../src/engine/export/batched-function.ts";
import { functionToGraphModel } from "../../../src/engine/export/graph-model.ts";
import { functionToOnnxFile } from "../../../src/engine/export/onnx-file.ts";
import { loadOnnxRuntime } from "../../../src/engine/onnxruntime.ts";
import { loadTensorflow } from "../../../src/engine/tensorflow.ts";
import * as tf from "../../../src/engine/tfjs.ts";

const { InferenceSession, Tensor } = await loadOnnxRuntime();

const NOTES = { generatedBy: "test", convertedBy: "test" };

/** Numbers in (-1, 1), none of them the same. */
const numbers = (shape: readonly number[]): Float32Array =>
  Float32Array.from({ length: shape.reduce((size, side) => size * side, 1) }, (_, i) =>
    Math.sin(1 + 1.7 * i),
  );

const constant = (shape: readonly number[]) => ({ shape, data: numbers(shape) });

type Body = (x: tf.Tensor, constants: Record<string, tf.Tensor>) => tf.Tensor;

const toFunction = (
  body: Body,
  shape: readonly number[],
  constants: BatchedFunction["constants"] = {},
): BatchedFunction => ({
  name: "test",
  inputs: { x: shape },
  constants,
  apply: ({ x }, given) => ({ y: body(x, given) }),
});

async function runGraphModel(fn: BatchedFunction, n: number) {
  const { json, weights, batch } = await functionToGraphModel(fn, NOTES, "weights.bin");
  const { weightsManifest, ...rest } = json as {
    weightsManifest: { weights: tf.io.WeightsManifestEntry[] }[];
  };
  const model = await tf.loadGraphModel(
    tf.io.fromMemory({
      ...(rest as unknown as tf.io.ModelArtifacts),
      weightSpecs: weightsManifest[0].weights,
      weightData: Uint8Array.from(weights).buffer,
    }),
  );
  const x = tf.tensor(numbers([n, ...fn.inputs.x]), [n, ...fn.inputs.x]);
  const y = model.predict({ x }) as tf.Tensor;
  const made = { shape: y.shape, data: y.dataSync(), batch };
  model.dispose();
  return made;
}

async function runOnnx(fn: BatchedFunction, n: number) {
  const { bytes, batch } = await functionToOnnxFile(fn);
  const session = await InferenceSession.create(bytes, { intraOpNumThreads: 1 });
  const { y } = await session.run({
    x: new Tensor("float32", numbers([n, ...fn.inputs.x]), [n, ...fn.inputs.x]),
  });
  await session.release();
  return { shape: y.dims, data: y.data as Float32Array, batch };
}

/** What tensorflow.js itself computes. */
function runEagerly({ inputs, constants, apply }: BatchedFunction, n: number) {
  return tf.tidy(() => {
    const given = Object.entries(constants).map(([name, { data, shape }]) => [
      name,
      tf.tensor(data, [...shape]),
    ]);
    const x = tf.tensor(numbers([n, ...inputs.x]), [n, ...inputs.x]);
    const { y } = apply({ x }, Object.fromEntries(given));
    return { shape: y.shape, data: y.dataSync() };
  });
}

function expectSame(
  made: { shape: readonly number[]; data: ArrayLike<number> },
  expected: typeof made,
): void {
  expect(made.shape).toEqual(expected.shape);
  for (let i = 0; i < expected.data.length; i++)
    expect(Math.abs(made.data[i] - expected.data[i])).toBeLessThan(1e-4 * (1 + Math.abs(expected.data[i])));
}

const number = (x: tf.Tensor): tf.Tensor => tf.cast(x, "float32");
const image = (body: (x: tf.Tensor4D, constants: Record<string, tf.Tensor>) => tf.Tensor): Body =>
  body as unknown as Body;

const FLAT: Readonly<Record<string, Body>> = {
  activations: (x) =>
    tf.addN([
      tf.relu(x),
      tf.relu6(x),
      tf.elu(x),
      tf.selu(x),
      tf.sigmoid(x),
      tf.tanh(x),
      tf.softplus(x),
      tf.leakyRelu(x, 0.3),
    ]),
  arithmetic: (x) => {
    const positive = tf.add(tf.square(x), 0.5);
    const parts = [
      tf.sqrt(positive),
      tf.rsqrt(positive),
      tf.log(positive),
      tf.reciprocal(positive),
      tf.exp(x),
    ];
    return tf.div(tf.sub(tf.addN(parts), tf.mul(x, 2)), tf.pow(positive, 2));
  },
  trigonometry: (x) => tf.addN([tf.sin(x), tf.cos(x), tf.atan(x), tf.asinh(x), tf.erf(x), tf.expm1(x)]),
  "comparison and choice": (x) =>
    tf.addN([
      tf.where(tf.greater(x, 0), x, tf.mul(x, -2)),
      number(tf.logicalAnd(tf.less(x, 0.5), tf.greaterEqual(x, -0.5))),
      number(tf.logicalNot(tf.equal(x, 0))),
      tf.maximum(x, 0.1),
      tf.minimum(x, 0.2),
      tf.clipByValue(x, -0.3, 0.4),
      tf.abs(x),
      tf.neg(x),
      tf.sign(x),
      tf.floor(x),
    ]),
  reductions: (x) =>
    tf.concat(
      [tf.sum(x, 1, true), tf.mean(x, 1, true), tf.max(x, 1, true), tf.min(x, -1, true), tf.prod(x, 1, true)],
      1,
    ),
  "a softmax": (x) => tf.softmax(x),
  shapes: (x) => {
    const cube = tf.transpose(tf.reshape(x, [x.shape[0], 3, 2]), [0, 2, 1]);
    const padded = tf.pad(
      tf.reverse(cube, 1),
      [
        [0, 0],
        [1, 0],
        [0, 2],
      ],
      0.5,
    );
    return tf.squeeze(
      tf.slice(tf.stack([padded, tf.tile(padded, [1, 1, 1])], 3), [0, 0, 1, 0], [-1, 3, 2, 1]),
      [3],
    );
  },
  "a slice to the end, a gather": (x) =>
    tf.gather(tf.slice(x, [0, 1], [-1, -1]), tf.tensor1d([4, 0, 0], "int32"), 1),
  "one layer of tensorflow.js": (x, { w, b }) =>
    tf.fused.matMul({ a: x as tf.Tensor2D, b: w as tf.Tensor2D, bias: b, activation: "relu" }),
  "a transposed product": (x, { w }) =>
    tf.matMul(x as tf.Tensor2D, tf.transpose(w) as tf.Tensor2D, false, true),
  "products of a batch": (x) => {
    const cube = tf.reshape(x, [-1, 3, 2]);
    return tf.matMul(cube, cube, false, true);
  },
  "the input itself": (x) => x,
};

const IMAGES: Readonly<Record<string, Body>> = {
  "a convolution, its neighbours and biases": image((x, { f, b }) =>
    tf.leakyRelu(
      tf.add(
        tf.conv2d(x, f as tf.Tensor4D, 2, [
          [0, 0],
          [1, 2],
          [0, 1],
          [0, 0],
        ]),
        b,
      ),
      0.2,
    ),
  ),
  "paddings by name and number": image((x, { f }) =>
    tf.concat([tf.conv2d(x, f as tf.Tensor4D, 1, "same"), tf.conv2d(x, f as tf.Tensor4D, 1, 1)], 3),
  ),
  "a fused convolution": image((x, { f, b }) =>
    tf.fused.conv2d({ x, filter: f as tf.Tensor4D, strides: 1, pad: "valid", bias: b, activation: "elu" }),
  ),
  "a transposed convolution": image((x, { t }) =>
    tf.conv2dTranspose(x, t as tf.Tensor4D, [x.shape[0], 12, 12, 3], 2, [
      [0, 0],
      [1, 1],
      [1, 1],
      [0, 0],
    ]),
  ),
  "a depthwise convolution": image((x, { d }) => tf.depthwiseConv2d(x, d as tf.Tensor4D, 1, "same")),
  "batch norm with and without a scale": image((x, { m, v }) =>
    tf.add(
      tf.batchNorm(x, m as tf.Tensor1D, tf.square(v) as tf.Tensor1D, undefined, undefined, 0.1),
      tf.batchNorm(x, m as tf.Tensor1D, tf.square(v) as tf.Tensor1D, v as tf.Tensor1D, m as tf.Tensor1D, 0.2),
    ),
  ),
  pools: image((x) => tf.concat([tf.avgPool(x, 2, 2, "valid"), tf.maxPool(x, 3, 2, "same")], 3)),
  resizing: image((x) =>
    tf.add(tf.image.resizeNearestNeighbor(x, [9, 12]), tf.image.resizeBilinear(x, [9, 12], false, true)),
  ),
  "mirrored borders": image((x) =>
    tf.concat(
      (["reflect", "symmetric"] as const).map((mode) =>
        tf.mirrorPad(
          x,
          [
            [0, 0],
            [2, 1],
            [0, 3],
            [0, 0],
          ],
          mode,
        ),
      ),
      3,
    ),
  ),
  "the norm of an image": image((x) => {
    const { mean, variance } = tf.moments(x, [1, 2], true);
    return tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-5)));
  }),
  "a learnt slope": image((x, { v }) => tf.prelu(x, v)),
  "a shuffle of channels into pixels": image((x) => {
    const squares = tf.reshape(tf.concat([x, x], 3), [x.shape[0], 6, 6, 1, 2, 2]);
    return tf.reshape(tf.transpose(squares, [0, 1, 4, 2, 5, 3]), [x.shape[0], 12, 12, 1]);
  }),
  "depth to space": image((x) => tf.depthToSpace(tf.concat([x, x], 3), 2)),
};

const ARRAYS = {
  w: constant([6, 4]),
  b: constant([4]),
  f: constant([3, 3, 2, 4]),
  t: constant([4, 4, 3, 2]),
  d: constant([3, 3, 2, 2]),
  m: constant([2]),
  v: constant([2]),
};

beforeAll(async () => {
  await loadTensorflow();
});

describe.each([
  ...Object.entries(FLAT).map(([name, body]) => [name, toFunction(body, [6], ARRAYS)] as const),
  ...Object.entries(IMAGES).map(([name, body]) => [name, toFunction(body, [6, 6, 2], ARRAYS)] as const),
])("%s", (_name, fn) => {
  it("computes the same in both formats, for any number of examples", async () => {
    for (const n of [1, 3]) {
      const expected = runEagerly(fn, n);
      for (const made of [await runOnnx(fn, n), await runGraphModel(fn, n)]) {
        expect(made.batch).toBe("any");
        expectSame(made, expected);
      }
    }
  });
});

describe("a function that needs to know the batch", () => {
  const fn = toFunction((x) => tf.mul(x, tf.sum(tf.onesLike(tf.slice(x, [0, 0], [x.shape[0], 1])))), [6]);
  const mixing = toFunction(
    (x) => {
      const places = Float32Array.from({ length: x.shape[0] }, (_, i) => i + 2);
      return tf.mul(x, tf.tensor(places, [x.shape[0], 1]));
    },
    [6],
  );

  it("is exported for one example, and computes the same for it", async () => {
    for (const made of [await runOnnx(mixing, 1), await runGraphModel(mixing, 1)]) {
      expect(made.batch).toBe(1);
      expectSame(made, runEagerly(mixing, 1));
    }
  });

  it("but one that only sums over it does not", async () => {
    const made = await runGraphModel(fn, 3);
    expect(made.batch).toBe("any");
    expectSame(made, runEagerly(fn, 3));
  });
});

it("a kernel that graph models do not have is named, with another way", async () => {
  const fn = toFunction((x) => tf.split(x, 2, 1)[0], [6]);
  await expect(functionToGraphModel(fn, NOTES, "w.bin")).rejects.toMatchObject({
    code: "usage.export-kernel",
    message: expect.stringContaining("SplitV"),
    hint: expect.stringContaining("ONNX"),
  });
  expectSame(await runOnnx(fn, 3), runEagerly(fn, 3));
});

it("arrays and outputs keep their names in ONNX", async () => {
  const { bytes } = await functionToOnnxFile(
    toFunction((x, { w }) => tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D), [6], ARRAYS),
  );
  const text = Buffer.from(bytes).toString("latin1");
  const session = await InferenceSession.create(bytes);
  expect(session.inputNames).toEqual(["x"]);
  expect(session.outputNames).toEqual(["y"]);
  expect(text).toMatch(/[^\w]w[^\w]/);
  await session.release();
});

it("recording leaves tensorflow.js as it was", async () => {
  const failing = toFunction(() => {
    throw new Error("a fault");
  }, [6]);
  await expect(functionToGraphModel(failing, NOTES, "w.bin")).rejects.toThrow("a fault");
  expect(Object.hasOwn(tf.engine(), "runKernel")).toBe(false);
  expect(tf.getBackend()).toBe("cpu");
});
