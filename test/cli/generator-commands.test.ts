import { describe, expect, it } from "vitest";
import type { Exported, ExportOptions } from "../../src/samples/export-generator.ts";
import type { Generated, GenerateOptions } from "../../src/samples/generate.ts";
import type { Interpolated, InterpolateOptions } from "../../src/samples/interpolate.ts";
import { libraryOf, run } from "./command-line.ts";

const origin = { run: "runs/gan-1", checkpoint: "checkpoints/00001000.safetensors", round: 1000 };

const generated: Generated = {
  schema: "gan-eval/generated/1",
  ...origin,
  seed: 3,
  n: 5000,
  shape: [28, 28, 1],
  classes: [2500, 0, 2500],
  location: "my fakes",
  kind: "folder",
  seconds: 2,
};

const interpolated: Interpolated = {
  schema: "gan-eval/interpolated/1",
  ...origin,
  seed: 2020,
  steps: 8,
  paths: 1,
  interpolation: "spherical",
  classes: [3],
  location: "a.png",
};

const exported: Exported = {
  schema: "gan-eval/exported/1",
  ...origin,
  format: "onnx",
  location: "a.onnx",
  bytes: 2 ** 21,
  batch: "any",
  inputs: [{ name: "latent", shape: [62], description: "62 standard normal numbers" }],
  output: { name: "pictures", shape: [28, 28, 1], description: "in [-1, 1]" },
};

describe("generate", () => {
  const seen: GenerateOptions[] = [];
  const library = libraryOf({
    generate: async (options) => {
      seen.push(options);
      return generated;
    },
  });
  const generate = (...words: string[]) => run(["generate", "--run", "runs/gan-1", ...words], { library });

  it("says what was written, of what, and what comes next", async () => {
    const ran = await generate("--out", "my fakes", "--n", "5000", "--seed", "3");
    expect(`\n${ran.stdout}`).toMatchInlineSnapshot(`
      "
      wrote    my fakes
      made     5,000 images of 28 x 28 x 1 in 2.00 s (2,500 per second)
      from     runs/gan-1, round 1,000, seed 3
      classes  0: 2,500, 2: 2,500
      "
    `);
    expect(ran.stderr).toBe("next: gan-eval fid --real DIR --fake 'my fakes'\n");
    expect(seen.at(-1)).toMatchObject({
      run: "runs/gan-1",
      out: "my fakes",
      n: 5000,
      seed: 3,
      overwrite: false,
    });
    expect(JSON.parse((await generate("--out", "a", "--json")).stdout)).toEqual(generated);
  });

  it("leaves a checkpoint and classes that were not asked for to the library", async () => {
    await generate("--out", "a");
    expect(seen.at(-1)!.checkpoint).toBeUndefined();
    expect(seen.at(-1)!.classes).toBeUndefined();
    await generate("--out", "a", "--checkpoint", "best", "--classes", "balanced");
    expect(seen.at(-1)).toMatchObject({ checkpoint: "best", classes: "balanced" });
    await generate("--out", "a", "--checkpoint", "0500", "--classes", "3,7");
    expect(seen.at(-1)).toMatchObject({ checkpoint: 500, classes: [3, 7] });
    await generate("--out", "a", "--classes", "cat, red fox,03");
    expect(seen.at(-1)).toMatchObject({ classes: ["cat", "red fox", "03"] });
  });

  it.each([
    ["--checkpoint", "newest"],
    ["--checkpoint", "-1"],
    ["--classes", "3,,7"],
    ["--classes", ","],
  ])("refuses %s %s", async (flag, value) => {
    const ran = await generate("--out", "a", `${flag}=${value}`);
    expect(ran.exitCode).toBe(2);
    expect(ran.stderr).toContain(`${flag} expects`);
  });

  it("needs a run and a place", async () => {
    const ran = await run(["generate"], { library });
    expect(ran.exitCode).toBe(2);
    expect(ran.stderr).toContain("--run DIR and --out PATH");
  });

  it("of points has no metric to go on to", async () => {
    const points = libraryOf({ generate: async () => ({ ...generated, shape: [2] }) });
    const ran = await run(["generate", "--run", "r", "--out", "a.csv"], { library: points });
    expect(ran.stdout).toContain("5,000 points of 2 in");
    expect(ran.stderr).toBe("");
  });
});

it("interpolate hands on how only if it was asked for", async () => {
  const seen: InterpolateOptions[] = [];
  const library = libraryOf({
    interpolate: async (options) => {
      seen.push(options);
      return interpolated;
    },
  });
  const words = ["interpolate", "--run", "runs/gan-1", "--out", "a.png", "--paths", "1"];
  const ran = await run(words, { library });
  expect(`\n${ran.stdout}`).toMatchInlineSnapshot(`
    "
    wrote    a.png
    made     1 path of 8 steps, spherical
    from     runs/gan-1, round 1,000, seed 2020
    classes  3
    "
  `);
  expect(seen.at(-1)).toMatchObject({ paths: 1, steps: 8, seed: 2020, out: "a.png" });
  expect(seen.at(-1)!.interpolation).toBeUndefined();
  await run([...words, "--interpolation", "spherical"], { library });
  expect(seen.at(-1)).toMatchObject({ interpolation: "spherical" });
});

describe("export", () => {
  const seen: ExportOptions[] = [];
  const exporting = (changes: Partial<Exported>) =>
    libraryOf({
      exportGenerator: async (options) => {
        seen.push(options);
        return { ...exported, ...changes };
      },
    });
  const words = ["export", "--run", "runs/gan-1", "--to", "onnx", "--out", "a.onnx"];

  it("says what goes in and what comes out", async () => {
    const ran = await run(words, { library: exporting({}) });
    expect(`\n${ran.stdout}`).toMatchInlineSnapshot(`
      "
      wrote     a.onnx, 2.0 MiB
      from      runs/gan-1, round 1,000
      latent    [n, 62]: 62 standard normal numbers
      pictures  [n, 28, 28, 1]: in [-1, 1]
      "
    `);
    expect(ran.stderr).toBe('next: onnxruntime.InferenceSession("a.onnx")   # Python\n');
    expect(seen.at(-1)).toMatchObject({ run: "runs/gan-1", to: "onnx", out: "a.onnx", overwrite: false });
  });

  it("warns of a model with a fixed batch size", async () => {
    const ran = await run(words, { library: exporting({ batch: 1 }) });
    expect(ran.stdout).toContain("[1, 62]");
    expect(ran.stderr).toContain("fixed batch size of 1");
  });

  it("knows its formats", async () => {
    const ran = await run([...words.slice(0, 4), "onxx", ...words.slice(5)], { library: exporting({}) });
    expect(ran.exitCode).toBe(2);
    expect(ran.stderr).toContain("Did you mean onnx?");
  });
});
