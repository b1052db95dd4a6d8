/** Begins a run's folder, or takes one up again. */
import { GanEvalError } from "../errors.ts";
import { lockFolder } from "../files/lock.ts";
import { locationToShell } from "../shell-word.ts";
import { settleBest } from "./checkpoints.ts";
import {
  RUN_SCHEMA,
  type RunDescription,
  type RunPlan,
  readDescription,
  writeDescription,
} from "./description.ts";
import { type RunPlace, reserveFolder } from "./reserve.ts";
import { isVacant, listRoundFiles, removeTemporaries } from "./run-folder.ts";
import { Run, type RunOptions } from "./run-writer.ts";

export type { CheckpointOptions, Run, RunChange, RunOptions } from "./run-writer.ts";

/**
 * Takes an empty folder, which is made where it is absent, for a run to begin in; before anything that takes time.
 * @throws GanEvalError `usage.run-exists` where something is in it, `input.run-locked` where another process has it
 */
export const reserveRun = (folder: string, { clock }: RunOptions): Promise<RunPlace> =>
  reserveFolder(folder, clock, refuseOccupied);

/** Begins a run in a folder that was reserved for it. */
export async function beginRun(
  folder: string,
  place: RunPlace,
  plan: RunPlan,
  options: RunOptions,
): Promise<Run> {
  await removeTemporaries(folder);
  const started = new Date(options.clock()).toISOString();
  const state = { started, updated: started, round: 0, events: [] };
  const description: RunDescription = { schema: RUN_SCHEMA, status: "running", ...plan, ...state };
  await writeDescription(folder, description);
  return new Run(folder, description, place, options);
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
        ? `Take another --out, or continue it: gan-eval train --resume ${locationToShell(folder)}`
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
  const lock = await lockFolder(folder, options.clock);
  try {
    await removeTemporaries(folder);
    const description = settleBest(
      await readDescription(folder),
      await listRoundFiles(folder, "checkpoints"),
    );
    return new Run(folder, description, lock, options);
  } catch (error) {
    await lock.unlock();
    throw error;
  }
}
