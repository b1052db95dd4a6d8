import { writeFile } from "node:fs/promises";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { type NpyArray, npyToBytes } from "../../../src/formats/npy.ts";
import { writeNpz } from "../../../src/formats/npz.ts";
import { readLabelFile } from "../../../src/images/sources/label-file.ts";
import { openImages } from "../../../src/images/sources/open.ts";
import { codeOf, temporaryFolder, toIdx, toPng, writeTree } from "../made-images.ts";

const folder = await temporaryFolder();
const at = (name: string): string => path.join(folder, name);
async function read(name: string, content: string | Uint8Array) {
  await writeFile(at(name), content);
  return readLabelFile(at(name));
}

describe("a file of labels", () => {
  test("one a line: numbers are classes, words are sorted", async () => {
    expect(await read("numbers.txt", "3\n0\r\n\n 12 \n")).toEqual({ labels: Int32Array.of(3, 0, 12) });
    expect(await read("words.txt", "dog\ncat\ndog\n")).toEqual({
      labels: Int32Array.of(1, 0, 1),
      classNames: ["cat", "dog"],
    });
    expect((await read("mixed.txt", "1\ncat\n")).classNames).toEqual(["1", "cat"]);
  });

  test("CSV by name, with and without heading and quotation marks", async () => {
    const expected = { labels: Int32Array.of(4, 2), images: ["a.png", "b, c.png"] };
    expect(await read("a.csv", 'a.png,4\n"b, c.png",2\n')).toEqual(expected);
    expect(await read("b.csv", '\ufefffilename,label\r\na.png, 4\r\n"b, c.png",2')).toEqual(expected);
  });

  test("IDX, npy and npz, by content", async () => {
    const labels = Int32Array.of(5, 0, 9);
    const idx = toIdx([3], [Uint8Array.of(5, 0, 9)]);
    expect(await read("idx", idx)).toEqual({ labels });
    expect(await read("idx.gz", gzipSync(idx))).toEqual({ labels });
    expect(await read("lines.gz", gzipSync("5\n0\n9"))).toEqual({ labels });
    const long: NpyArray = { dtype: "<i8", shape: [3], data: BigInt64Array.of(5n, 0n, 9n) };
    expect(await read("a.npy", npyToBytes(long))).toEqual({ labels });
    await writeNpz(
      at("adm.npz"),
      new Map<string, NpyArray>([
        ["arr_0", { dtype: "|u1", shape: [3, 1, 1, 3], data: new Uint8Array(9) }],
        ["arr_1", long],
        ["order", { dtype: "<i8", shape: [3], data: BigInt64Array.of(0n, 1n, 2n) }],
      ]),
    );
    expect(await readLabelFile(at("adm.npz"))).toEqual({ labels });
  });

  test("an npz of images brings its labels by itself", async () => {
    const source = await openImages(at("adm.npz"));
    expect(source.labels).toEqual(Int32Array.of(5, 0, 9));
    expect(source.classNames).toBeUndefined();
    await source.close();
  });

  test.each([
    ["empty.txt", " \n", /empty/],
    ["cells.csv", "a.png,1\nb.png,1,2\n", /3 cells in line 2/],
    ["quotes.csv", '"a.png,1\n', /line/],
    ["binary", Uint8Array.of(0x80, 0, 1), /binary/],
    ["float.npy", npyToBytes({ dtype: "<f4", shape: [1], data: Float32Array.of(0.5) }), /0\.5/],
    ["negative.npy", npyToBytes({ dtype: "<i4", shape: [1], data: Int32Array.of(-1) }), /-1/],
    ["hot.npy", npyToBytes({ dtype: "|u1", shape: [1, 2], data: Uint8Array.of(0, 1) }), /\[1, 2\]/],
  ])("%s is an error that says what it has", async (name, content, message) => {
    await expect(read(name, content)).rejects.toMatchObject({
      code: "input.labels",
      message: expect.stringMatching(message),
    });
  });

  test("an npz without labels, and a file that is not there", async () => {
    await writeNpz(
      at("none.npz"),
      new Map([["arr_0", { dtype: "|u1", shape: [1, 1, 1], data: new Uint8Array(1) }]]),
    );
    await expect(readLabelFile(at("none.npz"))).rejects.toMatchObject({
      code: "input.labels",
      message: expect.stringContaining("arr_0: u1 [1, 1, 1]"),
    });
    await expect(readLabelFile(at("nowhere"))).rejects.toMatchObject({
      code: "input.not-found",
      message: expect.stringContaining("expected labels at"),
    });
    expect(await codeOf(read("images-idx", toIdx([1, 1, 1], [Uint8Array.of(1)])))).toBe("input.idx");
  });
});

describe("class names of sources", async () => {
  const png = await toPng(new Uint8Array(4), 2, 1);

  test("are class folders, and stay with the first images of a set", async () => {
    await writeTree(at("folders"), { "b/1.png": png, "a/1.png": png, "a/2.png": png });
    const source = await openImages(at("folders"), { limit: 2 });
    expect(source).toMatchObject({ classNames: ["a", "b"] });
    expect(source.labels).toEqual(Int32Array.of(0, 0));
    expect([0, 1].map((position) => source.nameOf!(position))).toEqual(["a/1.png", "a/2.png"]);
    await source.close();
  });

  test("are CIFAR's, where its names lie beside the records", async () => {
    const record = Buffer.from([3, ...new Uint8Array(3072)]);
    const names = Array.from({ length: 10 }, (_, i) => `name-${i}`);
    await writeTree(at("cifar"), {
      "data_batch_1.bin": record,
      "batches.meta.txt": `${names.join("\n")}\n\n`,
    });
    const source = await openImages(at("cifar"));
    expect(source.classNames).toEqual(names);
    await source.close();
    await writeTree(at("cifar-plain"), { "data_batch_1.bin": record, "batches.meta.txt": "too\nfew\n" });
    const plain = await openImages(at("cifar-plain"));
    expect(plain.classNames).toBeUndefined();
    await plain.close();
  });
});
