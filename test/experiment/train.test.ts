import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { planTraining, resume, type TrainRequest, train } from "../../src/experiment/train.ts";
import { readRun } from "../../src/runs/read-run.ts";

let place: string;
beforeAll(async () => {
  place = await mkdtemp(path.join(tmpdir(), "train-"));
});
afterAll(() => rm(place, { recursive: true, force: true }));

let count = 0;
const newFolder = (): string => path.join(place, `run-${count++}`);

/** A small ring, recorded and scored often. */
function request(
  folder: string,
  changes: Partial<TrainRequest> = {},
  recording: Partial<TrainRequest["recording"]> = {},
): TrainRequest {
  return {
    clock: Date.now,
    signal: new AbortController().signal,
    onProgress: () => {},
    data: { data: "ring", imgSize: null, channels: null, split: null, limit: null, onError: "fail" },
    model: { model: "gan", hiddenUnits: 16, batchSize: 32, emaDecay: 0.9 },
    recording: {
      seed: 5,
      recordInterval: 5,
      sampleInterval: 20,
      checkpointInterval: 15,
      keepCheckpoints: 2,
      evalEvery: 20,
      evalSamples: 200,
      evalMetrics: [],
      extractor: null,
      earlyStop: 0,
      onNan: "stop",
      tensorboard: false,
      ...recording,
    },
    epochs: 1,
    rounds: 60,
    computation: { engine: "auto", device: "auto", threads: 1 },
    folder,
    command: ["gan-eval", "train"],
    ...changes,
  };
}

/** Stops when a round is reached. */
function stopAt(round: number): Pick<TrainRequest, "signal" | "onProgress"> {
  const controller = new AbortController();
  return {
    signal: controller.signal,
    onProgress: ({ stage, done }) => {
      if (stage === "training" && done >= round) controller.abort();
    },
  };
}

const goOn = (folder: string, changes = {}, allowChanges = false) => {
  const { clock, signal, onProgress } = request(folder);
  return resume({ clock, signal, onProgress, folder, changes, rates: {}, allowChanges });
};

const bytesOf = async (folder: string): Promise<Record<string, Buffer>> => {
  const names = [
    "losses.csv",
    "layers.csv",
    "scores.csv",
    "checkpoints/00000060.safetensors",
    "samples/00000060.png",
  ];
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(path.join(folder, name))] as const)),
  );
};

describe("a run", () => {
  it("leaves records, samples, scores and checkpoints at their intervals, and says how it ended", async () => {
    const folder = newFolder();
    const trained = await train(request(folder));
    expect(trained).toMatchObject({ rounds: 60, folder, description: { status: "finished", round: 60 } });
    const { losses, scores } = await readRun(folder);
    expect([...losses.rounds]).toEqual([1, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60]);
    expect([...scores.rounds]).toEqual([20, 40, 60]);
    expect((await readdir(path.join(folder, "samples"))).sort()).toEqual(
      [1, 20, 40, 60].map((round) => `${String(round).padStart(8, "0")}.png`),
    );
    const best = trained.description.best!;
    const values = scores.columns.get(best.metric)!;
    expect(best.value).toBeCloseTo(Math.min(...values), 12);
    expect(existsSync(path.join(folder, best.checkpoint))).toBe(true);
    expect(trained.floor!.modes).toBe(8);
    expect(await readdir(folder)).not.toContain("run.lock");
  });

  it("that was interrupted and resumed ends with the bytes of one that was not", async () => {
    const [whole, stopped] = [newFolder(), newFolder()];
    await train(request(whole));
    await expect(train(request(stopped, stopAt(22)))).rejects.toMatchObject({
      code: "run.interrupted",
      hint: expect.stringContaining(`--resume ${stopped}`),
    });
    const { description } = await readRun(stopped);
    expect(description).toMatchObject({ status: "interrupted" });
    expect(description.round).toBeGreaterThanOrEqual(22);
    expect(description.round).toBeLessThan(30);
    await goOn(stopped);
    expect(await bytesOf(stopped)).toEqual(await bytesOf(whole));
  });

  it("is not gone on with under other options, unless that is allowed", async () => {
    const folder = newFolder();
    await train(request(folder));
    await expect(goOn(folder, { rounds: 80, loss: "hinge" })).rejects.toMatchObject({
      code: "usage.run-changed",
      message: expect.stringMatching(/loss "hinge" instead of "non-saturating", rounds 80 instead of 60/),
    });
    await expect(goOn(folder)).rejects.toMatchObject({ code: "usage.run-finished" });
    const longer = await goOn(folder, { rounds: 80 }, true);
    expect(longer.rounds).toBe(80);
  });

  it("is refused in a folder that has one", async () => {
    const folder = newFolder();
    await train(request(folder, { rounds: 5 }));
    await expect(train(request(folder))).rejects.toMatchObject({ code: "usage.run-exists" });
  });

  it("stops early when scores no longer get better, also across an interruption", async () => {
    const settings = { earlyStop: 2, evalEvery: 2 };
    // A rate of zero: the first scoring stays the best.
    const still = { rate: 0, rounds: 60, model: { model: "gan", hiddenUnits: 16, batchSize: 32 } } as const;
    const folder = newFolder();
    const trained = await train(request(folder, still, settings));
    expect(trained).toMatchObject({ stopped: "early", rounds: 6 });
    const other = newFolder();
    await expect(train(request(other, { ...still, ...stopAt(4) }, settings))).rejects.toThrow(/interrupted/);
    expect(await goOn(other)).toMatchObject({ stopped: "early", rounds: 6 });
  });
});

describe("a divergence", () => {
  const absurd = { rate: 1e30, model: { model: "wgan", optimizer: "sgd", clipValue: 0 } } as const;

  it("ends the run, which says so, and leaves its checkpoints whole", async () => {
    const folder = newFolder();
    await expect(train(request(folder, absurd))).rejects.toMatchObject({ code: "run.diverged" });
    const { description } = await readRun(folder);
    expect(description.status).toBe("failed");
    expect(description.events.some(({ kind }) => kind === "diverged")).toBe(true);
    expect(await readdir(path.join(folder, "checkpoints"))).toEqual(["00000000.safetensors"]);
  });

  it("is rolled back three times, each to half the rate, if that is wanted", async () => {
    const folder = newFolder();
    await expect(train(request(folder, absurd, { onNan: "roll-back" }))).rejects.toThrow(
      /after 3 roll-backs/,
    );
    const { description } = await readRun(folder);
    const messages = description.events
      .filter(({ kind }) => kind === "roll-back")
      .map(({ message }) => message);
    expect(messages).toEqual([0.5, 0.25, 0.125].map((factor) => expect.stringContaining(`times ${factor}`)));
  });
});

describe("a plan", () => {
  it("counts weights and passes, and writes nothing", async () => {
    const folder = newFolder();
    const plan = await planTraining(
      request(folder, {
        data: { data: "digits", imgSize: null, channels: null, split: null, limit: null, onError: "fail" },
        model: { model: "gan" },
        epochs: 10,
        rounds: undefined,
      }),
    );
    expect(existsSync(folder)).toBe(false);
    expect(plan.parameters).toEqual({ generator: 1_510_032, discriminator: 533_505 });
    // 2,000 digits in batches of 64.
    expect(plan).toMatchObject({ batchesPerEpoch: 31, epochs: 10, config: { rounds: 310 } });
    expect(plan.memory.checkpoint).toBe(4 * (3 * (1_510_032 + 533_505) + 2 * (256 + 512 + 1024)));
    expect(plan.estimatedSeconds).toBeCloseTo((310 * plan.millisecondsPerRound) / 1000, 6);
  });
});
