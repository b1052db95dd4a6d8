import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Engine, Tensors } from "../../src/engine/engine.ts";
import { openEngine } from "../../src/engine/index.ts";
import { loadTensorflow, type Tensorflow } from "../../src/engine/tensorflow.ts";
import type { Tensor } from "../../src/engine/tfjs.ts";

let tf: Tensorflow;
beforeAll(async () => {
  tf = await loadTensorflow();
});

const SIGNATURE = { x: { shape: [4, 2] }, y: { shape: [4, 1] } } as const;
const BATCH = {
  x: Float32Array.of(1, 0, 0, 1, 1, 1, -1, 0.5),
  y: Float32Array.of(1, -1, 0, -1.5),
};
const INITIAL = {
  w: { data: Float32Array.of(0.1, 0.2), shape: [2, 1] },
  steps: { data: Int32Array.of(0), shape: [] },
};

/** One step of gradient descent on least squares. */
function descend({ x, y }: Tensors<"x" | "y">, { w, steps }: Tensors<"w" | "steps">) {
  const lossOf = (weights: Tensor) =>
    tf.losses.meanSquaredError(y, tf.matMul(x as never, weights as never)) as never;
  const { value, grad } = tf.valueAndGrad(lossOf)(w);
  return {
    outputs: { loss: value as Tensor },
    state: {
      w: tf.sub(w, tf.mul(grad, 0.1)) as Tensor,
      steps: tf.add(steps, tf.scalar(1, "int32")) as Tensor,
    },
  };
}

describe.each(["cpu", "wasm"] as const)("engine %s", (name) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openEngine({ engine: name });
  });
  afterAll(() => engine.dispose());

  it("takes a step as onnx does", async () => {
    const onnx = await openEngine({ engine: "onnx", threads: 1 });
    const ours = await engine.compileStep(descend, SIGNATURE, INITIAL);
    const theirs = await onnx.compileStep(descend, SIGNATURE, INITIAL);
    for (let i = 0; i < 5; i++) {
      const [{ loss }, expected] = [await ours.run(BATCH), await theirs.run(BATCH)];
      // Sums of 4 products in float32.
      expect(loss.data[0]).toBeCloseTo(expected.loss.data[0], 6);
    }
    const [state, expected] = [await ours.readState(), await theirs.readState()];
    expect(state.steps).toEqual({ data: Int32Array.of(5), shape: [] });
    expect(state.w.shape).toEqual([2, 1]);
    state.w.data.forEach((value, i) => {
      expect(value).toBeCloseTo(expected.w.data[i], 6);
    });
    await Promise.all([ours.dispose(), theirs.dispose(), onnx.dispose()]);
  });

  it("neither leaks tensors nor changes the current backend", async () => {
    const before = [tf.getBackend(), tf.memory().numTensors];
    const program = await engine.compileStep(descend, SIGNATURE, INITIAL);
    await program.run(BATCH);
    const { numTensors, numBytes } = tf.memory();
    for (let i = 0; i < 20; i++) {
      await program.run(BATCH);
      await program.readState();
      await program.writeState({ w: Float32Array.of(i, 1) });
    }
    expect([tf.memory().numTensors, tf.memory().numBytes]).toEqual([numTensors, numBytes]);
    await program.dispose();
    expect([tf.getBackend(), tf.memory().numTensors]).toEqual(before);
  });

  it("leaves the backend, the tensors and the state as they were when the function throws", async () => {
    let fail = false;
    const program = await engine.compileStep(
      (inputs, state) => {
        const result = descend(inputs as never, state as never);
        if (fail) throw new Error("no");
        return result;
      },
      SIGNATURE,
      INITIAL,
    );
    await program.run(BATCH);
    const state = await program.readState();
    const before = [tf.getBackend(), tf.memory().numTensors];
    fail = true;
    await expect(program.run(BATCH)).rejects.toThrow("no");
    expect([tf.getBackend(), tf.memory().numTensors]).toEqual(before);
    expect(await program.readState()).toEqual(state);
    await program.dispose();
  });

  it("takes bytes as int32, gives truth values as 0 and 1, and lets outputs be inputs or the same twice", async () => {
    const program = await engine.compile(
      ({ bytes, flags }) => {
        const doubled: Tensor = tf.mul(bytes, tf.scalar(2, "int32"));
        return { doubled, again: doubled, bytes, not: tf.logicalNot(flags as never) as Tensor };
      },
      { bytes: { shape: [3], dtype: "uint8" }, flags: { shape: [2], dtype: "bool" } },
    );
    const bytes = Uint8Array.of(0, 128, 255);
    const outputs = await program.run({ bytes, flags: Uint8Array.of(1, 0) });
    expect(outputs).toEqual({
      doubled: { data: Int32Array.of(0, 256, 510), shape: [3] },
      again: { data: Int32Array.of(0, 256, 510), shape: [3] },
      bytes: { data: Int32Array.of(0, 128, 255), shape: [3] },
      not: { data: Uint8Array.of(0, 1), shape: [2] },
    });
    await program.dispose();
  });

  it("gives arrays that belong to the caller, and keeps none of the caller's", async () => {
    const captured = tf.tensor([1, 2]);
    const program = await engine.compile(({ x }) => ({ x, captured: captured as Tensor }), {
      x: { shape: [2] },
    });
    const x = Float32Array.of(3, 4);
    const first = await program.run({ x });
    first.x.data.fill(0);
    first.captured.data.fill(0);
    expect(x).toEqual(Float32Array.of(3, 4));
    expect((await program.run({ x })).captured.data).toEqual(Float32Array.of(1, 2));
    await program.dispose();
    expect(captured.dataSync()).toEqual(Float32Array.of(1, 2));
    captured.dispose();
  });

  it("refuses a state that changes its names, shape or type, and wrong arrays", async () => {
    const states: (() => Tensors)[] = [
      () => ({}),
      () => ({ w: tf.zeros([3]) }),
      () => ({ w: tf.zeros([2], "int32") }),
      () => ({ w: tf.zeros([2]), v: tf.zeros([2]) }),
    ];
    for (const state of states) {
      const program = await engine.compileStep(
        ({ x }) => ({ outputs: { x }, state: state() as Tensors<"w"> }),
        { x: { shape: [1] } },
        { w: { data: new Float32Array(2), shape: [2] } },
      );
      await expect(program.run({ x: Float32Array.of(1) })).rejects.toMatchObject({
        code: "usage.state-type",
      });
      await expect(program.run({ x: Float32Array.of(1, 2) })).rejects.toMatchObject({
        code: "usage.input-size",
      });
      await program.dispose();
      await expect(program.run({ x: Float32Array.of(1) })).rejects.toMatchObject({ code: "usage.disposed" });
    }
  });

  it("refuses functions that return no tensors", async () => {
    for (const fn of [() => undefined, async () => ({}), () => ({ x: 1 })]) {
      const program = await engine.compile(fn as never, { x: { shape: [1] } });
      await expect(program.run({ x: Float32Array.of(1) })).rejects.toMatchObject({ code: "usage.outputs" });
      await program.dispose();
    }
  });

  it("reads and writes arrays in place at each run, as onnx does", async () => {
    const onnx = await openEngine({ engine: "onnx", threads: 1 });
    const fn = ({ x, w }: Tensors<"x" | "w">) => ({ y: tf.add(x, w) as Tensor, z: tf.mul(x, w) as Tensor });
    const signature = { x: { shape: [2] }, w: { shape: [2] } } as const;
    const seen = [];
    for (const each of [engine, onnx]) {
      const w = Float32Array.of(1, 2);
      const z = new Float32Array(2);
      const program = await each.compile(fn, signature, { inPlace: { inputs: { w }, outputs: { z } } });
      const run = (inputs: { x: Float32Array }) => program.run(inputs as never);
      const first = await run({ x: Float32Array.of(3, 4) });
      const after = [...z];
      w.set([-1, 10]);
      seen.push([first, after, await run({ x: Float32Array.of(3, 4) }), [...z], [...w]]);
      await program.dispose();
    }
    expect(seen[0]).toEqual([
      { y: { data: Float32Array.of(4, 6), shape: [2] } },
      [3, 8],
      { y: { data: Float32Array.of(2, 14), shape: [2] } },
      [-3, 40],
      [-1, 10],
    ]);
    expect(seen[1]).toEqual(seen[0]);
    await onnx.dispose();
  });

  it("refuses a run that is given an array in place", async () => {
    const [x, w] = [Float32Array.of(1, 2), Float32Array.of(3, 4)];
    const program = await engine.compile(
      ({ x, w }) => ({ z: tf.mul(x, w) as Tensor }),
      { x: { shape: [2] }, w: { shape: [2] } },
      { inPlace: { inputs: { w } } },
    );
    await expect(program.run({ x, w })).rejects.toMatchObject({ code: "usage.input-unknown" });
    expect((await program.run({ x } as never)).z.data).toEqual(Float32Array.of(3, 8));
    await program.dispose();
  });

  it("refuses arrays in place that do not fit, at the first run at the latest", async () => {
    const x = Float32Array.of(1, 2);
    for (const [inPlace, code] of [
      [{ inputs: { v: new Float32Array(2) } }, "usage.input-unknown"],
      [{ inputs: { w: new Float32Array(3) } }, "usage.input-size"],
      [{ inputs: { w: new Int32Array(2) } }, "usage.input-type"],
      [{ inputs: { w: x }, outputs: { v: new Float32Array(2) } }, "usage.output-unknown"],
      [{ inputs: { w: x }, outputs: { z: new Float32Array(3) } }, "usage.output-size"],
      [{ inputs: { w: x }, outputs: { z: new Int32Array(2) } }, "usage.output-type"],
    ] as const) {
      const compiling = async () => {
        const program = await engine.compile(
          ({ x, w }) => ({ z: tf.mul(x, w) as Tensor }),
          { x: { shape: [2] }, w: { shape: [2] } },
          { inPlace: inPlace as never },
        );
        await program.run({ x } as never);
      };
      await expect(compiling(), code).rejects.toMatchObject({ code });
    }
  });
});
