/** Features on WebGPU: those of the CPU, through every kind of extractor and through `evaluate`. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openOnnxEngine } from "../../../src/engine/compile.ts";
import type { Engine } from "../../../src/engine/engine.ts";
import type { Constant } from "../../../src/engine/graph.ts";
import { evaluate } from "../../../src/evaluate/evaluate.ts";
import { openCustomExtractor } from "../../../src/extractors/custom/custom-extractor.ts";
import type { FeatureExtractor } from "../../../src/extractors/extractor.ts";
import { openInceptionExtractor } from "../../../src/extractors/inception/inception-extractor.ts";
import { openRowExtractor } from "../../../src/extractors/named/named-extractor.ts";
import { openExtractor } from "../../../src/extractors/open-extractor.ts";
import { openRandomConvExtractor } from "../../../src/extractors/simple/random-conv-extractor.ts";
import { safetensorsToBytes } from "../../../src/formats/safetensors.ts";
import type { Image } from "../../../src/images/source.ts";
import { fixture } from "../../extractors/digits/digit-images.ts";
import { float, madeGraph, madeImages, node, writeOnnx } from "../../extractors/made-networks.ts";
import {
  formulaTensors,
  goldenOf,
  smallImages,
  smallRow,
  writeTensors,
} from "../../extractors/named/small-networks.ts";
import { seededBytes } from "../../images/seeded.ts";
import { haveWebGpu } from "./software-gpu.ts";

/** Of an end's largest number: sums in another order, and levels that are 1e-4 off. */
const TOLERANCE = 1e-5;
const BATCH = 2;
/** Copies side by side: of 8 x 8 pixels 42 MB in float32. */
const WIDENED = 55_000;

type Open = (engine: Engine) => Promise<FeatureExtractor>;

describe.skipIf(!haveWebGpu())("on WebGPU features are those of the CPU", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "gan-eval-features-"));
  let cpu: Engine;
  let gpu: Engine;
  beforeAll(async () => {
    cpu = await openOnnxEngine({ device: "cpu", threads: 2 });
    gpu = await openOnnxEngine({ device: "webgpu", threads: 2, selfCheck: true });
  });
  afterAll(async () => {
    await cpu?.dispose();
    await gpu?.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The largest difference of each end, as a share of its largest number. */
  async function compare(open: Open, images: readonly Image[]): Promise<Record<string, number>> {
    const [expected, actual] = await Promise.all(
      [cpu, gpu].map(async (engine) => {
        const extractor = await open(engine);
        // Two at once, as the pass over a side has them.
        const halves = [images.slice(0, 3), images.slice(3)].filter((half) => half.length > 0);
        const ends = await Promise.all(halves.map((half) => extractor.extract(half)));
        await extractor.dispose();
        return Object.fromEntries(
          Object.keys(extractor.ends).map((end) => [end, ends.flatMap((part) => [...part[end]!.data])]),
        );
      }),
    );
    return Object.fromEntries(
      Object.entries(expected!).map(([end, numbers]) => {
        const largest = Math.max(...numbers.map(Math.abs));
        return [end, Math.max(...numbers.map((number, i) => Math.abs(number - actual![end]![i]!))) / largest];
      }),
    );
  }

  const expectClose = (differences: Record<string, number>): void => {
    expect(Object.keys(differences)).not.toEqual([]);
    for (const [end, difference] of Object.entries(differences))
      expect(difference, end).toBeLessThan(TOLERANCE);
  };

  /** Five of one size, so that a run is left half empty. */
  const images: Image[] = Array.from({ length: 5 }, (_, i) => ({
    ...{ name: `#${i}`, width: 40, height: 40 },
    pixels: seededBytes(i + 1, 40 * 40 * 3),
  }));

  it.each(["clean", "pil-bicubic"] as const)("of random-conv, resized by %s", async (resize) => {
    expectClose(
      await compare((engine) => openRandomConvExtractor(engine, { batchSize: BATCH, resize }), images),
    );
  });

  it("of images of several sizes", async () => {
    expectClose(
      await compare((engine) => openRandomConvExtractor(engine, { batchSize: BATCH }), madeImages(5, 40)),
    );
  });

  it.each(["pil-bicubic", "torch-bicubic"] as const)(
    "of a small vision transformer, resized by %s",
    async (resize) => {
      const golden = goldenOf("dinov2", "timm");
      const location = writeTensors(folder, "dinov2.safetensors", formulaTensors(golden));
      const open: Open = (engine) =>
        openRowExtractor(engine, "small", smallRow("dinov2", 28), { location }, { batchSize: BATCH, resize });
      expectClose(await compare(open, [...smallImages(36), ...images.slice(0, 2)]));
    },
  );

  it("of a network in an ONNX file", async () => {
    const location = writeOnnx(folder, "made.onnx", madeGraph(BATCH, 16, ["features", "logits"]));
    const open: Open = (engine) =>
      openCustomExtractor(engine, location, { logitsOutput: "logits", mean: "imagenet" });
    expectClose(await compare(open, images));
  });

  it("of Inception's first layers, with weights from a seed", async () => {
    const weights = path.join(folder, "none.safetensors");
    writeFileSync(weights, safetensorsToBytes(new Map()));
    const open: Open = (engine) =>
      openInceptionExtractor(engine, { batchSize: 1, weights, fillGaps: { seed: 1 }, ends: ["64"] });
    expectClose(await compare(open, images.slice(0, 1)));
  });

  it.skipIf(process.env.GAN_EVAL_TEST_WEBGPU === "1")(
    "of a run that the device has no room for, in half as many images",
    async () => {
      // Each image becomes 42 MB: 32 of them are more than a buffer may hold (1 GiB in SwiftShader), 16 are not.
      const [images, wide, features] = [
        float("images", [32, 3, 8, 8]),
        float("wide", [32, 3, 8, 8 * WIDENED]),
        float("features", [32, 3]),
      ];
      const list = (name: string, values: readonly number[]): Constant => ({
        ...{ name, dtype: "int64", shape: [values.length] },
        data: BigInt64Array.from(values, BigInt),
      });
      const [times, space] = [list("times", [1, 1, 1, WIDENED]), list("space", [2, 3])];
      const location = writeOnnx(
        folder,
        "wide.onnx",
        {
          ...{ name: "wide", inputs: [images], constants: [times, space] },
          nodes: [
            node("Tile", [images, times], wide),
            node("ReduceMax", [wide, space], features, { keepdims: 0 }),
          ],
          outputs: [{ name: "features", value: features }],
        },
        { batch: "n" },
      );
      const images32 = madeImages(32);
      const extract = async (options: { device: "cpu" | "webgpu"; batchSize: number }) => {
        const opened = await openExtractor({
          ...{ extractor: location, engine: "onnx", selfCheck: false, ...options },
        });
        const { data } = (await opened.extractor.extract(images32)).features!;
        const warnings = opened.extractor.warnings?.() ?? [];
        await opened.close();
        return { data, warnings };
      };
      const { data, warnings } = await extract({ device: "webgpu", batchSize: 32 });
      expect(warnings.find(({ code }) => code === "batch-halved")?.message).toMatch(
        /for 32 images .*: 16 worked$/,
      );
      const expected = await extract({ device: "cpu", batchSize: 2 });
      for (const [i, value] of expected.data.entries()) expect(data[i]! / value).toBeCloseTo(1, 4);
    },
  );

  it("and the FID of digits is, to 1e-4 of it", async () => {
    const fid = async (device: "cpu" | "webgpu") => {
      const options = { real: fixture("real"), fake: fixture("fake-close"), extractor: "digits", limit: 100 };
      const { protocol, metrics, warnings } = await evaluate({
        ...options,
        metrics: ["fid"],
        device,
        cache: false,
      });
      expect(protocol.arithmetic).toBe(`float32 on ${device}`);
      expect(warnings.map(({ code }) => code)).not.toContain("device-unchecked");
      return metrics.frechet_digits_distance!;
    };
    const [expected, actual] = [await fid("cpu"), await fid("webgpu")];
    expect(Math.abs(actual / expected - 1)).toBeLessThan(1e-4);
  });

  it("and without the self-check results say that nobody looked", async () => {
    const options = { real: fixture("real"), fake: fixture("fake-close"), extractor: "digits", limit: 70 };
    const off = { metrics: ["fid"], device: "webgpu", cache: false, selfCheck: false } as const;
    const { warnings } = await evaluate({ ...options, ...off });
    expect(warnings.filter(({ code }) => code === "device-unchecked")).toMatchObject([
      { message: "features were computed on webgpu without the comparison with the CPU" },
    ]);
  });
});
