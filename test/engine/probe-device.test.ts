import { describe, expect, it } from "vitest";
import { graphToOnnx } from "../../src/engine/onnx-encode.ts";
import { probeDevice } from "../../src/engine/probe-device.ts";

const x = { name: "x", dtype: "float32", shape: [2, 2] } as const;
const y = { name: "y", dtype: "float32", shape: [2, 2] } as const;
const modelOf = (op: "MatMul" | "Add"): Uint8Array =>
  graphToOnnx({
    name: "probe",
    inputs: [x],
    constants: [],
    nodes: [{ op, inputs: [x, x], outputs: [y], attributes: {} }],
    outputs: [{ name: "y", value: y }],
  }).bytes;

describe("the trial of a device", () => {
  it("finds the CPU", async () => {
    expect(await probeDevice("cpu", modelOf("MatMul"))).toBeUndefined();
  });

  it("says why where the device is not there, computes wrongly, or cannot open the model", async () => {
    expect((await probeDevice("coreml", modelOf("MatMul")))?.why).toMatch(/\w/);
    expect((await probeDevice("cpu", modelOf("Add")))?.why).toBe("a 2 x 2 matrix product gave 2,4,6,8");
    expect((await probeDevice("cpu", Uint8Array.of(1, 2, 3)))?.why).toMatch(/\w/);
  });
});
