/** When a device is handed work and when results are fetched; the device here only writes down what is asked of it. */
import { describe, expect, it } from "vitest";
import type { OpenDeviceMemory } from "../../src/engine/device-memory.ts";
import type { ArrayData, DeviceArray } from "../../src/engine/engine.ts";
import type { Graph, Value } from "../../src/engine/graph.ts";
import { openSubmittedProgram } from "../../src/engine/submitted-program.ts";

const y: Value = { name: "y", dtype: "float32", shape: [1] };
const GRAPH: Graph = { name: "g", inputs: [], constants: [], nodes: [], outputs: [{ name: "y", value: y }] };

interface Noted extends DeviceArray {
  readonly run: number;
}

/** A device that gives what it is given; `fails` are runs that end with an error, when they are handed over. */
function openNotingMemory(fails: readonly number[] = []) {
  const events: string[] = [];
  const memory = {
    async open() {
      return {
        async run({ x }: Record<string, ArrayData>) {
          const run = x![0]!;
          events.push(`run ${run}`);
          if (fails.includes(run)) throw new Error(`run ${run} failed`);
          const array: Noted = { shape: [1], dtype: "float32", free: () => events.push(`free ${run}`), run };
          return { outputs: {}, stays: { y: array } };
        },
        async dispose() {
          events.push("dispose");
        },
      };
    },
    async read(array: DeviceArray) {
      const { run } = array as Noted;
      events.push(`read ${run}`);
      return Float32Array.of(run);
    },
  } as unknown as OpenDeviceMemory;
  return { memory, events };
}

const input = (run: number) => ({ x: Float32Array.of(run) });

describe("runs that are handed over", () => {
  it("are each followed by the next as soon as their results are there", async () => {
    const { memory, events } = openNotingMemory();
    const program = await openSubmittedProgram(GRAPH, memory);
    const runs = await Promise.all([1, 2, 3].map((run) => program.run(input(run))));
    expect(runs.map((values) => values.y!.data[0])).toEqual([1, 2, 3]);
    expect(events.filter((event) => !event.startsWith("free"))).toEqual([
      ...["run 1", "read 1", "run 2", "read 2", "run 3", "read 3"],
    ]);
  });

  it("leave the caller's thread free until the next one comes", async () => {
    const { memory, events } = openNotingMemory();
    const program = await openSubmittedProgram(GRAPH, memory);
    const first = program.run(input(1));
    // What the caller does meanwhile takes no turn of the event loop.
    for (let i = 0; i < 50; i++) await Promise.resolve();
    expect(events).toEqual(["run 1"]);
    await Promise.all([first, program.run(input(2))]);
    expect(events.slice(0, 4)).toEqual(["run 1", "read 1", "free 1", "run 2"]);
  });

  it("fail alone, and free what they left on the device", async () => {
    const { memory, events } = openNotingMemory([2]);
    const program = await openSubmittedProgram(GRAPH, memory);
    const runs = await Promise.allSettled([1, 2, 3].map((run) => program.run(input(run))));
    expect(runs.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(events.filter((event) => event.startsWith("free"))).toEqual(["free 1", "free 3"]);
  });

  it("are finished before the program is closed", async () => {
    const { memory, events } = openNotingMemory();
    const program = await openSubmittedProgram(GRAPH, memory);
    const run = program.run(input(1));
    await program.dispose();
    expect(events).toEqual(["run 1", "read 1", "free 1", "dispose"]);
    expect((await run).y!.data[0]).toBe(1);
  });
});
