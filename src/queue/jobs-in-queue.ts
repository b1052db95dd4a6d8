/** What every producer does with the jobs of a queue: adds them, asks where they are, and tells of those that were lost. */
import type { JobsOptions, Queue } from "bullmq";
import type { Warning } from "../errors.ts";
import type { JobPlace } from "./healing.ts";
import { requireSize } from "./job.ts";

/** Jobs are added in parts of so many. */
const BULK = 500;

const JOB_OPTIONS: JobsOptions = {
  attempts: 5,
  removeOnComplete: { age: 7 * 24 * 3600, count: 10_000 },
  removeOnFail: false,
  keepLogs: 100,
};

/** States of the queue, by where a job is. */
const STATES = {
  waiting: ["wait", "prioritized", "delayed"],
  active: ["active"],
  completed: ["completed"],
  failed: ["failed"],
} as const;

export interface JobToAdd {
  readonly id: string;
  readonly data: { readonly name: string };
}

/** @param backoff milliseconds before the second attempt; undefined where the server must not delay it */
export async function addJobs(
  queue: Queue,
  jobs: readonly JobToAdd[],
  backoff: number | undefined,
): Promise<void> {
  const opts: JobsOptions = {
    ...JOB_OPTIONS,
    ...(backoff !== undefined && { backoff: { type: "exponential", delay: backoff, jitter: 0.5 } }),
  };
  for (const { data } of jobs) requireSize(data);
  const rows = jobs.map(({ id, data }) => ({ name: data.name, data, opts: { ...opts, jobId: id } }));
  for (let at = 0; at < rows.length; at += BULK) await queue.addBulk(rows.slice(at, at + BULK));
}

/** Where every job of the queue is. */
export async function readPlaces(queue: Queue): Promise<Map<string, JobPlace>> {
  const places = new Map<string, JobPlace>();
  for (const [place, states] of Object.entries(STATES))
    for (const id of await queue.getRanges([...states], 0, -1)) places.set(id, place as JobPlace);
  return places;
}

/** Of jobs that are in none of the lists, those that are gone: one may have moved from one to another between two looks. */
export async function onlyGone(queue: Queue, ids: readonly string[]): Promise<string[]> {
  const gone: string[] = [];
  for (const id of ids) if ((await queue.getJobState(id)) === "unknown") gone.push(id);
  return gone;
}

export const lostJobs = (count: number): Warning => ({
  code: "queue-lost-jobs",
  message: `the queue's server lost ${count} jobs, which were added again`,
  hint: "It was restarted without a log of its own: set appendonly yes in redis.conf. What is done is whole.",
});

/** @param which `of gan-eval 0.1`, `whose processor has avx512` */
export const noWorker = (count: number, which: string, others = ""): Warning => ({
  code: "queue-no-worker",
  message: `${count} jobs wait for a worker ${which}, and there is none${others}`,
  hint: "Start workers of that kind, or cancel the jobs (`gan-eval queue cancel`).",
});
