/** Asks whoever trains into a folder to save and end, and waits for it. */
import { stat } from "node:fs/promises";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { GanEvalError, isCode } from "../errors.ts";
import { unlessForbidden } from "../files/forbidden.ts";
import { isLocked } from "../files/lock.ts";
import { readStopRequest, removeStopRequest, writeStopRequest } from "../files/stop-request.ts";
import type { Progress } from "../progress.ts";
import { locationToShell } from "../shell-word.ts";
import { type RunDescription, readDescription } from "./description.ts";
import { listRuns } from "./list-runs.ts";
import { isQueuedSweep } from "./queued-sweep.ts";
import { isVacant } from "./run-folder.ts";
import { listPartsAtWork, tidyParts } from "./sweep-parts.ts";

export interface StopOptions {
  /** Whether to wait until the run has ended (default true). */
  readonly wait?: boolean;
  /** Ends the waiting with an AbortError; the request stays (default: nothing ends it). */
  readonly signal?: AbortSignal;
  /** Milliseconds since 1970, for the request (default: now). */
  readonly clock?: () => number;
  /** Called while it waits (default: nobody is). */
  readonly onProgress?: (progress: Progress) => void;
}

/** What became of a run that was asked to stop. */
export interface StoppedRun {
  readonly folder: string;
  /** A sweep stops with all its runs. */
  readonly kind: "run" | "sweep";
  /**
   * `asked`: nobody waited. `stopped`: saved, and can be resumed. `finished` or `failed`: before the request was seen.
   * `killed`: its process is gone, and saved nothing after its last checkpoint.
   */
  readonly ending: "asked" | "stopped" | "finished" | "failed" | "killed";
  /** Of a run with a checkpoint: the round that it goes on from, of how many. */
  readonly round?: number;
  readonly rounds?: number;
}

/** Between two looks at the lock. */
const LOOK_MS = 250;

const readIfRun = async (folder: string): Promise<RunDescription | undefined> => {
  try {
    return await readDescription(folder);
  } catch (error) {
    if (isCode(error, "input.not-a-run")) return undefined;
    throw error;
  }
};

/** Whether runs lie right in it, and it is none itself. */
const holdsRuns = (folder: string): Promise<boolean> =>
  listRuns([folder]).then(
    (runs) => !runs.includes(path.normalize(folder)),
    () => false,
  );

/** A locked folder without `run.json` is a sweep's, or that of a run that is about to begin. */
async function toKind(folder: string, description: RunDescription | undefined): Promise<StoppedRun["kind"]> {
  if (description !== undefined || (await isVacant(folder))) return "run";
  if ((await holdsRuns(folder)) || (await isQueuedSweep(folder))) return "sweep";
  throw new GanEvalError(
    "input.not-a-run",
    `expected the folder of a run or sweep, got ${folder} with neither`,
    {
      hint: "Give the folder that was printed when the training began.",
    },
  );
}

async function requireFolder(folder: string): Promise<void> {
  const isThere = await stat(folder).then((entry) => entry.isDirectory(), unlessForbidden(false));
  if (!isThere)
    throw new GanEvalError(
      "input.not-a-run",
      `expected the folder of a run or sweep, got no folder ${folder}`,
      {
        hint: "Check its path: folders of runs are in runs/ unless --out said otherwise.",
      },
    );
}

const NOT_RUNNING = {
  finished: ["has finished", "There is nothing to stop."],
  failed: ["has failed", "There is nothing to stop."],
  interrupted: ["was stopped", "Continue with: gan-eval train --resume "],
  running: ["was killed: its process is gone", "Continue with: gan-eval train --resume "],
} as const;

async function notRunning(folder: string, description: RunDescription | undefined): Promise<GanEvalError> {
  const expected = `expected a run in progress, got ${folder}`;
  if (description !== undefined) {
    const [state, hint] = NOT_RUNNING[description.status];
    const where = hint.endsWith(" ") ? locationToShell(folder) : "";
    return new GanEvalError(
      "usage.not-running",
      `${expected}, which ${state} after round ${description.round} of ${description.rounds}`,
      { hint: `${hint}${where}` },
    );
  }
  // What is said of a damaged run.json helps more than that nothing is in progress.
  const hasRuns = await holdsRuns(folder);
  if (!hasRuns) await readDescription(folder);
  return new GanEvalError("usage.not-running", `${expected}, a folder of runs that no sweep works in`, {
    hint: `Name the runs to stop, for example: gan-eval stop ${locationToShell(path.join(folder, "NAME"))}`,
  });
}

/** @param places where the request lies, each until the process there has seen it: the folder, or those of parts */
async function waitForEnd(
  folder: string,
  places: readonly string[],
  { signal, onProgress }: StopOptions,
): Promise<void> {
  const isAnyLocked = async (): Promise<boolean> => {
    for (const place of places) if (await isLocked(place)) return true;
    return false;
  };
  while (await isAnyLocked()) {
    const requests = await Promise.all(places.map(readStopRequest));
    const isSeen = requests.every((request) => request === undefined);
    const facts = [folder, isSeen ? "it saves" : "it has not seen the request"];
    onProgress?.({ stage: "stopping", done: 0, total: 1, unit: "runs", facts });
    await setTimeout(LOOK_MS, undefined, { signal });
  }
}

const ENDINGS = {
  finished: "finished",
  failed: "failed",
  interrupted: "stopped",
  running: "killed",
} as const;

async function toEnding(folder: string, kind: StoppedRun["kind"], isTaken: boolean): Promise<StoppedRun> {
  const description = await readIfRun(folder);
  if (description === undefined) return { folder, kind, ending: isTaken ? "stopped" : "finished" };
  const { status, round, rounds } = description;
  return { folder, kind, ending: ENDINGS[status], round, rounds };
}

/**
 * Asks a run in progress to stop, as Ctrl-C would: it plays its round to the end, saves, and can be resumed. Of a sweep's
 * folder, the sweep and all its runs, whether one process trains them or several a part each. The request is a file in the folder, so the run may be on another machine.
 * @throws GanEvalError `usage.not-running` where nobody trains into the folder, `input.not-a-run`, `input.cannot-write`
 */
export async function requestStop(folder: string, options: StopOptions = {}): Promise<StoppedRun> {
  const { wait = true, clock = Date.now } = options;
  await requireFolder(folder);
  const description = await readIfRun(folder);
  const parts = await listPartsAtWork(folder);
  const places = parts.length > 0 ? parts : [folder];
  if (parts.length === 0 && !(await isLocked(folder)))
    throw await notRunning(folder, await readIfRun(folder));
  const kind = parts.length > 0 ? "sweep" : await toKind(folder, description);
  for (const place of places) await writeStopRequest(place, clock);
  if (!wait) return { folder, kind, ending: "asked" };
  await waitForEnd(folder, places, options);
  const left = await Promise.all(places.map(readStopRequest));
  const isTaken = left.some((request) => request === undefined);
  // A folder that was made for a run which never began is gone with it.
  for (const place of places) await removeStopRequest(place).catch(() => {});
  for (const part of parts) await tidyParts(folder, part);
  return toEnding(folder, kind, isTaken);
}
