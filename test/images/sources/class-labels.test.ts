/** Classes by folders and by dataset.json, of folders and archives alike. */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { classFoldersToWarnings } from "../../../src/images/sources/class-labels.ts";
import { openImages } from "../../../src/images/sources/open.ts";
import { noise, temporaryFolder, toPng, writeTree } from "../made-images.ts";

const folder = await temporaryFolder();
const at = (name: string): string => path.join(folder, name);
const png = await toPng(noise(1, 1, 4, 3)[0], 4, 3);

type Files = Readonly<Record<string, Uint8Array | string>>;
let made = 0;

/** The same files in a folder, in an archive, and in an archive with the folder itself in it. */
async function inEveryContainer(files: Files): Promise<string[]> {
  const name = `set-${made++}`;
  await writeTree(at(name), files);
  const bytes = Object.entries(files).map(([key, content]) => [key, Buffer.from(content)] as const);
  await writeFile(at(`${name}.zip`), zipSync(Object.fromEntries(bytes)));
  const below = Object.fromEntries(bytes.map(([key, content]) => [`${name}/${key}`, content]));
  await writeFile(at(`${name}-below.zip`), zipSync(below));
  return [at(name), at(`${name}.zip`), at(`${name}-below.zip`)];
}

async function openEach(files: Files) {
  const sources = [];
  for (const location of await inEveryContainer(files)) {
    const source = await openImages(location);
    await source.close();
    sources.push(source);
  }
  return sources;
}

const tree = (...names: readonly string[]): Files => Object.fromEntries(names.map((name) => [name, png]));
const CHUNKS = ["00000/img00000000.png", "00000/img00000999.png", "00001/img00001000.png"];
const datasetJson = (labels: unknown): Files => ({ "dataset.json": JSON.stringify({ labels }) });

describe("folders", () => {
  test("are the classes, sorted by bytes, in every container", async () => {
    for (const source of await openEach(tree("fox/1.png", "cat/1.png", "cat/deep/2.png"))) {
      expect(source.classNames).toEqual(["cat", "fox"]);
      expect([...source.labels!]).toEqual([0, 0, 1]);
      expect(classFoldersToWarnings(source)).toEqual([
        { code: "class-folders", message: "2 classes, named by folders: cat, fox" },
      ]);
    }
  });

  test("in the one folder of an archive are the classes, whatever lies beside that folder", async () => {
    const files = { "animals/fox/1.png": png, "animals/cat/1.png": png, "README.txt": Buffer.from("x") };
    await writeFile(at("beside.zip"), zipSync(files));
    const source = await openImages(at("beside.zip"));
    expect(source.classNames).toEqual(["cat", "fox"]);
    await source.close();
  });

  test("with an accent spelt in two ways are called the same", async () => {
    for (const spelling of ["caf\u00e9", "cafe\u0301"])
      for (const source of await openEach(tree(`${spelling}/1.png`, "bar/1.png")))
        expect(source.classNames).toEqual(["bar", "caf\u00e9"]);
  });

  test("that all images lie in, or that some do not lie in, are no classes", async () => {
    for (const files of [tree("cat/1.png", "cat/2.png"), tree("cat/1.png", "fox/1.png", "3.png")])
      for (const source of await openEach(files)) expect(source.labels).toBeUndefined();
  });

  test.each([
    [["train", "val"]],
    [["test", "train", "validation"]],
    [["testA", "testB", "trainA", "trainB"]],
  ])("called %j are doubted", async (names) => {
    for (const source of await openEach(tree(...names.map((name) => `${name}/1.png`)))) {
      const [warning, ...others] = classFoldersToWarnings(source);
      expect(others).toEqual([]);
      expect(warning).toMatchObject({ code: "class-folders-are-parts" });
      expect(warning.message).toContain(`${names.length} classes, named by folders: ${names.join(", ")}`);
    }
  });

  test("of a thousand numbered images, as StyleGAN's tool fills them, are no classes", async () => {
    for (const source of await openEach(tree(...CHUNKS))) {
      expect(source.labels).toBeUndefined();
      expect(source.unlabelled).toContain("thousand images");
    }
  });
});

describe("dataset.json", () => {
  test.each([
    ["numbers", [6, 2, 6]],
    ["one-hot rows", [6, 2, 6].map((label) => Array.from({ length: 8 }, (_, i) => Number(i === label)))],
  ])("gives the classes as %s, whatever the folders", async (_how, values) => {
    const labels = CHUNKS.map((name, i) => [name, values[i]]);
    for (const source of await openEach({ ...tree(...CHUNKS), ...datasetJson(labels.reverse()) })) {
      expect([...source.labels!]).toEqual([6, 2, 6]);
      expect(source.classNames).toBeUndefined();
      expect(source.classesFrom).toBe("dataset.json");
      expect(classFoldersToWarnings(source)).toEqual([]);
    }
  });

  test("with backslashes in its names is read", async () => {
    const labels = CHUNKS.map((name, i) => [name.replace("/", "\\"), i]);
    for (const source of await openEach({ ...tree(...CHUNKS), ...datasetJson(labels) }))
      expect([...source.labels!]).toEqual([0, 1, 2]);
  });

  test.each([
    ["null", datasetJson(null), "states no classes"],
    ["no label for an image", datasetJson([[CHUNKS[0], 1]]), "no class for 2 of 3 images"],
    [
      "labels that are no numbers",
      datasetJson([[CHUNKS[0], 0.5]]),
      "has an entry other than a name and a class number",
    ],
    ["text that is no JSON", { "dataset.json": "{" }, "cannot be read"],
    ["an object for labels", datasetJson({}), "not a list"],
  ])("with %s leaves the images without classes, and says why", async (_what, json, reason) => {
    for (const source of await openEach({ ...tree("cat/1.png", "fox/1.png"), ...tree(...CHUNKS), ...json })) {
      expect(source.labels).toBeUndefined();
      expect(source.unlabelled).toContain(reason.replace("2 of 3", "4 of 5"));
    }
  });

  test("of another program says nothing of classes: the folders are", async () => {
    const files = { ...tree("cat/1.png", "fox/1.png"), "dataset.json": '{"name": "animals"}' };
    for (const source of await openEach(files)) expect(source.classNames).toEqual(["cat", "fox"]);
  });
});
