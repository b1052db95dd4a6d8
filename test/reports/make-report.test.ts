import { cp, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openOnnxEngine } from "../../src/engine/compile.ts";
import { openPlane } from "../../src/plane/open-plane.ts";
import { runToNearestImages } from "../../src/reports/content/nearest-images.ts";
import { dataToRealImages } from "../../src/reports/content/real-images.ts";
import { FILM_SIZES, runToToyView } from "../../src/reports/content/toy-view.ts";
import { makeReport } from "../../src/reports/make-report.ts";
import { runToConfig } from "../../src/run-folder/read-config.ts";
import { readRun } from "../../src/run-folder/read-run.ts";
import type { RunConfig } from "../../src/run-folder/run-config.ts";
import { openRunSamples } from "../../src/runs/prepare-run.ts";
import { type TrainRequest, train } from "../../src/runs/train.ts";
import { readCheckpoint } from "../../src/train/checkpoint.ts";
import { optionsToModel } from "../../src/train/model.ts";
import { within } from "../../src/train/networks/names.ts";
import { evaluation } from "../cli/evaluation.ts";

let place: string;
const at = (name: string): string => path.join(place, name);

/** A small run, recorded often. */
const trainSmall = (name: string, changes: Partial<TrainRequest>, seed = 5, evalEvery = 10) =>
  train({
    clock: Date.now,
    signal: new AbortController().signal,
    onProgress: () => {},
    data: { data: "ring", imgSize: null, channels: null, split: null, limit: null, onError: "fail" },
    model: { model: "gan", hiddenUnits: 16, batchSize: 32, packing: 2, emaDecay: 0.9 },
    recording: {
      ...{ seed, recordInterval: 5, sampleInterval: 20, checkpointInterval: 10, keepCheckpoints: 9 },
      ...{ evalEvery, evalSamples: 200, evalMetrics: [], extractor: null, earlyStop: 0 },
      ...{ onNan: "stop", tensorboard: false },
    },
    epochs: 1,
    rounds: 30,
    computation: { engine: "auto", device: "auto", threads: 1 },
    folder: at(name),
    command: ["gan-eval", "train", "--out", name],
    ...changes,
  } as TrainRequest);

beforeAll(async () => {
  place = await mkdtemp(path.join(tmpdir(), "gan-eval-make-report-"));
  await trainSmall("ring-1", {});
  await trainSmall("ring-2", {}, 6);
});
afterAll(() => rm(place, { recursive: true, force: true }));

async function reportOf(name: string, changes: { png?: string; markdown?: string } = {}) {
  const out = at(`${name}.html`);
  const made = await makeReport({ locations: [at(name)], out, ...changes });
  const page = await readFile(out, "utf8");
  const data = JSON.parse(/<script type="application\/json" id="report-data">(.*)<\/script>/.exec(page)![1]);
  return { made, page, data };
}

describe("a report of a run on points", () => {
  it("has charts, verdicts, samples and a film with a frame a checkpoint; PNG files and a summary beside", async () => {
    const { made, page, data } = await reportOf("ring-1", { png: at("png"), markdown: at("ring.md") });
    expect(made).toMatchObject({ kind: "run", warnings: [] });
    expect(data.charts.map(({ id }: { id: string }) => id)).toEqual(
      expect.arrayContaining(["losses", "discriminator", "jsd", "score-modes", "gradients-generator"]),
    );
    expect(data.verdicts.length).toBeGreaterThan(0);
    expect(page.match(/<figure data-round=/g)).toHaveLength((await readdir(at("ring-1/samples"))).length);
    expect(data.toy.frames.map(({ round }: { round: number }) => round)).toEqual([0, 10, 20, 30]);
    const files = await readdir(at("png"));
    expect(files.sort()).toEqual(
      [...data.charts.map(({ id }: { id: string }) => `${id}.png`), "samples.png"].sort(),
    );
    for (const file of files)
      expect((await readFile(at(`png/${file}`))).subarray(1, 4).toString()).toBe("PNG");
    const summary = await readFile(at("ring.md"), "utf8");
    expect(summary).toContain("![Losses](png/losses.png)");
    expect(summary).toContain("gan-eval train --out ring-1");
  });

  it("has a film of what the plane is at each checkpoint, within a step of its numbers", async () => {
    const run = await readRun(at("ring-1"));
    const data = await openRunSamples(run.description.config as unknown as RunConfig, {});
    const view = (await runToToyView(run, data))!;
    const { round, location } = run.checkpoints.at(-1)!;
    const frame = view.frames.at(-1)!;
    expect(frame.round).toBe(round);
    const { state } = await readCheckpoint(location);
    const model = await optionsToModel(runToConfig(run.description, run.folder), run.description.data);
    const engine = await openOnnxEngine({ device: "cpu", threads: 1 });
    const arrays = {
      generator: within(state, "generator/average"),
      discriminator: within(state, "discriminator"),
    };
    const seed = 5;
    const plane = await openPlane({ engine, model, data, arrays, seed, ...FILM_SIZES });
    const look = await plane.look();
    const toBuffer = (text: string) => Uint8Array.from(Buffer.from(text, "base64")).buffer;
    const heat = Float32Array.from(new Int16Array(toBuffer(frame.heat)), (step) => step * view.heatStep);
    expect(heat).toHaveLength(view.heatSide ** 2);
    for (const [i, logit] of look.heat.entries())
      expect(Math.abs(heat[i] - logit)).toBeLessThanOrEqual(view.heatStep);
    const { low, high } = view;
    for (const [text, points] of [
      [frame.samples, look.samples],
      [frame.manifold!, look.manifold],
      [view.real, plane.real],
    ] as const) {
      const step = (3 * (high[0] - low[0])) / 65_535;
      const places = Float32Array.from(
        new Uint16Array(toBuffer(text)),
        (place, i) => low[i % 2] - (high[i % 2] - low[i % 2]) + step * place,
      );
      expect(places).toHaveLength(points.length);
      for (const [i, place] of places.entries())
        expect(Math.abs(place - points[i])).toBeLessThanOrEqual(step);
    }
    const pushes = new Float32Array(toBuffer(frame.pushes));
    expect(pushes).toEqual(look.pushes.slice(0, pushes.length));
    await engine.dispose();
  });
});

describe("a report of a run on images", () => {
  it("has real images beside, and each generated image's nearest training image", async () => {
    await trainSmall(
      "digits",
      {
        data: { data: "digits", imgSize: null, channels: null, split: null, limit: 120, onError: "fail" },
        model: { model: "gan", batchSize: 16 },
        rounds: 3,
      },
      5,
      0,
    );
    const run = await readRun(at("digits"));
    const data = await openRunSamples(run.description.config as unknown as RunConfig, {});
    const { pairs, searched, round } = (await runToNearestImages(at("digits"), data, 4))!;
    const { pixels } = data.pixels!.train;
    expect([searched, round, pairs.length]).toEqual([pixels.length / 784, 3, 4]);
    for (const { generated, real, distance } of pairs) {
      const distances = Array.from({ length: searched }, (_, i) => {
        let sum = 0;
        for (let k = 0; k < 784; k++) sum += (generated[k] - pixels[784 * i + k]) ** 2;
        return Math.sqrt(sum / 784);
      });
      expect(distance).toBeCloseTo(Math.min(...distances), 9);
      expect(
        Buffer.from(real).equals(
          Buffer.from(pixels.subarray(784 * distances.indexOf(Math.min(...distances))).subarray(0, 784)),
        ),
      ).toBe(true);
    }
    expect(dataToRealImages(data, false)).toMatchObject({ columns: 5, shape: [28, 28, 1] });
    const { made, page } = await reportOf("digits");
    expect(made.warnings).toEqual([]);
    expect(page.match(/Its nearest training image/g)).toHaveLength(16);
    expect(page).toContain('alt="Real images"');
  });
});

describe("a run that is not whole", () => {
  it("is reported as far as it is, with a warning for each part", async () => {
    await cp(at("ring-1"), at("torn"), { recursive: true });
    const { size } = await stat(at("torn/losses.csv"));
    await truncate(at("torn/losses.csv"), size - 20);
    const [first] = (await readdir(at("torn/checkpoints"))).sort();
    await writeFile(at(`torn/checkpoints/${first}`), "junk");
    const [grid] = (await readdir(at("torn/samples"))).sort();
    await writeFile(at(`torn/samples/${grid}`), "junk");
    const { made, data } = await reportOf("torn");
    expect(made.warnings.map(({ code }) => code).sort()).toEqual([
      "cut-table",
      "unreadable-checkpoints",
      "unreadable-samples",
    ]);
    expect(data.toy.frames).toHaveLength(3);
    expect(made.charts).toBeGreaterThan(5);
  });

  it("without run.json is reported by its other files; an empty folder is an error", async () => {
    await cp(at("ring-1"), at("nameless"), { recursive: true });
    await writeFile(at("nameless/run.json"), '{"schema": "gan-eval/ru');
    const { made, data } = await reportOf("nameless");
    expect(made.warnings[0].code).toBe("no-description");
    expect(data.charts[0].id).toBe("losses");
    await expect(makeReport({ locations: [at("nowhere")], out: at("x.html") })).rejects.toMatchObject({
      code: "input.not-a-run",
    });
  });

  it("whose data are gone is reported without what needs them", async () => {
    await cp(at("ring-1"), at("moved"), { recursive: true });
    const text = await readFile(at("moved/run.json"), "utf8");
    await writeFile(at("moved/run.json"), text.replace('"data": "ring"', '"data": "./gone"'));
    const { made, data } = await reportOf("moved");
    expect(made.warnings.map(({ code }) => code)).toEqual(["left-out"]);
    expect(data.toy).toBeUndefined();
  });
});

describe("a report of several", () => {
  it("is their comparison; of one result file its scores; runs and results together are refused", async () => {
    const out = at("several.html");
    const locations = [at("ring-1"), at("ring-2")];
    expect(await makeReport({ locations, out })).toMatchObject({
      kind: "comparison",
      title: "2 runs compared",
    });
    expect(await readFile(out, "utf8")).toContain("sliced_wasserstein");
    await writeFile(at("a.json"), JSON.stringify(evaluation()));
    expect(await makeReport({ locations: [at("a.json")], out })).toMatchObject({ kind: "result", charts: 0 });
    expect(await readFile(out, "utf8")).toContain("299.1405");
    await expect(makeReport({ locations: [at("a.json"), at("ring-1")], out })).rejects.toMatchObject({
      code: "usage.report",
    });
  });
});
