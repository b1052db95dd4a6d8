import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readMeasured } from "../../src/check/read-results.ts";
import { compareResults } from "../../src/compare/functions.ts";
import { readResults } from "../../src/compare/read-results.ts";
import { MOST_BYTES, readResultFile } from "../../src/evaluate/read-results.ts";
import type { EvaluationResult } from "../../src/evaluate/result.ts";
import { makeReport } from "../../src/reports/make-report.ts";
import { resultToJson } from "../../src/reports/result-to-json.ts";
import { evaluation } from "../cli/evaluation.ts";

const folder = mkdtempSync(path.join(tmpdir(), "read-results-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const written = (content: string | Uint8Array): string => {
  const location = path.join(folder, "result.json");
  writeFileSync(location, content);
  return location;
};

const { protocol, provenance } = evaluation();
const resultWith = (changes: object): string => resultToJson({ ...evaluation(), ...changes });
const interval = { low: 1, high: 2, standardError: 0.1, level: 0.95, method: "Wilson score", seed: 0 };
const { parameters: _, ...withoutParameters } = protocol;

/** Files that a program of ours wrote, at some time. */
const GOOD: Readonly<Record<string, string | Uint8Array>> = {
  "of today": resultWith({}),
  "with a byte order mark": `\ufeff${resultWith({})}`,
  "in UTF-16": Buffer.from(`\ufeff${resultWith({})}`, "utf16le"),
  "with values that are no numbers": resultWith({
    metrics: { frechet_inception_distance: 1, a: Number.NaN, b: Number.NEGATIVE_INFINITY },
  }),
  "with an interval that is no number": resultWith({
    intervals: { frechet_inception_distance: { ...interval, high: Number.POSITIVE_INFINITY } },
  }),
  "of the first version, without parameters": resultWith({ protocol: withoutParameters }),
  "of a later version, with more fields": resultWith({ more: 1, protocol: { ...protocol, more: true } }),
};

/** Files that are no results. */
const ODD: Readonly<Record<string, string | Uint8Array>> = {
  "an empty file": "",
  "a file of spaces": " \n",
  "a list": "[]",
  null: "null",
  "a text": '"gan-eval/result/1"',
  "a file that is cut off": resultWith({}).slice(0, 200),
  "a key that stands twice": '{"schema": "gan-eval/result/1", "schema": "gan-eval/result/1"}',
  bytes: Uint8Array.of(0x89, 0x50, 0, 1, 2, 3),
  "UTF-32": Uint8Array.of(0xff, 0xfe, 0, 0, 0x7b, 0, 0, 0),
  "Latin 1": Buffer.from(`${resultWith({})}\xe9`, "latin1"),
  "another schema": '{"schema": "gan-eval/run/1"}',
  "a later schema": resultWith({ schema: "gan-eval/result/2" }),
  "a schema that is a number": '{"schema": 1}',
  "several without any": '{"schema": "gan-eval/results/1", "results": []}',
  "a value that is text": resultWith({ metrics: { fid: "12" } }),
  "a value that is a word": resultWith({ metrics: { fid: "good" } }),
  "a value that is an empty text": resultWith({ metrics: { fid: "" } }),
  "a value that is null": resultWith({ metrics: { fid: null } }),
  "an interval that is text": resultWith({ intervals: { fid: { ...interval, low: "1" } } }),
  "an interval without its error": resultWith({ intervals: { fid: { low: 1, high: 2 } } }),
  "a side that is text": resultWith({ inputs: { real: "./mnist" } }),
  "no metrics": resultWith({ metrics: undefined }),
  "no protocol": resultWith({ protocol: undefined }),
  "no provenance": resultWith({ provenance: undefined }),
  "a command that is text": resultWith({ provenance: { ...provenance, command: "gan-eval fid" } }),
  "more bytes than a result has": Buffer.alloc(MOST_BYTES + 1, 32),
};

const page = path.join(folder, "page.html");
const report = (file: string) => makeReport({ locations: [file], out: page });

type Answer = { readonly result: EvaluationResult } | { readonly code: unknown; readonly message: unknown };

const toAnswer = async (read: Promise<unknown>): Promise<Answer> =>
  read.then(
    (result) => ({ result: result as EvaluationResult }),
    (error) => ({ code: error.code, message: error.message }),
  );

describe("a result file", () => {
  it.each(Object.keys(GOOD))("%s is one result to compare, to check and to report on", async (name) => {
    const file = written(GOOD[name]!);
    const { results } = await readResultFile(file);
    expect(results).toHaveLength(1);
    expect(await toAnswer(readMeasured(file))).toEqual({ result: results[0] });
    expect((await readResults(file)).map(({ result }) => result)).toEqual(results);
    expect((await compareResults([file])).rows[0]!.value).toBe(
      results[0]!.metrics.frechet_inception_distance,
    );
    await report(file);
    expect(readFileSync(page, "utf8")).toContain("60,000 images");
  });

  it.each(Object.keys(ODD))("that is %s is refused by comparison, check and report alike", async (name) => {
    const file = written(ODD[name]!);
    const answer = await toAnswer(readMeasured(file));
    expect(answer).toMatchObject({
      code: expect.stringMatching(/^input\.(not-a-result|text-encoding)$/),
      message: expect.stringContaining(file),
    });
    expect(await toAnswer(readResults(file))).toEqual(answer);
    expect(await toAnswer(compareResults([file]))).toEqual(answer);
    expect(await toAnswer(report(file))).toEqual(answer);
  });

  it("that is not there is refused by all alike", async () => {
    const file = path.join(folder, "none.json");
    const answer = await toAnswer(readMeasured(file));
    expect(answer).toMatchObject({ code: "input.not-a-result" });
    expect(await toAnswer(readResults(file))).toEqual(answer);
    expect(await toAnswer(report(file))).toEqual(answer);
  });

  it("of several extractors is several to compare, and none to check", async () => {
    const digits = evaluation({ protocol: { ...protocol, extractor: "digits" } });
    const file = written(resultToJson({ schema: "gan-eval/results/1", results: [evaluation(), digits] }));
    expect((await readResults(file)).map(({ result }) => result)).toEqual([evaluation(), digits]);
    await expect(readMeasured(file)).rejects.toMatchObject({
      code: "input.not-a-result",
      message: expect.stringContaining("expected one result"),
    });
    const one = written(resultToJson({ schema: "gan-eval/results/1", results: [evaluation()] }));
    expect(await readResults(one)).toEqual([{ location: one, result: evaluation() }]);
    await expect(readMeasured(one)).rejects.toMatchObject({ code: "input.not-a-result" });
  });

  it("is read as it was written, every field", async () => {
    const whole = evaluation({
      intervals: {
        frechet_inception_distance: { ...interval, method: "split halves", cuts: 3, fixed: ["real"] },
      },
      floors: { frechet_inception_distance: { value: 1, measured: 2, real: 3, fake: 4, of: "real" } },
      notMeasured: { kid: { code: "input.too-few-samples", message: "too few" } },
    });
    expect((await readResultFile(written(resultToJson(whole)))).results).toEqual([whole]);
  });
});
