/** Arrays of images by shape, type and name: read, or refused with the advice that is right for them. */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { type NpyArray, npyToBytes } from "../../../src/formats/npy.ts";
import { writeNpz } from "../../../src/formats/npz.ts";
import { openImages } from "../../../src/images/sources/open.ts";
import { codeOf, readAll, temporaryFolder } from "../made-images.ts";
import { seededBytes } from "../seeded.ts";

const folder = await temporaryFolder();
const at = (name: string): string => path.join(folder, name);
let made = 0;

const bytes = (...shape: number[]): NpyArray => ({
  dtype: "|u1",
  shape,
  data: seededBytes(
    shape.length,
    shape.reduce((a, b) => a * b, 1),
  ),
});

const npz = async (arrays: Readonly<Record<string, NpyArray>>): Promise<string> => {
  const location = at(`${made++}.npz`);
  await writeNpz(location, new Map(Object.entries(arrays)));
  return location;
};

/** Opens an array as an npy and in an npz, and reads all images. */
async function openBoth(array: NpyArray): Promise<string[]> {
  const npy = at(`${made++}.npy`);
  await writeFile(npy, npyToBytes(array));
  return [npy, await npz({ arr_0: array })];
}

async function sizesOf(location: string): Promise<string[]> {
  const source = await openImages(location);
  try {
    return (await readAll(source)).map(({ width, height }) => `${width}x${height}`);
  } finally {
    await source.close();
  }
}

describe("shapes", () => {
  test.each([
    [
      [2, 6, 5],
      ["5x6", "5x6"],
    ],
    [
      [2, 6, 5, 1],
      ["5x6", "5x6"],
    ],
    [
      [2, 6, 5, 3],
      ["5x6", "5x6"],
    ],
    [[1, 6, 5, 4], ["5x6"]],
    [[1, 3, 3, 3], ["3x3"]],
  ])("%j are images", async (shape, sizes) => {
    for (const location of await openBoth(bytes(...shape))) expect(await sizesOf(location)).toEqual(sizes);
  });

  test.each([
    ["one image", [32, 32, 3], /one image.*32, 32, 3/, /numpy\.stack/],
    ["one grey image with its channel", [32, 32, 1], /one image/, /numpy\.stack/],
    ["channels first", [2, 3, 32, 32], /2, 3, 32, 32/, /transpose\(0, 2, 3, 1\)/],
    ["channels first of few pixels", [2, 3, 4, 4], /2, 3, 4, 4/, /transpose\(0, 2, 3, 1\)/],
    ["five axes", [2, 2, 4, 4, 3], /2, 2, 4, 4, 3/, /\[n, height, width, 3\]/],
  ])("of %s are refused with what to do", async (_what, shape, message, hint) => {
    for (const location of await openBoth(bytes(...shape)))
      await expect(openImages(location)).rejects.toMatchObject({
        code: "input.npz-pictures",
        message: expect.stringMatching(message),
        hint: expect.stringMatching(hint),
      });
  });
});

describe("several arrays", () => {
  test("one image each, as numpy.savez(file, *images) writes them, are refused with what to do", async () => {
    const location = await npz({ arr_0: bytes(8, 8, 3), arr_1: bytes(8, 8, 3), arr_2: bytes(8, 8, 3) });
    await expect(openImages(location)).rejects.toMatchObject({
      code: "input.npz-pictures",
      message: expect.stringContaining("3 arrays of one image each"),
      hint: expect.stringContaining("numpy.stack"),
    });
  });

  test("that all may be images are refused by name", async () => {
    const location = await npz({ x_test: bytes(2, 5, 5), x_train: bytes(3, 5, 5), y_test: bytes(2) });
    await expect(openImages(location)).rejects.toThrow(/2 arrays: x_test: u1 \[2, 5, 5\]; x_train/);
  });

  test("of which one is called images, or one has the axes of images, give that one", async () => {
    expect(await sizesOf(await npz({ images: bytes(2, 6, 5), masks: bytes(2, 6, 5) }))).toEqual([
      "5x6",
      "5x6",
    ]);
    expect(await sizesOf(await npz({ anything: bytes(1, 6, 5), ids: bytes(7, 2) }))).toEqual(["5x6"]);
  });

  test("of images and of a number of labels that is not theirs are refused", async () => {
    const labels: NpyArray = { dtype: "<i4", shape: [3], data: Int32Array.of(0, 1, 2) };
    expect(await codeOf(openImages(await npz({ arr_0: bytes(2, 6, 5, 3), arr_1: labels })))).toBe(
      "input.label-count",
    );
  });
});

describe("values", () => {
  const COUNT = 2 * 24 * 24 * 3;
  const spread = (least: number, most: number): number[] =>
    Array.from({ length: COUNT }, (_, i) => least + ((most - least) * (i % 997)) / 996);
  const shape = [2, 24, 24, 3];
  const floats = (least: number, most: number): NpyArray => ({
    dtype: "<f4",
    shape,
    data: Float32Array.from(spread(least, most)),
  });

  test.each([
    ["0 to 1", floats(0, 1), "[0, 1]: save (x * 255)"],
    ["0 to 0.4, dark ones", floats(0, 0.4), "[0, 1]: save (x * 255)"],
    ["0.005 to 1.01, resized ones", floats(0.005, 1.01), "[0, 1]: save (x * 255)"],
    ["-1 to 1", floats(-1, 1), "[-1, 1]: save (x * 127.5 + 128)"],
    ["-0.4 to 0.9", floats(-0.4, 0.9), "[-1, 1]: save (x * 127.5 + 128)"],
    ["0 to 255", floats(0, 255), "[0, 255]: save x.round()"],
    [
      "whole 0 to 255",
      { dtype: "<i4", shape, data: Int32Array.from(spread(0, 255)) } as NpyArray,
      "[0, 255]",
    ],
  ])("from %s get the advice that is right for them first", async (_what, array, advice) => {
    for (const location of await openBoth(array))
      await expect(openImages(location)).rejects.toMatchObject({
        code: "input.npz-pictures",
        hint: expect.stringContaining(`These look like values in ${advice}`),
      });
  });

  test.each([
    ["0 to 65535", { dtype: "<u2", shape, data: Uint16Array.from(spread(0, 65535)) } as NpyArray, "x / 257"],
    ["-3 to 3", floats(-3, 3), "Scale them to [0, 255] first"],
    ["no number", { ...floats(0, 1), data: new Float32Array(COUNT).fill(Number.NaN) } as NpyArray, "NaN"],
    ["true and false", { dtype: "|b1", shape, data: new Uint8Array(COUNT) } as NpyArray, "x * 255"],
  ])("from %s get advice of their own", async (_what, array, advice) => {
    for (const location of await openBoth(array))
      await expect(openImages(location)).rejects.toMatchObject({ hint: expect.stringContaining(advice) });
  });
});
