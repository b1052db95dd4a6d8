import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openLiveMonitor } from "../../src/diagnosis/live-monitor.ts";
import { readRun } from "../../src/run-folder/read-run.ts";
import { resume, type TrainRequest, train } from "../../src/runs/train.ts";

let place: string;
beforeAll(async () => {
  place = await mkdtemp(path.join(tmpdir(), "live-"));
});
afterAll(() => rm(place, { recursive: true, force: true }));

/** A generator that hardly moves: at its beginning it makes one thing. */
function request(name: string, changes: Partial<TrainRequest["recording"]> = {}): TrainRequest {
  return {
    clock: Date.now,
    signal: new AbortController().signal,
    onProgress: () => {},
    data: { data: "ring", imgSize: null, channels: null, split: null, limit: null, onError: "fail" },
    model: { model: "gan", hiddenUnits: 16, batchSize: 32 },
    lrGenerator: 1e-9,
    recording: {
      ...{ seed: 5, recordInterval: 5, sampleInterval: 0, checkpointInterval: 1000, keepCheckpoints: 1 },
      ...{ evalEvery: 20, evalSamples: 200, evalMetrics: [], extractor: null, earlyStop: 0 },
      ...{ onNan: "stop", tensorboard: false, diagnoseEvery: 20 },
      ...changes,
    },
    epochs: 1,
    rounds: 80,
    computation: { engine: "auto", device: "auto", threads: 1 },
    folder: path.join(place, name),
    command: ["gan-eval", "train"],
  };
}

describe("a run that is judged while it is trained", () => {
  it("has the bytes of one that is not, and its verdicts once each as events, warnings and facts", async () => {
    const [judged, left] = [request("judged"), request("left")];
    const facts = new Set<string>();
    const trained = await train({
      ...judged,
      openMonitor: openLiveMonitor,
      onProgress: ({ facts: each = [] }) => {
        for (const fact of each) facts.add(fact);
      },
    });
    await train(left);
    for (const name of [
      "losses.csv",
      "layers.csv",
      "scores.csv",
      "signals.csv",
      "checkpoints/00000080.safetensors",
    ])
      expect(await readFile(path.join(judged.folder, name)), name).toEqual(
        await readFile(path.join(left.folder, name)),
      );
    const { description, signals } = await readRun(judged.folder);
    expect([...signals.rounds]).toEqual([20, 40, 60, 80]);
    expect([...signals.columns.keys()]).toEqual(["spread_ratio", "missing_share", "top_bin", "top_share"]);
    expect(description.events.map(({ kind }) => kind)).toEqual(["mode-collapse"]);
    expect(description.events[0].message).toMatch(/\d+ times as far apart|miss \d+ % of the real data/);
    expect(trained.warnings.map(({ code }) => code)).toContain("mode-collapse");
    expect(facts).toContain("mode-collapse");
    expect((await readRun(left.folder)).description.events).toEqual([]);
  });

  it("ends at the verdict that it was to stop on, with a checkpoint, and goes on from there without a second warning", async () => {
    const asked = request("stopped", { stopOn: ["divergence", "mode-collapse"] });
    const trained = await train({ ...asked, openMonitor: openLiveMonitor });
    expect(trained).toMatchObject({
      stopped: "verdict",
      rounds: 60,
      description: { status: "finished", round: 60 },
    });
    const { description, checkpoints } = await readRun(asked.folder);
    expect(description.events.map(({ kind }) => kind)).toEqual(["mode-collapse", "stop-on"]);
    expect(checkpoints.map(({ round }) => round)).toEqual([60]);
    const { clock, signal, onProgress } = asked;
    const resumed = await resume({
      ...{ clock, signal, onProgress, folder: asked.folder, openMonitor: openLiveMonitor },
      ...{ changes: { stopOn: [] }, rates: {}, allowChanges: true },
    });
    expect(resumed.rounds).toBe(80);
    expect(resumed.description.events.map(({ kind }) => kind)).toEqual([
      "mode-collapse",
      "stop-on",
      "options-changed",
      "resumed",
    ]);
  });

  it("is not looked at where that is switched off", async () => {
    const asked = request("never", { diagnoseEvery: 0, stopOn: ["mode-collapse"] });
    expect(await train({ ...asked, openMonitor: openLiveMonitor })).toMatchObject({ rounds: 80 });
  });
});
