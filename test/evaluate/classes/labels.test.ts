import { writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { sideToLabels } from "../../../src/evaluate/classes/labels.ts";
import type { Side } from "../../../src/evaluate/sides/side.ts";
import { openImages } from "../../../src/images/sources/open.ts";
import { temporaryFolder, toPng, writeTree } from "../../images/made-images.ts";
import { mat } from "../../math/seeded-features.ts";

const folder = await temporaryFolder();
const at = (name: string): string => path.join(folder, name);
const png = await toPng(new Uint8Array(4), 2, 1);
await writeTree(at("plain"), { "a.png": png, "b.png": png, "sub/c.png": png });
await writeTree(at("classes"), { "cat/1.png": png, "cat/2.png": png, "dog/1.png": png });

async function images(name: string, limit?: number): Promise<Side> {
  const source = await openImages(at(name), limit === undefined ? {} : { limit });
  return { kind: "images", location: at(name), source };
}
const features: Side = {
  kind: "features",
  location: "f.npy",
  features: mat(1, 3, 2),
  origin: { extractor: null, extractorHash: null, featureEnd: null, resize: null },
};
async function file(content: string): Promise<string> {
  await writeFile(at("labels.txt"), content);
  return at("labels.txt");
}

describe("labels of a side", () => {
  it("are the source's own, with the names of its folders", async () => {
    const labels = await sideToLabels(await images("classes"), "real");
    expect(labels).toEqual({ labels: Int32Array.of(0, 0, 1), classNames: ["cat", "dog"] });
    expect(await sideToLabels(await images("plain"), "fake")).toBeUndefined();
    expect(await sideToLabels(features, "fake")).toBeUndefined();
  });

  it("of a file go before the source's own", async () => {
    const labels = await sideToLabels(await images("classes"), "fake", { file: await file("7\n7\n5\n") });
    expect(labels).toEqual({ labels: Int32Array.of(7, 7, 5) });
  });

  it("by name find their images in any order; more names than images are no error", async () => {
    const labels = await sideToLabels(await images("plain"), "real", {
      file: await file("sub/c.png,dog\nz.png,owl\nb.png,cat\na.png,dog\n"),
    });
    expect(labels).toEqual({ labels: Int32Array.of(1, 0, 1), classNames: ["cat", "dog", "owl"] });
  });

  it("in order are of features too", async () => {
    expect(await sideToLabels(features, "real", { file: await file("1\n0\n1") })).toEqual({
      labels: Int32Array.of(1, 0, 1),
    });
  });

  it("of another count are an error, but for a side that a limit cut", async () => {
    const four = await file("1\n0\n1\n0");
    await expect(sideToLabels(await images("plain"), "real", { file: four })).rejects.toMatchObject({
      code: "input.label-count",
      message: expect.stringMatching(/expected 3 labels .* got 4/),
    });
    const cut = await sideToLabels(await images("plain", 2), "real", { file: four, limit: 2 });
    expect(cut).toEqual({ labels: Int32Array.of(1, 0) });
    await expect(
      sideToLabels(await images("plain"), "real", { file: await file("1\n0"), limit: 5 }),
    ).rejects.toMatchObject({ code: "input.label-count" });
  });

  it("that lack an image are an error that names it", async () => {
    await expect(
      sideToLabels(await images("plain"), "real", { file: await file("a.png,1\nc.png,2\n") }),
    ).rejects.toMatchObject({
      code: "input.label-names",
      message: expect.stringContaining("none for 2: b.png, sub/c.png"),
      hint: expect.stringContaining("the file has a.png, c.png"),
    });
  });

  it("that say two things of one image are an error", async () => {
    const twice = "a.png,1\nb.png,1\nsub/c.png,1\na.png,";
    await expect(
      sideToLabels(await images("plain"), "real", { file: await file(`${twice}2\n`) }),
    ).rejects.toMatchObject({ code: "input.labels", message: expect.stringContaining("a.png") });
    const same = await sideToLabels(await images("plain"), "real", { file: await file(`${twice}1\n`) });
    expect(same!.labels).toEqual(Int32Array.of(1, 1, 1));
  });

  it("by name are an error for rows without names, and any for statistics", async () => {
    await expect(sideToLabels(features, "fake", { file: await file("a.png,1") })).rejects.toMatchObject({
      code: "input.label-names",
    });
    const statistics: Side = {
      kind: "statistics",
      location: "s.npz",
      statistics: { mu: new Float64Array(1), sigma: new Float64Array(1) } as never,
    };
    await expect(sideToLabels(statistics, "real")).rejects.toMatchObject({
      code: "input.no-rows",
      message: expect.stringContaining("s.npz"),
    });
  });
});
