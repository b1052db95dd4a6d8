import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { evaluate } from "../../src/evaluate/evaluate.ts";
import type { EvaluateOptions } from "../../src/evaluate/options.ts";
import { makeStatistics } from "../../src/evaluate/statistics/make-statistics.ts";
import { type NpyArray, npyToBytes } from "../../src/formats/npy.ts";
import { writeNpz } from "../../src/formats/npz.ts";
import { filesToZip } from "../../src/formats/zip-writer.ts";
import { openImages } from "../../src/images/sources/open.ts";
import type { Progress } from "../../src/progress.ts";

const COUNT = 150;
const FIXTURES = path.resolve(import.meta.dirname, "../../fixtures/digits");
const REAL = path.join(FIXTURES, "real");
const CLOSE = path.join(FIXTURES, "fake-close");

let folder: string;
const at = (name: string) => path.join(folder, name);

/** The first images of a set as a folder and a zip of PNGs, and as npz: the same pixels in other clothes. */
async function dress(location: string): Promise<void> {
  await mkdir(at("png"));
  const source = await openImages(location, { limit: COUNT });
  const files: { name: string; bytes: Uint8Array }[] = [];
  const whole = new Uint8Array(COUNT * 28 * 28 * 3);
  for await (const batch of source.batches({ batchSize: 50 })) {
    for (const { pixels, width, height } of batch) {
      whole.set(pixels, files.length * pixels.length);
      const png = await sharp(pixels, { raw: { width, height, channels: 3 } })
        .png()
        .toBuffer();
      files.push({ name: `${String(files.length).padStart(4, "0")}.png`, bytes: new Uint8Array(png) });
    }
  }
  await source.close();
  for (const { name, bytes } of files) await writeFile(at(`png/${name}`), bytes);
  await writeFile(at("images.zip"), [...filesToZip(files)]);
  const array: NpyArray = { dtype: "|u1", shape: [COUNT, 28, 28, 3], data: whole };
  await writeNpz(at("images.npz"), new Map([["arr_0", array]]));
  await writeFile(at("images.npy"), npyToBytes(array));
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "gan-eval-images-"));
  await dress(CLOSE);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const OPTIONS: Omit<EvaluateOptions, "fake"> = {
  metrics: ["fid", "is"],
  real: REAL,
  extractor: "digits",
  resize: "tf1",
  cache: false,
  batchSize: 32,
  limit: COUNT,
  onError: "fail",
  engine: "auto",
  device: "auto",
  threads: 1,
  splits: 3,
  shuffle: true,
  seed: 2020,
  ddof: 1,
  clock: () => 0,
};

const score = async (fake: string, more: Partial<EvaluateOptions> = {}) =>
  (await evaluate({ ...OPTIONS, fake, ...more })).metrics;

describe("images as sides of a comparison", () => {
  it("score the same from a folder, a zip, an IDX file and npz arrays of the same pixels", async () => {
    const idx = await score(CLOSE);
    expect(Object.keys(idx)).toEqual(["frechet_digits_distance", "digits_score_mean", "digits_score_std"]);
    for (const name of ["png", "images.zip", "images.npz"]) expect(await score(at(name)), name).toEqual(idx);
  });

  it("score the same in batches of any size, on any number of threads, and twice", async () => {
    const once = await score(CLOSE);
    expect(await score(CLOSE)).toEqual(once);
    for (const more of [{ batchSize: 1 }, { batchSize: 64 }, { threads: 2 }]) {
      const other = await score(CLOSE, more);
      // float32 sums in another order: 1e-6 of a feature, and no more of the distance's terms.
      for (const [key, value] of Object.entries(once))
        expect(Math.abs(other[key] - value) / value, `${key} with ${JSON.stringify(more)}`).toBeLessThan(
          1e-5,
        );
    }
  });

  it("score the same against statistics that were made of them", async () => {
    await makeStatistics({ ...OPTIONS, images: REAL, out: at("real.npz") });
    const direct = await score(CLOSE, { metrics: ["fid"] });
    const kept = await score(CLOSE, { metrics: ["fid"], real: at("real.npz") });
    expect(kept.frechet_digits_distance).toBeCloseTo(direct.frechet_digits_distance, 6);
    await expect(
      evaluate({
        ...OPTIONS,
        metrics: ["fid"],
        fake: at("real.npz"),
        real: at("real.npz"),
        featureEnd: "2048",
      }),
    ).rejects.toMatchObject({ code: "input.unlike-features" });
  });

  it("state the whole protocol, counts and hashes, and warn of few samples", async () => {
    const result = await evaluate({ ...OPTIONS, fake: at("png"), command: ["gan-eval", "metrics"] });
    expect(result).toMatchObject({
      schema: "gan-eval/result/1",
      inputs: { real: { kind: "idx", count: COUNT }, fake: { kind: "folder", count: COUNT } },
      protocol: {
        extractor: "digits",
        featureEnd: "features",
        ddof: 1,
        seed: 2020,
        splits: 3,
        shuffle: true,
      },
      provenance: {
        engine: "onnx",
        device: "cpu",
        threads: 1,
        batchSize: 30,
        command: ["gan-eval", "metrics"],
      },
    });
    expect(result.protocol.extractorHash).toMatch(/^[0-9a-f]{64}$/);
    expect(result.inputs.fake?.contentHash).toMatch(/^[0-9a-f]{64}$/);
    // The digits network takes grey images, and brings them to its size in its own way.
    expect(result.protocol.resize).toBe("digits-28");
    expect(result.warnings.map(({ code }) => code)).not.toContain("grey");
    expect(result.warnings.map(({ code }) => code)).toContain(
      COUNT > result.protocol.dims ? "few-samples" : "rank-deficient",
    );
  });

  it("report progress for each side, ending with all of it", async () => {
    const seen: Progress[] = [];
    await score(CLOSE, { onProgress: (progress) => seen.push(progress) });
    for (const stage of ["real", "fake"]) {
      const own = seen.filter((progress) => progress.stage === stage);
      expect(own[0].done).toBe(0);
      expect(own.at(-1)).toEqual({ stage, done: COUNT, total: COUNT, unit: "images" });
    }
  });
});

describe("problem with images", () => {
  it("of a broken file is an error that names it, or a counted warning", async () => {
    await mkdir(at("broken"));
    for (let i = 0; i < 4; i++) {
      const digit = {
        create: { width: 28, height: 28, channels: 3 as const, background: { r: 60 * i, g: 0, b: 0 } },
      };
      await writeFile(at(`broken/${i}.png`), await sharp(digit).png().toBuffer());
    }
    await writeFile(at("broken/9.png"), "no image");
    const options = { metrics: ["is"] as const, splits: 1 };
    await expect(score(at("broken"), { ...options })).rejects.toThrow(/9\.png/);
    const result = await evaluate({ ...OPTIONS, ...options, fake: at("broken"), onError: "skip" });
    expect(result.inputs.fake?.count).toBe(4);
    expect(result.warnings.find(({ message }) => message.includes("9.png"))).toBeDefined();
  });

  it("an extractor without the feature end that was asked for", async () => {
    await expect(score(CLOSE, { featureEnd: "768" })).rejects.toMatchObject({ code: "usage.feature-end" });
  });

  it("an abort stops between batches", async () => {
    const abort = new AbortController();
    const promise = score(CLOSE, {
      cache: false,
      batchSize: 8,
      signal: abort.signal,
      onProgress: ({ done }) => done > 0 && abort.abort(),
    });
    await expect(promise).rejects.toMatchObject({ name: "AbortError" });
  });
});
