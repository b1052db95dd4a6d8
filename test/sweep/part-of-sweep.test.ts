import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { lockFolder } from "../../src/files/lock.ts";
import { requestStop } from "../../src/run-folder/stop-run.ts";
import { collectSweep } from "../../src/sweep/collect.ts";
import type { Ending } from "../../src/sweep/messages.ts";
import type { StartChild } from "../../src/sweep/start-child.ts";
import type { SweepRun } from "../../src/sweep/sweep.ts";
import { childrenOf, emptyFolder, leaveRun, runsIn, scoresOf, sweepIn } from "./planned-runs.ts";

const SHORT = { every: 10, most: 50 };
const LONG = { every: 10, most: 60_000 };

/** Children that end when they are told to. */
function heldChildren() {
  const ends: (() => void)[] = [];
  const { start } = childrenOf(async () => {
    await new Promise<void>((resolve) => ends.push(resolve));
    return { kind: "finished" };
  });
  const begun = async (count: number): Promise<void> => {
    while (ends.length < count) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  return { start, begun, end: () => ends.splice(0).forEach((end) => void end()) };
}

const partIn = (folder: string, runs: SweepRun[], index: number, of: number, start: StartChild) =>
  sweepIn(folder, runs, { part: { index, of }, start, patience: SHORT });

const collectIn = (folder: string, runs: SweepRun[]) =>
  collectSweep({ folder, runs, signal: new AbortController().signal, onProgress: () => {} });

describe("a part of a sweep", () => {
  it("trains its share of the plan, and writes no scores.csv", async () => {
    const folder = emptyFolder();
    const { start, tasks } = childrenOf();
    const runs = runsIn(folder, [1, 2, 3, 4, 5]);
    const { runs: own } = await partIn(folder, runs, 1, 2, start);
    expect(own.map(({ name }) => name)).toEqual([runs[1].name, runs[3].name]);
    expect(tasks).toHaveLength(2);
    expect(readdirSync(folder).sort()).toEqual([runs[1].name, runs[3].name]);
  });

  it("without runs ends at once, and makes no folder", async () => {
    const folder = emptyFolder();
    const { runs } = await partIn(folder, runsIn(folder, [1]), 3, 4, childrenOf().start);
    expect(runs).toEqual([]);
    expect(existsSync(folder)).toBe(false);
  });

  it("that ends before another leaves the folder to it; nothing but runs is left by the last", async () => {
    const folder = emptyFolder();
    const runs = runsIn(folder, [1, 2, 3]);
    const slow = heldChildren();
    const [first, second] = [
      partIn(folder, runs, 0, 3, childrenOf().start),
      partIn(folder, runs, 1, 3, slow.start),
    ];
    await first;
    await slow.begun(1);
    expect(existsSync(path.join(folder, ".parts/1-of-3/run.lock"))).toBe(true);
    await partIn(folder, runs, 2, 3, childrenOf().start);
    slow.end();
    await second;
    expect(readdirSync(folder).sort()).toEqual(runs.map(({ name }) => name));
  });

  it("that fails to begin at all leaves no folder", async () => {
    const folder = emptyFolder();
    const { start } = childrenOf(() => ({ kind: "failed", code: "input.broken", message: "broken" }));
    const parts = [0, 1, 2].map((i) => partIn(folder, runsIn(folder, [1, 2, 3]), i, 3, start));
    for (const { runs } of await Promise.all(parts)) expect(runs[0].ending).toBe("failed");
    // What ended the runs is kept for whoever collects.
    expect(readdirSync(folder)).toEqual([".parts"]);
    expect(readdirSync(path.join(folder, ".parts"))).toEqual(["failures"]);
  });

  it("and the whole sweep are not trained at the same time, in either order", async () => {
    const folder = emptyFolder();
    const runs = runsIn(folder, [1, 2]);
    for (const [first, second, rates] of [
      [undefined, { index: 0, of: 2 }, [3, 4]],
      [{ index: 0, of: 2 }, undefined, [5, 6]],
    ] as const) {
      const held = heldChildren();
      const work = sweepIn(folder, runsIn(folder, rates), { part: first, start: held.start });
      await held.begun(1);
      const refused = sweepIn(folder, runs, { part: second, ...childrenOf(), patience: SHORT });
      await expect(refused).rejects.toMatchObject({ code: "input.run-locked" });
      const wait = setInterval(held.end, 10);
      await work;
      clearInterval(wait);
    }
  });

  it("waits for the lock of a predecessor that is about to expire, and says so", async () => {
    const folder = emptyFolder();
    const runs = runsIn(folder, [1]);
    const own = path.join(folder, ".parts/0-of-1");
    mkdirSync(own, { recursive: true });
    const lock = await lockFolder(own, Date.now);
    const notices: (string | undefined)[] = [];
    const work = sweepIn(folder, runs, {
      ...{ part: { index: 0, of: 1 }, ...childrenOf(), patience: LONG },
      onProgress: ({ notice }) => notices.push(notice),
    });
    while (!notices[0]) await new Promise((resolve) => setTimeout(resolve, 5));
    await lock.unlock();
    expect((await work).runs[0].ending).toBe("finished");
    expect(notices[0]).toMatch(/^waiting: expected no other process .+0-of-1/);
    expect(existsSync(path.join(folder, ".parts"))).toBe(false);
  });

  it("waits for a run that another process has, and finds it finished", async () => {
    const folder = emptyFolder();
    const [run] = runsIn(folder, [1]);
    let tries = 0;
    const { start } = childrenOf(() => {
      if (++tries === 2) leaveRun(run.request);
      return { kind: "failed", code: "input.run-locked", message: "locked" };
    });
    const swept = await sweepIn(folder, [run], { part: { index: 0, of: 1 }, start, patience: LONG });
    expect(swept.runs.map(({ ending }) => ending)).toEqual(["skipped"]);
    expect(swept.missing).toBeUndefined();
    expect(tries).toBe(2);
  });

  it("names a run that another process goes on with, and counts it as no failure", async () => {
    const folder = emptyFolder();
    const runs = runsIn(folder, [1, 2]);
    const { start } = childrenOf((task) =>
      task.kind === "train" && task.request.lr === 1
        ? { kind: "failed", code: "input.run-locked", message: "locked" }
        : { kind: "finished" },
    );
    const swept = await partIn(folder, runs, 0, 1, start);
    expect(swept.runs.map(({ name }) => name)).toEqual([runs[1].name]);
    expect(swept.missing).toMatchObject([{ name: runs[0].name, state: "at-work" }]);
    expect(existsSync(path.join(folder, ".parts"))).toBe(false);
  });

  it("is stopped with all others by a request in the sweep's folder", async () => {
    const folder = emptyFolder();
    const runs = runsIn(folder, [1, 2]);
    leaveRun(runs[0].request, { status: "interrupted", round: 50 });
    const start: StartChild = () => {
      let stop = (): void => {};
      const ending = new Promise<Ending>((resolve) => {
        stop = () => resolve({ kind: "interrupted" });
      });
      return { ending, stop };
    };
    const parts = [0, 1].map((i) => partIn(folder, runs, i, 2, start).catch(({ code }) => code));
    while (![0, 1].every((i) => existsSync(path.join(folder, `.parts/${i}-of-2/run.lock`))))
      await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await requestStop(folder)).toEqual({ folder, kind: "sweep", ending: "stopped" });
    expect(await Promise.all(parts)).toEqual(["run.interrupted", "run.interrupted"]);
    expect(existsSync(path.join(folder, ".parts"))).toBe(false);
  });
});

describe("collecting the parts of a sweep", () => {
  it("writes rows of what has ended, and names the others by their state", async () => {
    const folder = emptyFolder();
    const runs = runsIn(folder, [1, 2, 3, 4, 5]);
    leaveRun(runs[0].request);
    leaveRun(runs[1].request, { status: "interrupted", round: 50 });
    leaveRun(runs[2].request, { status: "running", round: 50 });
    const lock = await lockFolder(runs[2].request.folder, Date.now);
    leaveRun(runs[3].request, { status: "failed", failure: "disk full" });
    const collected = await collectIn(folder, runs);
    expect(collected.runs.map(({ ending, error }) => [ending, error])).toEqual([
      ["skipped", undefined],
      ["failed", "disk full"],
    ]);
    expect(collected.missing!.map(({ state }) => state)).toEqual(["broken-off", "at-work", "not-begun"]);
    await lock.unlock();
    const rows = scoresOf(folder);
    expect(rows).toHaveLength(3);
    expect(rows[2]).toMatch(/^gan,4,1,failed,.*,disk full$/);
    expect(existsSync(path.join(folder, ".parts"))).toBe(false);
  });

  it("gives the bytes of one process, failures of every kind included", async () => {
    const endings: Record<number, Ending> = {
      2: { kind: "failed", code: "input.broken", message: 'a "broken", thing' },
      3: { kind: "failed", code: "internal.child", message: "the process ended by SIGKILL" },
      4: { kind: "interrupted" },
    };
    const end = () =>
      childrenOf((task) => {
        const { request } = task as Extract<typeof task, { kind: "train" }>;
        // Its process was killed in the middle.
        if (request.lr === 3) leaveRun(request, { status: "running", round: 50 });
        return endings[request.lr!] ?? { kind: "finished" };
      });
    const [whole, cut] = [emptyFolder(), emptyFolder()];
    await sweepIn(whole, runsIn(whole, [1, 2, 3, 4]), end());
    const runs = runsIn(cut, [1, 2, 3, 4]);
    await Promise.all([0, 1, 2].map((i) => partIn(cut, runs, i, 3, end().start)));
    await collectIn(cut, runs);
    const read = (folder: string) => readFileSync(path.join(folder, "scores.csv"), "utf8");
    expect(read(cut)).toBe(read(whole));
  });

  it("forgets how a run failed that was tried again", async () => {
    const folder = emptyFolder();
    const runs = runsIn(folder, [1]);
    const fail = childrenOf(() => ({ kind: "failed", code: "input.broken", message: "broken" }));
    await partIn(folder, runs, 0, 1, fail.start);
    await partIn(folder, runs, 0, 1, childrenOf().start);
    expect((await collectIn(folder, runs)).runs.map(({ ending }) => ending)).toEqual(["skipped"]);
    expect(existsSync(path.join(folder, ".parts"))).toBe(false);
  });

  it("leaves a folder alone where nothing is, and writes no scores.csv", async () => {
    const folder = emptyFolder();
    const collected = await collectIn(folder, runsIn(folder, [1, 2]));
    expect(collected.missing!.map(({ state }) => state)).toEqual(["not-begun", "not-begun"]);
    expect(existsSync(folder)).toBe(false);
  });

  it("does not go by what nobody wrote: a damaged word of a failure is none", async () => {
    const folder = emptyFolder();
    const runs = runsIn(folder, [1]);
    const failures = path.join(folder, ".parts/failures");
    mkdirSync(failures, { recursive: true });
    writeFileSync(path.join(failures, `${runs[0].name}.json`), '{"code":');
    expect((await collectIn(folder, runs)).missing).toMatchObject([{ state: "not-begun" }]);
  });

  it("says where the runs were computed on several instruction sets", async () => {
    const folder = emptyFolder();
    const runs = runsIn(folder, [1, 2, 3]);
    for (const [i, isa] of ["avx2", "avx512", "avx2, avx512"].entries())
      leaveRun(runs[i].request, { versions: { "gan-eval": "0", isa } });
    const { warnings } = await collectIn(folder, runs);
    expect(warnings).toMatchObject([
      { code: "mixed-machines", message: expect.stringContaining("2 on avx2, 2 on avx512") },
    ]);
    for (const run of runs) leaveRun(run.request, { versions: { "gan-eval": "0" } });
    expect((await collectIn(folder, runs)).warnings).toEqual([]);
  });
});
