/** What a user does to the jobs of a queue: try again, cancel, empty, make its tables. */
import type { Job, Queue } from "bullmq";
import { GanEvalError } from "../errors.ts";
import { readAddress } from "./address.ts";
import { type AnyJob, JOB_KINDS } from "./job-kinds.ts";
import { kindToQueueName, openServer, type QueueAccess, readCa } from "./open-queue.ts";

/** Which jobs. */
export interface JobChoice extends QueueAccess {
  /** Names of runs or sweeps as `queue status` shows them; all if none are given. */
  readonly names: readonly string[];
}

/** What was done to how many jobs. */
export interface Controlled {
  readonly server: string;
  /** `sweeps/ring/gan_seed=1` */
  readonly runs: readonly string[];
  /** Of cancelled ones: at work, so that they end at their next round. */
  readonly stopping: number;
}

/** What a job's run is called by. */
export const jobToRun = ({ data }: Pick<Job, "data">): string => {
  const { root, name } = (data ?? {}) as Partial<AnyJob>;
  return `${root}/${name}`;
};

const isChosen = (run: string, names: readonly string[]): boolean =>
  names.length === 0 ||
  names
    .map((name) => name.replace(/^\.\/|\/+$/g, ""))
    .some((name) => run === name || run.startsWith(`${name}/`));

async function withQueues<T>(
  access: QueueAccess,
  work: (queues: Queue[], server: string) => Promise<T>,
): Promise<T> {
  const server = await openServer(access);
  try {
    const own = Object.keys(JOB_KINDS).map((kind) => kindToQueueName(kind));
    // Also those of other instruction sets, whose jobs this machine does not do.
    const others = (await server.listQueues()).filter((name) => name.endsWith(kindToQueueName("")));
    const names = [...new Set([...own, ...others])];
    return await work(
      names.map((name) => server.openQueue(name)),
      server.address.shown,
    );
  } finally {
    await server.close();
  }
}

type State = "wait" | "prioritized" | "delayed" | "active" | "failed";

const chosenJobs = async (queue: Queue, states: State[], names: readonly string[]): Promise<Job[]> =>
  (await queue.getJobs(states)).filter((job) => job && isChosen(jobToRun(job), names));

/** Failed jobs wait again, with all their attempts; one that was poison begins to count anew. */
export const retryJobs = (choice: JobChoice): Promise<Controlled> =>
  withQueues(choice, async (queues, server) => {
    const runs: string[] = [];
    for (const queue of queues)
      for (const job of await chosenJobs(queue, ["failed"], choice.names)) {
        const stalls = { seen: job.stalledCounter, idle: 0, round: 0 };
        await job.updateData({ ...job.data, stalls });
        await job.retry("failed", { resetAttemptsMade: true });
        runs.push(jobToRun(job));
      }
    return { server, runs, stopping: 0 };
  });

/** Jobs that wait are not begun, and those at work save and end. A sweep that is attached records them as stopped. */
export const cancelJobs = (choice: JobChoice): Promise<Controlled> =>
  withQueues(choice, async (queues, server) => {
    const runs: string[] = [];
    let stopping = 0;
    for (const queue of queues)
      for (const job of await chosenJobs(queue, ["wait", "prioritized", "delayed", "active"], choice.names)) {
        const cancelled = new Date().toISOString();
        // The mark is for workers, the event for whoever watches.
        await job.updateData({ ...job.data, cancelled });
        await job.updateProgress({ cancelled });
        const isActive = (await job.getState()) === "active";
        if (isActive) stopping++;
        else await job.remove().catch(() => {});
        runs.push(jobToRun(job));
      }
    return { server, runs, stopping };
  });

/** Removes what waits and what is kept of ended jobs; what is at work goes on. Runs and scores stay. */
export const drainQueue = (choice: JobChoice): Promise<Controlled> =>
  withQueues(choice, async (queues, server) => {
    const runs: string[] = [];
    for (const queue of queues) {
      for (const job of await chosenJobs(queue, ["wait", "prioritized", "delayed", "failed"], choice.names)) {
        runs.push(jobToRun(job));
        await job.remove();
      }
      if (choice.names.length === 0) await queue.clean(0, 0, "completed");
    }
    return { server, runs, stopping: 0 };
  });

/** Makes or renews the tables of a queue in PostgreSQL. @throws GanEvalError `usage.queue-address` for another server */
export async function migrateQueue(access: QueueAccess): Promise<{ server: string; version: number }> {
  const { address } = await readAddress(access.queue, access.queueInsecure ?? false);
  if (address.kind !== "postgres")
    throw new GanEvalError("usage.queue-address", `expected postgres:// to migrate, got ${address.shown}`, {
      hint: "Redis and Valkey need no tables.",
    });
  const { migratePostgres } = await import("./connect-postgres.ts");
  const ca = access.queueCa === undefined ? undefined : await readCa(access.queueCa);
  return { server: address.shown, version: await migratePostgres(address, ca) };
}
