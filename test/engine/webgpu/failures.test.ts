import { describe, expect, it } from "vitest";
import type { Graph, Value } from "../../../src/engine/graph.ts";
import { openProgram } from "../../../src/engine/graph-program.ts";
import { haveWebGpu } from "./software-gpu.ts";

const value = (name: string, shape: number[]): Value => ({ name, dtype: "float32", shape });

/** The sum of a column and a row, times a column of ones: an array of n x n inside. */
function sumGraph(n: number): Graph {
  const [x, y, sum, out] = [
    value("x", [n, 1]),
    value("y", [1, n]),
    value("sum", [n, n]),
    value("out", [n, 1]),
  ];
  return {
    name: "sum",
    inputs: [x, y],
    constants: [],
    nodes: [
      { op: "Add", inputs: [x, y], outputs: [sum], attributes: {} },
      { op: "MatMul", inputs: [sum, x], outputs: [out], attributes: {} },
    ],
    outputs: [{ name: "out", value: out }],
  };
}

const runWith = async (n: number): Promise<number> => {
  const program = await openProgram(sumGraph(n), { device: "webgpu", threads: 1 });
  try {
    const ones = new Float32Array(n).fill(1);
    return (await program.run({ x: ones, y: ones })).out.data[0];
  } finally {
    await program.dispose();
  }
};

describe.runIf(haveWebGpu())("WebGPU", () => {
  it("says that an array is too large for the device, and computes smaller ones afterwards", async () => {
    // 160 GB are more than any driver allows for one array; SwiftShader allows 1 GiB, which the others pass too.
    const sizes = process.env.GAN_EVAL_TEST_WEBGPU === "1" ? [200_000] : [200_000, 60_000, 20_000];
    for (const n of sizes)
      await expect(runWith(n)).rejects.toMatchObject({
        code: "unavailable.device-memory",
        hint: expect.stringContaining("--batch-size"),
      });
    expect(await runWith(100)).toBe(200);
  });
});
