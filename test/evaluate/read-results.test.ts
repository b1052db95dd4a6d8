/** One reader of results: comparison, gate and report give the same file the same answer. */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { readBaseline } from "../../src/check/baseline.ts";
import { readMeasured } from "../../src/check/measured.ts";
import { locateResults } from "../../src/compare/locate-results.ts";
import type { GanEvalError } from "../../src/errors.ts";
import { readResults } from "../../src/evaluate/read-results.ts";
import { makeReport } from "../../src/reports/make-report.ts";
import { evaluation } from "../cli/evaluation.ts";
import { temporaryFolder } from "../images/made-pictures.ts";

const folder = await temporaryFolder();
const whole = evaluation();
const toJson = (value: unknown): string => JSON.stringify(value);
const withMetric = (value: unknown): string =>
  toJson({ ...whole, metrics: { ...whole.metrics, frechet_inception_distance: value } });

/** Files that are results, and how much the metric in them is. */
const GOOD: Readonly<Record<string, readonly [text: string, value: number]>> = {
  "a number": [withMetric(7), 7],
  "NaN as text": [withMetric("NaN"), Number.NaN],
  "infinity as text": [withMetric("Infinity"), Number.POSITIVE_INFINITY],
  "minus infinity as text": [withMetric("-Infinity"), Number.NEGATIVE_INFINITY],
  "a byte order mark": [`\ufeff${withMetric(7)}`, 7],
  "a field of a later version": [toJson({ ...JSON.parse(withMetric(7)), later: { x: 1 } }), 7],
};

/** Files that are none. */
const BAD: Readonly<Record<string, string>> = {
  "an empty file": "",
  "a file that is cut off": withMetric(7).slice(0, -40),
  "a list": "[]",
  "another schema": toJson({ ...whole, schema: "gan-eval/result/9" }),
  "no schema": toJson({ ...whole, schema: undefined }),
  "a word for a number": withMetric("abc"),
  "a number as text": withMetric("7"),
  "null for a number": withMetric(null),
  "no metrics": toJson({ ...whole, metrics: undefined }),
  "no protocol": toJson({ ...whole, protocol: undefined }),
  "a protocol without its extractor": toJson({
    ...whole,
    protocol: { ...whole.protocol, extractor: undefined },
  }),
  "an interval without an end": toJson({
    ...whole,
    intervals: { frechet_inception_distance: { low: 1 } },
  }),
  "no results of several": toJson({ schema: "gan-eval/results/1", results: [] }),
};

let files = 0;
async function fileOf(text: string): Promise<string> {
  const file = path.join(folder, `${files++}.json`);
  await writeFile(file, text);
  return file;
}

const readReport = (file: string): Promise<unknown> =>
  makeReport({ locations: [file], out: path.join(folder, `${files++}.html`) });

const READERS: Readonly<Record<string, (file: string) => Promise<unknown>>> = {
  comparison: async (file) => (await locateResults(file))[0].result.metrics.frechet_inception_distance,
  gate: async (file) => (await readMeasured(file)).metrics.frechet_inception_distance,
};

describe.each(Object.entries(READERS))("the %s", (_reader, read) => {
  test.each(Object.entries(GOOD))("reads a result with %s", async (_what, [text, value]) => {
    expect(await read(await fileOf(text))).toBe(value);
  });
});

describe.each(Object.entries({ ...READERS, report: readReport }))("the %s", (_reader, read) => {
  test.each(Object.entries(BAD))("refuses %s", async (_what, text) => {
    const file = await fileOf(text);
    const expected = await readResults(file).catch((error: GanEvalError) => error);
    expect(expected).toMatchObject({ code: "input.not-a-result" });
    await expect(read(file)).rejects.toMatchObject({
      code: "input.not-a-result",
      message: (expected as GanEvalError).message,
    });
  });
});

test("a baseline takes a result as one seed of the same values", async () => {
  const file = await fileOf(GOOD["a number"][0]);
  expect((await readBaseline(file)).results).toHaveLength(1);
});

test("results of several extractors are compared, and no night of the gate", async () => {
  const file = await fileOf(toJson({ schema: "gan-eval/results/1", results: [whole, whole] }));
  expect(await locateResults(file)).toHaveLength(2);
  await expect(readMeasured(file)).rejects.toMatchObject({ code: "input.not-a-result" });
});
