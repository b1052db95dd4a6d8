/** Begins a run's folder, or takes one up again. */
import { GanEvalError } from "../errors.ts";
import { locationToShell } from "../shell-word.ts";
import { settleBest } from "./checkpoints.ts";
import {
  RUN_SCHEMA,
  type RunDescription,
  type RunPlan,
  readDescription,
  writeDescription,
} from "./description.ts";
import { isVacant, listRoundFiles, makeFolder, removeTemporaries } from "./folder.ts";
import { lockFolder } from "./lock.ts";
import { Run, type RunOptions } from "./run-writer.ts";

export type { CheckpointOptions, Run, RunOptions } from "./run-writer.ts";

/**
 * Begins a run in a folder that is empty or not there.
 * @throws GanEvalError `usage.run-exists` where something is in it, `input.run-locked` where another process begins one
 */
export async function createRun(folder: string, plan: RunPlan, options: RunOptions): Promise<Run> {
  await makeFolder(folder);
  await refuseOccupied(folder);
  const unlock = await lockFolder(folder, options.clock);
  try {
    await refuseOccupied(folder);
    await removeTemporaries(folder);
    const started = new Date(options.clock()).toISOString();
    const state = { started, updated: started, round: 0, events: [] };
    const description: RunDescription = { schema: RUN_SCHEMA, status: "running", ...plan, ...state };
    await writeDescription(folder, description);
    return new Run(folder, description, unlock, options);
  } catch (error) {
    await unlock();
    throw error;
  }
}

async function refuseOccupied(folder: string): Promise<void> {
  if (await isVacant(folder)) return;
  const isRun = await readDescription(folder).then(
    () => true,
    () => false,
  );
  throw new GanEvalError(
    "usage.run-exists",
    `expected an empty folder for a new run, got ${folder} with ${isRun ? "a run" : "other files"} in it`,
    {
      hint: isRun
        ? `Take another --out, or go on with it: gan-eval train --resume ${locationToShell(folder)}`
        : "Take another --out: a run writes many files, and would mix them with these.",
    },
  );
}

/**
 * Opens a run to go on with it. Compare its config, then `rewindTo` the round of `latestCheckpoint`; or `close` it.
 * @throws GanEvalError `input.not-a-run`, `input.run-locked`
 */
export async function openRun(folder: string, options: RunOptions): Promise<Run> {
  await readDescription(folder);
  const unlock = await lockFolder(folder, options.clock);
  try {
    await removeTemporaries(folder);
    const description = settleBest(
      await readDescription(folder),
      await listRoundFiles(folder, "checkpoints"),
    );
    return new Run(folder, description, unlock, options);
  } catch (error) {
    await unlock();
    throw error;
  }
}
