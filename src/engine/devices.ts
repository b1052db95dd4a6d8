/** The devices that ONNX Runtime has here, found out by running a small graph on each. */
import { GanEvalError } from "../errors.ts";
import type { DeviceName } from "./engine.ts";
import type { Graph, Value } from "./graph.ts";
import { graphToOnnx } from "./onnx-encode.ts";
import { findBinding, loadOnnxRuntime } from "./onnxruntime.ts";
import { probeDevice } from "./probe-device.ts";

export const DEVICES: readonly DeviceName[] = ["cpu", "webgpu", "cuda", "dml", "coreml"];

const INSTALL_HINT: Readonly<Record<DeviceName, string>> = {
  cpu: "Install gan-eval again, or in a checkout run `npm run build`.",
  webgpu: "It needs a GPU with a Vulkan (Linux), Metal (macOS) or Direct3D 12 (Windows) driver.",
  cuda: "It needs Linux x64, an NVIDIA driver, CUDA 12 with cuDNN 9, and ONNX Runtime's CUDA libraries, which `npm install onnxruntime-node@VERSION` in the same project downloads.",
  dml: "DirectML is part of ONNX Runtime on Windows only.",
  coreml: "CoreML is part of ONNX Runtime on macOS only.",
};

/** A matrix product: every provider computes it, so a provider that leaves it to the CPU is not really there. */
function probeGraph(): Graph {
  const x: Value = { name: "x", dtype: "float32", shape: [2, 2] };
  const y: Value = { name: "y", dtype: "float32", shape: [2, 2] };
  return {
    name: "probe",
    inputs: [x],
    constants: [],
    nodes: [{ op: "MatMul", inputs: [x, x], outputs: [y], attributes: {} }],
    outputs: [{ name: "y", value: y }],
  };
}

async function probe(device: DeviceName): Promise<string | undefined> {
  const ort = await loadOnnxRuntime();
  if (!ort.listSupportedBackends().some(({ name }) => name === device))
    return `onnxruntime-node does not support it on ${process.platform} ${process.arch}`;
  const why = await probeDevice(device, graphToOnnx(probeGraph()).bytes);
  return why === undefined ? undefined : firstLine(why);
}

/** ONNX Runtime's messages begin with the place in its source; what follows the assertion is for people. */
function firstLine(message: string): string {
  const [line] = message.split("\n");
  return line.replace(/^.*was false\. /, "").trim();
}

const probed = new Map<DeviceName, Promise<string | undefined>>();

/** Why a device cannot be used, or undefined if it can. Tried once a process. */
export function whyAbsent(device: DeviceName): Promise<string | undefined> {
  let why = probed.get(device);
  if (why === undefined) {
    why = probe(device);
    probed.set(device, why);
  }
  return why;
}

/** @throws GanEvalError `unavailable.device` with the reason and the devices that are there */
export async function requireDevice(device: DeviceName): Promise<void> {
  // The session itself is the proof for the CPU: nothing can stand in for it.
  if (device === "cpu") return;
  const why = await whyAbsent(device);
  if (why === undefined) return;
  const others = await Promise.all(
    DEVICES.map(async (other) => ((await whyAbsent(other)) === undefined ? [other] : [])),
  );
  throw new GanEvalError(
    "unavailable.device",
    `expected a ${device} device, got only ${others.flat().join(", ") || "none"} (${why})`,
    {
      hint: `${INSTALL_HINT[device].replace("VERSION", findBinding().version)} Or leave the device out: the CPU always works.`,
    },
  );
}
