import { appendFile, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { appendNight, HISTORY_SCHEMA, readHistory, resultsToNight } from "../../src/check/history.ts";
import { emptyFolder } from "../cli/command-line.ts";
import { FID, night } from "./measured-nights.ts";

const file = () => path.join(emptyFolder(), "history.jsonl");
const nightOf = (value: number) =>
  resultsToNight([night({ [FID]: value }, { [FID]: 1 })], "2026-01-02T03:04:05.000Z", true);
const valuesOf = async (location: string) =>
  (await readHistory(location)).nights.map(({ metrics }) => metrics[FID].values[0]);

describe("the history", () => {
  it("is read as it was appended; a file that is not there has no nights", async () => {
    const location = file();
    expect(await readHistory(location)).toEqual({ nights: [], warnings: [] });
    const nights = [nightOf(1), nightOf(2)];
    for (const one of nights) await appendNight(location, one);
    expect(await readHistory(location)).toEqual({ nights, warnings: [] });
    expect((await readFile(location, "utf8")).split("\n")).toHaveLength(3);
  });

  it("keeps what each rule came to, and the limit that it held the value to", async () => {
    const location = file();
    const outcome = { rule: "fid", level: "error", limit: "max", exceeds: true, beyondChance: true } as const;
    const written = resultsToNight([night({ [FID]: 30 }, { [FID]: 1 })], "2026-01-02T03:04:05.000Z", false, [
      { ...outcome, status: "failed", key: FID, expected: { comparison: "<=", bound: 25 } },
    ]);
    await appendNight(location, written);
    const { nights } = await readHistory(location);
    expect(nights[0].rules).toEqual([
      { rule: "fid", status: "failed", key: FID, comparison: "<=", bound: 25 },
    ]);
  });

  it("goes on after a line that a killed process left half; the half is counted", async () => {
    const location = file();
    await appendNight(location, nightOf(1));
    await appendFile(location, JSON.stringify(nightOf(2)).slice(0, 80));
    expect(await valuesOf(location)).toEqual([1]);
    await appendNight(location, nightOf(3));
    const { nights, warnings } = await readHistory(location);
    expect(nights.map(({ metrics }) => metrics[FID].values[0])).toEqual([1, 3]);
    expect(warnings).toMatchObject([
      { code: "history-lines", message: expect.stringContaining("1 of 3 lines") },
    ]);
  });

  it("leaves out, and counts, whatever is no night of this version", async () => {
    const location = file();
    const good = nightOf(1);
    const lines = [
      "<<<<<<< HEAD",
      JSON.stringify(good),
      "=======",
      "null",
      "[]",
      '"text"',
      "{}",
      JSON.stringify({ ...good, schema: "gan-eval/history/2" }),
      JSON.stringify({ ...good, when: "yesterday" }),
      JSON.stringify({ ...good, metrics: { [FID]: { values: [] } } }),
      JSON.stringify({ ...good, metrics: { [FID]: { values: ["1"] } } }),
      "\u0000\u0000\u0000",
      "",
      "  ",
    ];
    await writeFile(location, `${lines.join("\n")}\n`);
    const { nights, warnings } = await readHistory(location);
    expect(nights).toEqual([good]);
    expect(warnings[0].message).toContain("11 of 12 lines");
  });

  it("keeps whole lines where many write at once", async () => {
    const location = file();
    await Promise.all(Array.from({ length: 40 }, (_, i) => appendNight(location, nightOf(i))));
    expect((await valuesOf(location)).sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i));
  });

  it("counts the same fakes measured twice as one night, the later", async () => {
    const location = file();
    const first = nightOf(1);
    await appendNight(location, first);
    await appendNight(location, nightOf(2));
    await appendNight(location, { ...first, metrics: { [FID]: { values: [3] } } });
    expect(await valuesOf(location)).toEqual([2, 3]);
  });

  it("holds only numbers", () => {
    const made = resultsToNight(
      [night({ [FID]: Number.NaN, recall: 0.5 })],
      "2026-01-02T03:04:05.000Z",
      false,
    );
    expect(made).toMatchObject({
      schema: HISTORY_SCHEMA,
      passed: false,
      metrics: { recall: { values: [0.5] } },
    });
    expect(made.metrics[FID]).toBeUndefined();
  });

  it("that cannot be written is an error", async () => {
    await expect(appendNight(emptyFolder(), nightOf(1))).rejects.toMatchObject({
      code: "input.cannot-write",
    });
  });
});
