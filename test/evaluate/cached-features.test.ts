import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { evaluate } from "../../src/evaluate/evaluate.ts";
import type { EvaluateOptions } from "../../src/evaluate/options.ts";
import type { Progress } from "../../src/progress.ts";

const FIXTURES = path.resolve(import.meta.dirname, "../../fixtures/digits");

let cacheDir: string;
beforeEach(async () => {
  cacheDir = await mkdtemp(path.join(tmpdir(), "gan-eval-cached-"));
});
afterEach(() => rm(cacheDir, { recursive: true }));

const OPTIONS: Omit<EvaluateOptions, "cacheDir"> = {
  metrics: ["fid", "is", "pr"],
  real: path.join(FIXTURES, "real"),
  fake: path.join(FIXTURES, "fake-close"),
  extractor: "digits",
  batchSize: 20,
  limit: 90,
  onError: "fail",
  engine: "auto",
  device: "auto",
  threads: 1,
  splits: 3,
  shuffle: true,
  seed: 2020,
  ddof: 1,
  clock: () => 0,
};

/** The result, and how many images were seen on the way. */
async function measure(more: Partial<EvaluateOptions> = {}) {
  let seen = 0;
  const onProgress = ({ stage, done, unit }: Progress): void => {
    if (unit === "images" && stage === "fake") seen = Math.max(seen, done);
  };
  const result = await evaluate({ ...OPTIONS, cacheDir, cache: true, onProgress, ...more });
  return { result, seen };
}

it("a second measurement reads no image and gives the same bits and the same warnings", async () => {
  const without = await measure({ cache: false });
  const miss = await measure();
  const hit = await measure();
  expect(miss.seen).toBe(90);
  expect(hit.seen).toBe(0);
  for (const { result } of [miss, hit]) {
    expect(result.metrics).toEqual(without.result.metrics);
    expect(result.warnings).toEqual(without.result.warnings);
    expect(result.inputs).toEqual(without.result.inputs);
  }
});

it("moments and rows of one set serve each other", async () => {
  const moments = await measure({ metrics: ["fid"] });
  const rows = await measure({ metrics: ["fid", "pr"] });
  expect(rows.seen).toBe(0);
  expect(rows.result.metrics.frechet_digits_distance).toBe(moments.result.metrics.frechet_digits_distance);
});

it("an interrupted extraction goes on, to the same bits", async () => {
  const expected = await measure({ cache: false });
  const stop = new AbortController();
  const onProgress = ({ stage, done }: Progress): void => {
    if (stage === "fake" && done >= 40) stop.abort(new Error("stopped"));
  };
  await expect(measure({ onProgress, signal: stop.signal })).rejects.toThrow("stopped");
  const resumed = await measure();
  expect(resumed.result.metrics).toEqual(expected.result.metrics);
  expect((await measure()).seen).toBe(0);
});

it("--no-cache leaves nothing behind", async () => {
  await measure({ cache: false });
  const { readdir } = await import("node:fs/promises");
  expect(await readdir(cacheDir)).toEqual([]);
});
