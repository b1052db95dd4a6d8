/** A run in a folder, for tests that write one by hand. */
import type { RunPlan } from "../../src/run-folder/description.ts";
import { beginRun, type Run, type RunOptions, reserveRun } from "../../src/run-folder/run.ts";

/** Reserves a folder and begins a run in it; nothing is left behind where that fails. */
export async function createRun(folder: string, plan: RunPlan, options: RunOptions): Promise<Run> {
  const place = await reserveRun(folder, options);
  try {
    return await beginRun(folder, place, plan, options);
  } catch (error) {
    await place.remove();
    throw error;
  }
}
