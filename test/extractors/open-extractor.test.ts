import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  EXTRACTOR_NAMES,
  type ExtractorOptions,
  openExtractor,
} from "../../src/extractors/open-extractor.ts";
import { NETWORKS } from "../../src/networks/table.ts";
import { errorOf, madeGraph, madeImages, writeOnnx } from "./made-networks.ts";

const OPTIONS: ExtractorOptions = {
  ...{ extractor: "pixels", batchSize: 2, engine: "auto", device: "auto", threads: 1 },
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "extractors-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function described(options: Partial<ExtractorOptions>) {
  const { extractor, close } = await openExtractor({ ...OPTIONS, ...options });
  const { id, ends, resize } = extractor;
  const { features } = await extractor.extract(madeImages(3, 28));
  await close();
  return { id, ends, resize, rows: features!.rows };
}

describe("an extractor by name or path", () => {
  it("is one of ours", async () => {
    expect(EXTRACTOR_NAMES).toEqual([
      ...["inception", "digits", "stacked-digits", "pixels", "random-conv"],
      ...Object.keys(NETWORKS),
    ]);
    expect(await described({ extractor: "digits" })).toMatchObject({ id: "digits", rows: 3 });
    expect(await described({ extractor: "stacked-digits" })).toMatchObject({ ends: { logits: 30 }, rows: 3 });
    const pixels = { extractor: "pixels", inputSize: [8, 8], resize: "antialias" } as const;
    expect(await described(pixels)).toMatchObject({ id: "pixels-8x8", resize: "antialias to 8x8", rows: 3 });
    expect(await described({ extractor: "random-conv", extractorSeed: 4 })).toMatchObject({
      id: "random-conv-4",
      resize: "clean to 64x64",
    });
  });

  it.each(Object.keys(NETWORKS))("is the network %s, whose file the error asks for", async (extractor) => {
    const cacheDir = path.join(folder, "nothing");
    const missing = await errorOf(openExtractor({ ...OPTIONS, extractor, cacheDir, offline: true }));
    expect(missing).toMatchObject({
      code: "unavailable.network",
      message: expect.stringContaining(extractor),
    });
    const weights = path.join(folder, "missing.pth");
    const unread = await errorOf(openExtractor({ ...OPTIONS, extractor, weights }));
    expect(unread).toMatchObject({ code: "input.cannot-read", message: expect.stringContaining(weights) });
  });

  it("is a user's network, which takes the options for it", async () => {
    const extractor = writeOnnx(folder, "own.onnx", madeGraph(1, 6, ["features"]));
    expect(await described({ extractor, mean: "half", output: "map", logitsOutput: "logits" })).toEqual({
      ...{ id: "own", ends: { features: 4, logits: 5 }, rows: 3 },
      resize: "clean to 6x6, mean 0.5,0.5,0.5, std 0.5,0.5,0.5",
    });
  });

  it("is neither: the error says what there is, and what a file lacks", async () => {
    const unknown = await errorOf(openExtractor({ ...OPTIONS, extractor: "inceptoin" }));
    expect(unknown).toMatchObject({ code: "usage.extractor", hint: "Did you mean --extractor inception?" });
    const extractor = path.join(folder, "weights.pth");
    writeFileSync(extractor, "PK");
    const other = await errorOf(openExtractor({ ...OPTIONS, extractor }));
    expect(other).toMatchObject({
      code: "input.extractor-network",
      hint: expect.stringContaining("docs/extractors.md"),
    });
  });
});
