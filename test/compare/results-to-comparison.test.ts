import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { compareResults } from "../../src/compare/functions.ts";
import type { EvaluationResult, IntervalRecord } from "../../src/evaluate/result.ts";
import { resultToJson } from "../../src/reports/result-to-json.ts";
import { evaluation } from "../cli/evaluation.ts";

const folder = mkdtempSync(path.join(tmpdir(), "compare-results-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const KEY = "frechet_inception_distance";

function write(name: string, content: unknown): string {
  const location = path.join(folder, name);
  writeFileSync(location, typeof content === "string" ? content : resultToJson(content));
  return location;
}

const interval = (low: number, high: number): IntervalRecord => ({
  ...{
    low,
    high,
    standardError: (high - low) / 4,
    level: 0.95,
    method: "delete-block jackknife",
    blocks: 10,
    seed: 0,
  },
});

const withFid = (value: number, half: number): EvaluationResult =>
  evaluation({ metrics: { [KEY]: value }, intervals: { [KEY]: interval(value - half, value + half) } });

describe("result files", () => {
  it("are sorted, and differ from the best by intervals of both", async () => {
    const files = [write("a.json", withFid(20, 3)), write("b.json", withFid(12, 4))];
    const { rows, groups, metric } = await compareResults(files);
    expect(metric).toEqual({ key: KEY, direction: "lower" });
    expect(rows.map(({ name, value }) => [name, value])).toEqual([
      ["b.json", 12],
      ["a.json", 20],
    ]);
    expect(rows[0].difference).toBeUndefined();
    expect(rows[1].difference).toEqual({ value: 8, low: 3, high: 13, verdict: "worse" });
    expect(groups[1]).toMatchObject({ interval: { low: 17, high: 23 }, difference: { value: 8 } });
    const toA = await compareResults(files, { baseline: "a.json" });
    expect(toA.rows[0].difference).toEqual({ value: -8, low: -13, high: -3, verdict: "better" });
  });

  it("of one folder are seeds of one method, whose interval holds sampling and training, where they are grouped so", async () => {
    const files = ["gan", "wgan"].flatMap((method, m) => {
      mkdirSync(path.join(folder, method), { recursive: true });
      return [0, 1, 2].map((seed) => write(`${method}/${seed}.json`, withFid(20 + 2 * m + seed, 3)));
    });
    const { groups, rows } = await compareResults(files, { groupBy: "folder" });
    expect(groups.map(({ name, n }) => [name, n])).toEqual([
      ["gan", 3],
      ["wgan", 3],
    ]);
    const spread = groups[0].spreads[KEY];
    expect(spread).toMatchObject({ mean: 21, seedDeviation: 1, samplingDeviation: 1.5 });
    expect(spread.referenceDeviation).toBeGreaterThan(0);
    // Student's t of the seeds alone: 21 -+ 4.303 / sqrt(3).
    expect(spread.interval.high - spread.interval.low).toBeGreaterThan((2 * 4.3) / Math.sqrt(3) / 2);
    expect(groups[0].interval).toEqual(spread.interval);
    expect(groups[1].difference).toMatchObject({ value: 2, verdict: "inconclusive" });
    expect(rows.every(({ difference }) => difference === undefined)).toBe(true);
    expect((await compareResults(files)).groups).toHaveLength(6);
  });

  it("without intervals have no difference", async () => {
    const files = [write("c.json", evaluation()), write("d.json", withFid(12, 4))];
    expect((await compareResults(files)).rows.map(({ difference }) => difference)).toEqual([
      undefined,
      undefined,
    ]);
  });

  it("of unlike protocols or counts are refused by the fields' names", async () => {
    const { protocol, inputs } = evaluation();
    const like = write("like.json", evaluation());
    const resized = write("resized.json", evaluation({ protocol: { ...protocol, resize: "clean" } }));
    await expect(compareResults([like, resized])).rejects.toMatchObject({
      code: "input.unlike-protocols",
      message: expect.stringContaining("resize (tf1, clean)"),
    });
    const fewer = write(
      "fewer.json",
      evaluation({ inputs: { ...inputs, fake: { ...inputs.fake!, count: 600 } } }),
    );
    await expect(compareResults([like, fewer])).rejects.toMatchObject({
      message: expect.stringContaining("fake count"),
    });
    const forced = await compareResults([like, fewer], { force: true });
    expect(forced.warnings[0].code).toBe("unlike-protocols");
    expect(forced.rows).toHaveLength(2);
  });

  it("of several extractors are a row each", async () => {
    const { protocol } = evaluation();
    const digits = evaluation({ protocol: { ...protocol, extractor: "digits" } });
    const file = write("several.json", { schema: "gan-eval/results/1", results: [evaluation(), digits] });
    const { rows } = await compareResults([file], { force: true });
    expect(rows.map(({ name }) => name).sort()).toEqual([
      "several.json (digits)",
      "several.json (inception-v3-2015-12-05)",
    ]);
  });

  it.each([
    ["empty", "", "an empty file"],
    ["cut short", '{"schema": "gan-eval/result/1", "metr', "cut off or damaged"],
    ["of another kind", { schema: "gan-eval/run/1" }, 'the schema "gan-eval/run/1"'],
    ["without metrics", { ...evaluation(), metrics: undefined }, "a wrong value: metrics"],
  ])("%s are an error that names the file", async (_, content, says) => {
    const file = write("bad.json", content);
    await expect(compareResults([file])).rejects.toMatchObject({
      code: "input.not-a-result",
      message: expect.stringMatching(new RegExp(`bad\\.json.*${says}`)),
    });
  });
});
