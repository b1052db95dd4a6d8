/** One execution of a job, from the queue's hands back into them. */
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Job } from "bullmq";
import { GanEvalError } from "../errors.ts";
import { failureToReason, isOfThePlace, type JobEnding, type JobResult } from "./job-endings.ts";
import type { AnyJob, JobContext, JobKind } from "./job-kinds.ts";
import { countStalls, isPoison } from "./poison.ts";
import { UnrecoverableError, WaitingError } from "./signals.ts";
import { readIdFile } from "./sweep-id.ts";

/** How often a job's progress goes to the server, in milliseconds. */
const PROGRESS_MS = 2000;
/** How often it is asked whether somebody cancelled it. */
const CANCEL_MS = 2000;

/** What the worker knows of the job while it is at work. */
export interface JobWatch {
  readonly context: Omit<JobContext, "signal" | "onProgress" | "onNotice">;
  /** Aborted where the worker ends, or where the job's lock is or may be lost. */
  readonly signal: AbortSignal;
  /** Whether the lock is or may be lost: then another worker has the job, and nothing is reported of it. */
  isLost(): boolean;
  /** Milliseconds before a second attempt, where the server does not wait itself. */
  readonly backoff: number;
  /** The last line that the job keeps of its executions. */
  readLastWords(id: string): Promise<string | undefined>;
  /** Whether somebody cancelled the job. */
  readCancelled(id: string): Promise<boolean>;
  onProgress(done: number, total: number): void;
  /** It failed for a reason of this machine. */
  onPlaceFailure(message: string): void;
}

/** A reason that no other attempt changes. */
const fail = (code: string, message: string): never => {
  throw new UnrecoverableError(failureToReason(code, message));
};

function readJob(kind: JobKind<AnyJob>, job: Job, watch: JobWatch): AnyJob {
  try {
    const data = kind.read(job.data);
    kind.require(data, watch.context);
    return data;
  } catch (error) {
    if (error instanceof GanEvalError) return fail(error.code, error.message);
    throw error;
  }
}

/** A job that ended its workers again and again, and stands where it stood, is taken by none any more. */
async function refusePoison(kind: JobKind<AnyJob>, job: Job, data: AnyJob, watch: JobWatch): Promise<void> {
  if (job.stalledCounter === 0) return;
  const { done = 0 } = (typeof job.progress === "object" ? job.progress : {}) as { done?: number };
  const round = await kind.progressOf(data, watch.context.root, done);
  const stalls = countStalls(data.stalls, job.stalledCounter, round);
  if (stalls !== data.stalls) await job.updateData({ ...job.data, stalls });
  if (!isPoison(stalls)) return;
  const words = await watch.readLastWords(job.id!);
  const said = words === undefined ? "" : `; its last words: ${words}`;
  fail(
    "queue.poison",
    `expected a run that moves, got ${stalls.idle} workers that ended at round ${round}${said}`,
  );
}

/** A server that is away must not hold the worker: the job's lock runs out then. */
const HAND_ON_MS = 3000;

/** Hands the job on to another worker: no attempt is counted. */
async function handOn(job: Job, token: string): Promise<never> {
  await Promise.race([job.moveToWait(token), setTimeout(HAND_ON_MS, undefined, { ref: false })]).catch(
    () => {},
  );
  throw new WaitingError();
}

/** Watches a job for its cancelling until the returned function is called. */
function watchCancelling(job: Job, watch: JobWatch, cancel: () => void): () => void {
  const timer = setInterval(() => {
    watch.readCancelled(job.id!).then(
      (is) => is && cancel(),
      () => {},
    );
  }, CANCEL_MS);
  return () => clearInterval(timer);
}

/** A worker that shares another folder with others would find nothing there, or make runs that nobody looks for. */
async function otherFolder({ folder }: AnyJob, root: string): Promise<JobEnding | undefined> {
  if ((await readIdFile(path.join(root, folder.file))) === folder.id) return undefined;
  const message = `expected the shared folder that the job is of in ${root}, got one without its ${folder.file}`;
  return { kind: "failed", code: "queue.other-folder", message };
}

async function runJob(kind: JobKind<AnyJob>, job: Job, data: AnyJob, watch: JobWatch) {
  const cancelling = new AbortController();
  const unwatch = watchCancelling(job, watch, () => cancelling.abort());
  let reported = Number.NEGATIVE_INFINITY;
  try {
    const ending: JobEnding = await kind.run(data, {
      ...watch.context,
      signal: AbortSignal.any([watch.signal, cancelling.signal]),
      onProgress(done, total) {
        watch.onProgress(done, total);
        if (performance.now() - reported < PROGRESS_MS) return;
        reported = performance.now();
        // A report that is lost is followed by the next.
        job.updateProgress({ done, total }).catch(() => {});
      },
      onNotice: (text) => void job.log(text).catch(() => {}),
    });
    return { ending, isCancelled: cancelling.signal.aborted };
  } finally {
    unwatch();
  }
}

/**
 * Does a job. What is returned completes it; what is thrown costs an attempt, or fails it at once (`UnrecoverableError`), or
 * hands it on (`WaitingError`).
 */
export async function processJob(
  kind: JobKind<AnyJob>,
  job: Job,
  token: string,
  watch: JobWatch,
): Promise<JobResult> {
  const data = readJob(kind, job, watch);
  if (data.cancelled !== undefined) return { kind: "cancelled" };
  await refusePoison(kind, job, data, watch);
  const elsewhere = await otherFolder(data, watch.context.root);
  const { ending, isCancelled } = elsewhere
    ? { ending: elsewhere, isCancelled: false }
    : await runJob(kind, job, data, watch);
  if (watch.isLost()) throw new WaitingError();
  if (ending.kind === "held") {
    // It goes to the front of the line: without a pause the same worker would take it again at once.
    await setTimeout(100);
    return handOn(job, token);
  }
  if (ending.kind === "interrupted" && watch.signal.aborted) return handOn(job, token);
  if (ending.kind === "interrupted") return { kind: isCancelled ? "cancelled" : "interrupted" };
  if (ending.kind !== "failed") return { kind: "finished" };
  const { code, message } = ending;
  if (!isOfThePlace(code)) return { kind: "failed", code, message };
  watch.onPlaceFailure(message);
  await job.log(message).catch(() => {});
  if (job.opts.backoff === undefined)
    await setTimeout(watch.backoff * 2 ** job.attemptsMade, undefined, { signal: watch.signal }).catch(
      () => {},
    );
  throw new Error(failureToReason(code, message));
}
