import { readFileSync, rmSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { planTraining, readRun, resume, train, trainRounds } from "../../src/index.ts";
import type { RoundRecord } from "../../src/train.ts";
import { emptyFolder } from "../runs/empty-folder.ts";

/** Grey squares of 8 x 8, brighter or darker. */
const squares = (n: number, start: number) =>
  Array.from({ length: n }, (_, i) => ({
    pixels: new Uint8Array(192).fill((17 * (start + i)) % 256),
    width: 8,
    height: 8,
  }));
const data = { count: 64, images: squares, name: "squares" };
const model = { model: "gan", hiddenUnits: 8, batchSize: 16 } as const;

describe("train of the library", () => {
  it("trains on images from a callback, an iterable, an array and a batch alike", async () => {
    const all = squares(64, 0);
    const batch = {
      data: Uint8Array.from(all.flatMap(({ pixels }) => [...pixels])),
      shape: [64, 8, 8, 3] as const,
    };
    const losses = [];
    for (const of of [data, { ...data, images: all }, all, batch]) {
      const run = await train({ data: of, model, rounds: 2, folder: emptyFolder() });
      losses.push(run.scalars.generator_loss);
      expect(run.description.data.shape).toEqual([8, 8, 1]);
    }
    expect(new Set(losses).size).toBe(1);
  });

  it("needs no option, and makes a numbered folder of its own", async () => {
    const run = await train({ data: "ring", rounds: 2 });
    expect(run.folder).toMatch(/^runs[\\/]gan-1$/);
    rmSync("runs", { recursive: true });
    expect((await planTraining()).config).toMatchObject({
      data: "digits",
      model: "gan",
      seed: 2020,
      recordInterval: 10,
    });
  });

  it("tells a model the labels that a program gives", async () => {
    const labels = Array.from({ length: 64 }, (_, i) => i % 4);
    const run = await train({
      data: { ...data, labels },
      model: { ...model, model: "cgan" },
      rounds: 2,
      folder: emptyFolder(),
    });
    expect(run.description.data.classes).toBe(4);
    await expect(
      train({ data: { ...data, labels: [1] }, model, rounds: 2, folder: emptyFolder() }),
    ).rejects.toMatchObject({ code: "input.labels" });
  });

  it("ends a collapsed run by stopOn without being given a monitor", async () => {
    const run = await train({
      data: "ring",
      model: { model: "gan", hiddenUnits: 16, batchSize: 32 },
      lrGenerator: 1e-9,
      rounds: 80,
      folder: emptyFolder(),
      recording: {
        ...{ seed: 5, recordInterval: 5, diagnoseEvery: 20, evalEvery: 20, evalSamples: 200 },
        stopOn: ["mode-collapse"],
      },
    });
    expect(run.stopped).toBe("verdict");
    expect(run.rounds).toBeLessThan(80);
  });

  it("hands out each record as it is written, by onRound and by for await", async () => {
    const given: RoundRecord[] = [];
    const folder = emptyFolder();
    const options = { data: "ring", rounds: 20, recording: { recordInterval: 5 }, folder };
    const rounds: number[] = [];
    for await (const record of trainRounds({ ...options, onRound: (record) => given.push(record) }))
      rounds.push(record.round);
    expect(rounds).toEqual([1, 5, 10, 15, 20]);
    expect(given.map(({ round }) => round)).toEqual(rounds);
    const { losses } = await readRun(folder);
    expect(given.at(-1)!.scalars.generator_loss).toBeCloseTo(
      losses.columns.get("generator_loss")!.at(-1)!,
      5,
    );
  });

  it("saves the run where the loop is left, and goes on with its images", async () => {
    const folder = emptyFolder();
    const options = { data, model, rounds: 400, recording: { recordInterval: 1 }, folder };
    for await (const { round } of trainRounds(options)) if (round === 3) break;
    expect(JSON.parse(readFileSync(`${folder}/run.json`, "utf8")).status).toBe("interrupted");
    await expect(resume({ folder })).rejects.toMatchObject({ code: "usage.data" });
    const run = await resume({ folder, data, changes: { rounds: 50 }, allowChanges: true });
    expect(run.rounds).toBeGreaterThanOrEqual(50);
  });
});
