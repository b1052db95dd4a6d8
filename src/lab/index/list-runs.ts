/** Runs and sweeps under some folders as they are now, for `gan-eval runs`. */
import type { RunEntry } from "./run-entry.ts";
import { RunIndex } from "./run-index.ts";
import type { SweepEntry } from "./sweep-entry.ts";

/** A run, and where it lies. */
export type ListedRun = Omit<RunEntry, "scores" | "options" | "verdicts"> & { readonly folder: string };

export interface ListedRuns {
  readonly runs: readonly ListedRun[];
  readonly sweeps: readonly SweepEntry[];
}

/** Never throws: what cannot be read is a run that says why. */
export async function listRuns(folders: readonly string[]): Promise<ListedRuns> {
  const index = new RunIndex(folders);
  await index.scan();
  return {
    runs: index.runs.map(({ scores: _scores, options: _options, verdicts: _verdicts, ...run }) => ({
      ...run,
      folder: index.idToFolder(run.id)!,
    })),
    sweeps: index.sweeps,
  };
}
