/** A generator in an ONNX file as a side: the images that `generate` makes, ranges and layouts, and what is refused. */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { functionToOnnxFile } from "../../../src/engine/export/onnx-file.ts";
import { loadTensorflow } from "../../../src/engine/tensorflow.ts";
import * as tf from "../../../src/engine/tfjs.ts";
import { evaluate } from "../../../src/evaluate/evaluate.ts";
import { openSide, type SideOptions } from "../../../src/evaluate/sides/side.ts";
import { openImages } from "../../../src/images/sources/open.ts";
import { exportGenerator } from "../../../src/samples/export-generator.ts";
import { generate } from "../../../src/samples/generate.ts";
import { temporaryFolder } from "../../images/made-images.ts";
import { makeRunFolder, type RunFolderOptions } from "../../runs/run-folder.ts";

const folder = await temporaryFolder();
let made = 0;
const at = (ending: string): string => path.join(folder, `${made++}${ending}`);
const OPTIONS = { onError: "fail", threads: 1 } as const;

async function readAll(location: string, options: Partial<SideOptions> = {}, batchSize = 7) {
  const side = await openSide(location, { ...OPTIONS, ...options });
  if (side.kind !== "images") throw new Error(side.kind);
  const images = [];
  for await (const batch of side.source.batches({ batchSize })) images.push(...batch);
  const warnings = side.source.warnings();
  await side.source.close();
  return { images, warnings, source: side.source };
}

const RUNS: Readonly<Record<string, RunFolderOptions>> = {
  mlp: { choices: { net: "mlp" } },
  conditional: { choices: { model: "cgan" }, classes: 10 },
  "in colour": { choices: { net: "dcgan" }, shape: [32, 32, 3] },
  infogan: { choices: { model: "infogan" }, shape: [32, 32, 1], classes: 10 },
  "of normal latents": { choices: { model: "goodfellow2014" }, shape: [28, 28, 1] },
};

async function makeRun(of: RunFolderOptions): Promise<string> {
  const run = at("");
  await makeRunFolder(run, of);
  return run;
}

/** A file with one product: latents times a constant. */
async function writeFunction(
  apply: (latent: tf.Tensor) => tf.Tensor,
  { width = 4, metadata = {} }: { width?: number; metadata?: Record<string, string> } = {},
): Promise<string> {
  await loadTensorflow();
  const { bytes } = await functionToOnnxFile(
    {
      name: "made",
      inputs: { latent: [width] },
      constants: {},
      apply: ({ latent }) => ({ pictures: apply(latent!) }),
    },
    { version: "1", description: "", ports: {}, metadata },
  );
  const location = at(".onnx");
  await writeFile(location, bytes);
  return location;
}

describe("an exported generator as a side", () => {
  it.each(Object.entries(RUNS))(
    "%s: has the images that `generate` makes of the same seed",
    async (_, of) => {
      const run = await makeRun(of);
      const [file, npz] = [at(".onnx"), at(".npz")];
      await exportGenerator({ run, to: "onnx", out: file });
      await generate({
        run,
        n: 20,
        seed: 7,
        out: npz,
        batchSize: 7,
        threads: 1,
        engine: "onnx",
        device: "cpu",
      });
      const expected = [];
      const source = await openImages(npz, { onError: "fail" });
      for await (const batch of source.batches({ batchSize: 20 })) expected.push(...batch);
      await source.close();
      const { images } = await readAll(file, { samples: 20, seed: 7 });
      expect(images).toHaveLength(20);
      let largest = 0;
      let differing = 0;
      for (const [i, { pixels }] of images.entries())
        for (const [k, level] of pixels.entries()) {
          const difference = Math.abs(level - expected[i].pixels[k]);
          largest = Math.max(largest, difference);
          if (difference > 0) differing++;
        }
      // Another order of sums may round a level to its neighbour.
      expect(largest).toBeLessThanOrEqual(1);
      expect(differing / (20 * images[0].pixels.length)).toBeLessThan(1e-3);
      expect(
        new Set(images.map(({ pixels }) => Buffer.from(pixels).toString("base64"))).size,
      ).toBeGreaterThan(15);
    },
  );

  it("gives the same images at every pass and for every batch size, others for another seed", async () => {
    const run = await makeRun(RUNS.mlp!);
    const file = at(".onnx");
    await exportGenerator({ run, to: "onnx", out: file });
    const hashes = [];
    for (const [seed, batchSize] of [
      [7, 7],
      [7, 16],
      [8, 7],
    ])
      hashes.push(await (await readAll(file, { samples: 40, seed }, batchSize)).source.contentHash());
    expect(hashes[1]).toBe(hashes[0]);
    expect(hashes[2]).not.toBe(hashes[0]);
    const side = await openSide(file, { ...OPTIONS, samples: 10 });
    if (side.kind !== "images") throw new Error(side.kind);
    const passes = [];
    for (let pass = 0; pass < 2; pass++)
      for await (const batch of side.source.batches({ batchSize: 10 })) passes.push(batch[0].pixels);
    await side.source.close();
    expect(passes[1]).toEqual(passes[0]);
  });

  it("is measured by name, and the result says what was drawn", async () => {
    const run = await makeRun(RUNS.mlp!);
    const file = at(".onnx");
    await exportGenerator({ run, to: "onnx", out: file });
    const { inputs, metrics } = await evaluate({
      fake: file,
      samples: 64,
      limit: 50,
      metrics: ["is"],
      extractor: "digits",
      splits: 1,
      threads: 1,
    });
    expect(inputs.fake).toMatchObject({ kind: "generator", count: 50 });
    expect(inputs.fake!.location).toMatch(/\.onnx \((uniform|normal) latents, seed 2020\)$/);
    expect(Object.values(metrics).every(Number.isFinite)).toBe(true);
  });
});

describe("a generator of another program", () => {
  const signed = (latent: tf.Tensor) => tf.tanh(tf.reshape(latent, [-1, 2, 2, 1]));

  it.each(["{", "[]", '{"noise":4}', '{"noise":-1,"distribution":"normal"}', "null"])(
    "whose note of its latents is %s is refused, and taken where its latents are said",
    async (note) => {
      const fake = await writeFunction(signed, { metadata: { latent_spec: note } });
      const given = { fake, samples: 4, metrics: ["fid"] as const, real: fake, extractor: "pixels" } as const;
      await expect(evaluate(given)).rejects.toMatchObject({
        code: "input.generator-file",
        message: expect.stringContaining("latent_spec that state no latents"),
        hint: expect.stringContaining("--latents normal"),
      });
      await expect(evaluate({ ...given, latents: "normal" })).resolves.toMatchObject({
        warnings: expect.any(Array),
      });
    },
  );

  it("is read channels first or last, in each range, to the same levels", async () => {
    const colours = (latent: tf.Tensor) => tf.tanh(tf.reshape(latent, [-1, 2, 2, 3]));
    const last = await readAll(await writeFunction(colours, { width: 12 }), { samples: 9 });
    const first = await readAll(
      await writeFunction((latent) => tf.transpose(colours(latent), [0, 3, 1, 2]), { width: 12 }),
      { samples: 9 },
    );
    const unit = await readAll(
      await writeFunction((latent) => tf.mul(tf.add(colours(latent), 1), 0.5), { width: 12 }),
      { samples: 9, pixelRange: "0..1" },
    );
    const levels = ({ images }: typeof last) => images.map(({ pixels }) => [...pixels]);
    expect(levels(first)).toEqual(levels(last));
    for (const [i, row] of levels(unit).entries())
      for (const [k, level] of row.entries())
        expect(Math.abs(level - levels(last)[i][k])).toBeLessThanOrEqual(1);
  });

  it("is fed normal latents unless others are named", async () => {
    const levels = async (latents?: "normal" | "uniform") => {
      const file = await writeFunction((latent) => tf.mul(tf.reshape(latent, [-1, 2, 2, 1]), 0.1));
      const { images } = await readAll(file, { samples: 500, ...(latents && { latents }) });
      return Math.max(...images.flatMap(({ pixels }) => [...pixels]));
    };
    // Uniform ones end at 0.1 of the range, normal ones do not.
    expect(await levels("uniform")).toBeLessThanOrEqual(141);
    expect(await levels()).toBeGreaterThan(150);
  });

  it.each([
    ["values out of range", (latent: tf.Tensor) => tf.mul(signed(latent), 3), "--pixel-range"],
    ["an output of another shape", (latent: tf.Tensor) => tf.tanh(latent), "[n, 3, height, width]"],
  ] as const)("is refused with %s", async (_, apply, hint) => {
    await expect(readAll(await writeFunction(apply), { samples: 9 })).rejects.toMatchObject({
      code: "input.generator-file",
      hint: expect.stringContaining(hint),
    });
  });

  it("is refused by name where the file is no ONNX model, and by an engine that runs none", async () => {
    const broken = at(".onnx");
    await writeFile(broken, "no model");
    await expect(openSide(broken, OPTIONS)).rejects.toMatchObject({
      message: expect.stringContaining(broken),
    });
    await expect(openSide(await writeFunction(signed), { ...OPTIONS, engine: "cpu" })).rejects.toMatchObject({
      code: "usage.engine",
    });
  });
});
