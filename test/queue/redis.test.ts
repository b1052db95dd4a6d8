/** Producer, worker and the queue's commands against a real server, with runs that need no training. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { Redis } from "ioredis";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { instructionSet } from "../../src/engine/instruction-set.ts";
import type { Progress } from "../../src/progress.ts";
import { cancelJobs, drainQueue, retryJobs } from "../../src/queue/control.ts";
import { openServer } from "../../src/queue/open-queue.ts";
import { readQueueStatus } from "../../src/queue/status.ts";
import { addSweep, sweepOverQueue } from "../../src/queue/sweep-over-queue.ts";
import { type WorkOptions, workOnQueue } from "../../src/queue/worker.ts";
import { descriptionToText, RUN_SCHEMA, type RunDescription } from "../../src/run-folder/description.ts";
import { requestStop } from "../../src/run-folder/stop-run.ts";
import { requestToConfig } from "../../src/runs/request-to-config.ts";
import { choicesToRequest } from "../../src/sweep/run-choices.ts";
import type { SweepRun } from "../../src/sweep/sweep.ts";
import { plan } from "../run-folder/small-run.ts";

const isThere = spawnSync("redis-server", ["--version"]).status === 0;
if (!isThere) console.warn("skipped: no redis-server on the PATH (apt-get install redis-server)");

const PASSWORD = "a-w0rd";

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

/** Runs that are planned and not begun. */
const planRuns = (folder: string, count: number): SweepRun[] =>
  Array.from({ length: count }, (_, seed) => {
    const name = `gan_seed=${seed}`;
    const request = choicesToRequest(
      { data: "ring", rounds: 100, seed, threads: 1 },
      path.join(folder, name),
    );
    return { name, options: { model: "gan" }, seed, request };
  });

/** What training leaves behind. */
function leaveRun({ request }: SweepRun, changes: Partial<RunDescription> = {}): void {
  mkdirSync(request.folder, { recursive: true });
  const times = { started: "2026-01-02T03:04:05Z", updated: "2026-01-02T03:04:05Z" };
  const description: RunDescription = {
    ...{ schema: RUN_SCHEMA, status: "finished", ...plan, ...times, round: 100, rounds: 100, events: [] },
    config: { ...requestToConfig(request, { shape: [2] }) },
    ...changes,
  };
  writeFileSync(path.join(request.folder, "run.json"), descriptionToText(description));
  writeFileSync(path.join(request.folder, "scores.csv"), "round,sliced_wasserstein\n100,0.5\n");
}

describe.skipIf(!isThere)("a queue on a Redis", () => {
  let parent: string;
  let server: ChildProcess;
  let client: Redis;
  let queue: string;
  let count = 0;

  beforeAll(async () => {
    parent = mkdtempSync(path.join(tmpdir(), "queue-"));
    const port = await freePort();
    const words = [
      "--port",
      `${port}`,
      "--bind",
      "127.0.0.1",
      "--dir",
      parent,
      "--save",
      "",
      "--requirepass",
      PASSWORD,
    ];
    server = spawn("redis-server", words, { stdio: "ignore" });
    queue = `redis://:${PASSWORD}@127.0.0.1:${port}`;
    client = new Redis(queue);
    // It takes a moment to start.
    client.on("error", () => {});
    await client.ping();
  });
  afterAll(async () => {
    client?.disconnect();
    const ended = new Promise((resolve) => server?.once("exit", resolve));
    if (server?.kill("SIGKILL")) await ended;
    if (parent) rmSync(parent, { recursive: true, force: true });
  });
  beforeEach(() => client.flushall());

  const emptyFolder = (): string => path.join(parent, `sweep-${count++}`);
  const silent = { signal: new AbortController().signal, onProgress: () => {} };
  const ofSweep = (folder: string, runs: readonly SweepRun[]) => ({
    ...{ queue, folder, runs, root: parent, queueLock: 4 },
    ...silent,
  });
  const work = (changes: Partial<WorkOptions> = {}) =>
    workOnQueue({
      ...{
        queue,
        root: parent,
        jobs: 1,
        queueLock: 4,
        queueTimeout: 60,
        exitWhenEmpty: true,
        allowModules: false,
      },
      ...silent,
      ...changes,
    });

  it("gives each run to a worker once, who finds those done that are finished; a sweep that is done queues nothing", async () => {
    const folder = emptyFolder();
    const runs = planRuns(folder, 60);
    expect(await addSweep(ofSweep(folder, runs))).toMatchObject({ added: 60, queued: 0, done: 0 });
    // Somebody else has trained them meanwhile.
    for (const run of runs) leaveRun(run);
    const { counts } = await work();
    expect(counts).toEqual({ finished: 60 });
    await drainQueue({ queue, names: [] });
    expect(await addSweep(ofSweep(folder, runs))).toMatchObject({ added: 0, done: 60 });
  });

  it("is attached to by the same sweep again: jobs that are there are not added twice", async () => {
    const folder = emptyFolder();
    const runs = planRuns(folder, 3);
    await addSweep(ofSweep(folder, runs.slice(0, 2)));
    expect(await addSweep(ofSweep(folder, runs))).toMatchObject({ added: 1, queued: 2, done: 0 });
    leaveRun(runs[0]);
    const swept = sweepOverQueue(ofSweep(folder, runs));
    for (const run of runs) leaveRun(run);
    const [{ runs: ended, warnings }] = await Promise.all([swept, work()]);
    expect(ended.every(({ ending }) => ending !== "failed")).toBe(true);
    expect(warnings.map(({ code }) => code)).toEqual(["queue-not-durable"]);
    const rows = readFileSync(path.join(folder, "scores.csv"), "utf8").trim().split("\n");
    expect(rows.slice(1).map((row) => row.split(",")[1])).toEqual(["0", "1", "2"]);
  });

  it("that loses its jobs gets them again, and the sweep says so once", async () => {
    const folder = emptyFolder();
    const runs = planRuns(folder, 4);
    const heard: Progress[] = [];
    const waitFor = async (text: string): Promise<void> => {
      while (!heard.some(({ notice }) => notice?.includes(text)))
        await new Promise((resolve) => setTimeout(resolve, 20));
    };
    const swept = sweepOverQueue({
      ...ofSweep(folder, runs),
      onProgress: (progress) => heard.push(progress),
    });
    await waitFor("added 4 runs");
    leaveRun(runs[0]);
    await client.flushall();
    await waitFor("lost 3 jobs");
    await client.flushall();
    for (const run of runs) leaveRun(run);
    const { runs: ended, warnings } = await swept;
    expect(ended.map(({ ending }) => ending)).toEqual(Array(4).fill("finished"));
    expect(warnings.filter(({ code }) => code === "queue-lost-jobs")).toHaveLength(1);
  });

  it("of runs that shall have the same bits is seen by machines of that instruction set alone", async () => {
    const folder = emptyFolder();
    const runs = planRuns(folder, 3);
    await addSweep({ ...ofSweep(folder, runs), sameBits: true });
    const status = await readQueueStatus({ queue });
    const name = `train-${instructionSet()}-0.1`;
    const states = Object.fromEntries(status.queues.map((state) => [state.name, state.counts.waiting]));
    expect(states).toMatchObject({ [name]: 3, "train-0.1": 0 });
    expect(status.warnings.find(({ code }) => code === "queue-no-worker")?.message).toContain(
      `whose processor has ${instructionSet()}`,
    );
    // Another machine's: this worker leaves them, and the queue's commands reach them.
    const other = await openServer({ queue });
    const jobs = await other.openQueue(name).getJobs(["wait"]);
    await other.openQueue("train-other-0.1").add(jobs[0]!.name, jobs[0]!.data);
    await other.close();
    for (const run of runs) leaveRun(run);
    expect((await work()).counts).toEqual({ finished: 3 });
    const left = (await readQueueStatus({ queue })).queues.find(({ name }) => name === "train-other-0.1");
    expect(left).toMatchObject({ isOwn: false, counts: { waiting: 1 } });
    expect((await cancelJobs({ queue, names: [] })).runs).toHaveLength(1);
  });

  it("says once that no machine of the instruction set is there for runs that shall have the same bits", async () => {
    const folder = emptyFolder();
    const runs = planRuns(folder, 2);
    const notices: string[] = [];
    const swept = sweepOverQueue({
      ...{ ...ofSweep(folder, runs), sameBits: true, queueLock: 2 },
      onProgress: ({ notice }) => notice !== undefined && notices.push(notice),
    });
    const isTold = (notice: string) => notice.includes(`whose processor has ${instructionSet()}`);
    while (!notices.some(isTold)) await new Promise((resolve) => setTimeout(resolve, 50));
    for (const run of runs) leaveRun(run);
    const [{ warnings }] = await Promise.all([swept, work({ queueLock: 2 })]);
    expect(notices.filter(isTold)).toHaveLength(1);
    expect(warnings.map(({ code }) => code)).toContain("queue-no-worker");
  });

  it("is looked at as soon as its connection stands again, and not only a quarter of a lock later", async () => {
    const folder = emptyFolder();
    const runs = planRuns(folder, 2);
    const heard: Progress[] = [];
    const told = async (text: string, within: number): Promise<void> => {
      const began = performance.now();
      while (!heard.some(({ notice }) => notice?.includes(text))) {
        expect(performance.now() - began).toBeLessThan(within);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    const swept = sweepOverQueue({
      ...{ ...ofSweep(folder, runs), queueLock: 240 },
      onProgress: (progress) => heard.push(progress),
    });
    await told("added 2 runs", 30_000);
    await new Promise((resolve) => setTimeout(resolve, 500));
    await client.flushall();
    await client.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
    // The next look by the clock is a minute away.
    await told("lost 2 jobs", 20_000);
    for (const run of runs) leaveRun(run);
    const [{ runs: ended }] = await Promise.all([
      swept,
      work({ queueLock: 240, exitWhenEmpty: false, maxTime: 3 }).catch(() => {}),
    ]);
    expect(ended.map(({ ending }) => ending)).toEqual(["finished", "finished"]);
  });

  it("records a run that diverged as one machine does", async () => {
    const folder = emptyFolder();
    const runs = planRuns(folder, 2);
    await addSweep(ofSweep(folder, runs));
    leaveRun(runs[0]);
    const events = [{ round: 90, kind: "diverged", message: "NaN" }];
    leaveRun(runs[1], { status: "failed", round: 90, failure: "the loss is NaN", events });
    const { counts } = await work();
    expect(counts).toEqual({ finished: 1, failed: 1 });
    rmSync(path.join(folder, "gan_seed=1"), { recursive: true });
    // The queue keeps how they ended; a run whose folder is gone is begun anew.
    expect(await addSweep(ofSweep(folder, runs))).toMatchObject({ added: 1, done: 1 });
  });

  it("fails a job that leaves the worker's folder at once, and tries it again when it is told to", async () => {
    const folder = emptyFolder();
    await addSweep(ofSweep(folder, planRuns(folder, 1)));
    const opened = await openServer({ queue });
    const jobs = opened.openQueue((await readQueueStatus({ queue })).queues[0].name);
    const [job] = await jobs.getJobs(["wait"]);
    await job.updateData({ ...job.data, root: "../elsewhere" });
    expect((await work()).counts).toEqual({ failed: 1 });
    const { queues } = await readQueueStatus({ queue });
    expect(queues[0]).toMatchObject({
      counts: { failed: 1, waiting: 0 },
      failed: [{ code: "queue.bad-path", attempts: 1 }],
    });
    expect(await retryJobs({ queue, names: ["elsewhere"] })).toMatchObject({ runs: [] });
    expect(await retryJobs({ queue, names: [] })).toMatchObject({ runs: ["../elsewhere/gan_seed=0"] });
    expect((await readQueueStatus({ queue })).queues[0].counts).toMatchObject({ failed: 0, waiting: 1 });
    await opened.close();
  });

  it("ends a sweep whose runs are cancelled, and the sweep can be begun again", async () => {
    const folder = emptyFolder();
    const runs = planRuns(folder, 2);
    const heard: Progress[] = [];
    const swept = sweepOverQueue({
      ...ofSweep(folder, runs),
      onProgress: (progress) => heard.push(progress),
    });
    while (!heard.some(({ notice }) => notice?.startsWith("added")))
      await new Promise((resolve) => setTimeout(resolve, 20));
    const name = path.basename(folder);
    expect((await cancelJobs({ queue, names: [`${name}/gan_seed=0`] })).runs).toEqual([`${name}/gan_seed=0`]);
    expect((await cancelJobs({ queue, names: [`${name}/`] })).runs).toEqual([`${name}/gan_seed=1`]);
    const { runs: ended } = await swept;
    expect(ended.map(({ ending, error }) => [ending, error])).toEqual(
      Array(2).fill(["failed", "the process was told to stop"]),
    );
    expect(await addSweep(ofSweep(folder, runs))).toMatchObject({ added: 2 });
  });

  it("is rid of the runs of a sweep that is asked to stop through its folder", async () => {
    const folder = emptyFolder();
    let asked = false;
    const swept = sweepOverQueue({
      ...ofSweep(folder, planRuns(folder, 2)),
      onProgress: ({ notice }) => {
        if (!notice?.startsWith("added") || asked) return;
        asked = true;
        void requestStop(folder);
      },
    });
    await expect(swept).rejects.toMatchObject({
      code: "run.interrupted",
      message: expect.stringContaining("at the request of"),
    });
    expect((await work()).counts).toEqual({ cancelled: 2 });
  });

  it("that is no more watched goes on: an interrupted sweep leaves its jobs", async () => {
    const folder = emptyFolder();
    const controller = new AbortController();
    const swept = sweepOverQueue({
      ...ofSweep(folder, planRuns(folder, 2)),
      signal: controller.signal,
      onProgress: ({ notice }) => {
        if (notice?.startsWith("added")) controller.abort();
      },
    });
    await expect(swept).rejects.toMatchObject({
      code: "run.interrupted",
      message: expect.stringContaining("go on"),
    });
    expect((await readQueueStatus({ queue })).queues[0].counts.waiting).toBe(2);
  });

  it.each([
    ["a wrong password", (url: string) => url.replace(PASSWORD, "other")],
    ["no password", (url: string) => url.replace(`:${PASSWORD}@`, "")],
  ])("refuses %s at once, and the error does not name it", async (_, change) => {
    const began = performance.now();
    const error = await work({ queue: change(queue) }).catch((error) => error);
    expect(error.code).toBe("usage.queue-login");
    expect(error.message).not.toMatch(/other@|a-w0rd/);
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  it("shows jobs of another version, for which no worker is there", async () => {
    const opened = await openServer({ queue });
    await opened.openQueue("train-9.9").add("run", { root: "sweeps/a", name: "b" });
    const { queues, warnings } = await readQueueStatus({ queue });
    expect(queues.map(({ name, isOwn }) => [name, isOwn])).toContainEqual(["train-9.9", false]);
    expect(warnings.find(({ code }) => code === "queue-no-worker")?.message).toContain("gan-eval 9.9");
    await opened.close();
  });
});
