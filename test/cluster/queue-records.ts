/** What a server's own records say of the jobs that a sweep had. */
import { readFileSync } from "node:fs";
import { Queue } from "bullmq";
import { PASSWORD } from "./secrets.ts";
import type { RedisServer } from "./servers/redis.ts";

/** An execution of a job, times in milliseconds since 1970 as the worker had them. */
export interface Execution {
  readonly id: string;
  readonly worker: string;
  readonly began: number;
  readonly ended: number;
  /** Attempts that were used up before it. */
  readonly attempts: number;
}

export async function openRecords({ port, authority, url }: RedisServer, version: string) {
  const connection = {
    host: "127.0.0.1",
    port,
    ...(url.includes("@") && { username: "gan", password: PASSWORD }),
    ...(authority !== undefined && { tls: { ca: readFileSync(authority) } }),
  };
  const queue = new Queue(`train-${version}`, { connection, prefix: "ganeval" });
  queue.on("error", () => {});
  return {
    countWaiting: () => queue.getWaitingCount(),
    /** Of completed jobs the last execution. */
    async listExecutions(): Promise<Execution[]> {
      const jobs = await queue.getJobs(["completed"], 0, 20_000);
      return jobs.map((job) => ({
        id: job.id!,
        worker: job.processedBy ?? "",
        began: job.processedOn!,
        ended: job.finishedOn!,
        attempts: job.attemptsMade,
      }));
    },
    close: () => queue.close(),
  };
}

/** Of each worker the share of its life between its first job and its last in which it did none. */
export function executionsToIdleShares(
  executions: readonly Execution[],
): { worker: string; share: number }[] {
  return [...new Set(executions.map(({ worker }) => worker))].map((worker) => {
    const own = executions.filter((execution) => execution.worker === worker);
    const busy = own.reduce((sum, { began, ended }) => sum + ended - began, 0);
    const first = Math.min(...own.map(({ began }) => began));
    const last = Math.max(...own.map(({ ended }) => ended));
    return { worker, share: 1 - busy / (last - first) };
  });
}
