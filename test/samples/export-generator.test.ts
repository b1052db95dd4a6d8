import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import protobuf from "protobufjs";
import { beforeAll, describe, expect, it } from "vitest";
import { loadOnnxRuntime } from "../../src/engine/onnxruntime.ts";
import * as tf from "../../src/engine/tfjs.ts";
import { exportGenerator } from "../../src/samples/export-generator.ts";
import { openGenerator } from "../../src/samples/open-generator.ts";
import { labelsToOneHot } from "../../src/train/labels.ts";
import { drawLatents } from "../../src/train/latent.ts";
import { openRandomStream } from "../../src/train/random.ts";
import { emptyFolder } from "../runs/empty-folder.ts";
import { makeRunFolder, type RunFolderOptions } from "../runs/run-folder.ts";

const { InferenceSession, Tensor } = await loadOnnxRuntime();

const KINDS: Readonly<Record<string, RunFolderOptions>> = {
  mlp: { choices: { net: "mlp" } },
  "conditional mlp": { choices: { model: "cgan" }, classes: 10 },
  "up-sampling": { choices: { net: "up-sampling" }, shape: [16, 16, 3] },
  "up-sampling, cut to a size that is no multiple of 4": {
    choices: { net: "up-sampling" },
    shape: [14, 18, 1],
  },
  "conditional up-sampling": { choices: { model: "acgan" }, shape: [8, 8, 1], classes: 10 },
  transposed: { choices: { net: "transposed" }, shape: [28, 28, 1] },
  dcgan: { choices: { net: "dcgan" }, shape: [32, 32, 3] },
  "conditional dcgan": { choices: { net: "dcgan", conditional: true }, shape: [32, 32, 1], classes: 3 },
  resnet: { choices: { net: "resnet" }, shape: [32, 32, 3] },
  "resnet with spectral norm": { choices: { net: "resnet", spectralNorm: "both" }, shape: [16, 16, 3] },
  "transposed with spectral norm": {
    choices: { net: "transposed", spectralNorm: "both" },
    shape: [28, 28, 1],
  },
  infogan: { choices: { model: "infogan" }, shape: [32, 32, 1], classes: 10 },
  goodfellow2014: { choices: { model: "goodfellow2014" }, shape: [28, 28, 1] },
  "running average": { choices: { net: "mlp", emaDecay: 0.999 } },
  toy: { choices: {}, shape: [2], data: "ring" },
  "PacGAN's toy": { choices: { model: "pacgan" }, shape: [2], data: "ring" },
};

/** No batch of the sampler's, nor one that was traced. */
const N = 5;

/** Random inputs of a run, and what its sampler makes of them. */
async function sampleRun(run: string) {
  const generator = await openGenerator({ run, batchSize: 3, threads: 1 });
  const { latent, classes, sampler, network } = generator;
  const latents = drawLatents(latent, N, openRandomStream(5, "latent"));
  const labels = classes === undefined ? undefined : labelsToOneHot([2, 0, 1, 1, 2], classes);
  const samples = await sampler.sample(latents, labels);
  await generator.dispose();
  return { latents, labels, classes, samples, shape: [N, ...network.output] };
}

const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  expect(a.length).toBe(b.length);
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i] - b[i]));
  return largest;
};

const spread = (values: Float32Array): number => Math.max(...values) - Math.min(...values);

/** model.json and what it names, as tensorflow.js takes them from memory. */
async function readModel(folder: string): Promise<tf.io.ModelArtifacts> {
  const { modelTopology, weightsManifest, ...rest } = JSON.parse(
    await readFile(path.join(folder, "model.json"), "utf8"),
  );
  expect(weightsManifest[0].paths).toEqual(["group1-shard1of1.bin"]);
  const bytes = await readFile(path.join(folder, weightsManifest[0].paths[0]));
  return {
    modelTopology,
    weightSpecs: weightsManifest[0].weights,
    weightData: Uint8Array.from(bytes).buffer,
    ...rest,
  };
}

describe.each(Object.entries(KINDS))("%s", (_name, options) => {
  let run: string;
  let sampled: Awaited<ReturnType<typeof sampleRun>>;
  const folder = emptyFolder();
  beforeAll(async () => {
    run = path.join(folder, "run");
    await makeRunFolder(run, options);
    sampled = await sampleRun(run);
    expect(spread(sampled.samples)).toBeGreaterThan(0.02);
  });

  it("is the same in ONNX Runtime, for any number of latents", async () => {
    const out = path.join(folder, "generator.onnx");
    const exported = await exportGenerator({ run, to: "onnx", out });
    expect(exported.batch).toBe("any");
    const session = await InferenceSession.create(out, { intraOpNumThreads: 1 });
    const { latents, labels, classes, samples, shape } = sampled;
    const output = options.shape?.length === 1 ? "points" : "pictures";
    expect(session.inputNames).toEqual(labels ? ["latent", "labels"] : ["latent"]);
    expect(session.outputNames).toEqual([output]);
    for (const n of [N, 1]) {
      const part = (data: Float32Array) => data.slice(0, (data.length / N) * n);
      const made = await session.run({
        latent: new Tensor("float32", part(latents), [n, latents.length / N]),
        ...(labels && { labels: new Tensor("float32", part(labels), [n, classes!]) }),
      });
      expect(made[output].dims).toEqual([n, ...shape.slice(1)]);
      expect(largestDifference(made[output].data as Float32Array, part(samples))).toBeLessThan(1e-5);
    }
    await session.release();
  });

  it("is the same as a graph model of tensorflow.js, for any number of latents", async () => {
    const out = path.join(folder, "model");
    const exported = await exportGenerator({ run, to: "tfjs", out });
    expect(exported.batch).toBe("any");
    await tf.setBackend("cpu");
    const model = await tf.loadGraphModel(tf.io.fromMemory(await readModel(out)));
    const { latents, labels, classes, samples, shape } = sampled;
    const n = 2;
    const made = tf.tidy(() => {
      const latent = tf.tensor(latents.slice(0, (latents.length / N) * n), [n, latents.length / N]);
      const inputs: tf.NamedTensorMap = { latent };
      if (labels) inputs.labels = tf.tensor(labels.slice(0, n * classes!), [n, classes!]);
      const output = model.predict(inputs) as tf.Tensor;
      expect(output.shape).toEqual([n, ...shape.slice(1)]);
      return output.dataSync();
    });
    expect(largestDifference(made, samples.slice(0, made.length))).toBeLessThan(1e-4);
    model.dispose();
  });
});

describe("what a file says of itself", () => {
  const folder = emptyFolder();
  const run = path.join(folder, "run");
  beforeAll(async () => {
    await makeRunFolder(run, { choices: { model: "cgan" }, classes: 3, rounds: [100, 200] });
  });

  it("is in the ONNX model's metadata, with a batch of any size", async () => {
    const out = path.join(folder, "a.onnx");
    const exported = await exportGenerator({ run, to: "onnx", out, checkpoint: 100 });
    const schema = protobuf.loadSync(path.join(import.meta.dirname, "../engine/fixtures/onnx.proto"));
    const ModelProto = schema.lookupType("onnx.ModelProto");
    const bytes = await readFile(out);
    expect(exported.bytes).toBe(bytes.length);
    const model = ModelProto.toObject(ModelProto.decode(bytes), { longs: Number });
    const dims = (port: { type: { tensorType: { shape: { dim: object[] } } } }) =>
      port.type.tensorType.shape.dim;
    expect(model.docString).toContain("round 100");
    expect(model.graph.input.map(dims)).toEqual([
      [{ dimParam: "batch" }, { dimValue: 100 }],
      [{ dimParam: "batch" }, { dimValue: 3 }],
    ]);
    expect(dims(model.graph.output[0]).slice(1)).toEqual([{ dimValue: 8 }, { dimValue: 8 }, { dimValue: 1 }]);
    expect(model.graph.output[0].docString).toContain("NHWC");
    expect(model.graph.initializer.map(({ name }: { name: string }) => name)).toContain(
      "weights/dense1/weights",
    );
    const metadata = model.metadataProps.map(({ key, value }: Record<string, string>) => [key, value]);
    expect(Object.fromEntries(metadata)).toMatchObject({
      run: "a-run",
      round: "100",
      latent: "100 standard normal numbers",
      labels: "one-hot class",
    });
  });

  it("is in the graph model's metadata and signature", async () => {
    const out = path.join(folder, "a-model");
    await exportGenerator({ run, to: "tfjs", out });
    const { signature, userDefinedMetadata } = JSON.parse(
      await readFile(path.join(out, "model.json"), "utf8"),
    );
    expect(Object.keys(signature.inputs)).toEqual(["latent", "labels"]);
    const sizes = signature.outputs.pictures.tensorShape.dim.map(({ size }: { size: string }) => size);
    expect(sizes).toEqual(["-1", "8", "8", "1"]);
    expect(userDefinedMetadata).toMatchObject({ round: "200", description: expect.stringContaining("NHWC") });
  });

  it.each([
    ["onnx", "b.onnx"],
    ["tfjs", "b-model"],
  ] as const)("%s: the same run gives the same bytes", async (to, name) => {
    const bytes = async (out: string) => {
      await exportGenerator({ run, to, out });
      return readFile(to === "onnx" ? out : path.join(out, "model.json"));
    };
    const first = await bytes(path.join(folder, name));
    expect((await bytes(path.join(folder, `again-${name}`))).equals(first)).toBe(true);
  });
});

describe("a place that is taken", () => {
  const folder = emptyFolder();
  const run = path.join(folder, "run");
  beforeAll(async () => {
    await makeRunFolder(run);
  });

  it("is refused, and replaced where that is allowed", async () => {
    for (const [to, name] of [
      ["onnx", "a.onnx"],
      ["tfjs", "a"],
    ] as const) {
      const out = path.join(folder, name);
      await exportGenerator({ run, to, out });
      await expect(exportGenerator({ run, to, out })).rejects.toMatchObject({ code: "usage.target-exists" });
      await exportGenerator({ run, to, out, overwrite: true });
    }
  });

  it("is never a folder that holds something else", async () => {
    const out = path.join(folder, "mine");
    await mkdir(out);
    await writeFile(path.join(out, "thesis.txt"), "");
    const exporting = exportGenerator({ run, to: "tfjs", out, overwrite: true });
    await expect(exporting).rejects.toMatchObject({ code: "usage.target-exists" });
    expect(await readdir(out)).toEqual(["thesis.txt"]);
  });

  it("is left as it was where the export is stopped", async () => {
    const before = await readdir(folder);
    for (const [to, name] of [
      ["onnx", "z.onnx"],
      ["tfjs", "z"],
    ] as const)
      await expect(
        exportGenerator({ run, to, out: path.join(folder, name), signal: AbortSignal.abort() }),
      ).rejects.toThrow();
    expect(await readdir(folder)).toEqual(before);
  });

  it("needs the ending of its kind", async () => {
    const exporting = exportGenerator({ run, to: "onnx", out: path.join(folder, "a.bin") });
    await expect(exporting).rejects.toMatchObject({ code: "usage.out" });
  });
});
