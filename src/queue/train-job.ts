/** Jobs of training: a run in its folder, by a process of its own. */
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { isLocked } from "../files/lock.ts";
import { readDescription } from "../run-folder/description.ts";
import type { Ending } from "../sweep/messages.ts";
import type { RunState } from "../sweep/run-state.ts";
import { startChild } from "../sweep/start-child.ts";
import { runToTask } from "../sweep/sweep.ts";
import type { TrainJob } from "./job.ts";
import type { JobEnding } from "./job-endings.ts";
import type { JobContext } from "./job-kinds.ts";
import { requireShared } from "./job-paths.ts";
import { readRunEnding, readRunState } from "./run-ending.ts";

const LOOK_MS = 500;
/** From a child's interruption to our own: a terminal interrupts all processes of the command, in no order. */
const GRACE_MS = 500;

export const requireTrainable = (
  { request, root, name, folder }: TrainJob,
  { allowModules }: Pick<JobContext, "allowModules">,
): void => requireShared(request, [root, path.posix.join(root, name), folder.file], allowModules);

const jobToFolder = ({ root: sweep, name }: TrainJob, root: string): string => path.join(root, sweep, name);

/** The round of the run's newest checkpoint; 0 where there is none. */
export const trainJobToRound = (job: TrainJob, root: string): Promise<number> =>
  readDescription(jobToFolder(job, root)).then(
    ({ round }) => round,
    () => 0,
  );

/** Waits for another process that holds the folder, for so many milliseconds. */
async function waitForFolder(folder: string, { patience, signal }: JobContext): Promise<void> {
  for (let waited = 0; waited < patience && !signal.aborted && (await isLocked(folder)); waited += LOOK_MS)
    await setTimeout(LOOK_MS, undefined, { signal }).catch(() => {});
}

const errorToEnding = (error: unknown): Ending => {
  const { code = "internal.unexpected", message } = error as { code?: string; message: string };
  return { kind: "failed", code, message };
};

/** A second execution of a job finds its run finished, and costs one look. */
export async function trainJob(job: TrainJob, context: JobContext): Promise<JobEnding> {
  const folder = jobToFolder(job, context.root);
  const sweep = path.join(context.root, job.root);
  try {
    const ended = await readRunEnding(sweep, job);
    if (ended) return ended;
    await waitForFolder(folder, context);
    // Whoever held it may have gone on with it meanwhile.
    const endedMeanwhile = await readRunEnding(sweep, job);
    if (endedMeanwhile) return endedMeanwhile;
    if (context.signal.aborted) return { kind: "interrupted" };
    return await playRun(folder, job, await readRunState(sweep, job), context);
  } catch (error) {
    if ((error as { code?: string }).code !== undefined) return errorToEnding(error);
    throw error;
  }
}

async function playRun(
  folder: string,
  { request }: TrainJob,
  state: RunState,
  { lease, signal, onProgress, onNotice }: JobContext,
): Promise<JobEnding> {
  const child = startChild(runToTask(folder, request, state), onProgress, onNotice, lease);
  const stop = (): void => child.stop();
  signal.addEventListener("abort", stop);
  try {
    const ending = await child.ending;
    if (ending.kind === "interrupted" && !signal.aborted) await setTimeout(GRACE_MS);
    // The lock of the folder decides which of two is the one.
    return ending.kind === "failed" && ending.code === "input.run-locked" ? { kind: "held" } : ending;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
