/** Everything that a run needs to go on as if it had never stopped, in one file. */
import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { ArrayValue } from "../engine/engine.ts";
import { GanEvalError } from "../errors.ts";
import { writeFileAtomically } from "../files/atomic-file.ts";
import { bytesToSafetensors, safetensorsToBytes } from "../formats/safetensors.ts";
import { tensorToFloat32 } from "../formats/tensor.ts";

const count = z.number().int().nonnegative();

const POSITION = z.object({ epoch: count, taken: count, stream: count, augment: count.optional() });

const PROGRESS = z.object({
  schema: z.literal("gan-eval/checkpoint/1"),
  /** Rounds that are finished. */
  rounds: count,
  seed: count,
  /** Positions of the random streams by name. */
  streams: z.record(z.string(), count),
  /** Of one domain, or of each by name. */
  data: z.union([POSITION, z.record(z.string(), POSITION)]),
  /** Scalars that steps carry (BEGAN's `balance`), images in replay pools, and what divergences left of the learning rates. */
  numbers: z.record(z.string(), z.number()),
});

/** Where a run is, besides its arrays. */
export type Progress = Omit<z.infer<typeof PROGRESS>, "schema">;

export interface Checkpoint {
  /** Weights, running statistics and what the optimizers carry, by the round's names. */
  readonly state: Readonly<Record<string, ArrayValue>>;
  readonly progress: Progress;
}

const METADATA_KEY = "gan-eval";

const notOne = (location: string, what: string, cause?: unknown): GanEvalError =>
  new GanEvalError("input.checkpoint", `expected a checkpoint of gan-eval in ${location}, got ${what}`, {
    hint: "The file is truncated or of another kind: use an earlier checkpoint of the run.",
    cause,
  });

/**
 * Writes safetensors whose metadata holds the progress: one file, so that arrays and progress cannot come apart. It is
 * whole or not there.
 */
export async function writeCheckpoint(location: string, { state, progress }: Checkpoint): Promise<void> {
  const tensors = Object.entries(state).map(
    ([name, { data, shape }]) => [name, { data: data as Float32Array, shape }] as const,
  );
  const metadata = { [METADATA_KEY]: JSON.stringify({ schema: "gan-eval/checkpoint/1", ...progress }) };
  await writeFileAtomically(location, [safetensorsToBytes(tensors, metadata)]);
}

/** @throws GanEvalError `input.checkpoint` for a file that is none, or was cut off */
export async function readCheckpoint(location: string): Promise<Checkpoint> {
  const bytes = await readFile(location).catch((cause) => {
    throw notOne(location, `unreadable data (${(cause as Error).message})`, cause);
  });
  const { tensors, metadata } = toSafetensors(bytes, location);
  const { schema: _, ...progress } = textToProgress(metadata[METADATA_KEY], location);
  const state: Record<string, ArrayValue> = {};
  for (const [name, tensor] of tensors)
    state[name] = { data: tensorToFloat32(tensor, name), shape: tensor.shape };
  return { state, progress };
}

function toSafetensors(bytes: Uint8Array, location: string) {
  try {
    return bytesToSafetensors(bytes, location);
  } catch (cause) {
    throw notOne(location, (cause as Error).message, cause);
  }
}

function textToProgress(text: string | undefined, location: string): z.infer<typeof PROGRESS> {
  if (text === undefined) throw notOne(location, "tensors without the state of a run");
  try {
    return PROGRESS.parse(JSON.parse(text));
  } catch (cause) {
    throw notOne(location, "a state record that is damaged or from another version", cause);
  }
}
