import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Job } from "bullmq";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GanEvalError } from "../../src/errors.ts";
import type { JobEnding } from "../../src/queue/job-endings.ts";
import type { AnyJob, JobContext, JobKind } from "../../src/queue/job-kinds.ts";
import { type JobWatch, processJob } from "../../src/queue/process-job.ts";
import { JOBS_FILE, readFolderId } from "../../src/queue/sweep-id.ts";

/** The folder that is shared, and what its jobs know it by. */
let root: string;
let folder: AnyJob["folder"];
beforeAll(async () => {
  root = mkdtempSync(path.join(tmpdir(), "shared-"));
  folder = { file: JOBS_FILE, id: await readFolderId(root) };
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Changes {
  readonly ending?: JobEnding | ((context: JobContext) => Promise<JobEnding>);
  readonly refuses?: GanEvalError;
  readonly round?: number;
  readonly job?: Partial<Job>;
  readonly watch?: Partial<JobWatch>;
  readonly data?: Partial<AnyJob>;
}

/** Does a job whose work ends as it is told, and says what became of it: what was returned, or the name of what was thrown. */
async function processed({ ending = { kind: "finished" }, refuses, round = 0, job, watch, data }: Changes) {
  const done: string[] = [];
  let kept: unknown = { root: "sweeps/a", name: "b", folder, ...data };
  const kind: JobKind<AnyJob> = {
    unit: "round",
    read: (given) => given as AnyJob,
    require: () => {
      if (refuses) throw refuses;
    },
    progressOf: async () => round,
    run: async (_, context) => (typeof ending === "function" ? ending(context) : ending),
  };
  const own = {
    ...{ id: "t-1", data: kept, opts: { backoff: 1 }, attemptsMade: 0, stalledCounter: 0 },
    moveToWait: async () => void done.push("waits"),
    log: async () => 0,
    updateProgress: async () => {},
    updateData: async (next: unknown) => {
      kept = next;
    },
    ...job,
  } as unknown as Job;
  const result = await processJob(kind, own, "token", {
    context: { root, allowModules: false, lease: 60, patience: 10 },
    signal: new AbortController().signal,
    backoff: 1,
    isLost: () => false,
    readLastWords: async () => "Killed",
    readCancelled: async () => false,
    onProgress: () => {},
    onPlaceFailure: () => void done.push("blames the machine"),
    ...watch,
  }).catch(({ name, message }: Error) => ({ name, message }));
  return { result, done, kept };
}

describe("an execution of a job", () => {
  it("completes it where its run has ended, well or for a reason of its own: another would end the same", async () => {
    const failed = { kind: "failed", code: "run.diverged", message: "NaN" } as const;
    expect((await processed({})).result).toEqual({ kind: "finished" });
    expect((await processed({ ending: failed })).result).toEqual(failed);
    expect((await processed({ ending: { kind: "interrupted" } })).result).toEqual({ kind: "interrupted" });
  });

  it("costs an attempt where the machine failed", async () => {
    const ending = { kind: "failed", code: "internal.child", message: "ended by SIGKILL" } as const;
    const { result, done } = await processed({ ending });
    expect(result).toEqual({ name: "Error", message: "ended by SIGKILL [internal.child]" });
    expect(done).toEqual(["blames the machine"]);
  });

  it("fails on a worker that shares another folder, before anything is done there", async () => {
    for (const other of [
      { file: "no/such.json", id: folder.id },
      { file: folder.file, id: "0".repeat(16) },
    ]) {
      const ending = async (): Promise<JobEnding> => {
        throw new Error("was begun");
      };
      const { result, done } = await processed({ ending, data: { folder: other } });
      expect(result).toMatchObject({ message: expect.stringContaining("[queue.other-folder]") });
      expect(done).toEqual(["blames the machine"]);
    }
  });

  it("waits itself before the next attempt where the server delays none", async () => {
    const ending = { kind: "failed", code: "ENOSPC", message: "full" } as const;
    const began = performance.now();
    await processed({ ending, job: { opts: {}, attemptsMade: 2 }, watch: { backoff: 50 } });
    expect(performance.now() - began).toBeGreaterThan(190);
  });

  it("hands it on, without an attempt, where the worker ends or another process holds the run", async () => {
    const stopped = { signal: AbortSignal.abort() };
    for (const changes of [
      { ending: { kind: "interrupted" }, watch: stopped },
      { ending: { kind: "held" } },
    ] as const) {
      const { result, done } = await processed(changes);
      expect([result, done]).toEqual([expect.objectContaining({ name: "WaitingError" }), ["waits"]]);
    }
  });

  it("reports nothing where the lock is lost: the job is another worker's", async () => {
    for (const ending of [{ kind: "interrupted" }, { kind: "finished" }] as const) {
      const { result, done } = await processed({ ending, watch: { isLost: () => true } });
      expect([result, done]).toEqual([expect.objectContaining({ name: "WaitingError" }), []]);
    }
  });

  it("fails at once where the job is not to be trusted", async () => {
    const { result } = await processed({
      refuses: new GanEvalError("queue.bad-path", "expected data below"),
    });
    expect(result).toEqual({ name: "UnrecoverableError", message: "expected data below [queue.bad-path]" });
  });

  it("does nothing for a job that somebody cancelled, and stops one that is cancelled while it is at work", async () => {
    const cancelled = { data: { cancelled: "2026-01-02" }, ending: { kind: "held" } } as const;
    expect((await processed(cancelled)).result).toEqual({ kind: "cancelled" });
    const untilStopped = ({ signal }: JobContext) =>
      new Promise<JobEnding>((resolve) =>
        signal.addEventListener("abort", () => resolve({ kind: "interrupted" })),
      );
    const stopped = await processed({ ending: untilStopped, watch: { readCancelled: async () => true } });
    expect(stopped.result).toEqual({ kind: "cancelled" });
  });

  it("refuses poison, with the last words of its run, and remembers how often a job stalled", async () => {
    const stalls = { seen: 2, idle: 2, round: 40 };
    const poisoned = await processed({ job: { stalledCounter: 3 }, data: { stalls }, round: 40 });
    expect(poisoned.result).toEqual({
      name: "UnrecoverableError",
      message: expect.stringMatching(
        /3 workers that ended at round 40; its last words: Killed \[queue\.poison\]$/,
      ),
    });
    const moving = await processed({ job: { stalledCounter: 3 }, data: { stalls }, round: 60 });
    expect(moving.result).toEqual({ kind: "finished" });
    expect(moving.kept).toMatchObject({ stalls: { seen: 3, idle: 0, round: 60 } });
  });
});
