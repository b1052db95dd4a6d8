/** One checkpoint of a run, and the arrays of its networks. */
import path from "node:path";
import type { ArrayValue } from "../engine/engine.ts";
import { GanEvalError } from "../errors.ts";
import { settleBest } from "../run-folder/checkpoints.ts";
import { type RunDescription, readDescription } from "../run-folder/description.ts";
import { listRoundFiles, type RoundFile } from "../run-folder/run-folder.ts";
import { readCheckpoint } from "../train/checkpoint.ts";
import { under, within } from "../train/networks/names.ts";
import type { Network } from "../train/networks/network.ts";

/** Which checkpoint: a round is its number. */
export type CheckpointChoice = "latest" | "best" | number;

export interface CheckpointOptions {
  /** The folder of a run. */
  readonly run: string;
  /** Default: the best if the run was scored, else the latest. */
  readonly checkpoint?: CheckpointChoice;
}

/** A run and one of its checkpoints. */
export interface RunCheckpoint {
  readonly run: RunDescription;
  /** The checkpoint's file. */
  readonly location: string;
  readonly round: number;
}

const noCheckpoint = (expected: string, got: string, hint: string): GanEvalError =>
  new GanEvalError("input.no-checkpoint", `expected ${expected}, got ${got}`, { hint });

/** More rounds than these would be no help. */
const MOST_LISTED = 12;

function listRounds(files: readonly RoundFile[]): string {
  const rounds = files.map(({ round }) => round);
  const shown = rounds.slice(-MOST_LISTED);
  return `${shown.length < rounds.length ? "..., " : ""}${shown.join(", ")}`;
}

/** @throws GanEvalError `input.no-checkpoint` where the run has none, or not the one asked for */
function chooseCheckpoint(
  folder: string,
  files: readonly RoundFile[],
  best: number | undefined,
  choice: CheckpointChoice | undefined,
): RoundFile {
  if (files.length === 0)
    throw noCheckpoint(
      `a checkpoint in ${folder}`,
      "none yet",
      "Wait for the first, or train with a smaller --checkpoint-interval.",
    );
  const latest = files[files.length - 1];
  if (choice === "latest") return latest;
  const round = typeof choice === "number" ? choice : best;
  if (round === undefined && choice === undefined) return latest;
  if (round === undefined)
    throw noCheckpoint(
      `an evaluated run, for its best checkpoint, in ${folder}`,
      "one without scores",
      "Use --checkpoint latest, or train with --eval-every.",
    );
  const found = files.find((file) => file.round === round);
  if (found !== undefined) return found;
  throw noCheckpoint(
    `a checkpoint of round ${round} in ${folder}`,
    "none",
    `There are: ${listRounds(files)}.`,
  );
}

/** @throws GanEvalError `input.not-a-run`; `input.no-checkpoint` where there is none, or not this one */
export async function openRunCheckpoint({
  run: folder,
  checkpoint,
}: CheckpointOptions): Promise<RunCheckpoint> {
  const files = await listRoundFiles(folder, "checkpoints");
  const run = settleBest(await readDescription(folder), files);
  return { run, ...chooseCheckpoint(folder, files, run.best?.round, checkpoint) };
}

/** What a checkpoint's file holds. @throws GanEvalError `input.checkpoint` for a file that is none, or was cut off */
export const readState = async (location: string): Promise<Readonly<Record<string, ArrayValue>>> =>
  (await readCheckpoint(location)).state;

/**
 * A network's arrays in a checkpoint, by `weights/...` and `buffers/...`: the running average's, where it has one.
 * @throws GanEvalError `input.checkpoint` where they are those of another network
 */
export function stateToArrays(
  state: Readonly<Record<string, ArrayValue>>,
  {
    name,
    network,
    averaged,
  }: { readonly name: string; readonly network: Network; readonly averaged: boolean },
  location: string,
): Record<string, ArrayValue> {
  const own = within(state, averaged ? `${name}/average` : name);
  const specs = { ...under("weights", network.weights), ...under("buffers", network.buffers) };
  return Object.fromEntries(
    Object.entries(specs).map(([key, { shape }]) => {
      const array = own[key];
      if (`${array?.shape}` === `${shape}`) return [key, array];
      const got = array === undefined ? "none" : `[${array.shape}]`;
      throw new GanEvalError(
        "input.checkpoint",
        `expected ${key} of [${shape}] in ${location} for the ${name} described in run.json, got ${got}`,
        { hint: "The checkpoint belongs to another run, or run.json was changed: use another checkpoint." },
      );
    }),
  );
}

/** What a result says of where its generator came from. */
export interface CheckpointOrigin {
  readonly run: string;
  readonly checkpoint: string;
  readonly round: number;
}

export const checkpointToOrigin = (folder: string, location: string, round: number): CheckpointOrigin => ({
  run: folder,
  checkpoint: path.relative(folder, location).split(path.sep).join("/"),
  round,
});
