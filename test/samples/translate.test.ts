import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { pixelsToPng } from "../../src/images/sinks/encode-png.ts";
import { openImages } from "../../src/images/sources/open.ts";
import { translateWithPage } from "../../src/reports/translate-with-page.ts";
import { generate } from "../../src/samples/generate.ts";
import { openRunMaker } from "../../src/samples/open-maker.ts";
import { type TranslateOptions, translate } from "../../src/samples/translate.ts";
import { readAll } from "../images/made-images.ts";
import { emptyFolder } from "../runs/empty-folder.ts";
import { makeRunFolder } from "../runs/run-folder.ts";
import { makeSchemeRunFolder } from "../runs/scheme-run-folder.ts";

const folder = emptyFolder();
const at = (name: string): string => path.join(folder, name);
const run = at("run");
const input = at("in");

const noise = (length: number, seed: number) =>
  Uint8Array.from({ length }, (_, i) => (Math.imul(i + seed, 2654435761) >>> 8) % 256);

async function writeImage(name: string, width: number, height: number, channels = 3): Promise<void> {
  await mkdir(path.dirname(at(name)), { recursive: true });
  const pixels = noise(width * height * channels, width);
  await writeFile(at(name), await pixelsToPng(pixels, { width, height, channels }));
}

beforeAll(async () => {
  await makeSchemeRunFolder(run);
  await writeImage("in/one.png", 16, 16);
  await writeImage("in/two.v2.png", 40, 20);
  await writeImage("in/below/three.png", 16, 16);
});

const make = (out: string, changes: Partial<TranslateOptions> = {}) =>
  translate({
    ...{ run, in: input, out: at(out), batchSize: 2, seed: 3 },
    ...{ engine: "auto", device: "auto", threads: 1 },
    ...changes,
  });

const pixelsOf = async (location: string) => {
  const source = await openImages(location);
  const images = await readAll(source);
  await source.close();
  return Object.fromEntries(images.map(({ name, pixels }) => [name, pixels]));
};

describe("translated images", () => {
  it("have the names of those that they are made of, and are what the maker makes of them", async () => {
    const made = await make("a");
    expect(made).toMatchObject({
      schema: "gan-eval/translated/1",
      ...{ run, checkpoint: "checkpoints/00000100.safetensors", round: 100, maker: "a-to-b", n: 3 },
      ...{ inputShape: [16, 16, 3], shape: [16, 16, 3] },
    });
    expect(made.warnings.map(({ code }) => code)).toEqual(["cropped-images"]);
    const written = await pixelsOf(at("a"));
    expect(Object.keys(written).sort()).toEqual(["below/three.png", "one.png", "two.v2.png"]);
    const maker = await openRunMaker({ run, batchSize: 1, threads: 1 });
    const a = Float32Array.from(noise(16 * 16 * 3, 16), (level) => level / 127.5 - 1);
    const expected = await maker.make({ a });
    await maker.dispose();
    expect(Array.from(written["one.png"])).toEqual(
      Array.from(expected, (x) => Math.floor(Math.min(255, Math.max(0, (x + 1) * 127.5)) + 0.5)),
    );
  });

  it("do not depend on the batch, and differ by maker and checkpoint", async () => {
    await make("single", { batchSize: 1 });
    expect(await pixelsOf(at("single"))).toEqual(await pixelsOf(at("a")));
    await make("back", { maker: "b-to-a" });
    expect(await pixelsOf(at("back"))).not.toEqual(await pixelsOf(at("a")));
    const two = at("two-rounds");
    await makeSchemeRunFolder(two, { rounds: [100, 200] });
    await make("late", { run: two, checkpoint: "latest" });
    await make("early", { run: two, checkpoint: 100 });
    expect(await pixelsOf(at("late"))).not.toEqual(await pixelsOf(at("early")));
  });

  it("are made with the running average where the run keeps one", async () => {
    await makeSchemeRunFolder(at("averaged"), { choices: { emaDecay: 0.9 } });
    await make("of-average", { run: at("averaged") });
    expect(await pixelsOf(at("of-average"))).not.toEqual(await pixelsOf(at("a")));
  });

  it("come of one image, and of another size where the networks take it", async () => {
    const made = await make("large", { in: at("in/one.png"), size: [32, 24] });
    expect(made).toMatchObject({ n: 1, shape: [32, 24, 3], inputShape: [32, 24, 3] });
    expect(await readdir(at("large"))).toEqual(["one.png"]);
    await expect(make("odd", { size: [30, 30] })).rejects.toMatchObject({ code: "usage.img-size" });
  });

  it("of a grey run lose their colours with a warning; grey ones become colour where the run is", async () => {
    await makeSchemeRunFolder(at("grey"), { fields: { a: [16, 16, 1], b: [16, 16, 1] } });
    const { warnings, shape } = await make("greyed", { run: at("grey"), in: at("in/one.png") });
    expect(shape).toEqual([16, 16, 1]);
    expect(warnings.map(({ code }) => code)).toEqual(["grey-images"]);
    await writeImage("grey.png", 16, 16, 1);
    expect((await make("coloured", { in: at("grey.png") })).shape).toEqual([16, 16, 3]);
  });
});

describe("the output folder", () => {
  it("is replaced only with overwrite, and only where it holds nothing else", async () => {
    await make("o");
    await expect(make("o")).rejects.toMatchObject({ code: "usage.target-exists" });
    await make("o", { overwrite: true });
    await writeFile(at("o/notes.txt"), "mine");
    await expect(make("o", { overwrite: true })).rejects.toMatchObject({ code: "usage.target-exists" });
    expect(await readFile(at("o/notes.txt"), "utf8")).toBe("mine");
  });

  it("is never that of the images, nor one around it", async () => {
    for (const out of ["in", "."])
      await expect(make(out, { overwrite: true })).rejects.toMatchObject({ code: "usage.target-exists" });
    expect(await readdir(input)).toHaveLength(3);
  });

  it("is not there where something failed on the way", async () => {
    await writeImage("bad/one.png", 16, 16);
    await writeFile(at("bad/two.png"), "no image");
    await expect(make("never", { in: at("bad"), batchSize: 1 })).rejects.toMatchObject({
      name: "GanEvalError",
    });
    expect(existsSync(at("never"))).toBe(false);
    const { n, warnings } = await make("skipped", { in: at("bad"), onError: "skip" });
    expect(n).toBe(1);
    expect(warnings.map(({ code }) => code)).toContain("skipped");
    expect(await readdir(at("skipped"))).toEqual(["one.png"]);
  });
});

describe("what cannot be translated is refused:", () => {
  it.each([
    ["a maker that the run does not have", { maker: "a-to-c" }, "usage.maker"],
    ["variants of a maker that draws nothing", { variants: 2 }, "usage.variants"],
    ["attributes that nothing reads", { set: { Male: 1 } }, "usage.attributes"],
    ["a checkpoint that is not there", { checkpoint: 7 }, "input.no-checkpoint"],
    ["images that are not there", { in: at("nowhere") }, "input.not-found"],
  ] as const)("%s", async (_, changes, code) => {
    await expect(make("refused", changes)).rejects.toMatchObject({ code });
    expect(existsSync(at("refused"))).toBe(false);
  });

  it.each([
    ["variants", { variants: 2 }, "usage.variants"],
    ["attributes", { set: { Male: 1 } }, "usage.attributes"],
    ["the folder", { out: input, overwrite: true }, "usage.target-exists"],
  ] as const)("%s before an engine is opened and anything is compiled", async (_, changes, code) => {
    const engine = "none" as unknown as "auto";
    await expect(make("refused", { engine, ...changes })).rejects.toMatchObject({ code });
    await expect(make("refused", { engine })).rejects.toMatchObject({ code: "usage.engine" });
    expect(existsSync(at("refused"))).toBe(false);
  });

  it("a checkpoint that is cut short", async () => {
    await makeSchemeRunFolder(at("cut"));
    await truncate(at("cut/checkpoints/00000100.safetensors"), 2000);
    await expect(make("refused", { run: at("cut") })).rejects.toMatchObject({ code: "input.checkpoint" });
  });

  it("images of one name with other extensions", async () => {
    await writeImage("same/a.png", 8, 8);
    await writeFile(at("same/a.jpg"), await readFile(at("same/a.png")));
    await expect(make("refused", { in: at("same") })).rejects.toMatchObject({ code: "input.same-names" });
  });

  it("runs of generators, and generate refuses runs of makers", async () => {
    await makeRunFolder(at("generator"));
    await expect(make("refused", { run: at("generator") })).rejects.toMatchObject({
      code: "usage.run-kind",
      hint: expect.stringContaining("gan-eval generate"),
    });
    await expect(
      generate({ run, out: at("refused"), n: 1, seed: 0, batchSize: 1, engine: "auto", device: "auto" }),
    ).rejects.toMatchObject({ code: "usage.run-kind", hint: expect.stringContaining("gan-eval translate") });
  });
});

it("the page shows each image beside what was made of it, and is not overwritten", async () => {
  const page = at("page.html");
  const options = { run, in: input, batchSize: 2, seed: 3, threads: 1, page } as const;
  await translateWithPage({ ...options, out: at("shown") });
  const text = await readFile(page, "utf8");
  for (const name of ["one.png", "two.v2.png", "below/three.png"])
    expect(text).toContain(`<bdi>${name}</bdi>`);
  expect(text.match(/<img /g)).toHaveLength(6);
  await expect(translateWithPage({ ...options, out: at("again") })).rejects.toMatchObject({
    code: "usage.target-exists",
  });
  expect(existsSync(at("again"))).toBe(false);
});
