import path from "node:path";
import { describe, expect, test } from "vitest";
import type { OpenDataOptions } from "../../../src/train/data/opened-data.ts";
import { openData } from "../../../src/train/open-data.ts";
import { codeOf, noise, temporaryFolder, toIdx, toPng, writeTree } from "../../images/made-images.ts";
import { seededBytes } from "../../images/seeded.ts";
import { hasShared, shared } from "../../shared.ts";

const folder = await temporaryFolder();
const at = (name: string): string => path.join(folder, name);
const OPTIONS = { labels: "read", onError: "fail" } as const;
const open = (name: string, options: Partial<OpenDataOptions> = {}) =>
  openData(at(name), { ...OPTIONS, ...options });

/** Images of one level, `level(i)`, 8x8. */
const flat = async (count: number, channels: 1 | 3, level: (i: number) => number[]) =>
  Promise.all(
    Array.from({ length: count }, (_, i) => {
      const pixels = Uint8Array.from({ length: 64 * channels }, (_, k) => level(i)[k % channels]);
      return toPng(pixels, 8, channels);
    }),
  );

describe("a folder with a folder for each class", async () => {
  const cats = await flat(3, 1, (i) => [10 + i]);
  const dogs = await flat(30, 1, (i) => [100 + i]);
  const files = Object.fromEntries([
    ...cats.map((png, i) => [`cat/${i}.png`, png]),
    ...dogs.map((png, i) => [`dog/${String(i).padStart(2, "0")}.png`, png]),
  ]);
  await writeTree(at("classes"), files);
  await writeTree(at("damaged"), { ...files, "cat/1.png": "no image", "ant/1.png": "no image" });

  test("gives its images as bytes and -1..1, with the folders as classes", async () => {
    const data = await open("classes");
    expect(data).toMatchObject({
      kind: "images",
      shape: [8, 8, 1],
      classes: 2,
      classNames: ["cat", "dog"],
    });
    expect(data).toMatchObject({ count: 33, heldOutCount: 0, location: at("classes") });
    const { pixels, labels } = data.pixels!.train;
    for (let i = 0; i < 33; i++) {
      expect(pixels[64 * i]).toBe(i < 3 ? 10 + i : 100 + i - 3);
      expect(labels![i]).toBe(i < 3 ? 0 : 1);
    }
    const batch = data.training(1).next(33);
    for (let i = 0; i < 33; i++) {
      const level = Math.round((batch.samples[64 * i] + 1) * 127.5);
      expect(batch.labels![i]).toBe(level < 100 ? 0 : 1);
    }
  });

  test("of few images sets none apart, and says so unless that was asked for", async () => {
    const data = await open("classes");
    expect(data.heldOut(5)).toEqual({ samples: new Float32Array(0) });
    expect(data.warnings.map(({ code }) => code)).toEqual(["no-held-out"]);
    expect((await open("classes", { heldOut: 0 })).warnings).toEqual([]);
  });

  test("sets apart what is asked for, and trains on none of it", async () => {
    const data = await open("classes", { heldOut: 0.3 });
    expect(data).toMatchObject({ count: 23, heldOutCount: 10, warnings: [] });
    const levels = ({ pixels }: { pixels: Uint8Array }) => new Set(pixels);
    const { train, heldOut } = data.pixels!;
    expect([levels(train).size, levels(heldOut!).size]).toEqual([23, 10]);
    expect(new Set([...levels(train), ...levels(heldOut!)]).size).toBe(33);
    const { samples, labels } = data.heldOut(99);
    expect(samples).toHaveLength(10 * 64);
    labels!.forEach((label, i) => {
      const level = Math.round((samples[64 * i] + 1) * 127.5);
      expect(heldOut!.pixels).toContain(level);
      expect(label).toBe(level < 100 ? 0 : 1);
    });
    expect(data.heldOut(4).samples).toEqual(samples.subarray(0, 4 * 64));
  });

  test("with a limit gives some of each class", async () => {
    const data = await open("classes", { limit: 11 });
    expect([...data.pixels!.train.labels!]).toEqual([0, ...Array(10).fill(1)]);
  });

  test("has a hash of its images: what is held out changes nothing, what is left out does", async () => {
    const { hash } = await open("classes");
    expect((await open("classes", { heldOut: 5 })).hash).toBe(hash);
    const limited = await open("classes", { limit: 11 });
    expect(limited.hash).not.toBe(hash);
    expect((await open("classes", { limit: 11, heldOut: 5 })).hash).toBe(limited.hash);
    expect((await open("classes", { limit: 12 })).hash).not.toBe(limited.hash);
  });

  test("may be read without classes", async () => {
    const data = await open("classes", { labels: "ignore" });
    expect(data.classes).toBeUndefined();
    expect(data.training(1)).not.toHaveProperty("classes");
  });

  test("with damaged images is an error, or keeps the labels of the others", async () => {
    expect(await codeOf(open("damaged"))).toBe("input.picture");
    const data = await open("damaged", { onError: "skip" });
    expect(data).toMatchObject({ count: 32, classNames: ["cat", "dog"] });
    expect([...data.pixels!.train.labels!.subarray(0, 3)]).toEqual([0, 0, 1]);
    expect(data.warnings.map(({ code }) => code)).toContain("skipped");
  });
});

/** `0.png`, `1.png`, ... */
const named = (files: readonly Uint8Array[]): Record<string, Uint8Array> =>
  Object.fromEntries(files.map((file, i) => [`${i}.png`, file]));

describe("channels", async () => {
  const greys = await flat(4, 1, (i) => [50 + i]);
  const [red] = await flat(1, 3, () => [255, 0, 0]);
  await writeTree(at("late-colour"), { ...named(greys), "9.png": red });
  await writeTree(at("grey"), named(greys));

  test("are three as soon as one image has colour, and the grey before it keeps its levels", async () => {
    const { shape, pixels } = await open("late-colour");
    expect(shape).toEqual([8, 8, 3]);
    expect([...pixels!.train.pixels.subarray(0, 6)]).toEqual([50, 50, 50, 50, 50, 50]);
    expect([...pixels!.train.pixels.subarray(4 * 192, 4 * 192 + 3)]).toEqual([255, 0, 0]);
  });

  test("can be asked for", async () => {
    const one = await open("late-colour", { channels: 1 });
    expect(one.shape).toEqual([8, 8, 1]);
    expect(one.pixels!.train.pixels.at(-1)).toBe(76);
    expect((await open("grey", { channels: 3 })).shape).toEqual([8, 8, 3]);
    expect((await open("grey")).shape).toEqual([8, 8, 1]);
    expect(await codeOf(open("grey", { channels: 2 as 1 }))).toBe("usage.channels");
  });
});

describe("sizes", async () => {
  const small = await toPng(seededBytes(1, 8 * 8), 8, 1);
  const large = await toPng(seededBytes(2, 12 * 12), 12, 1);
  await writeTree(at("mixed"), { "a.png": small, "b.png": large });
  await writeTree(at("tiny"), { "a.png": await toPng(seededBytes(3, 9), 3, 1) });

  test("that differ need one to be brought to", async () => {
    await expect(open("mixed")).rejects.toMatchObject({
      code: "input.mixed-sizes",
      message: expect.stringContaining("12x12: b.png"),
      hint: expect.stringContaining("--img-size"),
    });
    expect((await open("mixed", { size: 8 })).shape).toEqual([8, 8, 1]);
  });

  test("are height, then width; an image of other proportions is cropped, which is said", async () => {
    const data = await open("mixed", { size: [4, 10] });
    expect(data.shape).toEqual([4, 10, 1]);
    expect(data.warnings[0]).toMatchObject({
      code: "cropped",
      message: expect.stringMatching(/^2 images/),
    });
  });

  test.each([3, 1025, 28.5, Number.NaN])("of %s are refused", async (size) => {
    expect(await codeOf(open("mixed", { size }))).toBe("usage.img-size");
  });

  test("too small to train on are refused unless they are to be resized", async () => {
    expect(await codeOf(open("tiny"))).toBe("input.picture-size");
    expect((await open("tiny", { size: 4 })).shape).toEqual([4, 4, 1]);
  });

  test("that take more memory than there may be are refused before they are read", async () => {
    await expect(openData("digits", { ...OPTIONS, size: 1024, channels: 3 })).rejects.toMatchObject({
      code: "input.too-large",
      message: expect.stringContaining("11.7 GiB"),
    });
  });
});

describe("MNIST's files", async () => {
  const train = noise(1, 300, 8, 1);
  const held = noise(900, 30, 8, 1);
  const trainLabels = Uint8Array.from({ length: 300 }, (_, i) => 3 + (i % 2));
  const files = {
    "train-images-idx3-ubyte": toIdx([300, 8, 8], train),
    "train-labels-idx1-ubyte": toIdx([300], [trainLabels]),
  };
  await writeTree(at("mnist"), {
    ...files,
    "t10k-images-idx3-ubyte": toIdx([30, 8, 8], held),
    "t10k-labels-idx1-ubyte": toIdx([30], [new Uint8Array(30).fill(7)]),
  });
  await writeTree(at("train-only"), files);

  test("have a test part, which is what is held out", async () => {
    const data = await open("mnist");
    expect(data).toMatchObject({ count: 300, heldOutCount: 30, classNames: ["3", "4", "7"], warnings: [] });
    expect(data.pixels!.heldOut!.pixels).toEqual(new Uint8Array(Buffer.concat(held)));
    expect([...new Set(data.heldOut(30).labels!)]).toEqual([2]);
    expect([...data.pixels!.train.labels!.subarray(0, 2)]).toEqual([0, 1]);
  });

  test("without a test part, or with another part asked for, set a tenth apart", async () => {
    expect(await open("train-only")).toMatchObject({ count: 270, heldOutCount: 30 });
    expect(await open("mnist", { split: "all" })).toMatchObject({ count: 297, heldOutCount: 33 });
    expect(await open("mnist", { split: "test" })).toMatchObject({ count: 30, heldOutCount: 0 });
    const file = await open("mnist/train-images-idx3-ubyte");
    expect(file).toMatchObject({ count: 270, heldOutCount: 30 });
  });

  test("with a limit are the first of them", async () => {
    const { pixels, classes } = await open("mnist", { limit: 1 });
    expect(pixels!.train.pixels).toEqual(train[0]);
    expect(classes).toBe(3);
  });
});

describe.skipIf(!hasShared("data/mnist"))("MNIST itself", async () => {
  test("is 60,000 and 10,000 images of ten classes", async () => {
    const data = await openData(shared("data/mnist"), { ...OPTIONS, limit: 1000 });
    expect(data).toMatchObject({ shape: [28, 28, 1], classes: 10, count: 1000, heldOutCount: 10_000 });
    // The first ten labels of the training set.
    expect([...data.pixels!.train.labels!.subarray(0, 10)]).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
  });
});

describe.skipIf(!hasShared("data/cifar10"))("CIFAR-10 itself", async () => {
  test("is colour, with classes by name", async () => {
    const data = await openData(shared("data/cifar10"), { ...OPTIONS, split: "test", limit: 500 });
    expect(data).toMatchObject({ shape: [32, 32, 3], classes: 10, count: 450, heldOutCount: 50 });
    expect(data.classNames![3]).toBe("cat");
  });
});
