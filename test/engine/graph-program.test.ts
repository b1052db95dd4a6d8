import { describe, expect, it } from "vitest";
import { openBackgroundProgram } from "../../src/engine/background-program.ts";
import type { ArrayData, Program, StatefulProgram } from "../../src/engine/engine.ts";
import { GraphBuilder } from "../../src/engine/graph-builder.ts";
import { openProgram, openStatefulProgram } from "../../src/engine/graph-program.ts";

const OPTIONS = { device: "cpu", threads: 1 } as const;

/** y = x + 1 for float32, int32, uint8 (as int32) and bool (as its negation). */
async function everyType(open = openProgram): Promise<Program> {
  const graph = new GraphBuilder();
  const shape = [3];
  const float = graph.input("float", { dtype: "float32", shape });
  const int = graph.input("int", { dtype: "int32", shape });
  const byte = graph.input("byte", { dtype: "uint8", shape });
  const flag = graph.input("flag", { dtype: "bool", shape });
  return open(
    graph.finish("types", [
      { name: "float", value: graph.op("Add", [float, graph.scalar(1)]) },
      { name: "int", value: graph.op("Add", [int, graph.scalar(1, "int32")]) },
      { name: "byte", value: graph.op("Add", [graph.cast(byte, "int32"), graph.scalar(1, "int32")]) },
      { name: "flag", value: graph.op("Not", [flag]) },
    ]),
    OPTIONS,
  );
}

const types = (): Record<string, ArrayData> => ({
  float: Float32Array.of(0.5, -1, 2),
  int: Int32Array.of(1, -2, 2 ** 30),
  byte: Uint8Array.of(0, 128, 255),
  flag: Uint8Array.of(0, 1, 1),
});

describe.each([
  ["in the caller's thread", openProgram],
  ["in a thread of its own", openBackgroundProgram],
])("a program %s", (_where, open) => {
  it("takes and gives every element type", async () => {
    const program = await everyType(open);
    const outputs = await program.run(types());
    expect(outputs).toEqual({
      float: { data: Float32Array.of(1.5, 0, 3), shape: [3] },
      int: { data: Int32Array.of(2, -1, 2 ** 30 + 1), shape: [3] },
      byte: { data: Int32Array.of(1, 129, 256), shape: [3] },
      flag: { data: Uint8Array.of(1, 0, 0), shape: [3] },
    });
    await program.dispose();
  });

  it("gives an output that a Reshape made in its shape, beside what was reshaped", async () => {
    const graph = new GraphBuilder();
    const x = graph.input("x", { dtype: "float32", shape: [6] });
    const [once, twice] = [1, 2].map((number) => graph.op("Add", [x, graph.scalar(number)]));
    const program = await open(
      graph.finish("reshaped", [
        { name: "matrix", value: graph.reshape(once, [2, 3]) },
        { name: "same", value: twice },
        { name: "column", value: graph.reshape(twice, [6, 1]) },
        { name: "given", value: graph.reshape(x, [3, 2]) },
      ]),
      OPTIONS,
    );
    const outputs = await program.run({ x: Float32Array.of(0, 1, 2, 3, 4, 5) });
    expect(outputs).toEqual({
      matrix: { data: Float32Array.of(1, 2, 3, 4, 5, 6), shape: [2, 3] },
      same: { data: Float32Array.of(2, 3, 4, 5, 6, 7), shape: [6] },
      column: { data: Float32Array.of(2, 3, 4, 5, 6, 7), shape: [6, 1] },
      given: { data: Float32Array.of(0, 1, 2, 3, 4, 5), shape: [3, 2] },
    });
    await program.dispose();
  });

  it("gives arrays that later runs leave alone", async () => {
    const program = await everyType(open);
    const first = await program.run(types());
    await program.run({ ...types(), float: Float32Array.of(7, 7, 7) });
    expect(first.float.data).toEqual(Float32Array.of(1.5, 0, 3));
    await program.dispose();
  });

  it.each([
    ["a missing input", { float: undefined }, "usage.input-type", /float/],
    [
      "an unknown input",
      { other: Float32Array.of(1) },
      "usage.input-unknown",
      /float, int, byte, flag.*other/,
    ],
    [
      "another array type",
      { int: Float32Array.of(1, 2, 3) },
      "usage.input-type",
      /int .*Int32Array.*Float32Array/,
    ],
    ["a plain list", { float: [1, 2, 3] }, "usage.input-type", /Float32Array.*got Array/],
    ["too few elements", { byte: Uint8Array.of(1) }, "usage.input-size", /3 elements, shape \[3\], got 1/],
  ])("refuses %s", async (_what, change, code, message) => {
    const program = await everyType(open);
    const inputs = { ...types(), ...change } as Record<string, ArrayData>;
    await expect(program.run(inputs)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
    const { float: _, ...rest } = types();
    await expect(program.run(rest)).rejects.toMatchObject({ code: "usage.input-missing" });
    await expect(program.run(types())).resolves.toBeDefined();
    await program.dispose();
  });

  it("refuses to run once it is disposed of, and may be disposed of twice", async () => {
    const program = await everyType(open);
    const running = program.run(types());
    await program.dispose();
    await program.dispose();
    await expect(running).resolves.toBeDefined();
    await expect(program.run(types())).rejects.toMatchObject({ code: "usage.disposed" });
  });
});

describe("a program in a thread of its own", () => {
  it("leaves the caller's thread free, and the caller's arrays alone", async () => {
    const graph = new GraphBuilder();
    const shape = [512, 512];
    const x = graph.input("x", { dtype: "float32", shape });
    let y = x;
    for (let i = 0; i < 60; i++) y = graph.op("MatMul", [y, x]);
    const program = await openBackgroundProgram(graph.finish("long", [{ name: "y", value: y }]), OPTIONS);
    const data = new Float32Array(512 * 512).fill(1 / 512);
    let turns = 0;
    const counting = setInterval(() => turns++, 1);
    const outputs = await program.run({ x: data });
    clearInterval(counting);
    expect(turns).toBeGreaterThan(5);
    expect(outputs.y.data[0]).toBeCloseTo(1 / 512, 5);
    expect(data[0]).toBe(1 / 512);
    await program.dispose();
  });

  it("reports what ONNX Runtime says of a run that fails, and runs again", async () => {
    const graph = new GraphBuilder();
    const index = graph.input("index", { dtype: "int32", shape: [] });
    const value = graph.op("Gather", [graph.numbers([1, 10], [2], "float32"), index], { axis: 0 });
    const program = await openBackgroundProgram(graph.finish("gather", [{ name: "y", value }]), OPTIONS);
    await expect(program.run({ index: Int32Array.of(7) })).rejects.toMatchObject({
      code: "internal.session-run",
      message: expect.stringMatching(/indices/i),
    });
    expect((await program.run({ index: Int32Array.of(1) })).y.data[0]).toBe(10);
    await program.dispose();
  });
});

/**
 * total' = total + x, last' = x, kept' = kept; outputs the new total. The index of a Gather from a list of two, so that
 * a run can be made to fail.
 */
async function running(): Promise<StatefulProgram> {
  const graph = new GraphBuilder();
  const shape = [2];
  const x = graph.input("x", { dtype: "float32", shape });
  const index = graph.input("index", { dtype: "int32", shape: [] });
  const total = graph.input("state/total", { dtype: "float32", shape });
  graph.input("state/last", { dtype: "float32", shape });
  const kept = graph.input("state/kept", { dtype: "int32", shape: [1] });
  const factor = graph.op("Gather", [graph.numbers([1, 10], [2], "float32"), index], { axis: 0 });
  const next = graph.op("Add", [total, graph.op("Mul", [x, factor])]);
  return openStatefulProgram(
    graph.finish("running", [
      { name: "total", value: next },
      { name: "new/total", value: next },
      { name: "new/last", value: x },
      { name: "new/kept", value: kept },
    ]),
    ["total", "last", "kept"].map((name) => ({ name, input: `state/${name}`, output: `new/${name}` })),
    { total: new Float32Array(2), last: Float32Array.of(5, 5), kept: Int32Array.of(9) },
    OPTIONS,
  );
}

const step = (program: StatefulProgram, x: number[], index = 0) =>
  program.run({ x: Float32Array.from(x), index: Int32Array.of(index) });
const total = (program: StatefulProgram) => program.readState().then((state) => Array.from(state.total.data));

describe("a program with state", () => {
  it("carries it from call to call and gives only the other outputs", async () => {
    const program = await running();
    expect(Object.keys(await step(program, [1, 2]))).toEqual(["total"]);
    expect((await step(program, [10, 20])).total.data).toEqual(Float32Array.of(11, 22));
    expect(await program.readState()).toEqual({
      total: { data: Float32Array.of(11, 22), shape: [2] },
      last: { data: Float32Array.of(10, 20), shape: [2] },
      kept: { data: Int32Array.of(9), shape: [1] },
    });
    await program.dispose();
  });

  it("runs calls that were not waited for one after the other", async () => {
    const program = await running();
    const totals = await Promise.all(Array.from({ length: 20 }, () => step(program, [1, 2])));
    expect(totals.map(({ total }) => total.data[1])).toEqual(
      Array.from({ length: 20 }, (_, i) => 2 * (i + 1)),
    );
    await program.dispose();
  });

  it("keeps the state of the last good run when a run fails, whichever buffer it is in", async () => {
    const program = await running();
    for (const expected of [
      [1, 2],
      [2, 4],
      [3, 6],
    ]) {
      await step(program, [1, 2]);
      await expect(step(program, [1, 2], 7)).rejects.toMatchObject({ code: "internal.session-run" });
      await expect(step(program, [1])).rejects.toMatchObject({ code: "usage.input-size" });
      expect(await total(program)).toEqual(expected);
    }
    await program.dispose();
  });

  it("gives copies of its state and takes copies", async () => {
    const program = await running();
    await step(program, [1, 2]);
    const before = await program.readState();
    before.total.data.fill(99);
    expect(await total(program)).toEqual([1, 2]);
    const given = Float32Array.of(100, 200);
    await program.writeState({ total: given });
    given.fill(0);
    await step(program, [1, 1]);
    expect(await total(program)).toEqual([101, 201]);
    await expect(program.writeState({ other: given })).rejects.toMatchObject({ code: "usage.state-unknown" });
    await expect(program.writeState({ total: Float32Array.of(1) })).rejects.toMatchObject({
      code: "usage.state-size",
    });
    await program.dispose();
  });

  it("refuses a state that does not fit", async () => {
    const graph = new GraphBuilder();
    const w = graph.input("w", { dtype: "float32", shape: [2] });
    const slots = [{ name: "w", input: "w", output: "w" }];
    const same = graph.finish("same", [{ name: "w", value: graph.op("Neg", [w]) }]);
    await expect(openStatefulProgram(same, slots, {}, OPTIONS)).rejects.toMatchObject({
      code: "usage.state-missing",
    });
    await expect(openStatefulProgram(same, slots, { w: new Float32Array(3) }, OPTIONS)).rejects.toMatchObject(
      { code: "usage.state-size" },
    );
  });
});

/** y = x + w and z = y w, where w and z may lie in place. */
function productGraph() {
  const graph = new GraphBuilder();
  const shape = [2];
  const x = graph.input("x", { dtype: "float32", shape });
  const w = graph.input("w", { dtype: "float32", shape });
  const y = graph.op("Add", [x, w]);
  return graph.finish("product", [
    { name: "y", value: y },
    { name: "z", value: graph.op("Mul", [y, w]) },
  ]);
}

describe("a program with arrays in place", () => {
  it("reads and writes them where they lie at each run, and neither takes nor gives them", async () => {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const w = new Float32Array(memory.buffer, 64, 2);
    const z = new Float32Array(memory.buffer, 80, 2);
    w.set([1, 2]);
    const program = await openProgram(productGraph(), OPTIONS, { inputs: { w }, outputs: { z } });
    const first = await program.run({ x: Float32Array.of(10, 20) });
    expect(first).toEqual({ y: { data: Float32Array.of(11, 22), shape: [2] } });
    expect([...z]).toEqual([11, 44]);
    w.set([3, 0]);
    await program.run({ x: Float32Array.of(1, 1) });
    expect([...z]).toEqual([12, 0]);
    expect([...w]).toEqual([3, 0]);
    expect(first.y.data).toEqual(Float32Array.of(11, 22));
    // What lies around them stays.
    expect(new Float32Array(memory.buffer, 0, 16).every((value) => value === 0)).toBe(true);
    expect(new Float32Array(memory.buffer, 88, 8).every((value) => value === 0)).toBe(true);
    await program.dispose();
  });

  it("keeps the arrays of two programs over one memory in step", async () => {
    const w = Float32Array.of(1, 1);
    const z = new Float32Array(2);
    const [writer, reader] = [
      await openProgram(productGraph(), OPTIONS, { inputs: { w }, outputs: { z } }),
      await openProgram(productGraph(), OPTIONS, { inputs: { w: z } }),
    ];
    await writer.run({ x: Float32Array.of(1, 2) });
    const { y } = await reader.run({ x: Float32Array.of(0, 0) });
    expect(y.data).toEqual(Float32Array.of(2, 3));
    await Promise.all([writer.dispose(), reader.dispose()]);
  });

  it("refuses them among a run's inputs, and the others if they are missing", async () => {
    const w = Float32Array.of(1, 2);
    const program = await openProgram(productGraph(), OPTIONS, { inputs: { w } });
    const x = Float32Array.of(1, 2);
    await expect(program.run({ x, w })).rejects.toMatchObject({ code: "usage.input-unknown" });
    await expect(program.run({})).rejects.toMatchObject({ code: "usage.input-missing" });
    expect((await program.run({ x })).z.data).toEqual(Float32Array.of(2, 8));
    await program.dispose();
  });

  it.each([
    ["an unknown input", { inputs: { v: new Float32Array(2) } }, "usage.input-unknown"],
    ["an input of another size", { inputs: { w: new Float32Array(3) } }, "usage.input-size"],
    ["an input of another type", { inputs: { w: new Int32Array(2) } }, "usage.input-type"],
    ["an unknown output", { outputs: { v: new Float32Array(2) } }, "usage.output-unknown"],
    ["an output of another size", { outputs: { z: new Float32Array(1) } }, "usage.output-size"],
    ["an output of another type", { outputs: { z: new Int32Array(2) } }, "usage.output-type"],
  ])("refuses %s", async (_what, inPlace, code) => {
    await expect(openProgram(productGraph(), OPTIONS, inPlace as never)).rejects.toMatchObject({ code });
  });
});
