/** The kinds of jobs that a worker does: one row each, with a queue of its own. */

import { instructionSet } from "../engine/instruction-set.ts";
import { extractJob } from "./extract-job.ts";
import { dataToExtractJob, type ExtractJob } from "./extract-request.ts";
import { dataToTrainJob, type TrainJob } from "./job.ts";
import type { JobEnding } from "./job-endings.ts";
import { requireSharedExtraction } from "./job-paths.ts";
import { requireTrainable, trainJob, trainJobToRound } from "./train-job.ts";

/** What a job may use of the worker that does it. */
export interface JobContext {
  /** The folder that is shared with the producer, absolute; also the process's own. */
  readonly root: string;
  /** Whether modules of the user's own may be run. */
  readonly allowModules: boolean;
  /** Seconds that the lock of a folder lasts. */
  readonly lease: number;
  /** Milliseconds to wait for another process that holds the folder. */
  readonly patience: number;
  /** Asks for a checkpoint and an end. */
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
  /** A line that the job keeps. */
  readonly onNotice: (text: string) => void;
}

/** What jobs of every kind say of themselves. */
export type AnyJob = Pick<TrainJob, "root" | "name" | "folder" | "cancelled" | "stalls">;

export interface JobKind<Job extends AnyJob> {
  /** What its progress counts. */
  readonly unit: "round" | "image";
  /** @throws GanEvalError `queue.bad-job` for what is no job of this kind */
  read(data: unknown): Job;
  /** @throws GanEvalError `queue.bad-path`, `queue.modules`: then the job fails at once */
  require(job: Job, context: Pick<JobContext, "allowModules">): void;
  /** How far it has come, in rounds or images that are safe on disk: a job that stalls and does not move is poison. */
  progressOf(job: Job, root: string, reported: number): Promise<number>;
  /** Does the work, or finds it done. Never rejects for a reason of the job's own. */
  run(job: Job, context: JobContext): Promise<JobEnding>;
}

const kind = <Job extends AnyJob>(row: JobKind<Job>): JobKind<AnyJob> => row as unknown as JobKind<AnyJob>;

/**
 * The name of the queue of extractions. Features have the bits of the processor that computed them, and the cache keeps
 * those of each instruction set apart: a worker with another one must not take the job.
 */
export const EXTRACT_QUEUE = `extract-${instructionSet()}`;

/** The queue of runs that any machine may train. */
export const TRAIN_QUEUE = "train";
/** The queue of runs that shall have the bits of this machine (`--same-bits`): workers of other instruction sets never see them. */
export const SAME_BITS_QUEUE = `train-${instructionSet()}`;

const TRAIN = kind<TrainJob>({
  unit: "round",
  read: dataToTrainJob,
  require: requireTrainable,
  progressOf: trainJobToRound,
  run: trainJob,
});

/** By the name of their queues, without the version. */
export const JOB_KINDS: Readonly<Record<string, JobKind<AnyJob>>> = {
  [TRAIN_QUEUE]: TRAIN,
  [SAME_BITS_QUEUE]: TRAIN,
  [EXTRACT_QUEUE]: kind<ExtractJob>({
    unit: "image",
    read: dataToExtractJob,
    require: ({ request, folder }) => requireSharedExtraction(request, folder.file),
    progressOf: async (_job, _root, reported) => reported,
    run: extractJob,
  }),
};
