import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { readBaseline, resultsToBaseline, writeBaseline } from "../../src/check/baseline.ts";
import { baselinesToChanges } from "../../src/check/baseline-changes.ts";
import { readMeasured } from "../../src/check/read-results.ts";
import { emptyFolder } from "../cli/command-line.ts";
import { evaluation } from "../cli/evaluation.ts";
import { FID, night } from "./measured-nights.ts";

const NOW = Date.parse("2026-01-02T03:04:05.000Z");
const made = (...values: number[]) =>
  resultsToBaseline(
    values.map((value) => night({ [FID]: value }, { [FID]: 1 })),
    NOW,
  );

async function written(content: unknown): Promise<string> {
  const file = path.join(emptyFolder(), "baseline.json");
  await writeFile(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
}

describe("a baseline", () => {
  it("is read as it was written, and the same bytes come of the same results", async () => {
    const file = path.join(emptyFolder(), "baseline.json");
    const baseline = made(10, 11);
    await writeBaseline(file, baseline);
    expect(await readBaseline(file)).toEqual(baseline);
    const bytes = await readFile(file, "utf8");
    await writeBaseline(file, baseline);
    expect(await readFile(file, "utf8")).toBe(bytes);
    expect(bytes.endsWith("}\n")).toBe(true);
  });

  it("may be a result file", async () => {
    const file = await written(evaluation());
    expect(await readBaseline(file)).toMatchObject({
      when: evaluation().provenance.startedAt,
      results: [{ metrics: evaluation().metrics }],
    });
  });

  it.each<[string, unknown, string, string]>([
    [
      "of a later version",
      { ...made(1), schema: "gan-eval/baseline/2", ganEval: "9.0.0" },
      "input.baseline-version",
      "by gan-eval 9.0.0",
    ],
    ["of no version", { results: [] }, "input.baseline-version", "no schema"],
    ["that is another file", { schema: "gan-eval/run/1" }, "input.baseline-version", "gan-eval/run/1"],
    ["that is null", null, "input.baseline-version", "no schema"],
    ["without results", { ...made(1), results: [] }, "input.baseline", "results"],
    [
      "with a value that is none",
      { ...made(1), results: [{ ...made(1).results[0], metrics: { [FID]: "1" } }] },
      "input.baseline",
      FID,
    ],
    ["of no time", { ...made(1), when: "once" }, "input.baseline", "when"],
    ["with marks of a merge", `<<<<<<< HEAD\n${JSON.stringify(made(1))}`, "input.not-json", "a baseline"],
    ["that is empty", "", "input.not-json", "a baseline"],
  ])("%s: an error that says so", async (_, content, code, message) => {
    await expect(readBaseline(await written(content))).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });

  it("that is not there: an error that says how to make it", async () => {
    await expect(readBaseline(path.join(emptyFolder(), "none.json"))).rejects.toMatchObject({
      code: "input.baseline-missing",
      hint: expect.stringContaining("gan-eval baseline update"),
    });
  });

  it("leaves out values that are no numbers", () => {
    const { results } = resultsToBaseline([night({ [FID]: Number.NaN, recall: 0.5 }, { [FID]: 1 })], NOW);
    expect(results[0].metrics).toEqual({ recall: 0.5 });
    expect(results[0].intervals).toEqual({});
  });
});

describe("a result file", () => {
  it("may have NaN and infinities, as results write them", async () => {
    const file = await written({ ...evaluation(), metrics: { a: "NaN", b: "Infinity", c: 1 } });
    expect((await readMeasured(file)).metrics).toEqual({ a: Number.NaN, b: Number.POSITIVE_INFINITY, c: 1 });
  });

  it.each([
    [{ schema: "gan-eval/results/1", results: [evaluation()] }, "gan-eval/results/1"],
    [{ schema: "gan-eval/result/2" }, "gan-eval/result/2"],
    [{ ...evaluation(), protocol: undefined }, "protocol"],
    [[], "no schema"],
  ])("of another kind: refused", async (content, message) => {
    await expect(readMeasured(await written(content))).rejects.toMatchObject({
      code: "input.not-a-result",
      message: expect.stringContaining(message),
    });
  });
});

describe("what an update changes", () => {
  it("is said value by value, with what chance explains", () => {
    const before = resultsToBaseline([night({ [FID]: 100, old: 1 }, { [FID]: 1 })], NOW);
    const after = resultsToBaseline([night({ [FID]: 110, recall: 0.5 }, { [FID]: 1 })], NOW);
    expect(baselinesToChanges(before, after)).toEqual({
      values: [
        { key: FID, before: 100, after: 110, beyondChance: true },
        { key: "recall", before: null, after: 0.5, beyondChance: null },
        { key: "old", before: 1, after: null, beyondChance: null },
      ],
      protocol: [],
    });
    expect(baselinesToChanges(made(100), made(101)).values[0].beyondChance).toBe(false);
    expect(baselinesToChanges(undefined, made(101)).values[0]).toMatchObject({ before: null, after: 101 });
  });
});
