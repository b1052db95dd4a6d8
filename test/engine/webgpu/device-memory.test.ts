/** Arrays in a device's memory: what is put there comes back, and a step's state stays there. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openOnnxEngine } from "../../../src/engine/compile.ts";
import type { DeviceMemory, Engine } from "../../../src/engine/engine.ts";
import * as tf from "../../../src/engine/tfjs.ts";
import { haveWebGpu } from "./software-gpu.ts";

describe.skipIf(!haveWebGpu())("a device's memory", () => {
  let engine: Engine;
  let memory: DeviceMemory;
  beforeAll(async () => {
    engine = await openOnnxEngine({ device: "webgpu", threads: 1 });
    memory = engine.memory!;
  });
  afterAll(() => engine?.dispose());

  it.each([
    ["float32", Float32Array.of(1.5, -2, Number.POSITIVE_INFINITY, 0, 1e-38, 3), [2, 3]],
    ["int32", Int32Array.of(-1, 2 ** 31 - 1), [2]],
    ["float32", Float32Array.of(7), []],
  ] as const)("gives back what was put there: %s %s", async (dtype, data, shape) => {
    const array = await memory.put(data.slice(), { dtype, shape });
    expect([array.dtype, [...array.shape]]).toEqual([dtype, [...shape]]);
    expect(await memory.read(array)).toEqual(data);
    expect(await memory.read(array)).toEqual(data);
    array.free();
    await expect(memory.read(array)).rejects.toThrow("after it was freed");
  });

  it("hands what a program left there to the next one, without its shape being lost", async () => {
    const product = await memory.compile(
      ({ a, b }) => ({
        rows: tf.reshape(tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D), [4]),
        sum: tf.sum(a),
      }),
      { a: { shape: [2, 2] }, b: { shape: [2, 2] } },
      { name: "product", stays: ["rows"] },
    );
    const doubled = await memory.compile(
      ({ rows }) => ({ twice: tf.mul(rows, 2) }),
      { rows: { shape: [4] } },
      { name: "twice", stays: [] },
    );
    const a = await memory.put(Float32Array.of(1, 2, 3, 4), { shape: [2, 2] });
    const { outputs, stays } = await product.run({ a, b: Float32Array.of(0, 1, 1, 0) });
    expect([...outputs.sum!.data]).toEqual([10]);
    expect(stays.rows!.shape).toEqual([4]);
    expect([...(await doubled.run({ rows: stays.rows! })).outputs.twice!.data]).toEqual([4, 2, 8, 6]);
    await expect(doubled.run({ rows: Float32Array.of(1) })).rejects.toThrow("4 elements");
    await expect(doubled.run({})).rejects.toThrow("rows");
  });

  it("gives memory back: two hundred arrays of 8 MB do not pile up", async () => {
    const size = 2 ** 21;
    const program = await memory.compile(
      ({ x }) => ({ next: tf.add(x, 1) }),
      { x: { shape: [size] } },
      { name: "count", stays: ["next"] },
    );
    let x = await memory.put(new Float32Array(size), { shape: [size] });
    const step = async () => {
      const { next } = (await program.run({ x })).stays;
      x.free();
      x = next!;
    };
    for (let i = 0; i < 20; i++) await step();
    const before = process.memoryUsage.rss();
    for (let i = 0; i < 200; i++) await step();
    expect((await memory.read(x))[size - 1]).toBe(220);
    // In software the device's memory is the process's: 200 arrays would be 1,600 MB.
    expect(process.memoryUsage.rss() - before).toBeLessThan(200 * 2 ** 20);
  });

  it("holds the state of a step, which is read, written, and refused where its type changes", async () => {
    const program = await engine.compileStep(
      ({ x }, { sum, count }) => ({
        outputs: { before: sum! },
        state: { sum: tf.add(sum!, x!), count: tf.add(count!, tf.scalar(1, "int32")) },
      }),
      { x: { shape: [] } },
      {
        sum: { data: Float32Array.of(10), shape: [] },
        count: { data: Int32Array.of(0), shape: [] },
      },
    );
    for (const x of [1, 2, 3]) await program.run({ x: Float32Array.of(x) });
    const saved = await program.readState();
    expect([...saved.sum!.data, ...saved.count!.data]).toEqual([16, 3]);
    await program.run({ x: Float32Array.of(100) });
    await program.writeState({ sum: saved.sum!.data });
    const run = await program.run({ x: Float32Array.of(0) });
    expect([...run.before!.data]).toEqual([16]);
    expect([...(await program.readState()).count!.data]).toEqual([5]);
    await expect(program.writeState({ sum: Int32Array.of(1) })).rejects.toThrow("Float32Array");
    await program.dispose();
    await expect(
      engine.compileStep(
        (_inputs, { sum }) => ({ outputs: {}, state: { sum: tf.reshape(sum!, [1]) } }),
        {},
        { sum: { data: Float32Array.of(1), shape: [] } },
      ),
    ).rejects.toThrow("expected the new state sum to be float32 [] like the old one, got float32 [1]");
  });
});
