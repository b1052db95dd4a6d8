import type * as OnnxRuntime from "onnxruntime-node";

export type Ort = typeof OnnxRuntime;

let loading: Promise<Ort> | undefined;

/** ONNX Runtime, loaded at the first use (50 ms), its own log on stderr limited to what ends the process. */
export function loadOnnxRuntime(): Promise<Ort> {
  loading ??= import("onnxruntime-node").then((ort) => {
    ort.env.logLevel = "fatal";
    return ort;
  });
  return loading;
}
