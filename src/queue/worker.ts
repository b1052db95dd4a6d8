/** A worker: takes jobs from a queue, one after the other or several at a time, until it is told to stop or nothing is left. */
import { hostname } from "node:os";
import { setTimeout } from "node:timers/promises";
import type { Job, Queue, Worker } from "bullmq";
import { GanEvalError } from "../errors.ts";
import type { Hold } from "../interruption.ts";
import { packageVersion } from "../package-root.ts";
import type { Progress } from "../progress.ts";
import { jobToRun } from "./control.ts";
import { HeldLocks } from "./held-locks.ts";
import type { JobResult } from "./job-endings.ts";
import { type AnyJob, JOB_KINDS, type JobKind } from "./job-kinds.ts";
import { JobTally, type WorkerResult } from "./job-tally.ts";
import { kindToQueueName, openServer, type QueueAccess } from "./open-queue.ts";
import { processJob } from "./process-job.ts";
import { SickWatch } from "./sick-watch.ts";
import { WaitingError } from "./signals.ts";
import { LOCK_SECONDS, lockToTimes, type QueueTimes } from "./times.ts";

export type { WorkerResult };

export interface WorkOptions extends QueueAccess {
  /** The folder that is shared with producers, absolute; the process's own, too. */
  readonly root: string;
  /** Jobs at a time. */
  readonly jobs: number;
  /** Seconds until a dead worker's job is taken up by another. */
  readonly queueLock?: number;
  /** Seconds without the server after which the worker gives up. */
  readonly queueTimeout: number;
  readonly exitWhenEmpty: boolean;
  /** Seconds. */
  readonly maxTime?: number | undefined;
  readonly allowModules: boolean;
  readonly signal: AbortSignal;
  readonly hold?: Hold;
  readonly onProgress: (progress: Progress) => void;
}

/** BullMQ's own rule counts stalls alone; ours also looks at whether the run moves. */
const MOST_STALLS = 1000;
const TICK_MS = 1000;
/** How long a server that is away may hold the end. */
const CLOSE_MS = 5000;
/** A producer that found jobs missing takes so long to add them. */
const REFILL_MS = 3000;

/** Why a worker ends. */
type End = WorkerResult["ended"] | GanEvalError;

class WorkerRun {
  private readonly options: WorkOptions;
  private readonly times: QueueTimes;
  private readonly stopping = new AbortController();
  private readonly locks: HeldLocks;
  private readonly sick: SickWatch;
  private readonly tally: JobTally;
  private end: End | undefined;
  private answered = performance.now();
  /** Nothing was left to do since then. */
  private emptySince: number | undefined;

  constructor(options: WorkOptions) {
    this.options = options;
    this.times = lockToTimes(options.queueLock ?? LOCK_SECONDS);
    this.locks = new HeldLocks(this.times.silence);
    this.sick = new SickWatch(this.times.early);
    this.tally = new JobTally(options.onProgress);
  }

  /** The first reason counts. */
  private stop(why: End): void {
    this.end ??= why;
    this.stopping.abort();
  }

  async work(): Promise<WorkerResult> {
    const { options, times } = this;
    const server = await openServer(options, options.signal);
    for (const { message } of server.warnings) this.tally.say(`warning: ${message}`);
    const interrupt = (): void => this.stop("interrupted");
    options.signal.addEventListener("abort", interrupt);
    const release = options.hold?.("each run finishes its round, is saved and goes to another worker");
    const workers: Worker[] = [];
    try {
      const queues = Object.keys(JOB_KINDS).map((name) => server.openQueue(kindToQueueName(name)));
      for (const [i, [name, kind]] of Object.entries(JOB_KINDS).entries())
        workers.push(
          server.openWorker(
            kindToQueueName(name),
            // BullMQ gives a signal to those who ask for a third argument; ours knows more reasons.
            (job, token) => this.take(kind, job, token!, queues[i]),
            {
              name: `${hostname()}/${process.pid}/${packageVersion()}`,
              concurrency: options.jobs,
              lockDuration: times.lock,
              stalledInterval: times.stalled,
              maxStalledCount: MOST_STALLS,
            },
          ),
        );
      for (const worker of workers) this.locks.listen(worker);
      this.tally.say(`waiting for runs from ${server.address.shown}`);
      await this.untilStopped(queues);
      await this.closeAll(workers);
    } finally {
      options.signal.removeEventListener("abort", interrupt);
      release?.();
      await server.close();
    }
    if (this.end instanceof GanEvalError) throw this.end;
    return this.tally.toResult(this.end ?? "empty");
  }

  /** Their jobs are saved and handed on; a server that does not answer is not waited for. */
  private async closeAll(workers: readonly Worker[]): Promise<void> {
    const closed = Promise.all(workers.map((worker) => worker.close()));
    while (this.locks.count > 0) await setTimeout(50);
    await Promise.race([closed, setTimeout(CLOSE_MS, undefined, { ref: false })]);
  }

  private async untilStopped(queues: readonly Queue[]): Promise<void> {
    const { signal } = this.stopping;
    const { maxTime, queueTimeout } = this.options;
    const began = performance.now();
    let asking = false;
    while (!signal.aborted) {
      this.locks.loseSilent();
      const now = performance.now();
      if (maxTime !== undefined && now - began > maxTime * 1000) this.stop("max-time");
      if (now - this.answered > queueTimeout * 1000)
        this.stop(
          new GanEvalError(
            "unavailable.queue",
            `expected an answer of the queue's server, got none for ${queueTimeout} seconds`,
            { hint: "All runs are saved. Start the worker again when the server is back." },
          ),
        );
      if (!asking) {
        asking = true;
        void this.ask(queues).finally(() => {
          asking = false;
        });
      }
      await setTimeout(Math.min(TICK_MS, this.times.lock / 20), undefined, { signal }).catch(() => {});
    }
  }

  /** Whether the server is there, and how much is left. */
  private async ask(queues: readonly Queue[]): Promise<void> {
    try {
      const counts = await Promise.all(
        queues.map((queue) => queue.getJobCounts("wait", "prioritized", "delayed", "active")),
      );
      this.answered = performance.now();
      const sum = (name: string): number => counts.reduce((all, each) => all + (each[name] ?? 0), 0);
      const waiting = sum("wait") + sum("prioritized") + sum("delayed");
      this.tally.setWaiting(waiting);
      // What another worker has may come back: its machine may die.
      const isEmpty = waiting + sum("active") + this.locks.count === 0;
      this.emptySince = isEmpty ? (this.emptySince ?? this.answered) : undefined;
      // A server that came back empty is filled again by the producer when it looks the next time.
      const isOver = isEmpty && this.answered - this.emptySince! > this.times.heal + REFILL_MS;
      if (this.options.exitWhenEmpty && isOver) this.stop("empty");
    } catch {
      // Asked again.
    }
  }

  private async take(kind: JobKind<AnyJob>, job: Job, token: string, queue: Queue): Promise<JobResult> {
    const { options, times, tally } = this;
    const held = this.locks.hold(job.id!);
    const told = tally.begin(jobToRun(job), kind.unit);
    const began = performance.now();
    let ofThePlace = false;
    try {
      const result = await processJob(kind, job, token, {
        context: {
          root: options.root,
          allowModules: options.allowModules,
          lease: times.lease,
          patience: times.held,
        },
        backoff: times.backoff,
        signal: AbortSignal.any([this.stopping.signal, held.signal]),
        isLost: () => held.isLost,
        readLastWords: async (id) => (await queue.getJobLogs(id, -1, -1)).logs.at(-1),
        readCancelled: async (id) => (await queue.getJob(id))?.data?.cancelled !== undefined,
        onProgress: told.progress,
        onPlaceFailure: () => {
          ofThePlace = true;
        },
      });
      told.end(result.kind, result.kind === "failed" ? result.message : undefined);
      return result;
    } catch (error) {
      if (error instanceof WaitingError) told.end(held.isLost ? "lost" : "handed on");
      else told.end(ofThePlace ? "not done here" : "failed", (error as Error).message);
      throw error;
    } finally {
      held.release();
      const sick = this.sick.add(job.id!, ofThePlace, performance.now() - began);
      if (sick) this.stop(sick);
    }
  }
}

/**
 * Works until it is interrupted, until nothing is left (`exitWhenEmpty`) or until its time is over (`maxTime`).
 * @throws GanEvalError what `openServer` throws; `unavailable.queue` where the server stays away; `queue.sick-worker`
 */
export const workOnQueue = (options: WorkOptions): Promise<WorkerResult> => new WorkerRun(options).work();
