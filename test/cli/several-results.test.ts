import { describe, expect, it } from "vitest";
import { resultsToOutcome } from "../../src/cli/outcomes.ts";
import { RESULTS_SCHEMA } from "../../src/evaluate/result.ts";
import { plainStyle } from "../../src/reports/page.ts";
import { evaluation } from "./evaluation.ts";

const first = evaluation();
const second = evaluation({
  metrics: { frechet_pixels_32x32_distance: 7 },
  protocol: { ...first.protocol, extractor: "pixels-32x32" },
  warnings: [...first.warnings, { code: "no-published-figures", message: "compares with nothing" }],
});
const page = { columns: 80, style: plainStyle };

describe("the results of several extractors", () => {
  it("are one JSON object; a single one is the result itself", () => {
    expect(resultsToOutcome([first, second]).json).toEqual({
      schema: RESULTS_SCHEMA,
      results: [first, second],
    });
    expect(resultsToOutcome([first]).json).toBe(first);
  });

  it("are one CSV table under one heading", async () => {
    const lines = (await resultsToOutcome([first, second]).csv()).trimEnd().split(/\r?\n/);
    expect(lines.map((line) => line.split(",")[0])).toEqual([
      "metric",
      "frechet_inception_distance",
      "inception_score_mean",
      "frechet_pixels_32x32_distance",
    ]);
  });

  it("are texts under the extractors' names, and say a warning once", () => {
    const outcome = resultsToOutcome([first, second]);
    expect(outcome.text(page).match(/^(inception-v3-2015-12-05|pixels-32x32)$/gm)).toEqual([
      "inception-v3-2015-12-05",
      "pixels-32x32",
    ]);
    expect(outcome.warnings?.map(({ code }) => code)).toEqual(["few-samples", "no-published-figures"]);
  });

  it("have the mean ratio to their floors (FDr^k), in every format that is read", () => {
    const withFloor = (key: string, value: number, ratio: number, extractor: string) =>
      evaluation({
        metrics: { [key]: value },
        floors: { [key]: { value: value / ratio, ratio, real: 100, fake: 100, of: "heldOut" } },
        protocol: { ...first.protocol, extractor },
      });
    const [one, two] = [
      withFloor("frechet_inception_distance", 12, 3, "inception-v3-2015-12-05"),
      withFloor("frechet_pixels_32x32_distance", 7, 1.5, "pixels-32x32"),
    ];
    const outcome = resultsToOutcome([one, two]);
    expect(outcome.json).toMatchObject({
      floorRatio: { mean: 2.25, extractors: ["inception-v3-2015-12-05", "pixels-32x32"] },
    });
    expect(outcome.text(page)).toMatch(/over 2 networks \(FDr\^2\): 2\.25/);
    expect(outcome.text(page)).toMatch(/4\.0+ \(ratio 3\.0+\)/);
    expect(outcome.markdown()).toMatch(/over 2 networks \(FDr\^2\): 2\.25/);
    for (const results of [[one], [one, second]])
      expect(resultsToOutcome(results).text(page)).not.toContain("FDr^");
  });
});
