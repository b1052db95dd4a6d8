import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../../src/engine/engine.ts";
import { functionToGraphModel } from "../../../src/engine/export/graph-model.ts";
import { openEngine } from "../../../src/engine/index.ts";
import { loadTensorflow, type Tensorflow } from "../../../src/engine/tensorflow.ts";
import type { io } from "../../../src/engine/tfjs.ts";
import {
  type OpenCustomOptions,
  openCustomExtractor,
} from "../../../src/extractors/custom/custom-extractor.ts";
import { errorOf, madeImages } from "../made-networks.ts";

const SIDE = 6;
const IMAGES = madeImages(5);

let folder: string;
let tf: Tensorflow;
let onnx: Engine;
let graph: string;
let layers: string;

function writeFolder(name: string, json: unknown, weights: Uint8Array): string {
  const location = path.join(folder, name);
  mkdirSync(location);
  writeFileSync(path.join(location, "model.json"), JSON.stringify(json));
  writeFileSync(path.join(location, "weights.bin"), weights);
  return location;
}

/** Two layers whose numbers are drawn once, saved as tensorflow.js saves them. */
async function writeLayers(name: string, side: number | null): Promise<string> {
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({
        ...{ filters: 4, kernelSize: 3, name: "conv", inputShape: [side, side, 3] },
        kernelInitializer: tf.initializers.glorotUniform({ seed: 1 }),
      }),
      tf.layers.batchNormalization({ name: "norm" }),
      tf.layers.globalAveragePooling2d({ name: "pool" }),
      tf.layers.dense({
        units: 5,
        name: "classes",
        kernelInitializer: tf.initializers.glorotUniform({ seed: 2 }),
      }),
    ],
  });
  let location = "";
  await model.save({
    save: async (artifacts: io.ModelArtifacts) => {
      const { weightSpecs, weightData, ...json } = artifacts;
      const manifest = [{ paths: ["weights.bin"], weights: weightSpecs }];
      const bytes = new Uint8Array(weightData as ArrayBuffer);
      location = writeFolder(name, { ...json, weightsManifest: manifest }, bytes);
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" as const } };
    },
  });
  model.dispose();
  return location;
}

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "extractors-"));
  tf = await loadTensorflow();
  onnx = await openEngine({ engine: "onnx", threads: 1 });
  layers = await writeLayers("layers", SIDE);
  const made = await functionToGraphModel(
    {
      ...{ name: "made", inputs: { images: [SIDE, SIDE, 3] } },
      constants: { scales: { data: Float32Array.of(1, 2, 3), shape: [3] } },
      apply: ({ images }, { scales }) => {
        const map = tf.relu(tf.mul(images, scales));
        return { features: tf.mean(map, [1, 2]), map };
      },
    },
    { generatedBy: "test", convertedBy: "test" },
    "weights.bin",
  );
  graph = writeFolder("graph", made.json, made.weights);
});
afterAll(async () => {
  await onnx.dispose();
  rmSync(folder, { recursive: true });
});

async function ends(location: string, options: OpenCustomOptions = {}, engine = onnx) {
  const extractor = await openCustomExtractor(engine, location, { batchSize: 2, ...options });
  const made = await extractor.extract(IMAGES);
  const warnings = extractor.warnings!();
  await extractor.dispose();
  const { features, logits } = made;
  return { features, logits, id: extractor.id, hash: extractor.hash, warnings };
}

/** float32 sums in another order, of values around 1. */
function expectClose(got: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(got.length).toBe(expected.length);
  for (let i = 0; i < got.length; i++) expect(Math.abs(got[i] - expected[i])).toBeLessThan(1e-5);
}

describe("a graph model in a folder", () => {
  it("gives its first output, by the signature's names, and maps averaged", async () => {
    const { features, id } = await ends(graph, { output: "features" });
    expect(id).toBe("graph");
    expect(features).toMatchObject({ rows: 5, width: 3 });
    const map = await ends(graph, { output: "map" });
    expectClose(map.features!.data, features!.data);
    expect(map.warnings).toMatchObject([{ code: "output-reduced" }]);
    // Red is taken as it is: its mean over an image of the right size.
    const { pixels } = IMAGES[0];
    const exact = { ...IMAGES[0], width: SIDE, height: SIDE, pixels: pixels.subarray(0, SIDE * SIDE * 3) };
    const extractor = await openCustomExtractor(onnx, graph, { output: "features" });
    const { data } = (await extractor.extract([exact])).features!;
    const red = exact.pixels.filter((_, i) => i % 3 === 0).reduce((a, b) => a + b / 255 / SIDE ** 2, 0);
    expect(data[0]).toBeCloseTo(red, 5);
    await extractor.dispose();
  });

  it("lists the outputs there are where another is named", async () => {
    const { code, hint } = await errorOf(ends(graph, { output: "pool" }));
    expect(code).toBe("usage.extractor-output");
    expect(hint).toContain("features");
  });
});

describe("a layers model in a folder", () => {
  it("gives what tensorflow.js gives for the same images", async () => {
    const { features, logits } = await ends(layers, { output: "pool", logitsOutput: "classes" });
    const model = await tf.loadLayersModel({
      load: async () => {
        const { readFileSync } = await import("node:fs");
        const json = JSON.parse(readFileSync(path.join(layers, "model.json"), "utf8"));
        const bytes = new Uint8Array(readFileSync(path.join(layers, "weights.bin")));
        return { ...json, weightSpecs: json.weightsManifest[0].weights, weightData: bytes.buffer };
      },
    });
    const { resizeClean } = await import("../../../src/images/resize/resize.ts");
    const inputs = IMAGES.map(({ pixels, width, height }) =>
      tf.tensor3d(resizeClean(pixels, width, height, SIDE), [SIDE, SIDE, 3]),
    );
    const expected = model.predict(
      tf.div(tf.stack(inputs), 255),
    ) as import("../../../src/engine/tfjs.ts").Tensor;
    expectClose(logits!.data, expected.dataSync());
    expect(features).toMatchObject({ rows: 5, width: 4 });
    model.dispose();
  });

  it("gives the same features on an eager engine, and frees its tensors", async () => {
    const cpu = await openEngine({ engine: "cpu" });
    const before = tf.memory().numTensors;
    const { features } = await ends(layers, { output: "norm" }, cpu);
    expectClose(features!.data, (await ends(layers, { output: "norm" })).features!.data);
    expect(tf.memory().numTensors).toBe(before);
    await cpu.dispose();
  });

  it("is named by model.json as well as by its folder", async () => {
    const byFile = await ends(path.join(layers, "model.json"));
    const byFolder = await ends(layers);
    expect(byFile).toEqual(byFolder);
    expect(byFile.id).toBe("layers");
  });

  it("of any size needs one", async () => {
    const open = await writeLayers("open", null);
    expect((await errorOf(ends(open))).code).toBe("usage.input-size");
    expect((await ends(open, { inputSize: [7, 9] })).features).toMatchObject({ rows: 5, width: 5 });
  });
});

describe("what is no tensorflow.js model", () => {
  it("is refused", async () => {
    const codeOf = async (location: string) => (await errorOf(ends(location))).code;
    const empty = path.join(folder, "empty");
    mkdirSync(empty);
    expect(await codeOf(empty)).toBe("input.cannot-read");
    expect(await codeOf(writeFolder("other", { format: "graph-model" }, new Uint8Array(0)))).toBe(
      "input.extractor-network",
    );
    const outside = { format: "graph-model", modelTopology: { node: [] } };
    const manifest = [{ paths: ["../weights.bin"], weights: [] }];
    const location = writeFolder("outside", { ...outside, weightsManifest: manifest }, new Uint8Array(0));
    const { code, message } = await errorOf(ends(location));
    expect(code).toBe("input.extractor-network");
    expect(message).toContain("outside the folder");
  });
});
