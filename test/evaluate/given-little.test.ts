import { readFileSync, rmSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { evaluate } from "../../src/evaluate/evaluate.ts";
import { COMPUTATION_ROWS, MEASUREMENT_ROWS } from "../../src/evaluate/option-rows.ts";
import { defineExtractor } from "../../src/evaluate/own-extractor.ts";
import { makeStatistics } from "../../src/evaluate/statistics/make-statistics.ts";
import { toEvaluateSettings } from "../../src/evaluate/with-option-defaults.ts";
import { READING_ROWS } from "../../src/images/reading-options.ts";
import { defineMetric } from "../../src/metrics/define-metric.ts";
import { resultToText } from "../../src/reports/result-to-text.ts";

const ROWS = { ...MEASUREMENT_ROWS, ...COMPUTATION_ROWS, ...READING_ROWS };
const OPTIONS = new URL("../../src/evaluate/options.ts", import.meta.url);

const plain = (text: string) => text;
const PAGE = {
  width: 80,
  style: { bold: plain, dim: plain, red: plain, green: plain, yellow: plain },
} as never;

/** Images of 4 x 4, every level of one the same. */
const flat = (levels: readonly number[]) =>
  levels.map((level) => ({ pixels: new Uint8Array(48).fill(level), width: 4, height: 4 }));
const REAL = flat([0, 40, 90, 130, 200, 250]);
const FAKE = flat([10, 60, 80, 150, 180, 255]);

const brightness = defineExtractor({
  id: "brightness",
  version: "1",
  width: 2,
  extract: (images) => images.map(({ pixels }, i) => [pixels[0] / 255, (i % 3) / 10]),
});

const gap = defineMetric({
  id: "gap",
  label: "mean gap",
  unit: "levels",
  direction: "lower",
  needs: { real: ["features"], fake: ["features"] },
  source: { paper: "none", library: "none" },
  defaults: { scale: 255 },
  keys: { value: "gap_{extractor}" },
  measure({ real, fake }, { scale }) {
    const mean = ({ data, rows, width }: { data: ArrayLike<number>; rows: number; width: number }) => {
      let sum = 0;
      for (let row = 0; row < rows; row++) sum += data[row * width];
      return sum / rows;
    };
    return { value: scale * Math.abs(mean(real!.features!) - mean(fake.features!)) };
  },
});

describe("the defaults of evaluate", () => {
  it("are those of the option tables, and stand so in the doc line of every field", () => {
    const text = readFileSync(OPTIONS, "utf8");
    const settings = toEvaluateSettings({ fake: "a" }) as Record<string, unknown>;
    for (const [name, row] of Object.entries(ROWS)) {
      const doc = new RegExp(`/\\*\\*((?:(?!\\*/)[\\s\\S])*)\\*/\\s+readonly ${name}\\?:`).exec(text)?.[1];
      if (name === "offline" || name === "compat") continue;
      expect(doc, name).toContain("default");
      if (row.default === undefined) continue;
      expect(doc, name).toContain(`default ${row.default}`);
      expect(settings[name], name).toEqual(row === MEASUREMENT_ROWS.extractor ? "inception" : row.default);
    }
    const fields = text.slice(text.indexOf("interface EvaluateOptions")).matchAll(/readonly (\w+)(\??):/g);
    for (const [, name, optional] of fields)
      expect(`${name}${optional}`).toBe(name === "fake" ? name : `${name}?`);
  });

  it("take an option that is undefined for one that was left out", () => {
    const settings = toEvaluateSettings({
      fake: "a",
      seed: undefined,
      batchSize: undefined,
      metrics: undefined,
    });
    expect(settings).toMatchObject({ seed: 2020, batchSize: 16, metrics: ["fid", "is"] });
  });
});

describe("evaluate with what a program brings along", () => {
  it("measures arrays of images by an own metric and an own extractor, with intervals, as JSON and text", async () => {
    const result = await evaluate({
      real: REAL,
      fake: FAKE,
      extractor: brightness,
      metrics: ["fid", gap],
      ci: true,
    });
    const mean = (levels: readonly { pixels: Uint8Array }[]) =>
      levels.reduce((sum, { pixels }) => sum + pixels[0], 0) / levels.length;
    expect(result.metrics.gap_brightness).toBeCloseTo(Math.abs(mean(REAL) - mean(FAKE)), 3);
    expect(result.metrics.frechet_brightness_distance).toBeGreaterThan(0);
    expect(result.intervals!.gap_brightness.level).toBe(0.95);
    expect(result.protocol).toMatchObject({
      extractor: "brightness",
      extractorHash: "1",
      parameters: { gap: { scale: 255 } },
    });
    expect(result.inputs.fake).toMatchObject({ location: "images in memory", kind: "generator", count: 6 });
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
    expect(resultToText(result, PAGE)).toContain("gap_brightness");
  });

  it("gives the same for a callback, an iterable, an async iterable and a batch", async () => {
    const data = Uint8Array.from(FAKE.flatMap(({ pixels }) => [...pixels]));
    const sides = [
      FAKE,
      { count: 6, images: (n: number, start: number) => FAKE.slice(start, start + n), name: "mine" },
      { count: 6, images: FAKE },
      {
        count: 6,
        images: (async function* () {
          yield* FAKE;
        })(),
      },
      { data, shape: [6, 4, 4, 3] as const },
    ];
    const values = [];
    for (const fake of sides)
      values.push((await evaluate({ real: REAL, fake, extractor: brightness, metrics: [gap] })).metrics);
    for (const each of values) expect(each).toEqual(values[0]);
  });

  it("makes statistics of arrays too", async () => {
    const made = await makeStatistics({ images: REAL, out: "real.npz", extractor: brightness });
    expect(made).toMatchObject({
      count: 6,
      dims: 2,
      origin: { extractor: "brightness", extractorHash: "1" },
    });
    const result = await evaluate({ real: "real.npz", fake: FAKE, extractor: brightness, metrics: ["fid"] });
    expect(result.warnings.map(({ code }) => code)).not.toContain("extractor-differs");
    rmSync("real.npz");
  });

  it("says what is wrong with a side, an extractor's features and a metric's id", async () => {
    const all = { real: REAL, fake: FAKE, extractor: brightness, metrics: [gap] };
    await expect(evaluate({ ...all, fake: 3 as never })).rejects.toMatchObject({ code: "usage.pictures" });
    await expect(evaluate({ ...all, fake: [] })).rejects.toMatchObject({ code: "input.no-pictures" });
    const short = defineExtractor({
      id: "short",
      version: "1",
      width: 2,
      extract: (of) => of.map(() => [1]),
    });
    await expect(evaluate({ ...all, extractor: short })).rejects.toMatchObject({
      code: "usage.own-extractor",
    });
    await expect(evaluate({ ...all, extractor: {} as never })).rejects.toMatchObject({
      code: "usage.own-extractor",
    });
    await expect(evaluate({ ...all, metrics: [{ ...gap, id: "fid" }] })).rejects.toMatchObject({
      code: "usage.metric-id",
    });
  });
});
