/** A crop is part of the protocol: it is said in results and files, and what was made without it does not compare. */
import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { evaluate } from "../../src/evaluate/evaluate.ts";
import type { EvaluateOptions } from "../../src/evaluate/options.ts";
import { makeStatistics } from "../../src/evaluate/statistics/make-statistics.ts";
import { imageToCrop } from "../../src/images/resize/crop.ts";
import { plainStyle } from "../../src/reports/page.ts";
import { resultToText } from "../../src/reports/result-to-text.ts";
import { temporaryFolder } from "../images/made-images.ts";
import { seededBytes } from "../images/seeded.ts";

const PAGE = { columns: 1000, style: plainStyle };
const [WIDTH, HEIGHT, COUNT] = [11, 6, 12];

let folder: string;
const inFolder = (name: string) => path.join(folder, name);

/** Wide images, and beside them their middles as images of their own. */
async function writeImages(side: string, seed: number): Promise<void> {
  for (const name of [side, `${side}-cut`]) await mkdir(inFolder(name));
  for (let i = 0; i < COUNT; i++) {
    const pixels = seededBytes(seed + i, WIDTH * HEIGHT * 3);
    const image = { pixels, width: WIDTH, height: HEIGHT, name: `${i}.png` };
    for (const [name, of] of [
      [side, image],
      [`${side}-cut`, imageToCrop(image, "centre")],
    ] as const) {
      const raw = { width: of.width, height: of.height, channels: 3 as const };
      await writeFile(
        path.join(inFolder(name), image.name),
        await sharp(of.pixels, { raw }).png().toBuffer(),
      );
    }
  }
}

beforeAll(async () => {
  folder = await temporaryFolder();
  await writeImages("real", 100);
  await writeImages("fake", 200);
});
afterAll(() => rm(folder, { recursive: true }));

const measure = (real: string, fake: string, options: Partial<EvaluateOptions> = {}) =>
  evaluate({
    ...{ real: inFolder(real), fake: inFolder(fake), extractor: "pixels", inputSize: [4, 4] },
    ...{ metrics: ["fid"], cache: true, cacheDir: inFolder("cache"), ...options },
  });

describe("--crop centre", () => {
  it("gives the distance of the middles, also where uncropped features are cached", async () => {
    const plain = await measure("real", "fake");
    const cropped = await measure("real", "fake", { crop: "centre" });
    const cut = await measure("real-cut", "fake-cut");
    expect(cropped.metrics).toEqual(cut.metrics);
    expect(plain.metrics).not.toEqual(cut.metrics);
    expect(await measure("real", "fake")).toMatchObject({ metrics: plain.metrics });
  });

  it("is said by every result, and so is none", async () => {
    const plain = await measure("real", "fake", { crop: "none" });
    const cropped = await measure("real", "fake", { crop: "centre" });
    expect(plain.protocol).toMatchObject({ crop: "none", arithmetic: "float32 on cpu" });
    expect(cropped.protocol).toMatchObject({ crop: "centre", resize: "centre crop, clean to 4x4" });
    expect(cropped.protocol.extractorHash).not.toBe(plain.protocol.extractorHash);
    expect(resultToText(plain, PAGE)).toMatch(/no crop, resize/);
    expect(resultToText(cropped, PAGE)).toMatch(/resize centre crop, clean/);
  });

  it("decides which statistics fit", async () => {
    const out = inFolder("real.npz");
    await makeStatistics({
      ...{ images: inFolder("real"), out, extractor: "pixels", inputSize: [4, 4], crop: "centre" },
      ...{ cacheDir: inFolder("cache") },
    });
    const cropped = await measure("real", "fake", { crop: "centre" });
    const byFile = await measure("real.npz", "fake", { crop: "centre" });
    const [distance] = Object.values(cropped.metrics);
    expect(Object.values(byFile.metrics)[0]).toBeCloseTo(distance, 9);
    await expect(measure("real.npz", "fake")).rejects.toMatchObject({ code: "input.unlike-features" });
  });
});
