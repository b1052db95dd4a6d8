import { writeFile } from "node:fs/promises";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { openImages } from "../../src/images/sources/open.ts";
import { codeOf, noise, readAll, temporaryFolder, toIdx, writeTree } from "./made-images.ts";
import { seededBytes } from "./seeded.ts";

const folder = await temporaryFolder();
const at = (name: string): string => path.join(folder, name);

describe("a folder with MNIST's files", async () => {
  const train = noise(1, 4, 5, 1);
  const held = noise(9, 2, 5, 1);
  await writeTree(at("mnist"), {
    "train-images-idx3-ubyte": toIdx([4, 5, 5], train),
    "train-labels-idx1-ubyte": toIdx([4], [Uint8Array.of(3, 1, 4, 1)]),
    "t10k-images-idx3-ubyte.gz": gzipSync(toIdx([2, 5, 5], held)),
    "t10k-labels-idx1-ubyte.gz": gzipSync(toIdx([2], [Uint8Array.of(5, 9)])),
  });

  test.each([
    [undefined, train, [3, 1, 4, 1]],
    ["train", train, [3, 1, 4, 1]],
    ["test", held, [5, 9]],
    ["all", [...train, ...held], [3, 1, 4, 1, 5, 9]],
  ] as const)("split %s gives its images and labels, grey as RGB", async (split, images, labels) => {
    const source = await openImages(at("mnist"), split === undefined ? {} : { split });
    expect(source).toMatchObject({ kind: "idx", count: images.length });
    expect([...source.labels!]).toEqual(labels);
    const read = await readAll(source);
    read.forEach(({ pixels, width, height }, i) => {
      expect([width, height]).toEqual([5, 5]);
      expect([...pixels]).toEqual([...images[i]].flatMap((level) => [level, level, level]));
    });
    await source.close();
  });

  test("of the same bytes in other shapes have unlike hashes", async () => {
    const bytes = Uint8Array.from({ length: 64 }, (_, i) => i);
    await writeTree(at("square"), { "train-images-idx3-ubyte": toIdx([1, 8, 8], [bytes]) });
    await writeTree(at("wide"), { "train-images-idx3-ubyte": toIdx([1, 4, 16], [bytes]) });
    const hash = async (name: string) => (await openImages(at(name))).contentHash();
    expect(await hash("square")).not.toBe(await hash("wide"));
  });

  test("a part that is not there is named", async () => {
    await writeTree(at("train-only"), { "train-images-idx3-ubyte": toIdx([4, 5, 5], train) });
    await expect(openImages(at("train-only"), { split: "test" })).rejects.toMatchObject({
      code: "input.split",
      message: expect.stringContaining("test images"),
    });
  });
});

describe("CIFAR's binary files", async () => {
  /** A record: labels, then the red plane, the green and the blue. */
  const record = (labels: readonly number[], planes: Uint8Array) => Buffer.from([...labels, ...planes]);
  const planes = [seededBytes(1, 3072), seededBytes(2, 3072), seededBytes(3, 3072)];
  const interleaved = (p: Uint8Array) =>
    Uint8Array.from({ length: 3072 }, (_, i) => p[(i % 3) * 1024 + Math.floor(i / 3)]);
  await writeTree(at("cifar"), {
    "data_batch_1.bin": record([7], planes[0]),
    "data_batch_2.bin": record([2], planes[1]),
    "test_batch.bin.gz": gzipSync(record([9], planes[2])),
  });

  test("planes become pixels, parts follow each other", async () => {
    const source = await openImages(at("cifar"), { split: "all" });
    expect(source).toMatchObject({ kind: "cifar", count: 3 });
    expect([...source.labels!]).toEqual([7, 2, 9]);
    const read = await readAll(source);
    read.forEach(({ pixels }, i) => {
      expect(Buffer.compare(pixels, interleaved(planes[i]))).toBe(0);
    });
    await source.close();
    const train = await openImages(at("cifar"));
    expect(train.count).toBe(2);
    await train.close();
  });

  test("CIFAR-100 has two labels, of which the finer counts", async () => {
    await writeFile(at("hundred.bin"), record([3, 77], planes[0]));
    const source = await openImages(at("hundred.bin"));
    expect([...source.labels!]).toEqual([77]);
    expect(Buffer.compare((await readAll(source))[0].pixels, interleaved(planes[0]))).toBe(0);
    await source.close();
  });

  test("a length that is no number of records, and labels that are none, are refused", async () => {
    await writeFile(at("cut.bin"), record([7], planes[0]).subarray(0, 3000));
    await writeFile(at("labels.bin"), record([200], planes[0]));
    expect(await codeOf(openImages(at("cut.bin")))).toBe("input.cifar");
    expect(await codeOf(openImages(at("labels.bin")))).toBe("input.cifar");
  });
});

describe("IDX files whose header and length disagree", () => {
  test.each([
    ["images that go on after the count", "go-on-idx3-ubyte", toIdx([2, 5, 5], noise(1, 3, 5, 1))],
    [
      "a byte too many",
      "byte-idx3-ubyte",
      Buffer.concat([toIdx([1, 5, 5], noise(1, 1, 5, 1)), Buffer.alloc(1)]),
    ],
    ["images that end before the count", "end-idx3-ubyte", toIdx([3, 5, 5], noise(1, 2, 5, 1))],
  ])("%s are an error, plain and gzipped", async (_what, name, bytes) => {
    await writeFile(at(name), bytes);
    await writeFile(at(`${name}.gz`), gzipSync(bytes));
    expect(await codeOf(openImages(at(name)))).toBe("input.idx");
    expect(await codeOf(openImages(at(`${name}.gz`)))).toBe("input.idx");
  });

  test("labels that go on after their count are an error", async () => {
    await writeTree(at("labelled"), {
      "train-images-idx3-ubyte": toIdx([2, 5, 5], noise(1, 2, 5, 1)),
      "train-labels-idx1-ubyte": toIdx([2], [Uint8Array.of(1, 2, 3)]),
    });
    expect(await codeOf(openImages(at("labelled")))).toBe("input.idx");
  });
});
