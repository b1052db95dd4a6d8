import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { loadImage } from "@napi-rs/canvas";
import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { samplesToPixels } from "../../src/images/decode/samples-to-pixels.ts";
import { type InterpolateOptions, interpolate } from "../../src/samples/interpolate.ts";
import { openGenerator } from "../../src/samples/open-generator.ts";
import { drawLatents } from "../../src/train/latent.ts";
import { openRandomStream } from "../../src/train/random.ts";
import { emptyFolder } from "../runs/empty-folder.ts";
import { makeRunFolder } from "../runs/run-folder.ts";

const folder = emptyFolder();
const images = path.join(folder, "images");
const uniform = path.join(folder, "uniform");
const conditional = path.join(folder, "conditional");
const toy = path.join(folder, "toy");
beforeAll(async () => {
  await makeRunFolder(images, { shape: [6, 5, 3] });
  await makeRunFolder(uniform, { choices: { latentDistribution: "uniform" } });
  await makeRunFolder(conditional, { choices: { model: "cgan" }, classes: 4 });
  await makeRunFolder(toy, { shape: [2], data: "ring" });
});

const at = (name: string): string => path.join(folder, name);
const make = (run: string, name: string, changes: Partial<InterpolateOptions> = {}) =>
  interpolate({ run, out: at(name), paths: 3, steps: 4, seed: 7, batchSize: 8, threads: 1, ...changes });

describe("images", () => {
  it("stand in a grid: a row begins and ends with what its two latents make", async () => {
    expect(await make(images, "a.png")).toMatchObject({
      interpolation: "spherical",
      paths: 3,
      steps: 4,
      round: 100,
    });
    const { data, info } = await sharp(at("a.png")).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    const { latent, sampler, dispose } = await openGenerator({ run: images, batchSize: 6, threads: 1 });
    const random = openRandomStream(7, "evaluation");
    const ends = Float32Array.from([0, 1, 2].flatMap(() => Array.from(drawLatents(latent, 2, random))));
    const pixels = samplesToPixels(await sampler.sample(ends));
    await dispose();
    // 4 images of 5 pixels, each enlarged, with gutters of 2.
    const scale = (info.width - 2 * 5) / (4 * 5);
    const corner = (row: number, column: number) => {
      const x = 2 + column * (5 * scale + 2);
      const y = 2 + row * (6 * scale + 2);
      return [0, 1, 2].map((c) => data[(y * info.width + x) * 3 + c]);
    };
    for (let row = 0; row < 3; row++)
      for (const [end, column] of [0, 3].entries()) {
        const first = (2 * row + end) * 90;
        expect(corner(row, column)).toEqual(Array.from(pixels.slice(first, first + 3)));
      }
  });

  it("the same seed gives the same bytes", async () => {
    await make(images, "b.png");
    expect((await readFile(at("b.png"))).equals(await readFile(at("a.png")))).toBe(true);
  });

  it("a line is another way than an arc, and the usual one of uniform latents", async () => {
    await make(images, "c.png", { interpolation: "linear" });
    expect((await readFile(at("c.png"))).equals(await readFile(at("a.png")))).toBe(false);
    expect((await make(uniform, "d.png")).interpolation).toBe("linear");
  });

  it("keep one class a row", async () => {
    expect((await make(conditional, "e.png", { paths: 5 })).classes).toEqual([0, 1, 2, 3, 0]);
    expect((await make(conditional, "f.png", { classes: [2] })).classes).toEqual([2, 2, 2]);
  });
});

describe("points", () => {
  it("are rows of path, step and coordinates", async () => {
    await make(toy, "a.csv");
    const [heading, ...rows] = (await readFile(at("a.csv"), "utf8")).trim().split("\r\n");
    expect(heading).toBe("path,step,x,y");
    expect(rows.map((row) => row.split(",").slice(0, 2).join())).toEqual(
      [0, 1, 2].flatMap((way) => [0, 1, 2, 3].map((step) => `${way},${step}`)),
    );
  });

  it("are an image with the real ones", async () => {
    await make(toy, "toy.png");
    expect(await loadImage(at("toy.png"))).toMatchObject({ width: 480, height: 480 });
  });
});

it("refuses what cannot be, and leaves nothing", async () => {
  const before = await readdir(folder);
  const refused: [string, string, Partial<InterpolateOptions>, string][] = [
    [images, "a.png", {}, "usage.target-exists"],
    [images, "z.csv", {}, "usage.out"],
    [images, "z.png", { classes: "balanced" }, "usage.classes"],
    [images, "z.png", { steps: 1 }, "usage.interpolation"],
    [images, "z.png", { steps: 10_000, paths: 10_000 }, "usage.interpolation"],
  ];
  for (const [run, name, changes, code] of refused)
    await expect(make(run, name, changes)).rejects.toMatchObject({ code });
  await expect(make(images, "z.png", { signal: AbortSignal.abort() })).rejects.toThrow();
  expect(await readdir(folder)).toEqual(before);
  await make(images, "a.png", { overwrite: true });
});
