/** Runs whose images do not fit the memory that is allowed, and options that a run is gone on with. */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readRun } from "../../src/run-folder/read-run.ts";
import { openRunData } from "../../src/runs/prepare-run.ts";
import { requestToData } from "../../src/runs/request-to-config.ts";
import { type ResumeRequest, resume, type TrainRequest, train } from "../../src/runs/train.ts";
import { openData } from "../../src/train/open-data.ts";
import { writeLayouts } from "../train/data/domains/made-domains.ts";

let place: string;
beforeAll(async () => {
  place = await mkdtemp(path.join(tmpdir(), "streamed-runs-"));
  await writeLayouts(place);
});
afterAll(() => rm(place, { recursive: true, force: true }));

const WATCH = { clock: Date.now, signal: new AbortController().signal, onProgress: () => {} };

const request = (name: string, changes: Partial<TrainRequest> = {}): TrainRequest => ({
  ...WATCH,
  data: { data: path.join(place, "train/A and train/B, unpaired"), loadSize: 12 },
  crop: 8,
  model: {
    ...{ model: "cyclegan", filters: 2, discriminatorFilters: 2, blocks: 0, discriminatorLayers: 1 },
    poolSize: 2,
  },
  recording: { seed: 5, recordInterval: 1, sampleInterval: 4, checkpointInterval: 2 },
  rounds: 4,
  computation: { threads: 1 },
  folder: path.join(place, name),
  ...changes,
});

const goOn = (name: string, changes: Partial<ResumeRequest>) =>
  resume({
    ...WATCH,
    folder: path.join(place, name),
    changes: {},
    rates: {},
    allowChanges: false,
    ...changes,
  });

async function bytesOf(name: string): Promise<Record<string, string>> {
  const folder = path.join(place, name);
  const files = (await readdir(folder, { recursive: true })).filter(
    (file) => /\.(csv|png|safetensors)$/.test(file) && file !== "timing.csv",
  );
  const read = files.sort().map(async (file) => [file, await readFile(path.join(folder, file), "base64")]);
  return Object.fromEntries(await Promise.all(read));
}

it("images that do not fit --memory are read from disk, and the run has the same bytes", async () => {
  const config = { ...requestToData(request("asked")), model: "cyclegan", seed: 5 } as const;
  for (const [memory, streams] of [
    [undefined, false],
    [1e-7, true],
  ] as const) {
    const { opened } = await openRunData(config, { ...(memory !== undefined && { memory }) });
    expect(opened).toMatchObject({ streams });
    if ("close" in opened) await opened.close();
  }
  await train(request("held"));
  await train(request("streamed", { memory: 1e-7 }));
  const held = await bytesOf("held");
  expect(Object.keys(held)).toContain("checkpoints/00000004.safetensors");
  expect(await bytesOf("streamed")).toEqual(held);
  expect((await readRun(path.join(place, "streamed"))).description.config).toMatchObject({ memory: 1e-7 });
});

it("a run may go on with another --memory, which is no change of it", async () => {
  const broken = {
    onRound: ({ round }: { round: number }) => {
      if (round === 3) throw new Error("the power went");
    },
  };
  await expect(train(request("broken", { memory: 1e-7, ...broken }))).rejects.toThrow("the power went");
  await goOn("broken", { memory: 1 });
  expect(await bytesOf("broken")).toEqual(await bytesOf("held"));
});

it("a weight that a run goes on with leaves its other weights as they were", async () => {
  const model = { ...request("weighed").model, termWeights: { identity: 2 } };
  await train(request("weighed", { model }));
  const changes = { lambdaCyc: 3, ganMode: "wgangp" } as ResumeRequest["changes"];
  await expect(goOn("weighed", { changes: { ...changes, rounds: 5 } })).rejects.toMatchObject({
    code: "usage.run-changed",
  });
  await goOn("weighed", { changes: { ...changes, rounds: 5 }, allowChanges: true });
  const { config } = (await readRun(path.join(place, "weighed"))).description;
  expect(config.termWeights).toEqual({ adversarial: 1, cycle: 3, identity: 2, penalty: 10 });
  expect(config).toMatchObject({ loss: "wasserstein" });
  expect(config).not.toHaveProperty("ganMode");
});

it("samples of one generator have no way to be read from disk: what is allowed is said", async () => {
  const options = { labels: "ignore", onError: "fail", memory: 1000 } as const;
  await expect(openData("digits", options)).rejects.toMatchObject({
    code: "input.too-large",
    message: expect.stringContaining("of memory, got"),
    hint: expect.stringContaining("--memory"),
  });
});
