/** The first run over a device's arrays is held against the CPU, inputs and results that stay there too. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openOnnxEngine } from "../../src/engine/compile.ts";
import { withDeviceSelfCheck } from "../../src/engine/device-self-check.ts";
import type { DeviceProgram, Engine, Tensors } from "../../src/engine/engine.ts";
import * as tf from "../../src/engine/tfjs.ts";
import { openMemoryHere } from "./memory-here.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await openOnnxEngine({ device: "cpu", threads: 1 });
});
afterAll(() => engine?.dispose());

const SIGNATURE = { x: { shape: [4] }, w: { shape: [4] } };
const step = ({ x, w }: Tensors): Tensors => ({ loss: tf.sum(tf.mul(x!, w!)), next: tf.sub(w!, x!) });

/** A device on which the program is a step, and the CPU's one another. */
async function openChecked(onDevice: typeof step) {
  const memory = openMemoryHere(engine);
  const program = await memory.compile(onDevice, SIGNATURE, { name: "step", stays: ["next"] });
  let references = 0;
  const checked = withDeviceSelfCheck(program, memory, {
    ...{ name: "step", device: "webgpu" },
    openReference: () => {
      references++;
      return engine.compile(step, SIGNATURE);
    },
  });
  const w = await memory.put(Float32Array.of(1, 2, 3, 4), SIGNATURE.w);
  return { memory, checked, w, count: () => references };
}

const x = Float32Array.of(0.5, -1, 2, 0);
const run = (checked: DeviceProgram, w: Parameters<DeviceProgram["run"]>[0]["w"]) =>
  checked.run({ x, w: w! });

describe("a program over a device's arrays", () => {
  it("runs as it did where its first run agrees, and the CPU is asked once", async () => {
    const { memory, checked, w, count } = await openChecked(step);
    for (let i = 0; i < 3; i++) {
      const { outputs, stays } = await run(checked, w);
      expect([...outputs.loss!.data]).toEqual([4.5]);
      expect([...(await memory.read(stays.next!))]).toEqual([0.5, 3, 1, 4]);
      stays.next!.free();
    }
    expect(count()).toBe(1);
    expect(memory.traffic.held).toBe(1);
  });

  it.each([
    ["loss", ({ x, w }: Tensors): Tensors => ({ ...step({ x: x!, w: w! }), loss: tf.sum(x!) })],
    [
      "next",
      ({ x, w }: Tensors): Tensors => ({ ...step({ x: x!, w: w! }), next: tf.mul(tf.sub(w!, x!), 1.001) }),
    ],
  ] as const)("fails where its %s is wrong, and leaves nothing there", async (output, wrong) => {
    const { memory, checked, w } = await openChecked(wrong);
    await expect(run(checked, w)).rejects.toMatchObject({
      code: "unavailable.device-differs",
      message: expect.stringContaining(`output ${output} of step on webgpu`),
    });
    expect(memory.traffic.held).toBe(1);
    await expect(run(checked, w)).rejects.toMatchObject({ code: "unavailable.device-differs" });
  });
});
