import { chmod, cp, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { zipSync } from "fflate";
import { beforeAll, describe, expect, test } from "vitest";
import { npyToBytes } from "../../../src/formats/npy.ts";
import { writeNpz } from "../../../src/formats/npz.ts";
import { type OpenOptions, openImages } from "../../../src/images/sources/open.ts";
import { codeOf, noise, readAll, temporaryFolder, toIdx, toPng, writeTree } from "../made-images.ts";

const folder = await temporaryFolder();
const at = (name: string): string => path.join(folder, name);

const COUNT = 7;
const SIDE = 6;
/** Grey, so that IDX can hold them too. */
const grey = noise(1, COUNT, SIDE, 1);
const rgb = grey.map((image) => Uint8Array.from(Array.from(image).flatMap((v) => [v, v, v])));
const names = Array.from({ length: COUNT }, (_, i) => `p${i}.png`);

beforeAll(async () => {
  const pngs = Object.fromEntries(
    await Promise.all(names.map(async (name, i) => [name, await toPng(grey[i], SIDE, 1)] as const)),
  );
  await writeTree(at("png"), pngs);
  await writeFile(at("stored.zip"), zipSync(pngs, { level: 0 }));
  await writeFile(at("deflated.zip"), zipSync(pngs, { level: 9 }));
  const idx = toIdx([COUNT, SIDE, SIDE], grey);
  await writeFile(at("images-idx3-ubyte"), idx);
  await writeFile(at("images-idx3-ubyte.gz"), gzipSync(idx));
  const data = Uint8Array.from(Buffer.concat(rgb));
  const nhwc = { dtype: "|u1", shape: [COUNT, SIDE, SIDE, 3], data } as const;
  const nhw = {
    dtype: "|u1",
    shape: [COUNT, SIDE, SIDE],
    data: Uint8Array.from(Buffer.concat(grey)),
  } as const;
  await writeNpz(at("nhwc.npz"), new Map([["arr_0", nhwc]]));
  await writeNpz(at("nhw.npz"), new Map([["arr_0", nhw]]));
  await writeFile(at("deflated.npz"), zipSync({ "arr_0.npy": npyToBytes(nhwc) }, { level: 6 }));
  await writeFile(at("images.npy"), npyToBytes(nhwc));
  await writeFile(at("list.txt"), `${names.map((name) => `png/${name}`).join("\r\n")}\n\n`);
});

const SOURCES: readonly (readonly [location: string, kind: string])[] = [
  ["png", "folder"],
  ["stored.zip", "zip"],
  ["deflated.zip", "zip"],
  ["images-idx3-ubyte", "idx"],
  ["images-idx3-ubyte.gz", "idx"],
  ["nhwc.npz", "npz"],
  ["nhw.npz", "npz"],
  ["deflated.npz", "npz"],
  ["images.npy", "npz"],
  ["@list.txt", "list"],
];

const locate = (name: string): string => (name.startsWith("@") ? `@${at(name.slice(1))}` : at(name));

describe.each(SOURCES)("%s", (name, kind) => {
  const open = (options: OpenOptions = {}) => openImages(locate(name), options);

  test("gives the same images as every other source", async () => {
    const source = await open();
    expect(source.kind).toBe(kind);
    expect(source.count).toBe(COUNT);
    const images = await readAll(source);
    expect(images.map(({ width, height }) => [width, height])).toEqual(rgb.map(() => [SIDE, SIDE]));
    expect(images.map(({ pixels }) => Uint8Array.from(pixels))).toEqual(rgb);
    await source.close();
  });

  test("batches of any size and look-ahead hold the same images", async () => {
    const source = await open();
    for (const [batchSize, prefetch] of [
      [1, 0],
      [2, 1],
      [COUNT, 2],
      [100, 5],
    ]) {
      const batches: number[] = [];
      const pixels: Uint8Array[] = [];
      for await (const batch of source.batches({ batchSize, prefetch })) {
        batches.push(batch.length);
        pixels.push(...batch.map((image) => Uint8Array.from(image.pixels)));
      }
      expect(pixels).toEqual(rgb);
      expect(batches.slice(0, -1).every((size) => size === batchSize)).toBe(true);
    }
    await source.close();
  });

  test("reads in the order asked for, and again", async () => {
    const source = await open();
    const order = [6, 0, 3, 3];
    const pixels = (await readAll(source, { order })).map((image) => Uint8Array.from(image.pixels));
    expect(pixels).toEqual(order.map((i) => rgb[i]));
    expect(await codeOf(readAll(source, { order: [COUNT] }))).toBe("usage.order");
    await source.close();
  });

  test("the first images by limit, and another hash", async () => {
    const [all, some] = await Promise.all([open(), open({ limit: 2 })]);
    expect(some.count).toBe(2);
    expect((await readAll(some)).map(({ pixels }) => Uint8Array.from(pixels))).toEqual(rgb.slice(0, 2));
    expect(await some.contentHash()).not.toBe(await all.contentHash());
    await Promise.all([all.close(), some.close()]);
  });

  test("the hash is the same before and after reading, and twice", async () => {
    const [before, after] = await Promise.all([open(), open()]);
    await readAll(after, { order: [2, 5] });
    expect(await before.contentHash()).toMatch(/^[0-9a-f]{64}$/);
    expect(await after.contentHash()).toBe(await before.contentHash());
    await Promise.all([before.close(), after.close()]);
  });

  test("leaving half-way closes cleanly", async () => {
    const source = await open();
    for await (const batch of source.batches({ batchSize: 2 })) {
      expect(batch.length).toBe(2);
      break;
    }
    await source.close();
    await source.close();
    expect(await codeOf(readAll(source))).toBe("usage.closed");
  });
});

describe("recognition", () => {
  test("goes by content, not by name", async () => {
    await cp(at("stored.zip"), at("images.dat"));
    await cp(at("png/p0.png"), at("liar.jpg"));
    await cp(at("images-idx3-ubyte"), at("idx.bin.old"));
    expect((await openImages(at("images.dat"))).kind).toBe("zip");
    expect((await readAll(await openImages(at("liar.jpg"))))[0].pixels.length).toBe(SIDE * SIDE * 3);
    expect((await openImages(at("idx.bin.old"))).kind).toBe("idx");
  });

  test("a list comes on standard input too", async () => {
    const stdin = Readable.from([Buffer.from(names.map((name) => at(`png/${name}`)).join("\n"))]);
    const source = await openImages("-", { stdin });
    expect((await readAll(source)).map(({ pixels }) => Uint8Array.from(pixels))).toEqual(rgb);
  });
});

describe("what is not there or not images", () => {
  test("missing, empty, without images", async () => {
    expect(await codeOf(openImages(at("no-such-folder")))).toBe("input.not-found");
    expect(await codeOf(openImages(`@${at("no-such-list.txt")}`))).toBe("input.not-found");
    await mkdir(at("empty"));
    await expect(openImages(at("empty"))).rejects.toThrow(/0 images found; it is empty/);
    const texts = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`${i}.TXT`, "x"]));
    await writeTree(at("texts"), { ...texts, "a.md": "y" });
    await expect(openImages(at("texts"))).rejects.toThrow(/0 images found; saw 12 \.txt, 1 \.md/);
    await writeFile(at("texts.zip"), zipSync({ "a.txt": Buffer.from("x") }));
    await expect(openImages(at("texts.zip"))).rejects.toThrow(/0 images found; saw 1 \.txt/);
    await writeFile(at("nothing.txt"), "\n\n");
    expect(await codeOf(openImages(`@${at("nothing.txt")}`))).toBe("input.no-pictures");
    await writeFile(at("file.txt"), "some text");
    expect(await codeOf(openImages(at("file.txt")))).toBe("input.unknown-kind");
    await writeFile(at("zero.zip"), "");
    expect(await codeOf(openImages(at("zero.zip")))).toBe("input.zip");
  });

  test.skipIf(process.getuid?.() === 0)(
    "unreadable folders (not as root, who reads everything)",
    async () => {
      await mkdir(at("locked"));
      await chmod(at("locked"), 0);
      expect(await codeOf(openImages(at("locked")))).toBe("input.cannot-read");
      await chmod(at("locked"), 0o700);
    },
  );

  test("options that make no sense", async () => {
    for (const limit of [0, -1, 1.5, Number.NaN])
      expect(await codeOf(openImages(at("png"), { limit }))).toBe("usage.limit");
    const source = await openImages(at("png"));
    expect(await codeOf(readAll(source, { batchSize: 0 }))).toBe("usage.batch-size");
    expect(await codeOf(readAll(source, { prefetch: -1 }))).toBe("usage.prefetch");
  });
});
