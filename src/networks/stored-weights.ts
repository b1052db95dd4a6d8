/** The tensors of a file of weights, read one by one when they are asked for: .pth of torch, or safetensors. */
import { open } from "node:fs/promises";
import { GanEvalError } from "../errors.ts";
import { openSafetensors } from "../formats/safetensors-file.ts";
import type { LazyTensors } from "../formats/tensor.ts";
import { openTorch } from "../formats/torch.ts";

/** safetensors begins with the length of a header, which begins with a brace; all else is torch's to judge. */
async function isSafetensors(location: string): Promise<boolean> {
  const file = await open(location, "r").catch((cause: Error) => {
    throw new GanEvalError("input.cannot-read", `cannot read ${location}: ${cause.message}`, {
      hint: "Check the path and its permissions.",
      cause,
    });
  });
  try {
    const head = Buffer.alloc(9);
    const { bytesRead } = await file.read(head, 0, 9, 0);
    return bytesRead === 9 && head[8] === "{".charCodeAt(0);
  } catch (cause) {
    throw new GanEvalError("input.cannot-read", `cannot read ${location}: ${(cause as Error).message}`, {
      hint: "Give the file itself, not its folder.",
      cause,
    });
  } finally {
    await file.close();
  }
}

/**
 * Opens a file of weights, whatever its name ends in.
 * @throws GanEvalError `input.cannot-read`, and what its format throws where it is damaged
 */
export async function openStoredWeights(location: string): Promise<LazyTensors> {
  return (await isSafetensors(location)) ? openSafetensors(location) : openTorch(location);
}
