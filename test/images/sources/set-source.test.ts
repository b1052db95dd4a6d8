import { rename, symlink } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { openImages } from "../../../src/images/sources/open.ts";
import { codeOf, noise, readAll, temporaryFolder, toPng, writeTree } from "../made-images.ts";

const folder = await temporaryFolder();
const at = (name: string): string => path.join(folder, name);
const [a, b, c] = await Promise.all(noise(3, 3, 5, 3).map((pixels) => toPng(pixels, 5, 3)));
const wide = await toPng(noise(9, 1, 8, 3)[0], 8, 3);

describe("unreadable images", async () => {
  const bad = await writeTree(at("bad"), {
    "1-good.png": a,
    "2-empty.png": "",
    "3-text.jpg": "this is no image",
    "4-cut.png": b.subarray(0, b.length - 40),
    "5-good.png": c,
  });

  test("stop the work by default, all of them named", async () => {
    const source = await openImages(bad);
    const work = readAll(source);
    await expect(work).rejects.toMatchObject({
      code: "input.picture",
      hint: expect.stringContaining("--on-error skip"),
    });
    await expect(work).rejects.toThrow(/2-empty\.png.*3-text\.jpg.*4-cut\.png/);
  });

  test("are left out, counted and named with skip", async () => {
    const source = await openImages(bad, { onError: "skip" });
    expect((await readAll(source)).map(({ name }) => name)).toEqual(["1-good.png", "5-good.png"]);
    await readAll(source);
    const [warning] = source.warnings().filter(({ code }) => code === "skipped");
    expect(warning.message).toMatch(/^3 skipped.*2-empty\.png \(an empty file\).*3-text\.jpg.*4-cut\.png/);
    expect(await source.contentHash()).toMatch(/^[0-9a-f]{64}$/);
  });

  test("are an error with skip too if nothing else is there", async () => {
    const only = await writeTree(at("only-bad"), { "a.png": "x", "b.png": "y" });
    expect(await codeOf(readAll(await openImages(only, { onError: "skip" })))).toBe("input.no-pictures");
  });

  test("include links to nothing", async () => {
    await writeTree(at("links"), { "a.png": a });
    await symlink(at("links/gone"), at("links/b.png"));
    await symlink(at("links"), at("links/circle"));
    const source = await openImages(at("links"), { onError: "skip" });
    expect((await readAll(source)).length).toBe(1);
    expect(source.warnings().map(({ code }) => code)).toContain("skipped");
  });
});

describe("folders", () => {
  test("are read to any depth, every extension in any case, in the order of bytes", async () => {
    const tree = await writeTree(at("deep"), {
      "b.PNG": a,
      "B/x.JPG": a,
      "a/ü/y.Tiff": a,
      "a/z.webp": a,
      "Z.jpeg": a,
      "10.png": a,
      "9.png": a,
      ".hidden.png": a,
      "__MACOSX/b.png": a,
      "note.txt": "x",
    });
    const source = await openImages(tree);
    const images = await readAll(source);
    expect(images.map(({ name }) => name)).toEqual([
      "10.png",
      "9.png",
      "B/x.JPG",
      "Z.jpeg",
      "a/z.webp",
      "a/ü/y.Tiff",
      "b.PNG",
    ]);
    expect(source.labels).toBeUndefined();
  });

  test("class folders become labels", async () => {
    const tree = await writeTree(at("classes"), { "dog/1.png": a, "cat/2.png": b, "cat/x/3.png": c });
    expect((await openImages(tree)).labels).toEqual(Int32Array.of(0, 0, 1));
  });

  test("have a hash that does not depend on where they lie, but on names and content", async () => {
    const hash = async (name: string) => (await openImages(at(name))).contentHash();
    await writeTree(at("here"), { "x/a.png": a, "x/b.png": b });
    await writeTree(at("there/below"), { "x/a.png": a, "x/b.png": b });
    await writeTree(at("swapped"), { "x/a.png": b, "x/b.png": a });
    const first = await hash("here");
    expect(await hash("there/below")).toBe(first);
    expect(await hash("swapped")).not.toBe(first);
    await rename(at("here/x/b.png"), at("here/x/c.png"));
    expect(await hash("here")).not.toBe(first);
  });
});

test("mixed sizes are counted, the commonest first, once however often they are read", async () => {
  const tree = await writeTree(at("mixed"), { "a.png": a, "b.png": b, "c.png": wide });
  const source = await openImages(tree);
  await readAll(source);
  await readAll(source);
  expect(source.warnings()).toEqual([
    expect.objectContaining({
      code: "mixed-sizes",
      message: "2 different sizes, most often 5x5 (2), 8x8 (1)",
    }),
  ]);
});

test("images beyond the memory set aside come in shorter batches, none lost", async () => {
  // 5000 x 5000 x 3 = 75 MB each: three fit into the 256 MiB that may be held, two into half of it
  const sharp = (await import("sharp")).default;
  const big = await sharp({ create: { width: 5000, height: 5000, channels: 3, background: "#123456" } })
    .png({ compressionLevel: 1 })
    .toBuffer();
  const files = Object.fromEntries(Array.from({ length: 7 }, (_, i) => [`${i}.png`, big]));
  const source = await openImages(await writeTree(at("big"), files));
  const sizes: number[] = [];
  let first = 0;
  for await (const batch of source.batches({ batchSize: 50 })) {
    sizes.push(batch.length);
    first = batch[0].pixels[0];
  }
  expect(first).toBe(0x12);
  expect(sizes.reduce((sum, n) => sum + n, 0)).toBe(7);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(3);
});

test("two passes at once do not disturb each other", async () => {
  const tree = await writeTree(at("twice"), { "a.png": a, "b.png": b, "c.png": c });
  const source = await openImages(tree);
  const [first, second] = await Promise.all([
    readAll(source, { batchSize: 1 }),
    readAll(source, { batchSize: 2 }),
  ]);
  expect(first).toEqual(second);
});
