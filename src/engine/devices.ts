/** The devices that ONNX Runtime has here, found out by running a small graph on each. */
import { GanEvalError } from "../errors.ts";
import { firstLine, textToFailure } from "./device-failures.ts";
import type { DeviceName } from "./engine.ts";
import type { Graph, Value } from "./graph.ts";
import { graphToOnnx } from "./onnx-encode.ts";
import { findBinding, loadOnnxRuntime, unusedVersion } from "./onnxruntime.ts";
import { probeDevice } from "./probe-device.ts";

export const DEVICES: readonly DeviceName[] = ["cpu", "webgpu", "cuda", "dml", "coreml"];

/** What a device needs, where nothing that is known says why it is not there. */
const NEEDS: Readonly<Record<DeviceName, string>> = {
  cpu: "Install gan-eval again, or in a checkout run `npm run build`.",
  webgpu: "It needs a GPU with a Vulkan (Linux), Metal (macOS) or Direct3D 12 (Windows) driver.",
  cuda: "It needs Linux x64, an NVIDIA driver, CUDA 12 with cuDNN 9, and ONNX Runtime's CUDA libraries, which `npm install onnxruntime-node@VERSION` in the same project downloads.",
  dml: "DirectML is part of ONNX Runtime on Windows only.",
  coreml: "CoreML is part of ONNX Runtime on macOS only.",
};

/** Why a device cannot be used, and what to do about it. */
export interface DeviceAbsence {
  /** A clause, without a full stop. */
  readonly why: string;
  readonly advice: string;
}

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

/** What the texts of a device that does not work come to. `log`: what it wrote to standard error meanwhile. */
export function textsToAbsence(device: DeviceName, why: string, log = ""): DeviceAbsence {
  const failure = textToFailure(`${log}\n${why}`, device);
  const unused = device === "cuda" ? unusedVersion() : undefined;
  const told =
    unused === undefined
      ? ""
      : ` onnxruntime-node ${unused} is installed, but is not of this version and not used.`;
  const advice = (failure?.advice ?? NEEDS[device]).replaceAll("VERSION", findBinding().version) + told;
  return { why: failure?.what ?? firstLine(why).replace(/\.$/, ""), advice };
}

async function probe(device: DeviceName): Promise<DeviceAbsence | undefined> {
  const ort = await loadOnnxRuntime();
  if (!ort.listSupportedBackends().some(({ name }) => name === device))
    return textsToAbsence(
      device,
      `onnxruntime-node does not support it on ${process.platform} ${process.arch}`,
    );
  const failure = await probeDevice(device, graphToOnnx(probeGraph()).bytes);
  return failure && textsToAbsence(device, failure.why, failure.log);
}

const probed = new Map<DeviceName, Promise<DeviceAbsence | undefined>>();

/** Why a device cannot be used and what to do, or undefined if it can. Tried once a process. */
export function findAbsence(device: DeviceName): Promise<DeviceAbsence | undefined> {
  let absence = probed.get(device);
  if (absence === undefined) {
    absence = probe(device);
    probed.set(device, absence);
  }
  return absence;
}

/** @throws GanEvalError `unavailable.device` with the reason and the devices that are there */
export async function requireDevice(device: DeviceName): Promise<void> {
  // The session itself is the proof for the CPU: nothing can stand in for it.
  if (device === "cpu") return;
  const absence = await findAbsence(device);
  if (absence === undefined) return;
  const others = await Promise.all(
    DEVICES.map(async (other) => ((await findAbsence(other)) === undefined ? [other] : [])),
  );
  throw new GanEvalError(
    "unavailable.device",
    `expected a ${device} device, got only ${others.flat().join(", ") || "none"} (${absence.why})`,
    { hint: `${absence.advice} Or leave the device out: the CPU always works.` },
  );
}
