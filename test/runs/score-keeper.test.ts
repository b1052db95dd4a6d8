/** Scorings of a run by metrics of the table, and one that a metric has no value of. */
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runsToComparison } from "../../src/compare/runs-to-comparison.ts";
import { GanEvalError } from "../../src/errors.ts";
import { readRun } from "../../src/run-folder/read-run.ts";
import { readTable } from "../../src/run-folder/read-table.ts";
import type { Run } from "../../src/run-folder/run.ts";
import type { RunConfig } from "../../src/run-folder/run-config.ts";
import { tableLocation, tableToError } from "../../src/run-folder/tables.ts";
import type { Instruments } from "../../src/runs/instruments.ts";
import type { PreparedRun } from "../../src/runs/prepare-run.ts";
import { RunObservers } from "../../src/runs/run-observers.ts";
import { ScoreKeeper } from "../../src/runs/score-keeper.ts";
import { type TrainRequest, train } from "../../src/runs/train.ts";

let place: string;
beforeAll(async () => {
  place = await mkdtemp(path.join(tmpdir(), "scores-"));
});
afterAll(() => rm(place, { recursive: true, force: true }));

const request = (folder: string, evalMetrics: readonly string[]): TrainRequest => ({
  clock: Date.now,
  signal: new AbortController().signal,
  onProgress: () => {},
  data: { data: "digits", imgSize: null, channels: null, split: null, limit: 400, onError: "fail" },
  model: { model: "gan", hiddenUnits: 8, hiddenLayers: 1, batchSize: 16, emaDecay: 0 },
  recording: {
    ...{ seed: 5, recordInterval: 5, sampleInterval: 0, checkpointInterval: 20, keepCheckpoints: 2 },
    ...{ evalEvery: 10, evalSamples: 64, evalMetrics, extractor: null, earlyStop: 0 },
    ...{ onNan: "stop", tensorboard: false },
  },
  epochs: 1,
  rounds: 20,
  computation: { engine: "auto", device: "auto", threads: 1 },
  folder,
  command: ["gan-eval", "train"],
});

describe("a run that is scored by metrics of the table", () => {
  it("has their values in scores.csv, and its best checkpoint by the first of them", async () => {
    const folder = path.join(place, "scored");
    const names = ["density", "coverage", "vendi_digits_score", "nearest_neighbour_accuracy"];
    const { scores } = await train(request(folder, ["dc", "vendi", "1nn"]));
    const { scores: table, description } = await readRun(folder);
    expect([...table.rounds]).toEqual([10, 20]);
    for (const name of names) expect(table.columns.get(name)!.at(-1), name).toBe(scores![name]);
    expect(description.best!.metric).toBe("density");
  });

  it("has the standard error of each value in intervals.csv with --eval-ci, and a comparison over seeds states it", async () => {
    const folders: string[] = [];
    for (const seed of [5, 6]) {
      const folder = path.join(place, `sampled-${seed}`);
      const { recording, ...of } = request(folder, ["fid", "precision"]);
      await train({ ...of, recording: { ...recording, seed, evalCi: true } });
      folders.push(folder);
    }
    const table = await readTable(tableLocation(folders[0], "intervals"), []);
    const key = "frechet_digits_distance";
    const error = tableToError(table, key, 20)!;
    expect(error.standardError).toBeGreaterThan(0);
    expect(error.referenceShare).toBeGreaterThanOrEqual(0);
    expect(error.referenceShare).toBeLessThanOrEqual(1);
    expect(tableToError(table, key, 15)).toBeUndefined();
    const { groups } = await runsToComparison(folders, { at: "last" });
    expect(groups).toHaveLength(1);
    for (const name of [key, "precision"])
      expect(groups[0].spreads[name], name).toMatchObject({
        seeds: 2,
        samplingDeviation: expect.any(Number),
        trainingDeviation: expect.any(Number),
      });
    const errors = await Promise.all(
      folders.map(
        async (folder) => tableToError(await readTable(tableLocation(folder, "intervals"), []), key, 20)!,
      ),
    );
    const squares = errors.map(({ standardError }) => standardError ** 2);
    expect(groups[0].spreads[key].samplingDeviation).toBeCloseTo(Math.sqrt((squares[0] + squares[1]) / 2), 9);
  });

  it("has no intervals.csv without it", async () => {
    expect(existsSync(tableLocation(path.join(place, "scored"), "intervals"))).toBe(false);
  });

  it("is not begun where a metric is refused", async () => {
    const folder = path.join(place, "refused");
    await expect(train(request(folder, ["fid", "kid"]))).rejects.toMatchObject({
      code: "input.too-few-samples",
      hint: expect.stringContaining("leave kid out of --eval-metrics"),
    });
    expect(existsSync(folder)).toBe(false);
  });
});

describe("an evaluation that a metric has no value of", () => {
  it("is recorded, goes on, is not the best, and is said once", async () => {
    const events: string[] = [];
    const scored: number[] = [];
    const run = {
      best: undefined,
      description: { events: [] },
      event: async (round: number, kind: string, message: string) => {
        events.push(`${round} ${kind} ${message}`);
      },
      score: async (_round: number, { distance }: Record<string, number>) => {
        scored.push(distance);
      },
    } as unknown as Run;
    const config = { seed: 1, evalSamples: 4, earlyStop: 2, tensorboard: false } as unknown as RunConfig;
    const prepared = {
      trainer: { rounds: 7 },
    } as unknown as PreparedRun;
    const failure = new GanEvalError("input.too-few-samples", "expected more, got few");
    const scoring = {
      first: { name: "distance", lowerIsBetter: true },
      examine: async () => ({
        scores: { distance: Number.NaN },
        signals: {},
        failures: new Map([["fid", failure]]),
      }),
    } as unknown as NonNullable<Instruments["scoring"]>;
    const keeper = new ScoreKeeper(run, config, prepared, scoring, new RunObservers(run, config));
    expect([await keeper.score(), await keeper.score()]).toEqual([undefined, undefined]);
    expect(scored).toEqual([Number.NaN, Number.NaN]);
    expect(events).toEqual(["7 not-measured fid could not be measured: expected more, got few"]);
    expect(keeper.stopsEarly).toBe(true);
  });
});
