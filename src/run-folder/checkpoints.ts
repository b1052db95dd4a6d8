/** Which checkpoints a run has, keeps and goes on from. */
import { rm } from "node:fs/promises";
import { GanEvalError, isCode } from "../errors.ts";
import { type Checkpoint, readCheckpoint } from "../train/checkpoint.ts";
import type { RunDescription } from "./description.ts";
import { listRoundFiles, type RoundFile } from "./run-folder.ts";

export interface FoundCheckpoint {
  readonly file: string;
  readonly checkpoint: Checkpoint;
}

/**
 * The newest that can be read; undefined for a run that was stopped before its first, and where none is wanted. Damaged
 * ones are told to `skip`.
 * @throws GanEvalError `input.no-checkpoint` where there were some, and none can be read
 */
export async function findCheckpoint(
  folder: string,
  reached: number,
  skip: (round: number, message: string) => Promise<void>,
  isWanted: (round: number) => boolean = () => true,
): Promise<FoundCheckpoint | undefined> {
  const all = await listRoundFiles(folder, "checkpoints");
  const files = all.filter(({ round }) => isWanted(round));
  for (const { round, location } of files.toReversed()) {
    try {
      const checkpoint = await readCheckpoint(location);
      const { rounds } = checkpoint.progress;
      if (rounds === round) return { file: location, checkpoint };
      await skip(round, `${location} was skipped: it belongs to round ${rounds}`);
    } catch (error) {
      if (!isCode(error, "input.checkpoint")) throw error;
      await skip(round, `${location} was left out: ${error.message}`);
    }
  }
  if (files.length === 0 && (reached === 0 || all.length > 0)) return undefined;
  throw new GanEvalError(
    "input.no-checkpoint",
    `expected a checkpoint in ${folder} to continue from, got ${files.length === 0 ? "none" : `${files.length} that cannot be read`} after ${reached} rounds`,
    { hint: "Restore one in checkpoints/, or start a new run with another --out." },
  );
}

/** Removes all but the last `keep` and the best; `interim` is not counted. */
export async function pruneCheckpoints(
  folder: string,
  keep: number,
  best: number | undefined,
  interim: number | undefined,
): Promise<void> {
  const all = await listRoundFiles(folder, "checkpoints");
  const files = all.filter(({ round }) => round !== interim);
  for (const { round, location } of files.slice(0, Math.max(0, files.length - keep)))
    if (round !== best) await rm(location, { force: true });
}

/**
 * The description with the best checkpoint that is there: the one that was being written when the process was killed, if
 * it got there, else the one of before.
 */
export function settleBest(description: RunDescription, files: readonly RoundFile[]): RunDescription {
  const { claimed, best, ...others } = description;
  const there = [claimed, best].find((one) => one && files.some(({ round }) => round === one.round));
  return there ? { ...others, best: there } : others;
}
