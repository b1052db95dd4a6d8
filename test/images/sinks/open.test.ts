import { mkdir, readdir, readFile, readlink, stat, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { readNpz } from "../../../src/formats/npz.ts";
import { openImageSink } from "../../../src/images/sinks/open.ts";
import type { ImageSinkOptions } from "../../../src/images/sinks/sink.ts";
import { openImages } from "../../../src/images/sources/open.ts";
import { codeOf, readAll, temporaryFolder } from "../made-images.ts";
import { seededBytes } from "../seeded.ts";

const folder = await temporaryFolder();
/** A folder of its own for each test: what else lies there is looked at. */
let places = 0;
async function place(name: string): Promise<string> {
  const own = path.join(folder, `place${places++}`);
  await mkdir(own);
  return path.join(own, name);
}
const beside = (location: string): Promise<string[]> => readdir(path.dirname(location));

const SHAPE = { count: 21, height: 5, width: 7 };
const STRIDE = SHAPE.height * SHAPE.width;
const pixelsOf = (channels: number, seed = 1): Uint8Array =>
  seededBytes(seed, SHAPE.count * STRIDE * channels);

async function writeAll(
  location: string,
  pixels: Uint8Array,
  options: Partial<ImageSinkOptions> & { readonly channels: number },
  batch = 4,
): Promise<void> {
  const sink = await openImageSink(location, { ...SHAPE, ...options });
  const stride = STRIDE * options.channels;
  for (let from = 0; from < SHAPE.count; from += batch) {
    // The caller's buffer is used again after each write.
    const buffer = pixels.slice(from * stride, (from + batch) * stride);
    await sink.write(buffer, buffer.length / stride);
    buffer.fill(7);
  }
  await sink.finish();
}

async function readBack(location: string) {
  const source = await openImages(location);
  const images = await readAll(source);
  const { kind, labels } = source;
  const warnings = source.warnings().map(({ code }) => code);
  await source.close();
  return { kind, labels: labels && [...labels], warnings, images };
}

const toRgb = (pixels: Uint8Array, channels: number): Buffer =>
  channels === 3 ? Buffer.from(pixels) : Buffer.from([...pixels].flatMap((v) => [v, v, v]));

const LOCATIONS = [
  ["images", "folder", 1],
  ["images", "folder", 3],
  ["run1.2", "folder", 3],
  ["images.zip", "zip", 1],
  ["images.zip", "zip", 3],
  ["images.npz", "npz", 1],
  ["images.npz", "npz", 3],
  ["fake-images-idx3-ubyte", "idx", 1],
  ["fake-images-idx3-ubyte.gz", "idx", 1],
  ["images.idx", "idx", 1],
] as const;

describe.each(LOCATIONS)("%s (%s, %i channels)", (name, kind, channels) => {
  const pixels = pixelsOf(channels);

  test("reads back as the very bytes that were written, in order", async () => {
    const location = await place(name);
    await writeAll(location, pixels, { channels });
    const back = await readBack(location);
    expect(back.kind).toBe(kind);
    expect(back.labels).toBeUndefined();
    expect(back.warnings).toEqual(channels === 1 ? ["grey"] : []);
    expect(back.images.map(({ width, height }) => [width, height])).toEqual(
      Array.from({ length: SHAPE.count }, () => [SHAPE.width, SHAPE.height]),
    );
    expect(Buffer.concat(back.images.map((image) => image.pixels))).toEqual(toRgb(pixels, channels));
    expect(await beside(location)).toEqual([name]);
  });

  test("is the same whatever came at a time", async () => {
    const [one, other] = [await place(name), await place(name)];
    await writeAll(one, pixels, { channels }, 1);
    await writeAll(other, pixels, { channels }, 20);
    if (kind === "folder")
      for (const file of await readdir(one))
        expect(await readFile(path.join(one, file))).toEqual(await readFile(path.join(other, file)));
    else expect(await readFile(one)).toEqual(await readFile(other));
  });

  test("is not there before finish, and nothing is there after abort", async () => {
    const location = await place(name);
    const sink = await openImageSink(location, { ...SHAPE, channels });
    await sink.write(pixels.subarray(0, 2 * STRIDE * channels), 2);
    expect(await beside(location)).not.toContain(name);
    expect(await codeOf(sink.finish())).toBe("usage.sink-count");
    await sink.abort();
    await sink.abort();
    expect(await beside(location)).toEqual([]);
    expect(await codeOf(sink.write(pixels.subarray(0, STRIDE * channels), 1))).toBe("usage.closed");
  });

  test("what was there is kept, or replaced whole", async () => {
    const location = await place(name);
    await writeAll(location, pixels, { channels });
    const before = await readBack(location);
    expect(await codeOf(openImageSink(location, { ...SHAPE, channels }))).toBe("usage.target-exists");
    const given = await openImageSink(location, { ...SHAPE, channels, overwrite: true });
    await given.write(pixels.subarray(0, STRIDE * channels), 1);
    await given.abort();
    expect(await readBack(location)).toEqual(before);
    const others = pixelsOf(channels, 99);
    await writeAll(location, others, { channels, overwrite: true });
    const after = await readBack(location);
    expect(Buffer.concat(after.images.map((image) => image.pixels))).toEqual(toRgb(others, channels));
    expect(await beside(location)).toEqual([name]);
  });
});

describe("labels", () => {
  /** Classes 0 to 10: as text, 10 would come before 2. */
  const labels = Array.from({ length: SHAPE.count }, (_, i) => (i * 4) % 11);
  const pixels = pixelsOf(1);
  const sorted = Array.from(labels, (label, position) => ({ label, position })).sort(
    (a, b) => a.label - b.label,
  );

  test.each(["images", "images.zip"])("%s has class folders that count as the labels do", async (name) => {
    const location = await place(name);
    await writeAll(location, pixels, { channels: 1, labels });
    const back = await readBack(location);
    expect(back.labels).toEqual(sorted.map(({ label }) => label));
    back.images.forEach((image, i) => {
      const { label, position } = sorted[i];
      expect(image.name).toBe(`${String(label).padStart(2, "0")}/${String(position).padStart(8, "0")}.png`);
      const expected = pixels.subarray(position * STRIDE, (position + 1) * STRIDE);
      expect(Buffer.from(image.pixels)).toEqual(toRgb(expected, 1));
    });
    await writeAll(location, pixels, { channels: 1, overwrite: true });
    expect((await readBack(location)).labels).toBeUndefined();
  });

  test.each(["images.npz", "images-idx3-ubyte", "images-idx3-ubyte.gz", "x-images.idx3-ubyte"])(
    "%s keeps them in order",
    async (name) => {
      const location = await place(name);
      await writeAll(location, pixels, { channels: 1, labels });
      expect((await readBack(location)).labels).toEqual(labels);
    },
  );

  test("npz has them as NumPy's int64", async () => {
    const location = await place("images.npz");
    await writeAll(location, pixels, { channels: 1, labels });
    const arrays = await readNpz(location);
    expect([...arrays.keys()]).toEqual(["arr_0", "arr_1"]);
    expect(arrays.get("arr_0")).toEqual({ dtype: "|u1", shape: [SHAPE.count, 5, 7, 1], data: pixels });
    expect(arrays.get("arr_1")?.dtype).toBe("<i8");
  });

  test("an IDX file does not inherit the labels of another", async () => {
    const location = await place("images-idx3-ubyte.gz");
    await writeAll(location, pixels, { channels: 1, labels });
    expect(await beside(location)).toEqual(["images-idx3-ubyte.gz", "labels-idx1-ubyte.gz"]);
    const plain = location.replace(/\.gz$/, "");
    expect(await codeOf(openImageSink(plain, { ...SHAPE, channels: 1 }))).toBe("usage.target-exists");
    await writeAll(plain, pixels, { channels: 1, overwrite: true });
    expect((await readBack(plain)).labels).toBeUndefined();
  });

  test("those that the format cannot hold are refused before anything is written", async () => {
    const location = await place("samples.idx");
    const refused = (name: string, given: readonly number[]) =>
      codeOf(
        openImageSink(path.join(path.dirname(location), name), { ...SHAPE, channels: 1, labels: given }),
      );
    expect(await refused("samples.idx", labels)).toBe("usage.idx-labels");
    expect(await refused("images-idx3-ubyte", [256, ...labels.slice(1)])).toBe("usage.idx-labels");
    expect(await refused("images", labels.slice(1))).toBe("usage.sink-labels");
    expect(await refused("images", [-1, ...labels.slice(1)])).toBe("usage.sink-labels");
    expect(await beside(location)).toEqual([]);
  });
});

test("IDX is the header of its definition and the pixels", async () => {
  const location = await place("images-idx3-ubyte");
  await writeAll(location, pixelsOf(1), { channels: 1 });
  const header = [0, 0, 8, 3, 0, 0, 0, 21, 0, 0, 0, 5, 0, 0, 0, 7];
  expect(await readFile(location)).toEqual(Buffer.from([...header, ...pixelsOf(1)]));
  const packed = await place("images-idx3-ubyte.gz");
  await writeAll(packed, pixelsOf(1), { channels: 1 });
  expect(gunzipSync(await readFile(packed))).toEqual(await readFile(location));
});

test("a folder is overwritten only if nothing else is lost", async () => {
  const location = await place("images");
  await writeAll(location, pixelsOf(1), { channels: 1 });
  await writeFile(path.join(location, "notes.txt"), "kept");
  const work = openImageSink(location, { ...SHAPE, channels: 1, overwrite: true });
  await expect(work).rejects.toThrow("notes.txt");
  expect(await readFile(path.join(location, "notes.txt"), "utf8")).toBe("kept");
});

test("where the name is a link, what it points to is replaced, and the link stays", async () => {
  const [location, elsewhere] = [await place("images"), await place("images")];
  await writeAll(elsewhere, pixelsOf(1), { channels: 1 });
  await symlink(elsewhere, location);
  const before = await readBack(elsewhere);
  await writeAll(location, pixelsOf(1, 99), { channels: 1, overwrite: true });
  expect(await readlink(location)).toBe(elsewhere);
  expect(await readBack(elsewhere)).not.toEqual(before);
  expect(await readBack(location)).toEqual(await readBack(elsewhere));
});

test("empty files and folders are free; a file is no folder", async () => {
  const location = await place("images");
  await mkdir(location);
  await writeAll(location, pixelsOf(1), { channels: 1 });
  expect(await readdir(location)).toHaveLength(SHAPE.count);
  const zip = await place("images.zip");
  await writeFile(zip, "");
  await writeAll(zip, pixelsOf(1), { channels: 1 });
  expect((await stat(zip)).size).toBeGreaterThan(0);
  const file = await place("images");
  await writeFile(file, "");
  for (const overwrite of [false, true])
    expect(await codeOf(openImageSink(file, { ...SHAPE, channels: 1, overwrite }))).toBe(
      "usage.target-exists",
    );
});

test.each([
  ["colour in IDX", "images-idx3-ubyte", { channels: 3 }, "usage.idx-channels"],
  ["two channels", "images", { channels: 2 }, "usage.sink-shape"],
  ["no images", "images", { channels: 1, count: 0 }, "usage.sink-shape"],
  ["one image's name", "images.png", { channels: 1 }, "usage.sink-kind"],
  ["an unknown file", "images.tar.gz", { channels: 1 }, "usage.sink-kind"],
  ["no folder above", "absent/images", { channels: 1 }, "input.cannot-write"],
  ["no folder above", "absent/images.zip", { channels: 1 }, "input.cannot-write"],
  ["no folder above", "absent/images-idx3-ubyte.gz", { channels: 1 }, "input.cannot-write"],
] as const)("%s is refused: %s", async (_, name, options, code) => {
  const location = await place(name.split("/")[0]);
  const target = path.join(path.dirname(location), name);
  expect(await codeOf(openImageSink(target, { ...SHAPE, ...options }))).toBe(code);
  expect(await beside(location)).toEqual([]);
});

test("a slash at the end makes any name a folder's", async () => {
  const location = await place("images.zip");
  await writeAll(`${location}/`, pixelsOf(1), { channels: 1 });
  expect((await readBack(location)).kind).toBe("folder");
});

test("images that do not fit are refused", async () => {
  const location = await place("images.npz");
  const sink = await openImageSink(location, { ...SHAPE, channels: 1 });
  expect(await codeOf(sink.write(new Uint8Array(STRIDE + 1), 1))).toBe("usage.sink-pixels");
  await sink.write(pixelsOf(1), SHAPE.count);
  expect(await codeOf(sink.write(new Uint8Array(STRIDE), 1))).toBe("usage.sink-count");
  await sink.finish();
  await sink.abort();
  expect((await readBack(location)).images).toHaveLength(SHAPE.count);
});
