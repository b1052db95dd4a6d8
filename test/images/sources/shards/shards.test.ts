/** Tar shards as a source of images, from files. */
import { mkdir, readdir, readFile, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { type OpenOptions, openImages } from "../../../../src/images/sources/open.ts";
import { filesToTar } from "../../../formats/tar-writer.ts";
import { noise, readAll, temporaryFolder, toPng, writeTree } from "../../made-images.ts";
import { samplesToTar } from "./made-shards.ts";

const folder = await temporaryFolder();
const at = (name: string): string => path.join(folder, name);

const NAMES = ["shard-000.tar", "shard-001.tar", "shard-002.tar"];
const tars = await Promise.all([
  samplesToTar(0, 5, (i) => String(i % 3)),
  samplesToTar(5, 4, (i) => String(i % 3)),
  samplesToTar(9, 3, (i) => String(i % 3)),
]);
await mkdir(at("set"));
for (const [i, name] of NAMES.entries()) await writeFile(at(`set/${name}`), tars[i]);
await writeFile(at("set/00000_stats.json"), "{}");
await writeFile(at("list.txt"), NAMES.map((name) => `set/${name}\n`).join(""));
await writeFile(at("patterns.txt"), "set/shard-{000..001}.tar\nset/shard-002.tar\n");

/** What each location gives: names and pixels in order, classes, content. */
async function readSet(location: string, options: OpenOptions = {}) {
  const source = await openImages(location, options);
  try {
    const images = await readAll(source);
    return {
      names: images.map(({ name }) => name),
      pixels: images.map(({ pixels }) => Buffer.from(pixels).toString("hex")),
      labels: source.labels && [...source.labels],
      leafStarts: source.leafStarts && [...source.leafStarts],
      hash: await source.contentHash(),
      kind: source.kind,
      warnings: source.warnings().map(({ message }) => message),
    };
  } finally {
    await source.close();
  }
}

describe("three shards", () => {
  const whole = readSet(at("set/shard-{000..002}.tar"));

  test.each([
    ["a folder", at("set")],
    ["a list", `@${at("list.txt")}`],
    ["a list of patterns", `@${at("patterns.txt")}`],
    ["patterns joined", `${at("set/shard-000.tar")}::${at("set/shard-{001,002}.tar")}`],
  ])("are the same images by %s as by a pattern", async (_what, location) => {
    expect(await readSet(location)).toEqual(await whole);
  });

  test("give their images as they stand, named by shard and member, with classes and a leaf a shard", async () => {
    const { names, pixels, labels, leafStarts, kind } = await whole;
    expect(names).toEqual(
      Array.from(
        { length: 12 },
        (_, i) => `${NAMES[i < 5 ? 0 : i < 9 ? 1 : 2]}/${String(i).padStart(9, "0")}.png`,
      ),
    );
    expect(pixels).toEqual(
      Array.from({ length: 12 }, (_, i) => Buffer.from(noise(i, 1, 6, 3)[0]).toString("hex")),
    );
    expect(labels).toEqual(Array.from({ length: 12 }, (_, i) => i % 3));
    expect([leafStarts, kind]).toEqual([[0, 5, 9], "tar"]);
  });

  test("are read at any place, and in any order", async () => {
    const source = await openImages(at("set"));
    const order = [11, 0, 7, 7, 3, 10, 1];
    const images = await readAll(source, { order });
    expect(images.map(({ position }) => position)).toEqual(order);
    expect(images.map(({ pixels }) => Buffer.from(pixels))).toEqual(
      order.map((i) => Buffer.from(noise(i, 1, 6, 3)[0])),
    );
    const range = source.range!(6, 11);
    expect((await readAll(range)).map(({ name }) => name)).toEqual((await whole).names.slice(6, 11));
    expect([...range.leafStarts!]).toEqual([3]);
    await source.close();
  });

  test("have one content, whenever and however they were packed", async () => {
    await mkdir(at("again"));
    for (const [i, name] of NAMES.entries()) {
      await writeFile(at(`again/${name}`), i === 1 ? gzipSync(tars[i]) : tars[i]);
      await utimes(at(`again/${name}`), 5, 5);
    }
    expect((await readSet(at("again"))).hash).toBe((await whole).hash);
    expect((await readSet(at("set"), { limit: 11 })).hash).not.toBe((await whole).hash);
  });

  test("are looked into only as far as the limit goes", async () => {
    await writeFile(at("set/shard-009.tar"), "no archive at all");
    const { names } = await readSet(at("set/shard-{000,001,002,000,009}.tar"), { limit: 7 });
    expect(names.length).toBe(7);
    await writeFile(at("set/shard-009.tar"), tars[2]);
  });
});

describe("an index", () => {
  test("is kept, used again while size and time are the same, and made anew after", async () => {
    const [location, cacheFolder] = [at("kept.tar"), at("cache")];
    await writeFile(location, tars[0]);
    await utimes(location, 100, 100);
    const first = await readSet(location, { cacheFolder });
    const [file] = await readdir(path.join(cacheFolder, "shards"));
    const entry = path.join(cacheFolder, "shards", file);
    const kept = await readFile(entry, "utf8");
    expect(kept).not.toContain(folder);
    // What is kept is what is read: a changed entry shows.
    await writeFile(entry, kept.replaceAll("000000001", "renamed01"));
    expect((await readSet(location, { cacheFolder })).names[1]).toBe("kept.tar/renamed01.png");
    for (const broken of ["", "{}", kept.slice(0, 90), kept.replace('"sizes":[', '"sizes":[1,')]) {
      await writeFile(entry, broken);
      expect(await readSet(location, { cacheFolder })).toEqual(first);
    }
    await writeFile(location, tars[1]);
    expect((await readSet(location, { cacheFolder })).names.length).toBe(4);
  });

  test("is not kept where no folder is named or it cannot be written", async () => {
    await writeFile(at("plain-file"), "");
    expect((await readSet(at("set/shard-000.tar"), { cacheFolder: at("plain-file") })).names.length).toBe(5);
  });

  test("that no longer fits is noticed when the shard is read", async () => {
    const location = at("moving.tar");
    await writeFile(location, tars[0]);
    const source = await openImages(location);
    await writeFile(location, tars[1]);
    await expect(readAll(source)).rejects.toMatchObject({ code: "input.shard-changed" });
    await source.close();
  });
});

describe("classes", () => {
  const png = (i: number) => toPng(noise(i, 1, 6, 3)[0], 6, 3);
  const pack = async (name: string, labels: readonly (string | object | undefined)[]) => {
    const files = [];
    for (const [i, label] of labels.entries()) {
      files.push({ name: `${i}.png`, bytes: await png(i) });
      if (typeof label === "string") files.push({ name: `${i}.cls`, bytes: Buffer.from(`${label}\n`) });
      if (typeof label === "object")
        files.push({ name: `${i}.json`, bytes: Buffer.from(JSON.stringify(label)) });
    }
    await writeFile(at(name), filesToTar(files));
    const source = await openImages(at(name));
    const { labels: numbers, classNames, unlabelled } = source;
    await source.close();
    return { labels: numbers && [...numbers], classNames, unlabelled };
  };

  test("come of .cls and of label in .json; words are named in byte order", async () => {
    expect(await pack("c.tar", ["7", "0", { label: 3 }])).toMatchObject({
      labels: [7, 0, 3],
      classNames: undefined,
    });
    expect(await pack("c.tar", ["dog", { label: "cat" }, "dog"])).toMatchObject({
      labels: [1, 0, 1],
      classNames: ["cat", "dog"],
    });
  });

  test("are none where a sample lacks one, which is said", async () => {
    expect(await pack("c.tar", ["1", undefined, { caption: "a cat" }])).toMatchObject({
      labels: undefined,
      unlabelled: expect.stringMatching(/2 of its 3 samples have no class/),
    });
    expect(await pack("c.tar", [undefined, { caption: 1 }])).toEqual({});
  });
});

describe("--image-key", () => {
  test("says which member is the image where a sample has several; without it that is an error", async () => {
    const files = [];
    for (const name of ["a.jpg", "a.png", "a.seg.png", "b.png", "b.seg.png"])
      files.push({ name, bytes: await toPng(noise(name.length, 1, 6, 3)[0], 6, 3) });
    await writeFile(at("several.tar"), filesToTar(files));
    const namesBy = async (imageKey: string) =>
      (await readSet(at("several.tar"), { imageKey })).names.map((name) => name.slice("several.tar/".length));
    await expect(openImages(at("several.tar"))).rejects.toMatchObject({
      code: "input.shard-sample",
      message: expect.stringContaining(".jpg and .png of a"),
      hint: expect.stringContaining("--image-key jpg"),
    });
    expect(await namesBy("png")).toEqual(["a.png", "b.png"]);
    expect(await namesBy(".SEG.png")).toEqual(["a.seg.png", "b.seg.png"]);
    expect(await namesBy("jpg;png")).toEqual(["a.jpg", "b.png"]);
    await expect(openImages(at("several.tar"), { imageKey: "tiff" })).rejects.toMatchObject({
      code: "input.no-pictures",
      hint: expect.stringContaining("--image-key"),
    });
  });

  test("an extension twice in a sample is an error, in whatever case", async () => {
    const bytes = await toPng(noise(1, 1, 6, 3)[0], 6, 3);
    await writeFile(
      at("twice.tar"),
      filesToTar([
        { name: "a.png", bytes },
        { name: "a.PNG", bytes },
      ]),
    );
    await expect(openImages(at("twice.tar"))).rejects.toMatchObject({ code: "input.shard-sample" });
  });
});

describe("a shard that is not whole", () => {
  // The fifth sample's image lies before its class.
  const cuts = { image: 8 * 1024 + 600, header: 8 * 1024 + 100, end: tars[0].length - 1024 };

  test.each(Object.entries(cuts))(
    "stops the work, named with its place: cut within %s",
    async (_where, cut) => {
      await writeFile(at("cut.tar"), tars[0].subarray(0, cut));
      await writeFile(at("after.tar"), tars[1]);
      await expect(openImages(at("{cut,after}.tar"))).rejects.toMatchObject({
        code: "input.tar",
        message: expect.stringMatching(/cut\.tar.* at byte \d+$/),
      });
    },
  );

  test.each(Object.entries(cuts))(
    "gives what is whole when skipped, and counts the rest: cut within %s",
    async (_where, cut) => {
      await writeFile(at("cut.tar"), tars[0].subarray(0, cut));
      const { names, warnings } = await readSet(at("{cut,after}.tar"), { onError: "skip" });
      expect(names.length).toBe((cut === cuts.end ? 5 : 4) + 4);
      expect(warnings).toContainEqual(
        expect.stringMatching(/^1 skipped as unreadable: cut\.tar\/.* at byte \d+/),
      );
    },
  );

  test("gzipped and cut off, likewise", async () => {
    await writeFile(at("cut.tar.gz"), gzipSync(tars[0]).subarray(0, 700));
    await expect(openImages(at("cut.tar.gz"))).rejects.toMatchObject({ code: "input.tar" });
    const { names, warnings } = await readSet(at("{cut.tar.gz,after.tar}"), { onError: "skip" });
    expect(names.length).toBeGreaterThan(4);
    expect(warnings).toContainEqual(expect.stringMatching(/^1 skipped/));
  });
});

describe("errors", () => {
  test("name the shards that are not there, the first of them", async () => {
    await expect(openImages(at("set/shard-{000..099}.tar"))).rejects.toMatchObject({
      code: "input.not-found",
      message: expect.stringMatching(
        /expected 100 shards, got 96 that are not there: .*shard-003\.tar.* and 86 more/,
      ),
    });
  });

  test.each([
    ["a pattern whose braces do not match", "x-{0..3.tar::y{.tar", "usage.shard-pattern"],
    ["a list with an empty name", "a.tar::", "usage.shard-pattern"],
    ["an archive without images", "texts.tar", "input.no-pictures"],
    ["an empty archive", "nothing.tar", "input.no-pictures"],
    ["a list of images and shards", "@mixed.txt", "input.list"],
    ["a folder in a list", "@folders.txt", "input.cannot-read"],
  ])("%s", async (_what, name, code) => {
    await writeTree(folder, {
      "texts.tar": filesToTar([{ name: "a.txt", bytes: Buffer.from("text") }]),
      "nothing.tar": Buffer.alloc(1024),
      "mixed.txt": "a.png\nb.tar\n",
      "folders.txt": "dir.tar\n",
      "dir.tar/a.txt": "",
    });
    const location = name.startsWith("@") ? `@${at(name.slice(1))}` : at(name);
    await expect(openImages(location)).rejects.toMatchObject({ code, hint: expect.any(String) });
  });
});
