import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openOnnxEngine } from "../../src/engine/compile.ts";
import type { ArrayValue, Engine, Tensors } from "../../src/engine/engine.ts";
import * as tf from "../../src/engine/tfjs.ts";
import { Draw } from "./lowerings/draw.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await openOnnxEngine({ device: "cpu", threads: 1 });
});
afterAll(() => engine.dispose());

/** The same function by tensorflow.js's cpu backend. */
async function eagerly(
  fn: (tensors: Tensors) => Tensors,
  inputs: Record<string, { data: Float32Array; shape: number[] }>,
): Promise<Record<string, number[]>> {
  await tf.setBackend("cpu");
  const results = tf.tidy(() =>
    fn(
      Object.fromEntries(
        Object.entries(inputs).map(([name, { data, shape }]) => [name, tf.tensor(data, shape)]),
      ),
    ),
  );
  return Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, [...tensor.dataSync()]]));
}

function expectClose(actual: ArrayLike<number>, expected: readonly number[], tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  const largest = Math.max(...expected.map(Math.abs), 1e-3);
  expected.forEach((value, i) => {
    expect(Math.abs(actual[i] - value), `element ${i}: ${actual[i]} against ${value}`).toBeLessThanOrEqual(
      tolerance * largest,
    );
  });
}

const draw = new Draw(7);
const random = (shape: number[], scale = 1) => ({
  data: draw.floats(shape, -scale, scale).data as Float32Array,
  shape,
});

const WEIGHTS = {
  conv1: random([3, 3, 1, 4], 0.5),
  conv2: random([3, 3, 4, 8], 0.3),
  scale: random([8], 1),
  offset: random([8], 1),
  dense: random([4 * 4 * 8, 3], 0.2),
  bias: random([3], 0.1),
};

/** Convolution, pooling, batch normalisation on the batch's own moments, leaky units, dropout with a given mask. */
function logits(x: tf.Tensor, w: Tensors, mask: tf.Tensor): tf.Tensor {
  let h: tf.Tensor = tf.leakyRelu(tf.conv2d(x as tf.Tensor4D, w.conv1 as tf.Tensor4D, 1, "same"), 0.2);
  h = tf.maxPool(h as tf.Tensor4D, 2, 2, "same");
  h = tf.conv2d(h as tf.Tensor4D, w.conv2 as tf.Tensor4D, 1, "same");
  const { mean, variance } = tf.moments(h, [0, 1, 2]);
  h = tf.relu(
    tf.batchNorm(
      h,
      mean as tf.Tensor1D,
      variance as tf.Tensor1D,
      w.offset as tf.Tensor1D,
      w.scale as tf.Tensor1D,
      1e-3,
    ),
  );
  h = tf.mul(tf.reshape(h, [x.shape[0], -1]), mask);
  return tf.add(tf.matMul(h as tf.Tensor2D, w.dense as tf.Tensor2D), w.bias);
}

const NAMES = Object.keys(WEIGHTS);

/** Loss and gradients of every weight. */
function lossAndGradients(t: Tensors): Tensors {
  const loss = (...weights: tf.Tensor[]) => {
    const w = Object.fromEntries(NAMES.map((name, i) => [name, weights[i]]));
    return tf.losses.softmaxCrossEntropy(
      tf.oneHot(tf.cast(t.labels, "int32"), 3),
      logits(t.x, w, t.mask),
    ) as tf.Scalar;
  };
  const { value, grads } = tf.valueAndGrads(loss)(NAMES.map((name) => t[name]));
  return { loss: value, ...Object.fromEntries(grads.map((gradient, i) => [`d ${NAMES[i]}`, gradient])) };
}

const BATCH = {
  x: random([5, 8, 8, 1]),
  labels: { data: Float32Array.of(0, 1, 2, 1, 0), shape: [5] },
  mask: { data: Float32Array.from({ length: 5 * 128 }, () => (draw.flag() ? 2 : 0)), shape: [5, 128] },
};

const dataOf = <Name extends string>(arrays: Record<Name, { data: Float32Array }>) =>
  Object.fromEntries(
    Object.entries(arrays).map(([name, value]) => [name, (value as { data: Float32Array }).data]),
  ) as Record<Name, Float32Array>;

describe("a compiled function", () => {
  it("computes the loss and all gradients of a convolutional network as tensorflow.js does", async () => {
    const inputs = { ...BATCH, ...WEIGHTS };
    const program = await engine.compile(lossAndGradients, inputs);
    const actual = await program.run(dataOf(inputs));
    for (const [name, expected] of Object.entries(await eagerly(lossAndGradients, inputs)))
      expectClose(actual[name].data, expected, 2e-5);
    await program.dispose();
  });

  it("captures weights of another backend as constants, and leaves them usable there", async () => {
    await tf.setBackend("cpu");
    const weight = tf.tensor2d([1, 2, 3, 4], [2, 2]);
    const program = await engine.compile(({ x }) => ({ y: tf.matMul(x as tf.Tensor2D, weight) }), {
      x: { shape: [1, 2] },
    });
    expect([...(await program.run({ x: Float32Array.of(1, 1) })).y.data]).toEqual([4, 6]);
    expect([...weight.square().dataSync()]).toEqual([1, 4, 9, 16]);
    await program.dispose();
  });

  it("takes bytes, integers and truth values, and gives scalars", async () => {
    const program = await engine.compile(
      ({ bytes, index, flag }) => ({
        sum: tf.sum(tf.cast(bytes, "float32")),
        picked: tf.gather(tf.cast(bytes, "float32"), tf.cast(index, "int32")),
        not: tf.logicalNot(flag),
      }),
      {
        bytes: { shape: [3], dtype: "uint8" },
        index: { shape: [2], dtype: "int32" },
        flag: { shape: [2], dtype: "bool" },
      },
    );
    const { sum, picked, not } = await program.run({
      bytes: Uint8Array.of(1, 200, 255),
      index: Int32Array.of(2, 1),
      flag: Uint8Array.of(1, 0),
    });
    expect(sum).toEqual({ data: Float32Array.of(456), shape: [] });
    expect([...picked.data]).toEqual([255, 200]);
    expect([...not.data]).toEqual([0, 1]);
    await program.dispose();
  });

  it("takes inputs of any name but those that begin with a dot", async () => {
    const program = await engine.compile(({ c0, v0 }) => ({ sum: tf.add(tf.mul(c0, 2), v0) }), {
      c0: { shape: [] },
      v0: { shape: [] },
    });
    expect([...(await program.run({ c0: Float32Array.of(2), v0: Float32Array.of(3) })).sum.data]).toEqual([
      7,
    ]);
    await program.dispose();
    await expect(engine.compile((t) => ({ y: t[".x"] }), { ".x": { shape: [] } })).rejects.toMatchObject({
      code: "usage.input-name",
    });
  });

  it("may return an input, a constant, and one value under two names", async () => {
    const program = await engine.compile(
      ({ x }) => {
        const y = tf.add(x, 1);
        return { x, y, again: y, constant: tf.scalar(7) };
      },
      { x: { shape: [2] } },
    );
    const out = await program.run({ x: Float32Array.of(1, 2) });
    expect(Object.fromEntries(Object.entries(out).map(([name, { data }]) => [name, [...data]]))).toEqual({
      x: [1, 2],
      y: [2, 3],
      again: [2, 3],
      constant: [7],
    });
    await program.dispose();
  });
});

describe("second derivatives", () => {
  /** The gradient penalty of WGAN-GP, mean (|d D(x) / d x| - 1)^2, and its gradient in the weights. */
  const penalty = (critic: (x: tf.Tensor, w: Tensors) => tf.Tensor, names: string[]) => (t: Tensors) => {
    const loss = (...weights: tf.Tensor[]) => {
      const w = Object.fromEntries(names.map((name, i) => [name, weights[i]]));
      const slope = tf.grad((x: tf.Tensor) => tf.sum(critic(x, w)))(t.x);
      const norm = tf.sqrt(tf.sum(tf.square(tf.reshape(slope, [t.x.shape[0], -1])), 1));
      return tf.mean(tf.square(tf.sub(norm, 1))) as tf.Scalar;
    };
    const { value, grads } = tf.valueAndGrads(loss)(names.map((name) => t[name]));
    return { penalty: value, ...Object.fromEntries(grads.map((gradient, i) => [`d ${names[i]}`, gradient])) };
  };

  /** Central differences of the penalty in float32: steps of 1e-2 leave about three digits. */
  async function expectFiniteDifferences(
    fn: (t: Tensors) => Tensors,
    inputs: Record<string, { data: Float32Array; shape: number[] }>,
    names: string[],
  ): Promise<void> {
    const program = await engine.compile(fn, inputs);
    const at = await program.run(dataOf(inputs));
    for (const name of names) {
      for (const element of [0, Math.floor(inputs[name].data.length / 2)]) {
        const moved = async (by: number) => {
          const data = inputs[name].data.slice();
          data[element] += by;
          return (await program.run({ ...dataOf(inputs), [name]: data })).penalty.data[0];
        };
        const step = 1e-2;
        const slope = ((await moved(step)) - (await moved(-step))) / (2 * step);
        expect(Math.abs(at[`d ${name}`].data[element] - slope), `d ${name}[${element}]`).toBeLessThan(
          0.02 * Math.max(1, Math.abs(slope)),
        );
      }
    }
    const expected = await eagerly(fn, inputs);
    for (const [name, values] of Object.entries(expected)) expectClose(at[name].data, values, 1e-4);
    await program.dispose();
  }

  it("of a dense critic agree with differences and with tensorflow.js", async () => {
    const critic = (x: tf.Tensor, w: Tensors) =>
      tf.matMul(
        tf.leakyRelu(tf.matMul(x as tf.Tensor2D, w.w1 as tf.Tensor2D), 0.2) as tf.Tensor2D,
        w.w2 as tf.Tensor2D,
      );
    const inputs = { x: random([4, 3]), w1: random([3, 6]), w2: random([6, 1]) };
    await expectFiniteDifferences(penalty(critic, ["w1", "w2"]), inputs, ["w1", "w2"]);
  });

  it("of a convolutional critic agree with differences and with tensorflow.js", async () => {
    const critic = (x: tf.Tensor, w: Tensors) => {
      const h = tf.tanh(tf.conv2d(x as tf.Tensor4D, w.filter as tf.Tensor4D, 2, "same"));
      return tf.matMul(tf.reshape(h, [x.shape[0], -1]) as tf.Tensor2D, w.dense as tf.Tensor2D);
    };
    const inputs = { x: random([2, 6, 6, 2]), filter: random([3, 3, 2, 3]), dense: random([27, 1]) };
    await expectFiniteDifferences(penalty(critic, ["filter", "dense"]), inputs, ["filter", "dense"]);
  });
});

describe("arrays in place", () => {
  it("are read and written by their names in the function, and gradients land where they were asked for", async () => {
    const w = Float32Array.of(2, -1);
    const gradient = new Float32Array(2);
    const program = await engine.compile(
      ({ x, "layer/w": weights }) => {
        const { value, grad } = tf.valueAndGrad(
          (v: tf.Tensor) => tf.sum(tf.square(tf.mul(x, v))) as tf.Scalar,
        )(weights);
        return { loss: value, "layer/gradient": grad };
      },
      { x: { shape: [2] }, "layer/w": { shape: [2] } },
      { inPlace: { inputs: { "layer/w": w }, outputs: { "layer/gradient": gradient } } },
    );
    // Of (x w)^2 by w: 2 x^2 w. A step of descent is taken on the arrays themselves.
    const run = (inputs: { x: Float32Array }) =>
      program.run(inputs as never) as Promise<Record<string, ArrayValue>>;
    const losses = [];
    for (let i = 0; i < 3; i++) {
      const outputs = await run({ x: Float32Array.of(1, 2) });
      expect(Object.keys(outputs)).toEqual(["loss"]);
      losses.push(outputs.loss.data[0]);
      expect([...gradient]).toEqual([2 * w[0], 8 * w[1]]);
      for (const k of [0, 1]) w[k] -= gradient[k] / 16;
    }
    expect(losses).toEqual([4 + 4, 1.75 ** 2 + 1, 1.53125 ** 2 + 0.25]);
    await program.dispose();
  });

  it("that do not fit are refused when it is compiled", async () => {
    const compiling = engine.compile(
      ({ x }) => ({ y: tf.neg(x) as tf.Tensor }),
      { x: { shape: [2] } },
      {
        inPlace: { outputs: { z: new Float32Array(2) } },
      },
    );
    await expect(compiling).rejects.toMatchObject({ code: "usage.output-unknown" });
  });
});

describe("a compiled step", () => {
  const RATE = 0.01;

  /** One step of Adam on the network above. */
  function adam(inputs: Tensors, state: Tensors): { outputs: Tensors; state: Tensors } {
    const next: Tensors = { step: tf.add(state.step, 1) };
    const weights = Object.fromEntries(NAMES.map((name) => [name, state[name]]));
    const results = lossAndGradients({ ...inputs, ...weights });
    for (const name of NAMES) {
      const gradient = results[`d ${name}`];
      const m = tf.add(tf.mul(state[`m ${name}`], 0.9), tf.mul(gradient, 0.1));
      const v = tf.add(tf.mul(state[`v ${name}`], 0.999), tf.mul(tf.square(gradient), 0.001));
      const mHat = tf.div(m, tf.sub(1, tf.pow(0.9, next.step)));
      const vHat = tf.div(v, tf.sub(1, tf.pow(0.999, next.step)));
      next[name] = tf.sub(state[name], tf.div(tf.mul(mHat, RATE), tf.add(tf.sqrt(vHat), 1e-7)));
      Object.assign(next, { [`m ${name}`]: m, [`v ${name}`]: v });
    }
    return { outputs: { loss: results.loss }, state: next };
  }

  const zeros = (like: ArrayValue): ArrayValue => ({
    data: new Float32Array(like.data.length),
    shape: like.shape,
  });
  const initial: Record<string, ArrayValue> = { step: { data: Float32Array.of(0), shape: [] } };
  for (const name of NAMES) {
    const weight = WEIGHTS[name as keyof typeof WEIGHTS];
    Object.assign(initial, { [name]: weight, [`m ${name}`]: zeros(weight), [`v ${name}`]: zeros(weight) });
  }

  it("of Adam carries its state and lowers the loss just as tensorflow.js's own optimizer does", async () => {
    const program = await engine.compileStep(adam, BATCH, initial);
    const losses: number[] = [];
    for (let step = 0; step < 5; step++) losses.push((await program.run(dataOf(BATCH))).loss.data[0]);

    await tf.setBackend("cpu");
    const variables = Object.fromEntries(
      NAMES.map((name) => {
        const { data, shape } = WEIGHTS[name as keyof typeof WEIGHTS];
        return [name, tf.variable(tf.tensor(data, shape))];
      }),
    );
    const optimizer = tf.train.adam(RATE, 0.9, 0.999, 1e-7);
    const fixed = Object.fromEntries(
      Object.entries(BATCH).map(([k, { data, shape }]) => [k, tf.tensor(data, shape)]),
    );
    const expected: number[] = [];
    for (let step = 0; step < 5; step++) {
      const loss = optimizer.minimize(
        () =>
          tf.losses.softmaxCrossEntropy(
            tf.oneHot(tf.cast(fixed.labels, "int32"), 3),
            logits(fixed.x, variables, fixed.mask),
          ) as tf.Scalar,
        true,
      );
      expected.push(loss!.dataSync()[0]);
    }
    expectClose(losses, expected, 1e-4);
    expect(losses[4]).toBeLessThan(losses[0]);
    const state = await program.readState();
    for (const name of NAMES) expectClose(state[name].data, [...variables[name].dataSync()], 1e-3);
    await program.dispose();
  });

  it.each([
    ["float32 [1]", ({ sum }: Tensors): Tensors => ({ sum: tf.reshape(sum!, [1]) })],
    ["int32 []", ({ sum }: Tensors): Tensors => ({ sum: tf.cast(sum!, "int32") })],
    ["nothing", (): Tensors => ({})],
  ] as const)("refuses a new state that is %s where the old one is a number", async (got, next) => {
    await expect(
      engine.compileStep(
        (_inputs, state) => ({ outputs: { sum: state.sum }, state: next(state) as typeof state }),
        {},
        { sum: { data: Float32Array.of(1), shape: [] } },
      ),
    ).rejects.toMatchObject({
      code: "usage.state-type",
      message: `expected the new state sum to be float32 [] like the old one, got ${got}`,
    });
  });

  it("starts again from a state that is written back", async () => {
    const program = await engine.compileStep(
      ({ x }, { sum }) => ({ outputs: { before: sum }, state: { sum: tf.add(sum, x) } }),
      { x: { shape: [] } },
      { sum: { data: Float32Array.of(10), shape: [] } },
    );
    for (const x of [1, 2, 3]) await program.run({ x: Float32Array.of(x) });
    const saved = await program.readState();
    expect([...saved.sum.data]).toEqual([16]);
    await program.run({ x: Float32Array.of(100) });
    await program.writeState({ sum: saved.sum.data });
    expect([...(await program.run({ x: Float32Array.of(0) })).before.data]).toEqual([16]);
    await program.dispose();
  });
});

describe("what a graph cannot do is refused when it is traced", () => {
  const compile = (fn: (t: Tensors) => Tensors) => engine.compile(fn, { x: { shape: [2, 2] } });

  it("a kernel without a lowering, by its name", async () => {
    await expect(compile(({ x }) => ({ y: tf.spectral.rfft(x) as tf.Tensor }))).rejects.toMatchObject({
      code: expect.stringMatching(/^usage\.untraceable/),
    });
    await expect(compile(({ x }) => ({ y: tf.unique(x.flatten()).values }))).rejects.toMatchObject({
      code: "usage.untraceable-kernel",
      message: expect.stringContaining("Unique"),
    });
  });

  it("looking at values", async () => {
    await expect(compile(({ x }) => ({ y: tf.mul(x, x.dataSync()[0]) }))).rejects.toMatchObject({
      code: "usage.value-read",
    });
  });

  it("random numbers, which would be the same at every call", async () => {
    await expect(compile(({ x }) => ({ y: tf.add(x, tf.randomNormal([2, 2])) }))).rejects.toMatchObject({
      code: "usage.frozen-randomness",
    });
    await expect(compile(({ x }) => ({ y: tf.dropout(x, 0.5) }))).rejects.toMatchObject({
      code: "usage.frozen-randomness",
    });
    expect(Math.random()).toBeLessThan(1);
  });

  it("tensors that another traced function made", async () => {
    let leaked: tf.Tensor | undefined;
    const program = await compile(({ x }) => {
      leaked = tf.keep(tf.square(x));
      return { y: leaked };
    });
    await expect(compile(({ x }) => ({ y: tf.add(x, leaked!) }))).rejects.toMatchObject({
      code: "usage.stale-tensor",
    });
    await program.dispose();
  });

  it("functions that return no tensors", async () => {
    await expect(compile(() => ({}))).rejects.toMatchObject({ code: "usage.outputs" });
    await expect(compile((async ({ x }: Tensors) => ({ y: x })) as never)).rejects.toMatchObject({
      code: "usage.outputs",
    });
  });

  it("and leaves tensorflow.js on the backend that it had", async () => {
    await tf.setBackend("cpu");
    await expect(compile(() => ({}))).rejects.toThrow();
    expect(tf.getBackend()).toBe("cpu");
  });
});
