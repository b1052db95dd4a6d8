/** Collects the parts of a sweep: trains nothing, and writes the scores.csv that one machine would have written. */
import path from "node:path";
import { folderToTime, isLocked } from "../files/lock.ts";
import type { Progress } from "../progress.ts";
import { readDescription } from "../run-folder/description.ts";
import { readFailure } from "./failures.ts";
import { runsToMixedMachines } from "./mixed-machines.ts";
import { reserveCollection } from "./reserve-sweep.ts";
import { type RunState, runsToStates } from "./run-state.ts";
import { ScoresFile } from "./scores-file.ts";
import type { MissingRun, SweepResult, SweepRun } from "./sweep.ts";

export interface CollectOptions {
  readonly folder: string;
  /** The whole plan. */
  readonly runs: readonly SweepRun[];
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

type Ended = SweepResult["runs"][number];

const isEnded = (run: Ended | MissingRun): run is Ended => "ending" in run;

/** A failed run that nobody saw fail has its own word for it. */
async function readOwnFailure(folder: string, state: RunState): Promise<string | undefined> {
  if (state !== "unfinished") return undefined;
  const { status, failure } = await readDescription(folder);
  return status === "failed" ? (failure ?? "") : undefined;
}

/** @param now as `isLocked` takes it */
async function runToEnd(
  sweep: string,
  name: string,
  state: RunState,
  now: number,
): Promise<Ended | MissingRun> {
  const folder = path.join(sweep, name);
  if (state === "done") return { name, folder, ending: "skipped" };
  if (await isLocked(folder, now)) return { name, folder, state: "at-work" };
  const error = (await readFailure(sweep, name))?.message ?? (await readOwnFailure(folder, state));
  if (error !== undefined) return { name, folder, ending: "failed", ...(error !== "" && { error }) };
  return { name, folder, state: state === "new" ? "not-begun" : "broken-off" };
}

/**
 * What there is of a sweep whose parts were trained: scores.csv has a row of each run that has ended, in the plan's order,
 * and the bytes (but for `seconds`) that one machine would have written. Runs at work are left alone.
 * @throws GanEvalError `usage.sweep-changed` where runs are there with other options, `input.run-locked` while one process
 *   trains the whole sweep, `input.cannot-write`
 */
export async function collectSweep(options: CollectOptions): Promise<SweepResult> {
  const place = await reserveCollection(options.folder);
  try {
    return await collectInto(options);
  } finally {
    await place.remove();
  }
}

async function collectInto({ folder, runs, signal, onProgress }: CollectOptions): Promise<SweepResult> {
  const states = await runsToStates(folder, runs);
  const now = await folderToTime(folder);
  const scores = new ScoresFile(folder, runs);
  const found: (Ended | MissingRun)[] = [];
  for (const [i, run] of runs.entries()) {
    signal.throwIfAborted();
    onProgress({ stage: "collecting", done: i, total: runs.length, unit: "runs" });
    const end = await runToEnd(folder, run.name, states[i], now);
    found.push(end);
    if (isEnded(end)) await scores.keep(run, { status: end.ending, error: end.error });
  }
  await scores.flush();
  const ended = found.filter(isEnded);
  const missing = found.filter((run) => !isEnded(run)) as MissingRun[];
  return { folder, runs: ended, missing, warnings: await runsToMixedMachines(ended) };
}
