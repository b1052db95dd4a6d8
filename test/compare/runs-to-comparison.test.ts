import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { compareRuns } from "../../src/compare/functions.ts";
import { descriptionToText, RUN_SCHEMA, type RunDescription } from "../../src/run-folder/description.ts";
import { plan } from "../run-folder/small-run.ts";

const parent = mkdtempSync(path.join(tmpdir(), "compare-"));
afterAll(() => rmSync(parent, { recursive: true, force: true }));

let folder: string;
let count = 0;
beforeEach(() => {
  folder = path.join(parent, `sweep ${count++}`);
  mkdirSync(folder);
});

const config = {
  ...{
    model: "gan",
    data: "ring",
    rates: { generator: 1e-3, discriminator: 1e-3 },
    penalty: [],
    evalSamples: 500,
  },
  ...{ recordInterval: 10, threads: 1 },
};

function writeRun(
  name: string,
  changes: Partial<RunDescription> = {},
  scores = "round,sliced_wasserstein\n50,0.5\n100,0.25\n",
): string {
  const location = path.join(folder, name);
  mkdirSync(location);
  const times = { started: "2026-01-02T03:04:05Z", updated: "2026-01-02T03:04:05Z" };
  const description: RunDescription = {
    ...{ schema: RUN_SCHEMA, status: "finished", ...plan, config, ...times, round: 100, events: [] },
    ...changes,
  };
  writeFileSync(path.join(location, "run.json"), descriptionToText(description));
  writeFileSync(path.join(location, "scores.csv"), scores);
  return location;
}

describe("runs in folders", () => {
  it("are read with their scores, options, rounds, time and command", async () => {
    const location = writeRun("a", { seed: 3, command: ["gan-eval", "train", "--data", "my ring"] });
    writeFileSync(
      path.join(location, "timing.csv"),
      "round,seconds,rounds_per_second\n40,4,10\n60,6,10\n80,1.5,10\n100,3,10\n",
    );
    writeRun("b", { seed: 4, config: { ...config, threads: 2, recordInterval: 1 } });
    const { rows, fixed, varying, protocol, metric } = await compareRuns([folder]);
    expect(metric.key).toBe("sliced_wasserstein");
    expect(varying).toEqual([]);
    expect(fixed).toEqual({ model: "gan", penalty: "none", lr: 1e-3 });
    expect(protocol).toMatchObject({ data: "ring-8", evalSamples: 500 });
    expect(rows[0]).toMatchObject({
      ...{ name: "a", seed: 3, status: "finished", rounds: 100, value: 0.25 },
      // 6 before it was broken off, 3 after.
      seconds: 9,
      command: "gan-eval train --data 'my ring'",
      scores: { sliced_wasserstein: { best: 0.25, bestRound: 100, last: 0.25 } },
    });
  });

  it("that diverged, failed, were killed or are empty are counted and told", async () => {
    writeRun("whole");
    writeRun("diverged", {
      status: "failed",
      failure: "NaN",
      events: [{ round: 9, kind: "diverged", message: "NaN" }],
    });
    writeRun("failed", { status: "failed", failure: "disk full" });
    writeRun("killed", { status: "running" }, "round,sliced_wasserstein\n50,0.75\n100,0.2");
    writeRun("never a number", {}, "round,sliced_wasserstein\n50,NaN\n100,NaN\n");
    mkdirSync(path.join(folder, "empty"));
    writeFileSync(path.join(writeRun("cut short"), "run.json"), '{ "schema": "gan-eval/ru');
    mkdirSync(path.join(folder, "figures"));
    writeFileSync(path.join(folder, "figures", "a.png"), "");
    writeFileSync(path.join(folder, "scores.csv"), "");
    const { rows, counts, warnings, groups } = await compareRuns([folder]);
    expect(counts).toEqual({ finished: 1, interrupted: 1, diverged: 2, failed: 1, unreadable: 2 });
    expect(rows.map(({ name, value }) => [name, value])).toEqual([
      ["whole", 0.25],
      ["killed", 0.75],
      ...["cut short", "diverged", "empty", "failed", "never a number"].map((name) => [name, null]),
    ]);
    expect(rows.find(({ name }) => name === "cut short")!.failure).toContain("truncated or damaged");
    expect(warnings.map(({ code }) => code)).toEqual([
      "cut-table",
      "failed-rows",
      "unreadable-rows",
      "unfinished-rows",
    ]);
    expect(groups.find(({ n }) => n === 5)).toMatchObject({ failures: 3, median: null, best: 0.25 });
  });

  it("named one by one may be empty, as long as one is whole", async () => {
    const [whole, empty] = [writeRun("whole"), path.join(folder, "empty")];
    mkdirSync(empty);
    expect((await compareRuns([whole, empty])).counts).toEqual({ finished: 1, unreadable: 1 });
    await expect(compareRuns([empty])).rejects.toMatchObject({ code: "input.not-a-run" });
    await expect(compareRuns([whole, path.join(folder, "nowhere")])).rejects.toMatchObject({
      code: "input.not-a-run",
    });
  });

  it("of other data are refused by name; of the same data under another path they are not", async () => {
    const data = { ...plan.data, hash: "c0ffee00".repeat(8) };
    writeRun("a", { data });
    writeRun("b", { data: { ...data, label: "a copy" } });
    expect((await compareRuns([folder])).counts).toEqual({ finished: 2 });
    writeRun("c", { data: { ...data, hash: "deadbeef".repeat(8) } });
    await expect(compareRuns([folder])).rejects.toMatchObject({
      code: "input.unlike-protocols",
      message: expect.stringContaining("data (ring-8 (c0ffee00), ring-8 (deadbeef))"),
    });
  });

  it("take any names, and call them apart by their folders where they are alike", async () => {
    const names = ["ring é 環", "-rf", "a'b\"c", "\u202egnp", "<img src=x>"];
    for (const name of names) writeRun(name);
    const { rows } = await compareRuns([folder]);
    expect(rows.map(({ name }) => name).sort()).toEqual([...names].sort());
    const other = path.join(folder, "..", `other ${count}`);
    mkdirSync(other);
    const before = folder;
    folder = other;
    writeRun("-rf");
    const both = await compareRuns([path.join(before, "-rf"), other]);
    expect(both.rows.map(({ name }) => name).sort()).toEqual([
      `other ${count}/-rf`,
      `${path.basename(before)}/-rf`,
    ]);
  });

  it("by hundreds are read in moments", async () => {
    for (let i = 0; i < 500; i++) writeRun(`run-${i}`, { seed: i });
    const started = performance.now();
    expect((await compareRuns([folder])).rows).toHaveLength(500);
    // 0.2 s alone; ten thousand must not take minutes.
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
