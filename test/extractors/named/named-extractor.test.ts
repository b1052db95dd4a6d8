import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../../src/engine/engine.ts";
import { openEngine } from "../../../src/engine/index.ts";
import type { FeatureExtractor } from "../../../src/extractors/extractor.ts";
import {
  type NamedExtractorOptions,
  openNamedExtractor,
  openRowExtractor,
} from "../../../src/extractors/named/named-extractor.ts";
import type { Image } from "../../../src/images/source.ts";
import { flatImage, realImage } from "../../metrics/paired-images.ts";
import { errorOf } from "../made-networks.ts";
import {
  differenceOf,
  formulaTensors,
  GOLDENS,
  goldenOf,
  smallImages,
  smallRow,
  type Tensors,
  writeTensors,
} from "./small-networks.ts";

let folder: string;
let engine: Engine;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "named-"));
  engine = await openEngine({ engine: "onnx", threads: 1 });
});
afterAll(async () => {
  await engine.dispose();
  rmSync(folder, { recursive: true });
});

const TRANSFORMERS = GOLDENS.filter(({ kind }) => kind !== "vgg").flatMap((golden) =>
  golden.results.map((result) => ({ ...golden, ...result, kind: golden.kind as "dinov2" | "clip" })),
);

async function opened<T>(
  kind: "dinov2" | "clip",
  side: number,
  location: string,
  options: NamedExtractorOptions,
  use: (extractor: FeatureExtractor) => T | Promise<T>,
  on: Engine = engine,
): Promise<T> {
  const extractor = await openRowExtractor(on, "small", smallRow(kind, side), { location }, options);
  try {
    return await use(extractor);
  } finally {
    await extractor.dispose();
  }
}

const writeGolden = (kind: string, program: string, name = `${kind}-${program}.safetensors`): string =>
  writeTensors(folder, name, formulaTensors(goldenOf(kind, program)));

const featuresOf = (images: readonly Image[]) => async (extractor: FeatureExtractor) => {
  const made = await extractor.extract(images);
  return made[extractor.featureEnd]!.data;
};

describe("a network by name", () => {
  it.each(TRANSFORMERS)("is the reference's to 2e-6: $kind of $program at side $side", async (golden) => {
    const file = writeTensors(folder, "golden.safetensors", formulaTensors(golden));
    const { kind, side, positions } = golden;
    const made = await opened(kind, side, file, { positions, batchSize: 2 }, (extractor) =>
      extractor.extract(smallImages(side)),
    );
    for (const [end, rows] of Object.entries(golden.ends))
      expect(differenceOf(made[end]!.data, rows), end).toBeLessThan(2e-6);
  });

  it("gives the same on an eager engine", async () => {
    const { ends } = goldenOf("dinov2", "timm").results[0]!;
    const file = writeGolden("dinov2", "timm");
    const eager = await openEngine({ engine: "cpu" });
    const get = async (extractor: FeatureExtractor) => {
      await extractor.extract(smallImages(12));
      return (await extractor.extract(smallImages(12))).class_token!.data;
    };
    const data = await opened("dinov2", 12, file, {}, get, eager);
    await eager.dispose();
    expect(differenceOf(data, ends.class_token!)).toBeLessThan(2e-6);
  });

  it("sees each image alone: neither batches nor their size change it", async () => {
    const file = writeGolden("clip", "transformers");
    const images = [...smallImages(16), realImage(5, 20, 9), flatImage(255, 16, 16)];
    const of = (batchSize: number, list: readonly Image[]) =>
      opened("clip", 16, file, { batchSize }, featuresOf(list));
    const together = await of(5, images);
    for (const [i, image] of images.entries()) {
      const alone = await of(1, [image]);
      const rows = [Array.from(together.subarray(32 * i, 32 * (i + 1)))];
      expect(differenceOf(alone, rows)).toBeLessThan(2e-6);
      expect(Array.from(await of(5, [image]))).toEqual(rows[0]);
    }
  });

  it("distinguishes the interpolations where there is one, in features and hash", async () => {
    const file = writeGolden("dinov2", "timm");
    const of = (side: number, positions: "dinov2" | "huggingface") =>
      opened("dinov2", side, file, { positions }, async (extractor) => ({
        hash: extractor.hash,
        data: await featuresOf(smallImages(side))(extractor),
      }));
    const [own, other] = [await of(12, "dinov2"), await of(12, "huggingface")];
    expect(own.hash).not.toBe(other.hash);
    expect(differenceOf(own.data, [Array.from(other.data)])).toBeGreaterThan(1e-3);
    expect(await of(20, "dinov2")).toEqual(await of(20, "huggingface"));
  });

  it("says what it is: ends, resize, and a hash of weights and preprocessing that ends asked for leave alone", async () => {
    const file = writeGolden("clip", "transformers");
    const describe_ = ({ id, hash, ends, featureEnd, resize, takesGrey }: FeatureExtractor) => ({
      ...{ id, hash, ends, featureEnd, resize, takesGrey },
    });
    const usual = await opened("clip", 16, file, {}, describe_);
    expect(usual).toMatchObject({
      ...{ id: "small", ends: { projection: 32, class_token: 64 }, featureEnd: "projection" },
      resize: expect.stringMatching(/^pil-bicubic to 16x16, mean 0\.48145466/),
      takesGrey: false,
    });
    const one = await opened("clip", 16, file, { ends: ["class_token"] }, describe_);
    expect(one).toMatchObject({ hash: usual.hash, ends: { class_token: 64 } });
    const resized = await opened("clip", 16, file, { resize: "clean" }, describe_);
    expect(resized.hash).not.toBe(usual.hash);
    const tensors = formulaTensors(goldenOf("clip", "transformers"));
    tensors.get("visual_projection.weight")!.data[0] = 7;
    const other = writeTensors(folder, "other.safetensors", tensors);
    expect((await opened("clip", 16, other, {}, describe_)).hash).not.toBe(usual.hash);
  });

  it("resizes grey and oblong images as asked, to what the resize alone gives", async () => {
    const file = writeGolden("dinov2", "timm");
    const grey = realImage(3, 9, 14);
    for (let i = 0; i < grey.pixels.length; i += 3) grey.pixels.fill(grey.pixels[i]!, i, i + 3);
    const { RESIZE_MODES } = await import("../../../src/images/resize/resize.ts");
    const levels = RESIZE_MODES["pil-bicubic"](grey.pixels, 14, 9, 12, 12);
    const square = { ...grey, pixels: Uint8Array.from(levels), width: 12, height: 12 };
    const [own, before] = [grey, square].map((image) => opened("dinov2", 12, file, {}, featuresOf([image])));
    expect(Array.from(await own!)).toEqual(Array.from(await before!));
  });
});

describe("a file of weights", () => {
  const changed = (program: string, change: (tensors: Tensors) => void) => {
    const golden = goldenOf(program === "timm" ? "dinov2" : "clip", program);
    const tensors = formulaTensors(golden);
    change(tensors);
    const file = writeTensors(folder, "changed.safetensors", tensors);
    return errorOf(
      openRowExtractor(engine, "small", smallRow(golden.kind as "clip", 16), { location: file }),
    );
  };

  it("that lacks weights is named by the first that are missing", async () => {
    const error = await changed("timm", (tensors) => {
      for (const key of tensors.keys()) if (key.startsWith("blocks.1.")) tensors.delete(key);
    });
    expect(error).toMatchObject({ code: "input.network-weights" });
    expect(error.message).toMatch(
      /a small dinov2 in .*changed\.safetensors, got no blocks\.1\.norm1\.weight, no .*, no .*, and 11 more$/,
    );
  });

  it("of another size is named by the shapes", async () => {
    const error = await changed("transformers", (tensors) => {
      tensors.set("visual_projection.weight", { data: new Float32Array(64), shape: [1, 64] });
    });
    expect(error.message).toMatch(
      /got visual_projection\.weight of shape \[1, 64\] where \[32, 64\] was expected$/,
    );
  });

  it("of another network says what it holds", async () => {
    const error = await changed("timm", (tensors) => {
      for (const key of [...tensors.keys()]) if (!key.startsWith("norm")) tensors.delete(key);
    });
    expect(error).toMatchObject({ code: "input.network-weights" });
    expect(error.message).toMatch(/got tensors named norm\.\w+, norm\.\w+$/);
    expect(error.hint).toContain("another network");
  });

  it("may have a prefix, and tensors that nobody asks for, which are not read", async () => {
    const golden = goldenOf("dinov2", "transformers");
    const tensors: Tensors = new Map();
    for (const [key, tensor] of formulaTensors(golden)) tensors.set(`dinov2.${key}`, tensor);
    // Truth values are no weights: reading them would be an error.
    tensors.set("classifier.mask", { data: new Uint8Array(3), shape: [3] } as never);
    const file = writeTensors(folder, "prefixed.bin", tensors);
    const { side, ends } = golden.results[0]!;
    const options = { positions: "huggingface" } as const;
    const data = await opened("dinov2", side, file, options, featuresOf(smallImages(side)));
    expect(differenceOf(data, ends.class_token!)).toBeLessThan(2e-6);
  });

  it("that torch saved in half precision is widened", async () => {
    const row = {
      ...smallRow("dinov2", 4),
      architecture: { kind: "dinov2", width: 8, depth: 1, heads: 2, patch: 2, grid: 2 },
    } as const;
    const of = async (name: string) => {
      const location = path.join(import.meta.dirname, "fixtures", name);
      const extractor = await openRowExtractor(engine, "small", row, { location });
      const data = await featuresOf(smallImages(4))(extractor);
      await extractor.dispose();
      return data;
    };
    const [half, brain] = [await of("dinov2-half.pth"), await of("dinov2-bfloat.safetensors")];
    expect(half.every(Number.isFinite)).toBe(true);
    const difference = differenceOf(half, [Array.from(brain)]);
    expect(difference).toBeLessThan(0.05);
    expect(difference).toBeGreaterThan(1e-5);
  });

  it("that is not there is said so", async () => {
    const weights = path.join(folder, "nowhere.pth");
    for (const name of ["dinov2-s", "vgg16"] as const)
      expect(await errorOf(openNamedExtractor(engine, name, { weights }))).toMatchObject({
        code: "input.cannot-read",
        message: expect.stringContaining("nowhere.pth"),
      });
    expect(await errorOf(openNamedExtractor(engine, "dinov2-s", { weights: folder }))).toMatchObject({
      code: "input.cannot-read",
    });
  });

  it("of a network that is not installed is asked for, and not fetched where that is forbidden", async () => {
    const options = { cacheDir: path.join(folder, "empty"), offline: true };
    expect(await errorOf(openNamedExtractor(engine, "dinov2-b", options))).toMatchObject({
      code: "unavailable.network",
    });
  });
});
