import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../../src/engine/engine.ts";
import { openEngine } from "../../../src/engine/index.ts";
import {
  type OpenCustomOptions,
  openCustomExtractor,
} from "../../../src/extractors/custom/custom-extractor.ts";
import type { FeatureExtractor } from "../../../src/extractors/extractor.ts";
import { ProtobufWriter } from "../../../src/formats/protobuf-writer.ts";
import { RESIZE_MODES } from "../../../src/images/resize/resize.ts";
import type { Image } from "../../../src/images/source.ts";
import {
  CLASSIFIER,
  errorOf,
  FILTER,
  float,
  floats,
  madeGraph,
  madeImages,
  node,
  writeOnnx,
} from "../made-networks.ts";

const SIDE = 6;
const IMAGES = madeImages(5);
const IMAGENET = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };

let folder: string;
let engine: Engine;
let fixed: string;
let dynamic: string;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "extractors-"));
  engine = await openEngine({ engine: "onnx", threads: 1 });
  fixed = writeOnnx(folder, "fixed.onnx", madeGraph(1, SIDE, ["features"]));
  dynamic = writeOnnx(folder, "My net (2).onnx", madeGraph(2, SIDE, ["features", "logits"]), {
    batch: "batch",
  });
});
afterAll(async () => {
  await engine.dispose();
  rmSync(folder, { recursive: true });
});

async function opened<T>(
  location: string,
  options: OpenCustomOptions,
  use: (extractor: FeatureExtractor) => Promise<T>,
): Promise<T> {
  const extractor = await openCustomExtractor(engine, location, options);
  try {
    return await use(extractor);
  } finally {
    await extractor.dispose();
  }
}

const featuresOf = (location: string, options: OpenCustomOptions = {}, images = IMAGES) =>
  opened(location, options, async (extractor) => (await extractor.extract(images)).features!);

/** The made network in plain sums: filter times the mean of the scaled levels. */
function expectedFeatures({ pixels, width, height }: Image, mean: number[], std: number[]): number[] {
  const levels = RESIZE_MODES.clean(pixels, width, height, SIDE, SIDE);
  const means = [0, 1, 2].map((c) => {
    let sum = 0;
    for (let i = c; i < levels.length; i += 3) sum += (levels[i] / 255 - mean[c]) / std[c];
    return sum / SIDE ** 2;
  });
  return [0, 1, 2, 3].map((k) => means.reduce((sum, value, c) => sum + value * FILTER[3 * k + c], 0));
}

/** float32 sums of 36 places and 3 channels, of values up to 3. */
const CLOSE = 1e-5;

function expectClose(got: Iterable<number>, expected: readonly number[]): void {
  const values = [...got];
  expect(values.length).toBe(expected.length);
  for (const [i, value] of values.entries()) expect(Math.abs(value - expected[i])).toBeLessThan(CLOSE);
}

describe("a network in an ONNX file", () => {
  it.each([
    ["fixed", () => fixed],
    ["any", () => dynamic],
  ])("gives what its layers say of the scaled images, batch axis %s", async (_, location) => {
    const zeroOne = await featuresOf(location());
    expectClose(
      zeroOne.data,
      IMAGES.flatMap((image) => expectedFeatures(image, [0, 0, 0], [1, 1, 1])),
    );
    for (const options of [IMAGENET, { mean: "imagenet" } as const])
      expectClose(
        (await featuresOf(location(), options)).data,
        IMAGES.flatMap((image) => expectedFeatures(image, IMAGENET.mean, IMAGENET.std)),
      );
  });

  it("says what it is, by the file's name, the file and how images are made ready", async () => {
    await opened(dynamic, { batchSize: 2, mean: "half" }, async (extractor) => {
      expect(extractor).toMatchObject({
        id: "My-net-2",
        ends: { features: 4 },
        featureEnd: "features",
        resize: "clean to 6x6, mean 0.5,0.5,0.5, std 0.5,0.5,0.5",
        takesGrey: false,
        computedBy: { engine: "onnx", device: "cpu", threads: 1 },
      });
      expect(extractor.ends.logits).toBeUndefined();
      expect(extractor.warnings!()).toEqual([]);
    });
    const hashes = await Promise.all(
      [{}, {}, { mean: [0.5] }, { resize: "tf1" as const }, { output: "logits" }].map((options) =>
        opened(dynamic, options, async ({ hash }) => hash),
      ),
    );
    expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(hashes[1]).toBe(hashes[0]);
    expect(new Set(hashes).size).toBe(4);
  });

  it("gives an image the same bytes in any company and any part of a batch", async () => {
    await opened(dynamic, { batchSize: 3 }, async (extractor) => {
      const together = (await extractor.extract(IMAGES)).features!;
      for (const [row, image] of IMAGES.entries()) {
        const alone = (await extractor.extract([image])).features!;
        expect(alone.data).toEqual(together.data.slice(4 * row, 4 * row + 4));
      }
      expect((await extractor.extract([])).features).toMatchObject({ rows: 0, width: 4 });
    });
  });

  it("gives logits where they are named", async () => {
    await opened(dynamic, { logitsOutput: "logits" }, async (extractor) => {
      expect(extractor.ends).toEqual({ features: 4, logits: 5 });
      const { features, logits } = await extractor.extract(IMAGES);
      const expected = IMAGES.flatMap((_, row) =>
        [0, 1, 2, 3, 4].map((k) =>
          [0, 1, 2, 3].reduce((sum, c) => sum + features!.data[4 * row + c] * CLASSIFIER[5 * c + k], 0),
        ),
      );
      expectClose(logits!.data, expected);
    });
  });

  it("gives tensors within: maps averaged, of tokens the first, and says so", async () => {
    const average = await featuresOf(fixed);
    await opened(fixed, { output: "map" }, async (extractor) => {
      expectClose((await extractor.extract(IMAGES)).features!.data, [...average.data]);
      expect(extractor.warnings!()).toMatchObject([
        { code: "output-reduced", message: expect.stringContaining("averaged over its 6x6 positions") },
      ]);
    });
    await opened(dynamic, { output: "tokens" }, async (extractor) => {
      expect(extractor.ends).toEqual({ features: SIDE * SIDE });
      expect(extractor.warnings!()[0].message).toContain("the first of its 4 tokens");
      const { data } = (await extractor.extract(IMAGES.slice(0, 1))).features!;
      expectClose([data.reduce((a, b) => a + b) / SIDE ** 2], [average.data[0]]);
    });
  });

  it("finds its arrays in files beside it, and counts them into its hash", async () => {
    const bytes = (await import("../../../src/engine/onnx-encode.ts")).graphToOnnx({
      ...madeGraph(1, SIDE, ["features"]),
      constants: madeGraph(1, SIDE, []).constants.slice(1),
    }).bytes;
    const entry = (key: string, value: string) => new ProtobufWriter().string(1, key).string(2, value);
    const write = (file: string) => {
      const filter = new ProtobufWriter().integer(1, 4).integer(1, 3).integer(1, 1).integer(1, 1); // dims
      filter.integer(2, 1).string(8, "filter"); // data_type, name
      filter.message(13, entry("location", file)).message(13, entry("length", "48")); // external_data
      filter.integer(14, 1); // data_location
      const graph = new ProtobufWriter().message(5, filter);
      const location = path.join(folder, "external.onnx");
      writeFileSync(location, Buffer.concat([bytes, new ProtobufWriter().message(7, graph).finish()]));
      return location;
    };
    const data = path.join(folder, "external.onnx.data");
    writeFileSync(data, new Uint8Array(FILTER.buffer));
    const location = write("external.onnx.data");
    for (const output of ["features", "map"])
      expectClose((await featuresOf(location, { output })).data, [...(await featuresOf(fixed)).data]);
    const hash = () => opened(location, {}, async (extractor) => extractor.hash);
    const before = await hash();
    writeFileSync(data, new Uint8Array(FILTER.map((x) => 2 * x).buffer));
    expect(await hash()).not.toBe(before);
    rmSync(data);
    expect((await errorOf(featuresOf(location))).code).toBe("input.cannot-read");
    expect((await errorOf(featuresOf(write("../elsewhere.data")))).code).toBe("input.extractor-network");
  });

  it("takes grey images where it has one channel", async () => {
    const images = float("images", [1, 1, SIDE, SIDE]);
    const location = writeOnnx(folder, "grey.onnx", {
      name: "grey",
      inputs: [images],
      constants: [floats("one", [1], Float32Array.of(1))],
      nodes: [node("Mul", [images, floats("one", [1], Float32Array.of(1))], float("same", images.shape))],
      outputs: [{ name: "same", value: float("same", images.shape) }],
    });
    const pixels = Uint8Array.from({ length: 3 * SIDE ** 2 }, (_, i) => [255, 0, 51][i % 3]);
    const red = { name: "red", width: SIDE, height: SIDE, pixels };
    const { data } = await featuresOf(location, {}, [red]);
    expectClose(data, [0.299 + 0.114 * 0.2]); // ITU-R 601's luma, rounded to 2^-16 as PIL has it
  });
});

describe("what cannot be an extractor is refused", () => {
  const graphOf = (batch: number, side: number, change: object) => ({
    ...madeGraph(batch, side, ["features"]),
    ...change,
  });
  const codeOf = async (location: string, options: OpenCustomOptions = {}) =>
    (await errorOf(openCustomExtractor(engine, location, options))).code;

  it("a file that is no model, or cut off, or not there", async () => {
    const text = path.join(folder, "text.onnx");
    writeFileSync(text, "not a model at all");
    const half = path.join(folder, "half.onnx");
    writeFileSync(half, readFileSync(fixed).subarray(0, 300));
    for (const location of [text, half]) expect(await codeOf(location)).toBe("input.extractor-network");
    expect(await codeOf(path.join(folder, "none.onnx"))).toBe("input.cannot-read");
    expect(await codeOf(folder)).toBe("input.cannot-read");
  });

  it("an op that ONNX Runtime does not know, in its own words", async () => {
    const images = float("images", [1, 3, SIDE, SIDE]);
    const made = float("made", images.shape);
    const location = writeOnnx(folder, "unknown-op.onnx", {
      ...{ name: "unknown", inputs: [images], constants: [] },
      nodes: [node("NoSuchOp" as "Relu", [images], made)],
      outputs: [{ name: "made", value: made }],
    });
    const { code, message } = await errorOf(openCustomExtractor(engine, location));
    expect(code).toBe("input.extractor-network");
    expect(message).toContain("NoSuchOp");
  });

  it("an output that it has not, and lists those there are", async () => {
    const { code, hint } = await errorOf(openCustomExtractor(engine, dynamic, { output: "pool" }));
    expect(code).toBe("usage.extractor-output");
    for (const name of ["features", "logits", "map", "tokens"]) expect(hint).toContain(name);
  });

  it("a network whose answer depends on the rest of the batch", async () => {
    const centred = writeOnnx(folder, "centred.onnx", madeGraph(2, SIDE, ["centred"]), { batch: "n" });
    expect(await codeOf(centred)).toBe("input.batch-dependent");
    // A batch of one has no rest.
    expect(await codeOf(centred, { batchSize: 1 })).toBe("no error");
  });

  it("sizes, layouts and scalings that are missing or do not fit", async () => {
    expect(await codeOf(fixed, { inputSize: [9, 6] })).toBe("usage.input-size");
    expect(await codeOf(fixed, { inputSize: [6, 6] })).toBe("no error");
    expect(await codeOf(fixed, { mean: [0.5, 0.5] })).toBe("usage.scaling");
    expect(await codeOf(fixed, { std: [0] })).toBe("usage.scaling");
    expect(await codeOf(fixed, { batchSize: 0 })).toBe("usage.batch-size");
    expect(await codeOf(fixed, { layout: "nhwc" })).toBe("input.extractor-input");
    const threes = writeOnnx(folder, "threes.onnx", graphOf(1, 3, {}));
    expect(await codeOf(threes)).toBe("usage.layout");
    expect(await codeOf(threes, { layout: "nchw" })).toBe("no error");
  });

  it("several inputs, or one that takes no images", async () => {
    const [images] = madeGraph(1, SIDE, []).inputs;
    const two = graphOf(1, SIDE, { inputs: [images, float("text", [1, 8])] });
    expect(await codeOf(writeOnnx(folder, "two.onnx", two))).toBe("input.extractor-network");
    const rows = float("rows", [1, 8]);
    const location = writeOnnx(folder, "rows.onnx", {
      ...{ name: "rows", inputs: [rows], constants: [] },
      nodes: [node("Relu", [rows], float("made", [1, 8]))],
      outputs: [{ name: "made", value: float("made", [1, 8]) }],
    });
    expect(await codeOf(location)).toBe("input.extractor-input");
    const whole = { ...images, dtype: "int32" as const };
    const integers = writeOnnx(folder, "integers.onnx", {
      ...{ name: "integers", inputs: [whole], constants: [] },
      nodes: [node("Abs", [whole], { ...whole, name: "made" })],
      outputs: [{ name: "made", value: { ...whole, name: "made" } }],
    });
    expect(await codeOf(integers)).toBe("input.extractor-network");
  });

  it("an output that is not one row an image", async () => {
    const [images] = madeGraph(2, SIDE, []).inputs;
    const whole = float("whole", []);
    const location = writeOnnx(folder, "whole.onnx", {
      ...{ name: "whole", inputs: [images], constants: [], outputs: [{ name: "whole", value: whole }] },
      nodes: [node("ReduceMean", [images], whole, { keepdims: 0 })],
    });
    expect(await codeOf(location)).toBe("input.extractor-output");
  });

  it("another engine than onnx", async () => {
    const cpu = await openEngine({ engine: "cpu" });
    expect((await errorOf(openCustomExtractor(cpu, fixed))).code).toBe("usage.engine");
    await cpu.dispose();
  });
});

describe("the hash", () => {
  it("is of the file's sha256, the layout, the text of the preprocessing and the outputs", async () => {
    const file = createHash("sha256").update(readFileSync(fixed)).digest("hex");
    const text = "clean to 6x6, mean 0,0,0, std 1,1,1";
    const protocol = JSON.stringify([file, "nchw", text, [["features", "features"]]]);
    const expected = createHash("sha256").update(protocol).digest("hex");
    expect(await opened(fixed, {}, async ({ hash }) => hash)).toBe(expected);
  });
});
