import { describe, expect, it } from "vitest";
import type { Library } from "../../src/cli/library.ts";
import { GanEvalError } from "../../src/errors.ts";
import type { QueueStatus } from "../../src/queue/status.ts";
import type { WorkerResult } from "../../src/queue/worker.ts";
import { emptyFolder, libraryOf, run } from "./command-line.ts";

const SECRET = "s3cr3t";
const QUEUE = `redis://:${SECRET}@127.0.0.1:6379`;

const of = (argv: string, functions: Partial<Library>, env: Record<string, string> = {}) =>
  run(argv.split(" "), { library: libraryOf(functions), env });

describe("gan-eval sweep over a queue", () => {
  const line = "sweep --data ring --rounds 50 --seeds 2";

  it("pins one thread a run, so that no machine's cores decide the digits; another number may be asked for", async () => {
    const threads: unknown[] = [];
    const addSweep: Library["addSweep"] = async ({ folder, runs }) => {
      threads.push(...runs.map(({ request }) => request.computation?.threads));
      return { folder, added: runs.length, queued: 0, done: 0, warnings: [] };
    };
    const { stdout, exitCode } = await of(`${line} --detach --queue ${QUEUE}`, { addSweep });
    expect([exitCode, stdout]).toEqual([0, "added 2 runs to the queue; 0 were there, 0 are done\n"]);
    await of(`${line} --detach --threads 2`, { addSweep }, { GAN_EVAL_QUEUE: QUEUE });
    expect(threads).toEqual([1, 1, 2, 2]);
  });

  it("names no password in what it prints, nor in the command lines of its runs", async () => {
    const commands: unknown[] = [];
    const refused = await of(`${line} --verbose --queue ${QUEUE}`, {
      sweepOverQueue: async ({ runs, queue }) => {
        commands.push(runs.map(({ request }) => request.command));
        throw new GanEvalError("unavailable.queue", `expected a server at ${queue}`);
      },
    });
    expect(refused.exitCode).toBe(3);
    expect(commands).toHaveLength(1);
    expect(JSON.stringify([refused, commands])).not.toContain(SECRET);
    expect(refused.during).toContain("queue:");
  });
});

describe("gan-eval worker", () => {
  const worked = async (argv: string, result: Partial<WorkerResult> = {}) => {
    const cwd = process.cwd();
    let seen: Parameters<Library["workOnQueue"]>[0] | undefined;
    try {
      const ran = await of(argv, {
        workOnQueue: async (options) => {
          seen = options;
          return { ended: "empty", seconds: 75, counts: { finished: 3 }, failures: [], ...result };
        },
      });
      return { ran, seen, folder: process.cwd() };
    } finally {
      process.chdir(cwd);
    }
  };

  it("works in the folder that is shared, whose paths hold for its children", async () => {
    const root = emptyFolder();
    const { ran, seen, folder } = await worked(
      `worker --queue ${QUEUE} --root ${root} --jobs 3 --max-time 3h50m`,
    );
    expect(ran.stdout).toBe("nothing is left to do after 1 min 15 s: 3 finished\n");
    expect(seen).toMatchObject({
      root,
      jobs: 3,
      maxTime: 13_800,
      queueTimeout: 600,
      queueLock: 60,
      allowModules: false,
    });
    expect(folder).toBe(root);
  });

  it("reads the file of its address from where it was begun", async () => {
    const { seen } = await worked(`worker --queue @queue.txt --root ${emptyFolder()}`);
    expect(seen?.queue).toBe(`@${process.cwd()}/queue.txt`);
  });

  it("that is interrupted ends with 130, and says what became of its runs", async () => {
    const { ran } = await worked(`worker --queue ${QUEUE}`, {
      ended: "interrupted",
      counts: { "handed on": 2 },
    });
    expect(ran.exitCode).toBe(130);
    expect(ran.stderr).toContain("2 handed on [run.interrupted]");
  });

  it("needs a queue", async () => {
    const { exitCode, stderr } = await of("worker", {});
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("--queue")]);
  });
});

describe("gan-eval queue", () => {
  const status: QueueStatus = {
    server: "redis://:***@127.0.0.1:6379",
    queues: [
      {
        ...{ name: "train-0.1", isOwn: true },
        counts: { waiting: 4, active: 1, delayed: 0, completed: 9, failed: 1 },
        workers: [{ host: "node-1", pid: 7, version: "0.1.0", since: "2026-01-02T03:04:05.000Z" }],
        active: [{ run: "sweeps/a/b", done: 10, total: 50, worker: "node-1/7/0.1.0" }],
        failed: [
          { run: "sweeps/a/c", code: "queue.poison", message: "expected a run that moves", attempts: 1 },
        ],
      },
    ],
    warnings: [],
  };

  it("status shows jobs, workers and failures, and how to try again", async () => {
    const { stdout, stderr } = await of(`queue status --queue ${QUEUE}`, {
      readQueueStatus: async () => status,
    });
    expect(stdout).toMatch(/train-0\.1 +4 +1 +0 +9 +1 +1\n/);
    expect(stdout).toContain("worker 7 on node-1, gan-eval 0.1.0, since 2026-01-02T03:04:05.000Z\n");
    expect(stdout).toContain("at work: sweeps/a/b, round 10 of 50, by node-1/7/0.1.0\n");
    expect(stdout).toContain(
      "failed: sweeps/a/c after 1 attempts: expected a run that moves [queue.poison]\n",
    );
    expect(stderr).toContain("gan-eval queue retry");
  });

  it.each([
    ["retry", "retryJobs", "retried 2 runs\n"],
    ["cancel", "cancelJobs", "cancelled 2 runs; 1 of them at work, which save and end within seconds\n"],
    ["drain", "drainQueue", "removed 2 runs\n"],
  ] as const)("%s takes the names of sweeps and runs, and says what it did", async (word, name, said) => {
    let names: readonly string[] | undefined;
    const control: Library[typeof name] = async (choice) => {
      names = choice.names;
      return { server: status.server, runs: ["a/1", "a/2"], stopping: word === "cancel" ? 1 : 0 };
    };
    const { stdout } = await of(`queue ${word} sweeps/a --queue ${QUEUE}`, { [name]: control });
    expect([stdout, names]).toEqual([said, ["sweeps/a"]]);
  });

  it("migrate says which version the tables have", async () => {
    const { stdout } = await of("queue migrate --queue postgres://ann@db/jobs", {
      migrateQueue: async () => ({ server: "postgres://ann@db/jobs", version: 11 }),
    });
    expect(stdout).toContain("version 11");
  });
});
