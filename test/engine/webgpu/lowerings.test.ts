/** Every lowering and every gradient on WebGPU: the numbers of the CPU. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openOnnxEngine } from "../../../src/engine/compile.ts";
import type { Engine } from "../../../src/engine/engine.ts";
import type { KernelName } from "../../../src/engine/kernels.ts";
import { LOWERINGS } from "../../../src/engine/lowerings/table.ts";
import { loadTensorflow } from "../../../src/engine/tensorflow.ts";
import { CASES } from "../lowerings/cases.ts";
import { Draw } from "../lowerings/draw.ts";
import { traceCase } from "../lowerings/run-case.ts";
import { haveWebGpu } from "./software-gpu.ts";

/** As of the CPU's kernels against tensorflow.js: sums in another order, and functions of another library. */
const TOLERANCE = 1e-4;
/** WGSL lets a driver be 2^-11 off in sine and cosine; SwiftShader is 2e-4 off. */
const ROUGH: Readonly<Partial<Record<KernelName, number>>> = { Sin: 2 ** -11, Cos: 2 ** -11, Tan: 2 ** -8 };
const SEEDS = [1, 2];

describe.skipIf(!haveWebGpu())("on WebGPU every lowering computes what the CPU computes", () => {
  let cpu: Engine;
  let gpu: Engine;
  beforeAll(async () => {
    await loadTensorflow();
    cpu = await openOnnxEngine({ device: "cpu", threads: 1 });
    gpu = await openOnnxEngine({ device: "webgpu", threads: 1 });
  });
  afterAll(async () => {
    await cpu?.dispose();
    await gpu?.dispose();
  });

  it.each(Object.keys(LOWERINGS) as KernelName[])("%s", async (kernel) => {
    const tolerance = ROUGH[kernel] ?? TOLERANCE;
    for (const seed of SEEDS) {
      const drawn = CASES[kernel](new Draw(seed));
      const expected = await traceCase(cpu, kernel, drawn);
      const actual = await traceCase(gpu, kernel, drawn);
      expect(Object.keys(actual)).toEqual(Object.keys(expected));
      for (const [name, numbers] of Object.entries(expected)) {
        expect(actual[name]!.length).toBe(numbers.length);
        for (const [i, number] of numbers.entries()) {
          const got = actual[name]![i]!;
          const isClose =
            Object.is(got, number) || Math.abs(got - number) <= tolerance * Math.max(1, Math.abs(number));
          if (!isClose) expect.fail(`${name}[${i}] is ${got}, expected ${number}: ${JSON.stringify(drawn)}`);
        }
      }
    }
  });
});
