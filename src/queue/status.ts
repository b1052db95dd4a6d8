/** What a queue's server holds: jobs by state, who works on them, and what failed. */
import type { Job, Queue } from "bullmq";
import type { Warning } from "../errors.ts";
import { jobToRun } from "./control.ts";
import { reasonToFailure } from "./job-endings.ts";
import { JOB_KINDS } from "./job-kinds.ts";
import { noWorker } from "./jobs-in-queue.ts";
import { kindToQueueName, openServer, type QueueAccess } from "./open-queue.ts";

export interface QueueWorker {
  readonly host: string;
  readonly pid: number;
  /** Of gan-eval. */
  readonly version: string;
  /** ISO 8601, where the server says. */
  readonly since?: string;
}

export interface QueueState {
  /** `train-0.1`: the kind of its jobs and the version that does them. */
  readonly name: string;
  /** Whether this version does its jobs. */
  readonly isOwn: boolean;
  readonly counts: Readonly<Record<"waiting" | "active" | "delayed" | "completed" | "failed", number>>;
  readonly workers: readonly QueueWorker[];
  readonly active: readonly {
    readonly run: string;
    readonly done?: number;
    readonly total?: number;
    readonly worker?: string;
  }[];
  readonly failed: readonly {
    readonly run: string;
    readonly code: string;
    readonly message: string;
    readonly attempts: number;
  }[];
}

export interface QueueStatus {
  /** Without the password. */
  readonly server: string;
  readonly queues: readonly QueueState[];
  readonly warnings: readonly Warning[];
}

/** More failed jobs than a list needs. */
const MOST_FAILED = 100;

const OF_WORKER = /:w:(.+)\/(\d+)\/([\w.+-]+)$/;

/** A server tells its connections; each worker has one that is named after it. */
async function readWorkers(queue: Queue): Promise<QueueWorker[]> {
  const clients = await queue.getWorkers().catch(() => []);
  return clients.flatMap(({ rawname, age }) => {
    const [, host, pid, version] = OF_WORKER.exec(rawname ?? "") ?? [];
    if (host === undefined) return [];
    const seconds = Number(age);
    const since = Number.isFinite(seconds) ? new Date(Date.now() - seconds * 1000).toISOString() : undefined;
    return [{ host, pid: Number(pid), version, ...(since !== undefined && { since }) }];
  });
}

function jobToActive(job: Job): QueueState["active"][number] {
  const { done, total } = (typeof job.progress === "object" ? job.progress : {}) as {
    done?: number;
    total?: number;
  };
  return {
    run: jobToRun(job),
    ...(done !== undefined && { done }),
    ...(total !== undefined && { total }),
    ...(job.processedBy !== undefined && { worker: job.processedBy }),
  };
}

async function readState(queue: Queue, isOwn: boolean): Promise<QueueState> {
  const counts = await queue.getJobCounts("wait", "prioritized", "active", "delayed", "completed", "failed");
  const [active, failed] = await Promise.all([
    queue.getJobs(["active"]),
    queue.getJobs(["failed"], 0, MOST_FAILED - 1),
  ]);
  return {
    name: queue.name,
    isOwn,
    counts: {
      waiting: (counts.wait ?? 0) + (counts.prioritized ?? 0),
      active: counts.active ?? 0,
      delayed: counts.delayed ?? 0,
      completed: counts.completed ?? 0,
      failed: counts.failed ?? 0,
    },
    workers: await readWorkers(queue),
    active: active.map(jobToActive),
    failed: failed.map((job) => ({
      run: jobToRun(job),
      ...reasonToFailure(job.failedReason),
      attempts: job.attemptsMade,
    })),
  };
}

/** Jobs that no worker of their version is there for. */
function statesToWarnings(states: readonly QueueState[]): Warning[] {
  return states.flatMap(({ name, counts, workers }) => {
    const waiting = counts.waiting + counts.delayed;
    if (waiting === 0 || workers.length > 0) return [];
    // `train-0.1`, `train-avx512-0.1`
    const [version, isa] = name.split("-").slice(1).reverse();
    const others = [...new Set(states.flatMap((state) => state.workers.map((worker) => worker.version)))];
    const which = `of gan-eval ${version}${isa === undefined ? "" : ` whose processor has ${isa}`}`;
    return noWorker(waiting, which, others.length === 0 ? "" : `: only of ${others.join(", ")}`);
  });
}

export async function readQueueStatus(access: QueueAccess): Promise<QueueStatus> {
  const server = await openServer(access);
  try {
    const own = Object.keys(JOB_KINDS).map((kind) => kindToQueueName(kind));
    const names = [...new Set([...own, ...(await server.listQueues())])];
    const queues: QueueState[] = [];
    for (const name of names) queues.push(await readState(server.openQueue(name), own.includes(name)));
    return {
      server: server.address.shown,
      queues,
      warnings: [...server.warnings, ...statesToWarnings(queues)],
    };
  } finally {
    await server.close();
  }
}
