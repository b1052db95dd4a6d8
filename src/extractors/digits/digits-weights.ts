/** The trained weights that ship with the package. docs/digits.md says how they were made. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { ArrayValue } from "../../engine/engine.ts";
import { GanEvalError } from "../../errors.ts";
import { bytesToSafetensors } from "../../formats/safetensors.ts";
import { tensorToFloat32 } from "../../formats/tensor.ts";
import { DIGITS_WEIGHTS, type DigitsWeightName } from "./digits-network.ts";

export const DIGITS_WEIGHTS_FILE = fileURLToPath(new URL("./weights.safetensors", import.meta.url));

export interface DigitsWeights {
  readonly arrays: Readonly<Record<DigitsWeightName, ArrayValue>>;
  /** sha256 of the file, hex. */
  readonly hash: string;
}

/**
 * The weights in a safetensors file's bytes.
 * @throws GanEvalError `input.safetensors` for a damaged file, `input.digits-weights` for one of another network
 */
export function bytesToDigitsWeights(bytes: Uint8Array, location: string): DigitsWeights {
  const { tensors } = bytesToSafetensors(bytes, location);
  const arrays = Object.entries(DIGITS_WEIGHTS).map(([name, shape]) => {
    const tensor = tensors.get(name);
    if (tensor?.shape.join() !== shape.join())
      throw new GanEvalError(
        "input.digits-weights",
        `expected ${name} of shape [${shape.join(", ")}] in ${location}, got ${tensor ? `[${tensor.shape.join(", ")}]` : "none"}`,
        { hint: "Train them anew with scripts/train-digits.js, or reinstall gan-eval." },
      );
    return [name, { data: tensorToFloat32(tensor, name), shape }];
  });
  return {
    arrays: Object.fromEntries(arrays),
    hash: createHash("sha256").update(bytes).digest("hex"),
  };
}

/** @throws GanEvalError `unavailable.weights` if the installation lacks the file */
export async function readDigitsWeights(location = DIGITS_WEIGHTS_FILE): Promise<DigitsWeights> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(location);
  } catch (cause) {
    throw new GanEvalError("unavailable.weights", `expected the digits network's weights in ${location}`, {
      hint: "The file is part of gan-eval: install it again, or run `npm run build` in a checkout.",
      cause,
    });
  }
  return bytesToDigitsWeights(bytes, location);
}
