/** Makers of runs of several networks, exported: other programs make the same of the same inputs. */
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { loadOnnxRuntime } from "../../src/engine/onnxruntime.ts";
import { exportGenerator } from "../../src/samples/export-generator.ts";
import { openRunMaker } from "../../src/samples/open-maker.ts";
import { openRandomStream } from "../../src/train/random.ts";
import { emptyFolder } from "../runs/empty-folder.ts";
import { makeRunFolder } from "../runs/run-folder.ts";
import { makeSchemeRunFolder, type SchemeRunOptions } from "../runs/scheme-run-folder.ts";

const { InferenceSession, Tensor } = await loadOnnxRuntime();

const folder = emptyFolder();
const N = 3;
const WIDE = { blocks: undefined, discriminatorLayers: undefined };
const image = [16, 16, 3];

/** Runs, one of whose makers is exported, and what it reads. */
const RUNS: Readonly<Record<string, readonly [SchemeRunOptions, maker: string, inputs: readonly string[]]>> =
  {
    cyclegan: [{}, "b-to-a", ["b"]],
    "cyclegan with U-Nets": [{ choices: { translator: "unet" } }, "a-to-b", ["a"]],
    pix2pix: [{ model: "pix2pix" }, "a-to-b", ["a"]],
    srgan: [
      { model: "srgan", fields: { a: image, low: [4, 4, 3] }, choices: { discriminatorLayers: undefined } },
      "enlarge",
      ["low"],
    ],
    cogan: [{ model: "cogan", choices: { ...WIDE, latentDim: 5 } }, "sample-a", ["latent"]],
  };

describe.each(Object.entries(RUNS))("%s", (name, [options, maker, inputs]) => {
  const run = path.join(folder, name);
  beforeAll(async () => {
    await makeSchemeRunFolder(run, options);
  });

  it("is the same in ONNX Runtime, for any number of images", async () => {
    const out = path.join(folder, `${name}.onnx`);
    const exported = await exportGenerator({ run, maker, to: "onnx", out });
    expect(exported).toMatchObject({ batch: "any", run, round: 100 });
    expect(exported.inputs.map((port) => port.name)).toEqual(inputs);
    const given = Object.fromEntries(
      exported.inputs.map((port) => {
        const values = new Float32Array(N * port.shape.reduce((size, side) => size * side, 1));
        return [port.name, { shape: port.shape, values: openRandomStream(3, port.name).normal(values) }];
      }),
    );
    const opened = await openRunMaker({ run, maker, batchSize: 2, threads: 1 });
    const expected = await opened.make(
      Object.fromEntries(Object.entries(given).map(([key, { values }]) => [key, values])),
    );
    expect(exported.output.shape).toEqual(opened.shape);
    await opened.dispose();
    const session = await InferenceSession.create(out, { intraOpNumThreads: 1 });
    for (const n of [N, 1]) {
      const part = (values: Float32Array) => values.slice(0, (values.length / N) * n);
      const feeds = Object.entries(given).map(([key, { shape, values }]) => [
        key,
        new Tensor("float32", part(values), [n, ...shape]),
      ]);
      const made = (await session.run(Object.fromEntries(feeds)))[exported.output.name];
      expect(made.dims).toEqual([n, ...exported.output.shape]);
      const wanted = part(expected);
      const worst = Math.max(...(made.data as Float32Array).map((value, i) => Math.abs(value - wanted[i])));
      expect(worst).toBeLessThan(1e-4);
    }
    await session.release();
  });
});

it("the first maker is exported where none is named, of another size where it is asked for", async () => {
  const run = path.join(folder, "sized");
  await makeSchemeRunFolder(run);
  const made = await exportGenerator({ run, size: [24, 32], to: "tfjs", out: path.join(folder, "model") });
  expect(made).toMatchObject({ inputs: [{ name: "a", shape: [24, 32, 3] }], output: { shape: [24, 32, 3] } });
});

it("a maker that the run does not have is refused, and so is a maker of a generator", async () => {
  const run = path.join(folder, "refusing");
  await makeSchemeRunFolder(run);
  const out = path.join(folder, "refused.onnx");
  await expect(exportGenerator({ run, maker: "a-to-c", to: "onnx", out })).rejects.toMatchObject({
    code: "usage.maker",
  });
  const generator = path.join(folder, "generator");
  await makeRunFolder(generator);
  await expect(exportGenerator({ run: generator, maker: "a-to-b", to: "onnx", out })).rejects.toMatchObject({
    code: "usage.run-kind",
  });
});
