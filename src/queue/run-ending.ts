/** How a run of a sweep has ended, by its folder: the truth about it, whatever a queue says. */
import path from "node:path";
import { readDescription } from "../run-folder/description.ts";
import type { RunRequest } from "../runs/request-to-config.ts";
import type { Ending } from "../sweep/messages.ts";
import { type RunState, runsToStates } from "../sweep/run-state.ts";

/** Where a run is, and what it should be. */
export interface PlacedRun {
  /** Its folder in the sweep's. */
  readonly name: string;
  readonly request: RunRequest;
}

/** @throws GanEvalError `usage.sweep-changed` where the run is there with other options */
export const readRunState = async (sweep: string, { name, request }: PlacedRun): Promise<RunState> =>
  (await runsToStates(sweep, [{ name, request, options: {}, seed: 0 }]))[0];

/**
 * Undefined where it has not ended. A run that diverged has failed, and would again.
 * @throws GanEvalError `usage.sweep-changed`
 */
export async function readRunEnding(sweep: string, run: PlacedRun): Promise<Ending | undefined> {
  if ((await readRunState(sweep, run)) !== "done") return undefined;
  const { status, failure, events } = await readDescription(path.join(sweep, run.name));
  if (status === "finished") return { kind: "finished" };
  return { kind: "failed", code: "run.diverged", message: failure ?? events.at(-1)?.message ?? "diverged" };
}
