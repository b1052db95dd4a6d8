import { describe, expect, it, vi } from "vitest";
import { planSweep, readRun, sweep } from "../../src/index.ts";
import { trainMonitored } from "../../src/library/monitored-training.ts";
import type { Task } from "../../src/sweep/messages.ts";
import { emptyFolder } from "../runs/empty-folder.ts";

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
