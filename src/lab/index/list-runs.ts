/** Runs and sweeps under some folders as they are now, for `gan-eval runs`. */
import type { RunEntry } from "./run-entry.ts";
import { RunIndex } from "./run-index.ts";
import type { SweepEntry } from "./sweep-entry.ts";

export interface ListedRuns {
  /** Each with where it lies. */
  readonly runs: readonly (RunEntry & { readonly folder: string })[];
  readonly sweeps: readonly SweepEntry[];
}

/** Never throws: what cannot be read is a run that says why. */
export async function listRuns(folders: readonly string[]): Promise<ListedRuns> {
  const index = new RunIndex(folders);
  await index.scan();
  return {
    runs: index.runs.map((run) => ({ ...run, folder: index.idToFolder(run.id)! })),
    sweeps: index.sweeps,
  };
}
