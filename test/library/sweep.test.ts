import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it, vi } from "vitest";
import { planSweep, readRun, sweep } from "../../src/index.ts";
import { trainMonitored } from "../../src/library/monitored-training.ts";
import type { Task } from "../../src/sweep/messages.ts";
import { emptyFolder } from "../runs/empty-folder.ts";
import { PAGE_MODULE } from "../train/schemes/page-scheme.ts";

/** Node does not run TypeScript: what a process of its own would do is done in this one. */
vi.mock("../../src/sweep/start-child.ts", () => ({
  startChild: (task: Task) => ({
    ending:
      task.kind === "train"
        ? play(task)
        : Promise.resolve({ kind: "failed", code: "usage.x", message: "resumed" }),
    stop: () => {},
  }),
}));

async function play({ request }: Extract<Task, { kind: "train" }>) {
  const signal = new AbortController().signal;
  await trainMonitored({ ...request, clock: Date.now, signal, onProgress: () => {} });
  return { kind: "finished" };
}

describe("sweep of the library", () => {
  it("trains what planSweep plans, with what the runs have in common", async () => {
    const folder = emptyFolder();
    const axes = [
      { name: "model", values: ["gan", "wgan"] },
      { name: "lr", values: ["0.001"] },
    ];
    const runs = planSweep({ axes, seeds: 1 });
    const swept = await sweep({ folder, runs, common: { data: "ring", rounds: 3, evalEvery: 0 }, jobs: 1 });
    expect(swept.runs.map(({ ending }) => ending)).toEqual(["finished", "finished"]);
    const configs = await Promise.all(
      swept.runs.map(async (run) => (await readRun(run.folder)).description.config),
    );
    expect(configs.map(({ model }) => model)).toEqual(["gan", "wgan"]);
    for (const config of configs)
      expect(config).toMatchObject({ data: "ring", rounds: 3, seed: 2020, rates: { generator: 0.001 } });
    const again = await sweep({ folder, runs, common: { data: "ring", rounds: 3, evalEvery: 0 }, jobs: 1 });
    expect(again.runs.map(({ ending }) => ending)).toEqual(["skipped", "skipped"]);
  });

  it("varies the weight of a term of a module of one's own, and knows its finished runs again", async () => {
    const folder = emptyFolder();
    const module = path.join(folder, "bigan.mjs");
    writeFileSync(module, PAGE_MODULE);
    const axes = [
      { name: "model", values: [module] },
      { name: "weight.adversarial", values: ["1", "5"] },
    ];
    const common = { data: "digits", limit: 200, rounds: 2, filters: 8, batchSize: 8, evalEvery: 0 };
    const options = {
      folder: path.join(folder, "sweep"),
      runs: planSweep({ axes, seeds: 1 }),
      common,
      jobs: 1,
    };
    const { runs } = await sweep(options);
    expect(runs.map(({ ending, error }) => error ?? ending)).toEqual(["finished", "finished"]);
    for (const { name } of runs)
      expect(name).toMatch(/^bigan~[0-9a-f]{8}_weight\.adversarial=[15]_seed=2020$/);
    const configs = await Promise.all(
      runs.map(async (run) => (await readRun(run.folder)).description.config),
    );
    expect(configs.map(({ termWeights }) => termWeights)).toEqual([{ adversarial: 1 }, { adversarial: 5 }]);
    const again = await sweep(options);
    expect(again.runs.map(({ ending }) => ending)).toEqual(["skipped", "skipped"]);
    const others = sweep({ ...options, common: { ...common, filters: 16 } });
    await expect(others).rejects.toMatchObject({ code: "usage.sweep-changed" });
  });

  it("refuses parts that there are not, before it makes anything", async () => {
    const folder = emptyFolder();
    const runs = planSweep({ axes: [{ name: "model", values: ["gan"] }], seeds: 1 });
    for (const [index, of] of [
      [2, 2],
      [-1, 2],
      [0, 0],
      [0.5, 2],
    ])
      await expect(
        sweep({ folder: path.join(folder, "s"), runs, part: { index, of } }),
      ).rejects.toMatchObject({
        code: "usage.sweep-part",
      });
    expect(existsSync(path.join(folder, "s"))).toBe(false);
  });

  it("refuses names that are no option, and values that their option does not take", async () => {
    expect(() => planSweep({ axes: [{ name: "learningRate", values: ["1"] }] })).toThrowError(
      expect.objectContaining({ code: "usage.sweep-option" }),
    );
    const runs = planSweep({ axes: [{ name: "model", values: ["gan"] }], seeds: 1 });
    await expect(sweep({ folder: emptyFolder(), runs, common: { rounds: -1 } })).rejects.toMatchObject({
      code: "usage.option-value",
    });
    await expect(sweep({ folder: emptyFolder(), runs, common: { round: 1 } as never })).rejects.toMatchObject(
      {
        code: "usage.sweep-option",
      },
    );
  });
});
