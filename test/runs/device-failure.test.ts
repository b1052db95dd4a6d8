import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { textToDeviceError } from "../../src/engine/device-failures.ts";
import type { Engine, Program } from "../../src/engine/engine.ts";
import { readRun } from "../../src/run-folder/read-run.ts";
import { resume, type TrainRequest, train } from "../../src/runs/train.ts";

const TEXTS = {
  "unavailable.device-memory": "[Invalid Buffer (unlabeled)] is invalid due to a previous error.",
  "unavailable.device-lost": "wgpu::MapAsyncStatus value: 4, message: [Device] is lost.",
} as const;

/** The text that the device fails with from now on; none where it does not. */
const failing: { text?: string } = {};

function failLater(program: Program): Program {
  const run = program.run.bind(program);
  program.run = async (inputs) => {
    if (failing.text !== undefined) throw textToDeviceError(failing.text, "webgpu", new Error(failing.text));
    return run(inputs);
  };
  return program;
}

vi.mock("../../src/engine/index.ts", async (importOriginal) => {
  const original = await importOriginal<typeof import("../../src/engine/index.ts")>();
  return {
    ...original,
    openEngine: async (choice: Parameters<typeof original.openEngine>[0]): Promise<Engine> => {
      const engine = await original.openEngine(choice);
      const compile = engine.compile.bind(engine) as Engine["compile"];
      engine.compile = (async (...args: Parameters<Engine["compile"]>) =>
        failLater(await compile(...args))) as Engine["compile"];
      return engine;
    },
  };
});

let place: string;
beforeAll(async () => {
  place = await mkdtemp(path.join(tmpdir(), "device-failure-"));
});
afterAll(() => rm(place, { recursive: true, force: true }));
beforeEach(() => {
  delete failing.text;
});

const ROUNDS = 40;
const watched = { clock: Date.now, signal: new AbortController().signal, onProgress: () => {} };

const request = (name: string): TrainRequest => ({
  ...watched,
  data: { data: "ring" },
  model: { model: "gan", hiddenUnits: 16, batchSize: 32 },
  recording: { seed: 5, recordInterval: 5, sampleInterval: 20, checkpointInterval: 10, evalEvery: 0 },
  rounds: ROUNDS,
  computation: { engine: "auto", device: "auto", threads: 1 },
  folder: path.join(place, name),
  command: ["gan-eval", "train"],
});

const goOn = (folder: string, changes = {}, allowChanges = false) =>
  resume({ ...watched, folder, changes, rates: {}, allowChanges });

async function bytesOf(folder: string): Promise<Record<string, string>> {
  const names = ["losses.csv", "layers.csv", "checkpoints/00000040.safetensors", "samples/00000040.png"];
  return Object.fromEntries(
    await Promise.all(
      names.map(
        async (name) => [name, (await readFile(path.join(folder, name))).toString("base64")] as const,
      ),
    ),
  );
}

/** The device fails from the 25th round on: five rounds after a checkpoint. */
function trainUntilFailure(name: string, code: keyof typeof TEXTS): Promise<unknown> {
  const onProgress: TrainRequest["onProgress"] = ({ stage, done }) => {
    if (stage === "training" && done >= 25) failing.text = TEXTS[code];
  };
  return train({ ...request(name), onProgress }).then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe.each(["unavailable.device-memory", "unavailable.device-lost"] as const)(
  "a run whose device fails in the middle: %s",
  (code) => {
    it("is left whole at its last checkpoint, and says how to go on", async () => {
      const folder = path.join(place, code);
      const error = await trainUntilFailure(code, code);
      expect(error).toMatchObject({
        code,
        message: expect.stringMatching(/; round 20 of 40 is saved$/),
        hint: expect.stringContaining(`gan-eval train --resume ${folder}`),
      });
      expect((error as { hint: string }).hint.includes("--batch-size N --allow-changes")).toBe(
        code === "unavailable.device-memory",
      );
      const { description } = await readRun(folder);
      expect(description).toMatchObject({ status: "failed", round: 20, failure: (error as Error).message });
      expect(await readdir(path.join(folder, "checkpoints"))).toContain("00000020.safetensors");
      expect(await readdir(folder)).not.toContain("run.lock");
    });

    it("resumed, ends with the bytes of one that never failed", async () => {
      const [failed, whole] = [path.join(place, `${code}-resumed`), path.join(place, `${code}-whole`)];
      await trainUntilFailure(path.basename(failed), code);
      delete failing.text;
      const { rounds } = await goOn(failed);
      expect(rounds).toBe(ROUNDS);
      await train(request(path.basename(whole)));
      expect(await bytesOf(failed)).toEqual(await bytesOf(whole));
      expect((await readRun(failed)).description).toMatchObject({ status: "finished", round: ROUNDS });
    });
  },
);

describe("a run whose device failed", () => {
  it("can be gone on with in smaller batches, as its hint says", async () => {
    const folder = path.join(place, "smaller");
    await trainUntilFailure("smaller", "unavailable.device-memory");
    delete failing.text;
    await expect(goOn(folder, { batchSize: 16 })).rejects.toMatchObject({ code: "usage.run-changed" });
    const { description } = await goOn(folder, { batchSize: 16 }, true);
    expect(description).toMatchObject({ status: "finished", config: { batchSize: 16 } });
  });

  it("can be gone on with on another device, as the hint of a lost one says", async () => {
    const folder = path.join(place, "elsewhere");
    await trainUntilFailure("elsewhere", "unavailable.device-lost");
    delete failing.text;
    await expect(goOn(folder, { device: "cpu" })).rejects.toMatchObject({ code: "usage.run-changed" });
    expect((await goOn(folder, { device: "cpu" }, true)).rounds).toBe(ROUNDS);
  });
});
