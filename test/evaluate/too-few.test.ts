/** One metric that cannot be measured takes no other with it, and costs no pass over the images. */

import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { evaluate } from "../../src/evaluate/evaluate.ts";
import type { EvaluateOptions } from "../../src/evaluate/options.ts";
import { type MetricId, metricIds, metrics } from "../../src/metrics/table.ts";
import { noise, temporaryFolder, toPng, writeTree } from "../images/made-images.ts";

const folder = await temporaryFolder();
const COUNT = 4;
beforeAll(async () => {
  for (const [side, seed] of [
    ["real", 1],
    ["fake", 50],
  ] as const) {
    const images = await Promise.all(noise(seed, COUNT, 8, 3).map((pixels) => toPng(pixels, 8, 3)));
    const files = Object.fromEntries(images.map((png, i) => [`${i}.png`, png]));
    await writeTree(path.join(folder, side), files);
  }
});

let stages: string[] = [];
const OPTIONS: Omit<EvaluateOptions, "metrics" | "fake"> = {
  ...{
    extractor: "pixels",
    inputSize: [2, 2],
    cache: false,
    batchSize: 4,
    onError: "fail",
    engine: "auto",
    device: "auto",
  },
  ...{ splits: 10, shuffle: true, seed: 2020, ddof: 1, clock: () => 0 },
  onProgress: ({ stage }) => stages.push(stage),
};
const measure = (ids: readonly MetricId[], more: Partial<EvaluateOptions> = {}) => {
  stages = [];
  const side = (name: string) => path.join(folder, name);
  return evaluate({ ...OPTIONS, metrics: ids, real: side("real"), fake: side("fake"), ...more });
};

/** Metrics that four images are too few for, and that any extractor can feed. */
const hungry = metricIds.filter((id) => {
  const row = metrics[id];
  const needs = Object.values(row.needs).flat();
  if (needs.some((need) => need === "logits" || need === "spatial") || "heldOut" in row.needs) return false;
  const { real = 1, fake = 1 } = row.least?.(row.defaults) ?? {};
  return Math.max(real, fake) > COUNT;
});

describe("too few images", () => {
  it("are too few for some metrics of the table", () => expect(hungry.length).toBeGreaterThan(3));

  it.each(hungry)("for %s are refused before any image is read, with what to do", async (id) => {
    await expect(measure(["fid", id])).rejects.toMatchObject({
      code: "input.too-few-samples",
      message: expect.stringContaining(`(${id}), got ${COUNT}`),
      hint: expect.stringContaining(`leave ${id} out of --metrics`),
    });
    expect(stages).toEqual([]);
  });

  it("for several metrics are said of all of them at once", async () => {
    const hint =
      "Give more images, or --kid-subset-size 4 --prd-clusters 4; or leave kid, prd out of --metrics.";
    await expect(measure(["fid", "kid", "prd"])).rejects.toMatchObject({ hint });
    const parameters = { kid: { subsetSize: 4 }, prd: { clusters: 4 } };
    expect((await measure(["fid", "kid", "prd"], { parameters })).notMeasured).toBeUndefined();
  });
});

describe("a metric that fails after the pass", () => {
  it("is recorded and said, beside the values of the others", async () => {
    const result = await measure(["fid", "pr", "cmmd"], { parameters: { pr: { k: 0 } } });
    expect(Object.keys(result.metrics)).toEqual(["frechet_pixels_distance", expect.stringContaining("cmmd")]);
    expect(result.notMeasured).toMatchObject({ pr: { code: "usage.neighbours" } });
    expect(result.warnings).toContainEqual(
      expect.objectContaining({
        code: "not-measured",
        message: expect.stringContaining("pr could not be measured"),
      }),
    );
  });

  it("is the error of all where there is no other", async () => {
    await expect(measure(["pr"], { parameters: { pr: { k: 0 } } })).rejects.toMatchObject({
      code: "usage.neighbours",
    });
  });
});
