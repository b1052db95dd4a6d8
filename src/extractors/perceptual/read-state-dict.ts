/** Weights by name from a file that the user brings: torch's .pth, safetensors, or the arrays of an ONNX file. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { ArrayValue } from "../../engine/engine.ts";
import { GanEvalError } from "../../errors.ts";
import { fileToSha256 } from "../../files/file-hash.ts";
import { bytesToSafetensors } from "../../formats/safetensors.ts";
import { type StoredTensor, shapeToSize, tensorToFloat32 } from "../../formats/tensor.ts";
import { readTorch } from "../../formats/torch.ts";
import { bytesToOnnxArrays } from "./onnx-arrays.ts";

export interface StateDict {
  readonly location: string;
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** sha256 of the file, hex. */
  readonly hash: string;
}

type Reader = (location: string) => Promise<ReadonlyMap<string, StoredTensor>>;

const READERS: Readonly<Record<string, Reader>> = {
  ".pth": readTorch,
  ".pt": readTorch,
  ".safetensors": async (location) => bytesToSafetensors(await readFile(location), location).tensors,
  ".onnx": async (location) => bytesToOnnxArrays(await readFile(location), location),
};

const EXTENSIONS = Object.keys(READERS).join(", ");

/**
 * @throws GanEvalError `input.perceptual-weights` for another kind of file, `input.cannot-read`, and what a damaged file's
 *   format throws
 */
export async function readStateDict(location: string): Promise<StateDict> {
  const reader = READERS[path.extname(location).toLowerCase()];
  if (reader === undefined)
    throw new GanEvalError(
      "input.perceptual-weights",
      `expected a file of weights (${EXTENSIONS}), got ${location}`,
      { hint: "torchvision's .pth files are read as they are." },
    );
  const hash = await fileToSha256(location).catch((cause) => {
    throw new GanEvalError("input.cannot-read", `cannot read ${location}: ${cause.message}`, {
      hint: "Check the path and its permissions.",
      cause,
    });
  });
  return { location, tensors: await reader(location), hash };
}

/**
 * One tensor of a state dict as float32.
 * @throws GanEvalError `input.perceptual-weights` where it is missing, or of another shape
 */
export function stateDictToArray(
  { tensors, location }: StateDict,
  name: string,
  shape: readonly number[],
  network: string,
): Float32Array {
  const tensor = tensors.get(name);
  if (tensor?.shape.join() === shape.join()) {
    const data = tensorToFloat32(tensor, name);
    if (data.length === shapeToSize(shape)) return data;
  }
  const got = tensor ? `[${tensor.shape.join(", ")}]` : "none";
  const some = [...tensors.keys()].slice(0, 4).join(", ") || "no weights";
  throw new GanEvalError(
    "input.perceptual-weights",
    `expected ${name} of shape [${shape.join(", ")}] in ${location} for ${network}, got ${got}`,
    {
      hint: tensor
        ? "The file is of another network."
        : `The file has ${some}, ...: another network, or half of one.`,
    },
  );
}

/** A filter [out, in, h, w] as tensorflow.js has it, [h, w, in, out]. */
export function filterToArray(
  data: Float32Array,
  [height, width, into, out]: readonly [number, number, number, number],
): ArrayValue {
  const turned = new Float32Array(data.length);
  for (let o = 0, from = 0; o < out; o++)
    for (let i = 0; i < into; i++)
      for (let place = 0; place < height * width; place++, from++)
        turned[(place * into + i) * out + o] = data[from]!;
  return { data: turned, shape: [height, width, into, out] };
}
