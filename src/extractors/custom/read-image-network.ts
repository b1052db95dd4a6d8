/** Reads a user's network from an ONNX file or a tensorflow.js model. */
import { stat } from "node:fs/promises";
import path from "node:path";
import { GanEvalError } from "../../errors.ts";
import type { ImageNetwork } from "./image-network.ts";

/**
 * A user's network from an ONNX file, or from the folder (or model.json) of a tensorflow.js model.
 * @throws GanEvalError `input.cannot-read`; `input.extractor-network` for anything else
 */
export async function readImageNetwork(location: string): Promise<ImageNetwork> {
  const found = await stat(location).catch((cause) => {
    throw new GanEvalError("input.cannot-read", `cannot read ${location}: ${cause.message}`, {
      hint: "Check the path: --extractor takes an ONNX file or the folder of a tensorflow.js model.",
      cause,
    });
  });
  const { readTfjsNetwork, MODEL_FILE } = await import("../tfjs/tfjs-network.ts");
  if (found.isDirectory()) return readTfjsNetwork(location);
  if (path.basename(location) === MODEL_FILE) return readTfjsNetwork(path.dirname(location));
  const { readOnnxNetwork } = await import("../onnx/onnx-network.ts");
  return readOnnxNetwork(location);
}
