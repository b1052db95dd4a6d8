import path from "node:path";
import { describe, expect, test } from "vitest";
import { openImages } from "../../src/images/sources/open.ts";
import { samplesToModeCoverage } from "../../src/math/clusters/mode-coverage.ts";
import { packageRoot } from "../../src/package-root.ts";
import { DATA_NAMES, openData } from "../../src/train/open-data.ts";
import { TOY_DATA, type ToyName } from "../../src/train/toy-data.ts";

const OPTIONS = { labels: "read", onError: "fail" } as const;

describe.each(Object.keys(TOY_DATA) as ToyName[])("toy %s", (name) => {
  test("is without an end, and draws by its seed", async () => {
    const data = await openData(name, OPTIONS);
    expect(data).toMatchObject({ kind: "toy", location: name, shape: [TOY_DATA[name].d], warnings: [] });
    expect(data.count).toBeUndefined();
    expect(data.training(1).next(8)).toEqual(data.training(1).next(8));
    expect(data.training(1).next(8)).not.toEqual(data.training(2).next(8));
  });

  test("has held-out samples that no run trains on, the same at every call", async () => {
    const data = await openData(name, OPTIONS);
    const { samples } = data.heldOut(64);
    expect(samples).toHaveLength(64 * data.shape[0]);
    expect(data.heldOut(64).samples).toEqual(samples);
    // Seed 0 is the one that the held-out stream has.
    expect(data.training(0).next(64).samples).not.toEqual(samples);
    if (data.mixture) expect(samplesToModeCoverage(samples, data.mixture).highQuality).toBeGreaterThan(0.9);
  });
});

test("every data set has a hash of its own", async () => {
  const hashes = await Promise.all(
    Object.keys(TOY_DATA).map(async (name) => (await openData(name, OPTIONS)).hash),
  );
  expect(new Set(hashes).size).toBe(hashes.length);
  for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{64}$/);
});

describe("digits", async () => {
  const data = await openData("digits", OPTIONS);

  test("are one draw to train on and another held out, with the hash that evaluation has for them", async () => {
    expect(data).toMatchObject({
      label: "digits (procedural, embedded)",
      shape: [28, 28, 1],
      classes: 10,
      count: 2000,
      heldOutCount: 2000,
      warnings: [],
    });
    const real = await openImages(path.join(packageRoot, "fixtures/digits/real"));
    expect(await real.contentHash()).toBe(data.hash);
    await real.close();
    expect(data.pixels!.heldOut!.pixels).not.toEqual(data.pixels!.train.pixels);
  });

  test("are bytes / 127.5 - 1, each with its label", () => {
    const { pixels, labels } = data.pixels!.train;
    const places = new Map<string, number>();
    for (let i = 0; i < 2000; i++) places.set(pixels.subarray(784 * i, 784 * (i + 1)).join(), labels![i]);
    const batch = data.training(3).next(40);
    for (let i = 0; i < 40; i++) {
      const levels = batch.samples.subarray(784 * i, 784 * (i + 1)).map((x) => Math.round((x + 1) * 127.5));
      expect(places.get(levels.join())).toBe(batch.labels![i]);
    }
  });

  test("tell how far they are, and stop when they are told to", async () => {
    const seen: number[] = [];
    await openData("digits", { ...OPTIONS, onProgress: ({ done }) => seen.push(done) });
    expect(seen.at(-1)).toBe(4000);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    const signal = AbortSignal.abort();
    await expect(openData("digits", { ...OPTIONS, signal })).rejects.toMatchObject({ name: "AbortError" });
  });
});

describe("a name that is unknown", () => {
  test.each([
    ["rign", "Did you mean ring?"],
    ["digit", "Did you mean digits?"],
    ["two-gausians", "Did you mean two-gaussians?"],
    ["something-else", "Check the path."],
  ])("%s: %s", async (name, hint) => {
    await expect(openData(name, OPTIONS)).rejects.toMatchObject({ code: "usage.data", hint });
  });

  test("lists the names there are", async () => {
    await expect(openData("nothing", OPTIONS)).rejects.toMatchObject({
      message: expect.stringContaining(DATA_NAMES.join(", ")),
    });
  });

  test("with a slash is a path that is missing", async () => {
    await expect(openData("./rign", OPTIONS)).rejects.toMatchObject({ code: "input.not-found" });
  });

  test.each(["stacked-mnist", "stacked-mnist:"])("%s lacks a location", async (name) => {
    await expect(openData(name, OPTIONS)).rejects.toMatchObject({
      code: "usage.data",
      hint: expect.stringContaining("stacked-mnist:./mnist"),
    });
  });
});
