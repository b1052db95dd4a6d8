import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { bytesToNpy } from "../../src/formats/npy.ts";
import { readNpz } from "../../src/formats/npz.ts";
import { samplesToPixels } from "../../src/images/decode/samples-to-pixels.ts";
import { type GenerateOptions, generate } from "../../src/samples/generate.ts";
import { openGenerator } from "../../src/samples/open-generator.ts";
import { drawLatents } from "../../src/train/latent.ts";
import { openRandomStream } from "../../src/train/random.ts";
import { emptyFolder } from "../runs/empty-folder.ts";
import { makeRunFolder } from "../runs/run-folder.ts";

const folder = emptyFolder();
const images = path.join(folder, "images");
const conditional = path.join(folder, "conditional");
const toy = path.join(folder, "toy");
beforeAll(async () => {
  await makeRunFolder(images, { shape: [6, 5, 3] });
  await makeRunFolder(conditional, { choices: { model: "cgan" }, classes: 4 });
  await makeRunFolder(toy, { shape: [2], data: "ring" });
});

const at = (name: string): string => path.join(folder, name);
let now = 0;
const make = (run: string, name: string, changes: Partial<GenerateOptions> = {}) =>
  generate({
    run,
    out: at(name),
    n: 20,
    seed: 7,
    batchSize: 8,
    engine: "auto",
    device: "auto",
    threads: 1,
    steadyClock: () => (now += 500),
    ...changes,
  });

const arrays = async (name: string) => {
  const npz = await readNpz(at(name));
  return { pixels: npz.get("arr_0")!, labels: npz.get("arr_1") };
};

describe("images", () => {
  it("are what the sampler makes of the seed's latents, as bytes", async () => {
    expect(await make(images, "a.npz")).toEqual({
      schema: "gan-eval/generated/1",
      run: images,
      checkpoint: "checkpoints/00000100.safetensors",
      round: 100,
      seed: 7,
      n: 20,
      shape: [6, 5, 3],
      location: at("a.npz"),
      kind: "npz",
      seconds: 0.5,
    });
    const { latent, sampler, dispose } = await openGenerator({ run: images, batchSize: 8, threads: 1 });
    const samples = await sampler.sample(
      drawLatents(latent, 1024, openRandomStream(7, "evaluation")).slice(0, 2000),
    );
    await dispose();
    const { pixels, labels } = await arrays("a.npz");
    expect(pixels.shape).toEqual([20, 6, 5, 3]);
    expect(labels).toBeUndefined();
    expect(Buffer.from(pixels.data as Uint8Array).equals(samplesToPixels(samples))).toBe(true);
  });

  it("the same seed gives the same bytes, another seed others, fewer samples the first ones", async () => {
    await make(images, "b.npz");
    expect((await readFile(at("b.npz"))).equals(await readFile(at("a.npz")))).toBe(true);
    await make(images, "c.npz", { seed: 8 });
    expect((await readFile(at("c.npz"))).equals(await readFile(at("a.npz")))).toBe(false);
    await make(images, "d.npz", { n: 2000 });
    const [few, many] = [await arrays("a.npz"), await arrays("d.npz")];
    expect((many.pixels.data as Uint8Array).slice(0, few.pixels.data.length)).toEqual(few.pixels.data);
  });

  it("of 1,024 and more are all different", async () => {
    const { pixels } = await arrays("d.npz");
    const rows = new Set(
      Array.from({ length: 2000 }, (_, i) =>
        Buffer.from(pixels.data as Uint8Array).toString("hex", i * 90, (i + 1) * 90),
      ),
    );
    expect(rows.size).toBeGreaterThan(1990);
  });

  it.each(["folder", "a.zip", "a-images-idx3-ubyte"])("go to %s", async (name) => {
    await make(conditional, name, { n: 3 });
    await expect(make(conditional, name, { n: 3 })).rejects.toMatchObject({ code: "usage.target-exists" });
    await make(conditional, name, { n: 3, overwrite: true });
  });
});

describe("classes", () => {
  const labelsOf = async (name: string) => Array.from((await arrays(name)).labels!.data, Number);

  it("are drawn, or go round in turn", async () => {
    const drawn = await make(conditional, "drawn.npz", { n: 400 });
    expect(drawn.classes!.reduce((sum, count) => sum + count)).toBe(400);
    for (const count of drawn.classes!) expect(count).toBeGreaterThan(50);
    expect((await make(conditional, "balanced.npz", { classes: "balanced" })).classes).toEqual([5, 5, 5, 5]);
    await make(conditional, "chosen.npz", { n: 5, classes: [3, 1] });
    expect(await labelsOf("chosen.npz")).toEqual([3, 1, 3, 1, 3]);
  });

  it("are what the generator is told: the same latents of another class are other images", async () => {
    await make(conditional, "zero.npz", { classes: [0] });
    await make(conditional, "one.npz", { classes: [1] });
    expect((await arrays("zero.npz")).pixels.data).not.toEqual((await arrays("one.npz")).pixels.data);
  });

  it("are chosen by the names that the run's data gave them, or by place", async () => {
    const run = path.join(folder, "named");
    await makeRunFolder(run, { choices: { model: "cgan" }, classes: 3, classNames: ["cat", "dog", "fox"] });
    const made = await make(run, "named.npz", { n: 4, classes: ["fox", 0] });
    expect(made).toMatchObject({ classes: [2, 0, 2], classNames: ["cat", "dog", "fox"] });
    expect(await labelsOf("named.npz")).toEqual([2, 0, 2, 0]);
    await expect(make(run, "refused.npz", { classes: ["fix"] })).rejects.toMatchObject({
      code: "usage.classes",
      hint: "Did you mean fox?",
    });
  });

  it.each([[["3", "4", "10"]], [["03", "04", "10"]]])(
    "called %j by the data are chosen and labelled by these numbers, not by their places",
    async (classNames) => {
      const run = path.join(folder, `numbered-${classNames[0]}`);
      await makeRunFolder(run, { choices: { model: "cgan" }, classes: 3, classNames });
      await make(run, "numbered.npz", { n: 3, classes: [4, 10, classNames[0]], overwrite: true });
      expect(await labelsOf("numbered.npz")).toEqual([4, 10, 3]);
      await expect(make(run, "refused.npz", { classes: [0] })).rejects.toMatchObject({
        code: "usage.classes",
      });
    },
  );

  it("are refused of a generator that has none, or others", async () => {
    for (const [run, classes] of [
      [images, "balanced"],
      [conditional, [4]],
      [conditional, []],
    ] as const)
      await expect(make(run, "refused.npz", { classes })).rejects.toMatchObject({ code: "usage.classes" });
  });
});

describe("points", () => {
  it("are the same in each kind of file", async () => {
    for (const kind of ["npy", "npz", "csv"])
      expect(await make(toy, `points.${kind}`)).toMatchObject({ kind, shape: [2], n: 20 });
    const { shape, data } = bytesToNpy(await readFile(at("points.npy")), "points.npy");
    expect(shape).toEqual([20, 2]);
    expect((await readNpz(at("points.npz"))).get("arr_0")!.data).toEqual(data);
    const [heading, ...rows] = (await readFile(at("points.csv"), "utf8")).trim().split("\r\n");
    expect(heading).toBe("x,y");
    expect(Float32Array.from(rows.flatMap((row) => row.split(",").map(Number)))).toEqual(data);
  });

  it("have no place in a folder of images", async () => {
    await expect(make(toy, "points")).rejects.toMatchObject({ code: "usage.sink-kind" });
  });
});

it("stopped in the middle, nothing is left", async () => {
  const before = await readdir(folder);
  for (const [run, name] of [
    [images, "stopped"],
    [images, "stopped.zip"],
    [toy, "stopped.csv"],
  ]) {
    const interruption = new AbortController();
    const making = make(run, name, {
      n: 100,
      signal: interruption.signal,
      onProgress: ({ done }) => done >= 40 && interruption.abort(),
    });
    await expect(making).rejects.toThrow();
  }
  expect(await readdir(folder)).toEqual(before);
});

it("tells how far it is, in batches", async () => {
  const seen: number[] = [];
  await make(images, "told.npz", {
    onProgress: ({ done, total }) => void (total === 20 && seen.push(done)),
  });
  expect(seen).toEqual([0, 8, 16, 20]);
});
