import { describe, expect, it } from "vitest";
import { colourStyle, plainStyle, textToPlain, textToWidth } from "../../src/reports/page.ts";
import {
  bytesToText,
  durationToText,
  millisecondsToText,
  scoreToText,
  secondsToText,
} from "../../src/reports/quantities.ts";
import { resultToCsv } from "../../src/reports/result-to-csv.ts";
import { resultToJson } from "../../src/reports/result-to-json.ts";
import { resultToMarkdown } from "../../src/reports/result-to-markdown.ts";
import { resultToReadings } from "../../src/reports/result-to-readings.ts";
import { resultToText } from "../../src/reports/result-to-text.ts";
import { evaluation } from "../cli/evaluation.ts";

const text = (result = evaluation(), columns = 100) => resultToText(result, { columns, style: plainStyle });

describe("text", () => {
  it("has the scores first, then what was compared, how, and with what", () => {
    expect(`\n${text()}`).toMatchInlineSnapshot(`
      "
      FID               299.1405          lower is better
      Inception Score   9.8125 ± 0.1250   higher is better

        real      ./mnist, 60,000 images (idx)
        fake      ./images, 1,200 images (folder)
        protocol  inception-v3-2015-12-05 (6726825d), 2,048 features, resize tf1, ddof 1, 10 splits,
                  shuffled, seed 2020
        computed  onnx on cpu, 2 threads, batch 32, 1 min 15 s
      "
    `);
  });

  it("at 60 columns no line is longer", () => {
    for (const line of text(evaluation(), 60).split("\n")) expect(textToWidth(line)).toBeLessThanOrEqual(60);
  });

  it("has the same letters with colour", () => {
    expect(textToPlain(resultToText(evaluation(), { columns: 100, style: colourStyle }))).toBe(text());
  });

  it("does not call a digits distance FID", () => {
    const digits = evaluation({
      metrics: { frechet_digits_distance: 1.5, digits_score_mean: 9, digits_score_std: 0.5 },
      protocol: { ...evaluation().protocol, extractor: "digits" },
    });
    expect(text(digits)).not.toMatch(/FID|Inception Score/);
    expect(text(digits)).toContain("do not compare them with Inception scores");
  });

  it("says what statistics do not tell", () => {
    const result = evaluation({
      inputs: { real: { location: "real.npz", kind: "statistics", count: null } },
      provenance: { ...evaluation().provenance, engine: null, device: null, threads: null, batchSize: null },
    });
    expect(text(result)).toContain("statistics of an unknown number of images");
    expect(text(result)).toContain("no network needed");
  });

  it("shows a value that no metric claims under its own name", () => {
    expect(text(evaluation({ metrics: { new_metric: 3 } }))).toMatch(/^new_metric {3}3\.0000\n/);
  });

  it("hostile names stay on their line", () => {
    const result = evaluation({ inputs: { fake: { location: "a\u001b[2Jb", kind: "folder", count: 1 } } });
    expect(text(result)).toContain("a\\u001b[2Jb, 1 image (folder)");
  });
});

describe("readings", () => {
  it("join a mean with its spread and know the direction", () => {
    expect(resultToReadings(evaluation())).toEqual([
      { key: "frechet_inception_distance", name: "FID", value: 299.14046312, direction: "lower" },
      {
        key: "inception_score_mean",
        name: "Inception Score",
        value: 9.8125,
        spread: 0.125,
        direction: "higher",
      },
    ]);
  });

  it("a spread without its mean is not lost", () => {
    expect(
      resultToReadings(evaluation({ metrics: { inception_score_std: 1 } })).map(({ key }) => key),
    ).toEqual(["inception_score_std"]);
  });
});

describe("files", () => {
  it("JSON is the result itself", () => {
    expect(JSON.parse(resultToJson(evaluation()))).toEqual(evaluation());
    expect(resultToJson({ a: Number.NaN })).toBe('{\n  "a": "NaN"\n}\n');
  });

  it("CSV has a row a metric in full precision, and the same columns for every result", async () => {
    const lines = (await resultToCsv(evaluation())).trimEnd().split("\r\n");
    expect(lines.length).toBe(3);
    expect(lines[1]).toMatch(/^frechet_inception_distance,299\.14046312,,,,,,lower,\.\/mnist,idx,60000,/);
    expect(lines[2]).toMatch(/^inception_score_mean,9\.8125,0\.125,,,,,higher,/);
    const other = await resultToCsv(evaluation({ metrics: { frechet_digits_distance: 1 }, inputs: {} }));
    expect(other.split("\r\n")[0]).toBe(lines[0]);
  });

  it("Markdown has scores, context and warnings", () => {
    expect(`\n${resultToMarkdown(evaluation())}`).toMatchInlineSnapshot(`
      "
      | Metric | Value | Better |
      | --- | ---: | --- |
      | FID | 299.1405 | lower |
      | Inception Score | 9.8125 ± 0.1250 | higher |

      | Context |  |
      | --- | --- |
      | real | ./mnist, 60,000 images (idx) |
      | fake | ./images, 1,200 images (folder) |
      | protocol | inception-v3-2015-12-05 (6726825d), 2,048 features, resize tf1, ddof 1, 10 splits, shuffled, seed 2020 |
      | computed | onnx on cpu, 2 threads, batch 32, 1 min 15 s |

      - **Warning:** 1,200 fake: biased upwards
      "
    `);
  });

  it("Markdown takes nothing from a file name as markup", () => {
    const hostile = evaluation({
      inputs: { fake: { location: "a|b<img src=x>", kind: "folder", count: 1 } },
      warnings: [{ code: "x", message: "<script>[a](b)" }],
    });
    expect(resultToMarkdown(hostile)).not.toMatch(/<img|<script|[^\\]\[a\]/);
  });
});

describe("quantities", () => {
  it.each([
    [0.4, "0.40 s"],
    [12.34, "12.3 s"],
    [59.96, "1 min 00 s"],
    [125, "2 min 05 s"],
    [3599.6, "1 h 00 min"],
    [3900, "1 h 05 min"],
    [Number.POSITIVE_INFINITY, "unknown"],
  ])("%d seconds", (seconds, expected) => {
    expect(secondsToText(seconds)).toBe(expected);
  });

  it("time left is whole", () => {
    expect(durationToText(5.4)).toBe("5 s");
    expect(durationToText(103)).toBe("1 min 43 s");
  });

  it.each([
    [0.8912, "0.891 ms"],
    [12.34, "12.3 ms"],
    [640, "640 ms"],
    [5290, "5.29 s"],
  ])("the time of a round has three digits: %s", (milliseconds, expected) => {
    expect(millisecondsToText(milliseconds)).toBe(expected);
  });

  it("bytes", () => {
    expect(bytesToText(512)).toBe("512 bytes");
    expect(bytesToText(1.5 * 1024 ** 2)).toBe("1.5 MiB");
  });

  it.each([
    [299.14046312, "299.1405"],
    [0, "0.0000"],
    [0.00123456789, "0.00123457"],
    [1.2e-9, "1.2e-9"],
    [Number.NaN, "NaN"],
  ])("score %d", (value, expected) => {
    expect(scoreToText(value)).toBe(expected);
  });
});
