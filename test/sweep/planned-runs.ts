/** Runs of a sweep, what training would leave of them, and children that train nothing. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll } from "vitest";
import { descriptionToText, RUN_SCHEMA, type RunDescription } from "../../src/run-folder/description.ts";
import { type RunRequest, requestToConfig } from "../../src/runs/request-to-config.ts";
import type { Ending, Task } from "../../src/sweep/messages.ts";
import type { StartChild } from "../../src/sweep/start-child.ts";
import { type SweepOptions, type SweepRun, sweep } from "../../src/sweep/sweep.ts";
import { plan } from "../run-folder/small-run.ts";

export const parent = mkdtempSync(path.join(tmpdir(), "sweep-"));
afterAll(() => rmSync(parent, { recursive: true, force: true }));
let count = 0;
export const emptyFolder = (): string => path.join(parent, `sweep-${count++}`);

const request = (folder: string, lr: number, rounds = 100): RunRequest => ({
  data: { data: "ring", imgSize: null, channels: null, split: null, limit: null, onError: "fail" },
  model: { model: "gan" },
  lr,
  recording: {
    ...{ seed: 1, recordInterval: 10, sampleInterval: 0, checkpointInterval: 50, keepCheckpoints: 1 },
    ...{ evalEvery: 50, evalSamples: 100, evalMetrics: [], extractor: null, earlyStop: 0, onNan: "stop" },
    tensorboard: false,
  },
  epochs: 1,
  rounds,
  computation: { engine: "auto", device: "auto", threads: 1 },
  folder,
  command: ["gan-eval", "train"],
});

export const runsIn = (folder: string, rates: readonly number[], rounds = 100): SweepRun[] =>
  rates.map((lr) => {
    const name = `gan_lr=${lr}_seed=1`;
    return {
      name,
      options: { model: "gan", lr: String(lr) },
      seed: 1,
      request: request(path.join(folder, name), lr, rounds),
    };
  });

/** What training leaves behind. */
export function leaveRun(of: RunRequest, changes: Partial<RunDescription> = {}, value = 0.5): void {
  mkdirSync(of.folder, { recursive: true });
  const times = { started: "2026-01-02T03:04:05Z", updated: "2026-01-02T03:04:05Z" };
  const description: RunDescription = {
    ...{ schema: RUN_SCHEMA, status: "finished", ...plan, ...times, round: of.rounds!, events: [] },
    config: { ...requestToConfig(of, { shape: [2] }) },
    ...changes,
  };
  writeFileSync(path.join(of.folder, "run.json"), descriptionToText(description));
  writeFileSync(path.join(of.folder, "scores.csv"), `round,sliced_wasserstein\n100,${value}\n`);
}

/** Children that end as they are told, and a record of what they were given. */
export function childrenOf(end: (task: Task) => Ending | Promise<Ending> = () => ({ kind: "finished" })) {
  const tasks: Task[] = [];
  let atOnce = 0;
  let most = 0;
  const start: StartChild = (task, onProgress) => {
    tasks.push(task);
    most = Math.max(most, ++atOnce);
    onProgress(50, 100);
    const work = async (): Promise<Ending> => {
      await new Promise((resolve) => setTimeout(resolve, 2));
      const ending = await end(task);
      if (ending.kind === "finished" && task.kind === "train") leaveRun(task.request);
      atOnce--;
      return ending;
    };
    return { ending: work(), stop: () => {} };
  };
  return { start, tasks, most: () => most };
}

export const sweepIn = (folder: string, runs: SweepRun[], changes: Partial<SweepOptions> = {}) =>
  sweep({ folder, runs, jobs: 2, signal: new AbortController().signal, onProgress: () => {}, ...changes });

export const scoresOf = (folder: string): string[] =>
  readFileSync(path.join(folder, "scores.csv"), "utf8").trim().split("\n");
