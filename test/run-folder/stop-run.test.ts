import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { lockFolder } from "../../src/files/lock.ts";
import { readStopRequest, withStopRequests } from "../../src/files/stop-request.ts";
import { descriptionToText, RUN_SCHEMA, type RunStatus } from "../../src/run-folder/description.ts";
import { requestStop } from "../../src/run-folder/stop-run.ts";
import { plan } from "./small-run.ts";

const place = mkdtempSync(path.join(tmpdir(), "stop-run-"));
afterAll(() => rmSync(place, { recursive: true, force: true }));
let count = 0;
const newFolder = (): string => {
  const folder = path.join(place, `folder-${count++}`);
  mkdirSync(folder);
  return folder;
};

function leaveRun(folder: string, status: RunStatus): void {
  mkdirSync(folder, { recursive: true });
  const times = { started: "2026-01-02T03:04:05Z", updated: "2026-01-02T03:04:05Z" };
  const description = { schema: RUN_SCHEMA, status, ...plan, ...times, round: 3, events: [] } as const;
  writeFileSync(path.join(folder, "run.json"), descriptionToText(description));
}

describe("a folder that nobody trains into", () => {
  it.each([
    ["finished", "which has finished after round 3"],
    ["failed", "which has failed after round 3"],
    ["interrupted", "which was stopped after round 3"],
    ["running", "which was killed: its process is gone after round 3"],
  ] as const)("is not asked to stop, and its state is said: %s", async (status, said) => {
    const folder = newFolder();
    leaveRun(folder, status);
    await expect(requestStop(folder)).rejects.toMatchObject({
      code: "usage.not-running",
      message: expect.stringContaining(said),
    });
    expect(existsSync(path.join(folder, "stop-request"))).toBe(false);
  });

  it("is told from a folder of runs, from none, and from a damaged run", async () => {
    const runs = newFolder();
    leaveRun(path.join(runs, "a"), "finished");
    await expect(requestStop(runs)).rejects.toMatchObject({
      code: "usage.not-running",
      message: expect.stringContaining("a folder of runs that no sweep works in"),
    });
    const file = path.join(runs, "a", "run.json");
    for (const nowhere of [path.join(runs, "b"), file])
      await expect(requestStop(nowhere)).rejects.toMatchObject({ code: "input.not-a-run" });
    writeFileSync(file, "{");
    await expect(requestStop(path.dirname(file))).rejects.toMatchObject({
      message: expect.stringContaining("truncated or damaged"),
    });
    await expect(requestStop(newFolder())).rejects.toMatchObject({ code: "input.not-a-run" });
  });
});

describe("a folder that a process has locked", () => {
  it("gets a request that says who asked and when, and is not waited for where that is not wanted", async () => {
    const folder = newFolder();
    leaveRun(folder, "running");
    const lock = await lockFolder(folder, Date.now);
    const clock = () => Date.UTC(2026, 2, 1);
    const asked = await requestStop(folder, { wait: false, clock });
    expect(asked).toEqual({ folder, kind: "run", ending: "asked" });
    expect(await readStopRequest(folder)).toEqual({
      by: expect.stringMatching(/^.+ on .+$/),
      asked: "2026-03-01T00:00:00.000Z",
    });
    await lock.unlock();
  });

  it.each([
    ["interrupted", "stopped"],
    ["finished", "finished"],
    ["failed", "failed"],
    ["running", "killed"],
  ] as const)("is waited for, and its end told by its run.json: %s", async (status, ending) => {
    const folder = newFolder();
    leaveRun(folder, "running");
    const lock = await lockFolder(folder, Date.now);
    const facts: (readonly string[])[] = [];
    const stopping = requestStop(folder, { onProgress: ({ facts: said }) => facts.push(said ?? []) });
    while (facts.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    leaveRun(folder, status);
    await lock.unlock();
    expect(await stopping).toEqual({ folder, kind: "run", ending, round: 3, rounds: plan.rounds });
    expect(facts[0]).toContain("it has not seen the request");
    expect(existsSync(path.join(folder, "stop-request"))).toBe(false);
  });

  it("is no run where other files than those of runs lie in it", async () => {
    const folder = newFolder();
    writeFileSync(path.join(folder, "features.npy"), "");
    const lock = await lockFolder(folder, Date.now);
    await expect(requestStop(folder)).rejects.toMatchObject({ code: "input.not-a-run" });
    expect(existsSync(path.join(folder, "stop-request"))).toBe(false);
    await lock.unlock();
  });
});

describe("work under requests to stop", () => {
  it("is aborted by a link to no other file, and by no folder", async () => {
    const folder = newFolder();
    symlinkSync("/etc/hostname", path.join(folder, "stop-request"));
    expect(await readStopRequest(folder)).toBeUndefined();
    rmSync(path.join(folder, "stop-request"));
    mkdirSync(path.join(folder, "stop-request"));
    expect(await readStopRequest(folder)).toBeUndefined();
  });

  it("says that nothing was saved where it only looked at its signal", async () => {
    const folder = newFolder();
    const work = withStopRequests(folder, new AbortController().signal, async (signal) => {
      writeFileSync(path.join(folder, "stop-request"), "x".repeat(10_000));
      while (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, 20));
      signal.throwIfAborted();
    });
    await expect(work).rejects.toMatchObject({
      code: "run.interrupted",
      message: expect.stringMatching(/^asked to stop by somebody at .+, before there was anything to save$/),
    });
    expect(existsSync(path.join(folder, "stop-request"))).toBe(false);
  });
});
