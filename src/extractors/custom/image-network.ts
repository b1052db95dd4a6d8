/** A network in a user's file, whatever runs it. */
import type { ArrayValue, Engine } from "../../engine/engine.ts";
import { GanEvalError } from "../../errors.ts";
import type { BatchArray } from "../image-input.ts";
import type { OpenShape } from "./preprocessing.ts";

export interface ImageNetwork {
  readonly location: string;
  /** sha256 (hex) of all its files. */
  readonly hash: string;
  readonly inputShape: OpenShape;
  /** The names of its outputs; the first is the usual one. */
  readonly outputs: readonly string[];
  /** Names of tensors within that may be asked for as well. */
  readonly within: readonly string[];
  /**
   * Makes it ready for images `[n, ...]` of one shape, to give some of its tensors. Once only.
   * @throws GanEvalError `input.extractor-network` where it cannot be run
   */
  compile(engine: Engine, shape: readonly number[], outputs: readonly string[]): Promise<NetworkProgram>;
}

export interface NetworkProgram {
  /** Whether it takes other numbers of images than that of its shape. */
  readonly anyBatch: boolean;
  /** One array for each of the outputs, in their order. */
  run(images: BatchArray): Promise<readonly ArrayValue[]>;
  dispose(): Promise<void>;
}

export const otherNetwork = (location: string, got: string, cause?: unknown): GanEvalError =>
  new GanEvalError(
    "input.extractor-network",
    `expected a runnable image network in ${location}, got ${got}`,
    {
      hint: "Export it to ONNX in float32 with one input, the images; docs/extractors.md shows how.",
      cause,
    },
  );

/** More names than these are no help. */
const MOST_LISTED = 20;

const listNames = (names: readonly string[]): string =>
  names.length > MOST_LISTED ? `${names.slice(-MOST_LISTED).join(", ")} and others before` : names.join(", ");

/**
 * The tensor of a name, the first output if it is left out.
 * @throws GanEvalError `usage.extractor-output` where there is none of that name
 */
export function nameToOutput(
  { location, outputs, within }: ImageNetwork,
  name: string | undefined,
  flag: "output" | "logits-output",
): string {
  if (name === undefined) return outputs[0];
  if (outputs.includes(name) || within.includes(name)) return name;
  const inside = within.length > 0 ? ` Tensors within: ${listNames(within)}.` : "";
  throw new GanEvalError("usage.extractor-output", `expected --${flag} of ${location}, got ${name}`, {
    hint: `Its outputs: ${listNames(outputs)}.${inside}`,
  });
}
