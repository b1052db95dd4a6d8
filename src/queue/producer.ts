/** Who puts a sweep's runs into a queue and watches over them: adds what is missing, and believes the folders alone. */
import path from "node:path";
import type { Queue, QueueEvents } from "bullmq";
import type { Warning } from "../errors.ts";
import { packageVersion } from "../package-root.ts";
import type { Progress } from "../progress.ts";
import { SWEEP_FILE } from "../run-folder/queued-sweep.ts";
import type { Ending, Task } from "../sweep/messages.ts";
import type { Child, StartChild } from "../sweep/start-child.ts";
import type { SweepRun } from "../sweep/sweep.ts";
import { jobsToHealing, type SeenJob } from "./healing.ts";
import { requestToJobId, type TrainJob } from "./job.ts";
import { type JobResult, reasonToFailure } from "./job-endings.ts";
import { addJobs, type JobToAdd, lostJobs, noWorker, onlyGone, readPlaces } from "./jobs-in-queue.ts";
import { readRunEnding } from "./run-ending.ts";
import { readSweepId } from "./sweep-id.ts";
import type { QueueTimes } from "./times.ts";

export interface ProducerOptions {
  readonly queue: Queue;
  readonly events: () => QueueEvents;
  /** Calls each time that the queue's connection stands again. */
  readonly onReconnect: (heard: () => void) => void;
  /** The sweep's folder as this process names it. */
  readonly folder: string;
  /** The same from the shared folder. */
  readonly place: string;
  readonly runs: readonly SweepRun[];
  readonly times: QueueTimes;
  /** The instruction set that workers must have; null for any. */
  readonly isa: string | null;
  /** Whether the server may delay a second attempt. */
  readonly isDelaying: boolean;
  readonly onProgress: (progress: Progress) => void;
}

interface Pending {
  readonly run: SweepRun;
  readonly onProgress: (done: number, total: number) => void;
  readonly end: (ending: Ending) => void;
  /** How often the queue said that it was finished and the folder did not. */
  doubts: number;
}

/** Runs that a sweep begins within so many milliseconds go into the queue together. */
const GATHER_MS = 100;
/** A finished job whose folder does not say so, be it for a slow file system, is begun again after so many looks. */
const MOST_DOUBTS = 2;

export class Producer {
  readonly warnings: Warning[] = [];
  private readonly options: ProducerOptions;
  private readonly pending = new Map<string, Pending>();
  private readonly byFolder: ReadonlyMap<string, SweepRun>;
  private readonly active = new Set<string>();
  /** Begun, and not in the queue yet. */
  private fresh: Pending[] = [];
  private readonly cancelling: Promise<void>[] = [];
  private sweepId: Promise<string> | undefined;
  private events: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private began: number | undefined;
  private isHealing = false;
  private isAway = false;
  private isStopped = false;
  private last: Progress = { stage: "sweep", done: 0, total: 1, unit: "rounds" };

  constructor(options: ProducerOptions) {
    this.options = options;
    this.byFolder = new Map(options.runs.map((run) => [run.name, run]));
  }

  /** Watches no more; runs that were cancelled are so when it is done. */
  async stop(): Promise<void> {
    this.isStopped = true;
    clearInterval(this.timer);
    await Promise.allSettled(this.cancelling);
  }

  say(notice: string): void {
    this.options.onProgress({ ...this.last, notice });
  }

  /** The sweep counts every run that it began as at work; here most of them wait. */
  readonly report = (progress: Progress): void => {
    const facts = (progress.facts ?? []).filter((fact) => !fact.endsWith(" at work"));
    const waiting = this.pending.size - this.active.size;
    this.last = {
      ...progress,
      facts: [
        ...facts,
        ...(this.active.size > 0 ? [`${this.active.size} at work`] : []),
        ...(waiting > 0 ? [`${waiting} in the queue`] : []),
      ],
    };
    this.options.onProgress(this.last);
  };

  private async idOf({ name, request }: SweepRun): Promise<string> {
    this.sweepId ??= readSweepId(this.options.folder);
    return requestToJobId(await this.sweepId, name, request);
  }

  private async toJob({ name, request }: SweepRun): Promise<TrainJob> {
    this.sweepId ??= readSweepId(this.options.folder);
    const file = path.posix.join(this.options.place, SWEEP_FILE);
    return {
      folder: { file, id: await this.sweepId },
      ...{ v: 1, kind: "train", ganEval: packageVersion(), isa: this.options.isa },
      ...{ root: this.options.place, name, threads: request.computation?.threads ?? 1 },
      request,
    };
  }

  private async addJobs(jobs: readonly (readonly [id: string, run: SweepRun])[]): Promise<void> {
    const { times, isDelaying, queue } = this.options;
    const rows: JobToAdd[] = [];
    for (const [id, run] of jobs) rows.push({ id, data: await this.toJob(run) });
    await addJobs(queue, rows, isDelaying ? times.backoff : undefined);
  }

  private async remove(ids: readonly string[]): Promise<void> {
    for (const id of ids) await this.options.queue.remove(id);
  }

  /**
   * Adds what the queue does not have; what it keeps of earlier times, or was cancelled, is begun anew.
   * @returns how many jobs were added
   */
  async add(runs: readonly SweepRun[]): Promise<number> {
    const jobs: [string, SweepRun][] = [];
    for (const run of runs) jobs.push([await this.idOf(run), run]);
    const places = await readPlaces(this.options.queue);
    const kept = jobs.filter(([id]) => places.get(id) === "completed" || places.get(id) === "failed");
    const waiting = jobs.filter(([id]) => places.get(id) === "waiting").map(([id]) => id);
    const cancelled: string[] = [];
    for (const id of waiting)
      if ((await this.options.queue.getJob(id))?.data.cancelled !== undefined) cancelled.push(id);
    await this.remove([...kept.map(([id]) => id), ...cancelled]);
    const anew = new Set([...kept.map(([id]) => id), ...cancelled]);
    const missing = jobs.filter(([id]) => !places.has(id) || anew.has(id));
    await this.addJobs(missing);
    return missing.length;
  }

  /** A child that is a job. All that a sweep starts in one breath go into the queue together. */
  startWith(signal: AbortSignal): StartChild {
    return (task: Task, onProgress): Child => {
      const folder = task.kind === "train" ? task.request.folder : task.folder;
      const run = this.byFolder.get(path.basename(folder))!;
      let stop = (): void => {};
      const ending = new Promise<Ending>((resolve) => {
        stop = () => {
          // Asked through the sweep's folder, its runs stop; interrupted, the workers go on.
          if (!signal.aborted) this.cancelling.push(this.cancel(run));
          resolve({ kind: "interrupted" });
        };
        this.begin({ run, onProgress, end: resolve, doubts: 0 });
      });
      return { ending, stop: () => stop() };
    };
  }

  private begin(pending: Pending): void {
    if (this.fresh.push(pending) > 1) return;
    setTimeout(() => {
      const begun = this.fresh;
      this.fresh = [];
      this.beginAll(begun).catch((error: { code?: string; message: string }) => {
        const { code = "internal.unexpected", message } = error;
        for (const { end } of begun) end({ kind: "failed", code, message });
      });
    }, GATHER_MS);
  }

  private async beginAll(begun: readonly Pending[]): Promise<void> {
    // Endings that come before they are listened for are found by the first look.
    this.events ??= this.listen();
    await this.events;
    for (const pending of begun) this.pending.set(await this.idOf(pending.run), pending);
    const added = await this.add(begun.map(({ run }) => run));
    const attached = begun.length - added;
    this.say(`added ${added} runs to the queue${attached > 0 ? `, ${attached} were there` : ""}`);
    this.timer ??= setInterval(() => void this.heal(), this.options.times.heal);
    void this.heal();
  }

  private async listen(): Promise<void> {
    const events = this.options.events();
    await events.waitUntilReady();
    // It may have come back empty: not at the next look, at once.
    this.options.onReconnect(() => void this.heal());
    events.on("active", ({ jobId }) => {
      if (this.pending.has(jobId)) this.active.add(jobId);
    });
    events.on("waiting", ({ jobId }) => void this.active.delete(jobId));
    events.on("progress", ({ jobId, data }) => {
      const pending = this.pending.get(jobId);
      if (!pending || typeof data !== "object" || data === null) return;
      const { done, total, cancelled } = data as { done?: number; total?: number; cancelled?: string };
      if (cancelled !== undefined) return this.settle(jobId, { kind: "interrupted" });
      this.active.add(jobId);
      if (typeof done === "number" && typeof total === "number") pending.onProgress(done, total);
    });
    events.on("completed", ({ jobId }) => void this.look(jobId, "completed"));
    events.on("failed", ({ jobId }) => void this.look(jobId, "failed"));
  }

  private settle(id: string, ending: Ending): void {
    const pending = this.pending.get(id);
    this.pending.delete(id);
    this.active.delete(id);
    pending?.end(ending);
  }

  /** How a run has ended by its folder; undefined where it has not, or cannot be read now. */
  private readEnding = (run: SweepRun): Promise<Ending | undefined> =>
    readRunEnding(this.options.folder, run).catch(() => undefined);

  /** A job has ended, by the queue: the folder says whether its run has. */
  private async look(id: string, place: "completed" | "failed"): Promise<void> {
    const pending = this.pending.get(id);
    if (!pending) return;
    const ended = await this.readEnding(pending.run);
    if (ended) return this.settle(id, ended);
    const job = await this.options.queue.getJob(id).catch(() => undefined);
    if (!job) return;
    if (place === "failed") return this.settle(id, { kind: "failed", ...reasonToFailure(job.failedReason) });
    const result = job.returnvalue as JobResult | null;
    if (result?.kind === "failed") return this.settle(id, result);
    if (result?.kind === "interrupted" || result?.kind === "cancelled")
      return this.settle(id, { kind: "interrupted" });
    if (++pending.doubts <= MOST_DOUBTS) return;
    pending.doubts = 0;
    await this.remove([id]);
    await this.addJobs([[id, pending.run]]);
  }

  /** Compares the plan with queue and folders. */
  private async heal(): Promise<void> {
    if (this.isStopped) return;
    if (this.isHealing) return this.tellAway();
    this.isHealing = true;
    try {
      await this.healOnce();
      if (this.isAway) this.say("the queue's server answers again");
      this.isAway = false;
    } catch {
      // It is asked again.
      this.tellAway();
    } finally {
      this.isHealing = false;
    }
  }

  /** Once, each time that it goes away. */
  private tellAway(): void {
    if (!this.isAway) this.say("warning: the queue's server does not answer; the sweep waits for it");
    this.isAway = true;
  }

  private async healOnce(): Promise<void> {
    const places = await readPlaces(this.options.queue);
    const endings = new Map<string, Ending>();
    const seen: SeenJob[] = [];
    for (const [id, { run }] of [...this.pending]) {
      const place = places.get(id) ?? "nowhere";
      // What waits or is at work has not ended: the folders of thousands need no look.
      const ended = place === "waiting" || place === "active" ? undefined : await this.readEnding(run);
      if (ended) endings.set(id, ended);
      seen.push({ id, place, isDone: ended !== undefined });
      if (place === "active") this.active.add(id);
      else this.active.delete(id);
    }
    const { ended, kept, lost } = jobsToHealing(seen);
    for (const id of ended) this.settle(id, endings.get(id)!);
    for (const id of kept) await this.look(id, places.get(id) as "completed" | "failed");
    await this.addLost(lost);
    await this.tellUnwatched();
  }

  /** Runs that only machines of one instruction set may train, and none of these is there: said once. */
  private async tellUnwatched(): Promise<void> {
    const { isa, queue, times } = this.options;
    this.began ??= performance.now();
    if (isa === null || this.pending.size === 0 || performance.now() - this.began < times.lock) return;
    if (this.warnings.some(({ code }) => code === "queue-no-worker")) return;
    if ((await queue.getWorkers()).length > 0) return;
    const warning = noWorker(this.pending.size, `whose processor has ${isa}`);
    this.warnings.push(warning);
    this.say(`warning: ${warning.message}`);
  }

  private async addLost(ids: readonly string[]): Promise<void> {
    const lost: [string, SweepRun][] = [];
    for (const id of await onlyGone(this.options.queue, ids)) {
      const pending = this.pending.get(id);
      if (pending) lost.push([id, pending.run]);
    }
    if (lost.length === 0) return;
    await this.addJobs(lost);
    if (this.warnings.some(({ code }) => code === "queue-lost-jobs")) return;
    const warning = lostJobs(lost.length);
    this.warnings.push(warning);
    this.say(`warning: ${warning.message}`);
  }

  private async cancel(run: SweepRun): Promise<void> {
    const job = await this.options.queue.getJob(await this.idOf(run));
    if (job) await job.updateData({ ...job.data, cancelled: new Date().toISOString() });
  }
}
