/** Files that are often taken for images: what they are is said, wherever they turn up and whatever they are called. */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { openSide } from "../../../src/evaluate/sides/side.ts";
import { npyToBytes } from "../../../src/formats/npy.ts";
import { decodeImage } from "../../../src/images/decode/decode.ts";
import { openImages } from "../../../src/images/sources/open.ts";
import { filesToTar } from "../../formats/tar-writer.ts";
import { noise, readAll, temporaryFolder, toIdx } from "../made-images.ts";

const folder = await temporaryFolder();
const at = (name: string): string => path.join(folder, name);

const bytesOf = (text: string, offset = 0): Buffer => {
  const bytes = Buffer.alloc(600);
  bytes.write(text, offset, "latin1");
  return bytes;
};

const tar = filesToTar([{ name: "a.png", bytes: Buffer.from("no image") }]);
/** Before POSIX there was no mark. */
const oldTar = Buffer.from(tar);
oldTar.fill(0, 257, 265);
oldTar.fill(" ", 148, 156);
const sum = oldTar.subarray(0, 512).reduce((total, byte) => total + byte, 0);
oldTar.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);

const FILES: readonly (readonly [what: string, bytes: Buffer])[] = [
  ["a tar archive", tar],
  ["a tar archive", oldTar],
  ["a 7-Zip archive", bytesOf("7z\xbc\xaf\x27\x1c")],
  ["a RAR archive", bytesOf("Rar!\x1a\x07\x01\x00")],
  ["a bzip2 file", bytesOf("BZh91AY&SY")],
  ["an xz file", bytesOf("\xfd7zXZ\x00")],
  ["a Parquet file", bytesOf("PAR1")],
  ["an HDF5 file", bytesOf("\x89HDF\r\n\x1a\n")],
  ["a MATLAB file", bytesOf("MATLAB 5.0 MAT-file, Platform: GLNXA64")],
  ["an LMDB database", bytesOf("\xde\xc0\xef\xbe", 16)],
  ["a Python pickle", bytesOf("\x80\x02}q\x01U\x0bbatch_label")],
  ["a Git LFS pointer", Buffer.from("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n")],
  ["a web page", Buffer.from("\n<!DOCTYPE html><html><title>404</title></html>")],
  ["an SVG drawing", Buffer.from('<?xml version="1.0"?>\n<svg xmlns="x"/>')],
  ["a JPEG XL image", bytesOf("\xff\x0a")],
  ["a Photoshop file", bytesOf("8BPS")],
  ["a video", bytesOf("\0\0\0\x20ftypisom")],
];

describe.each(FILES)("%s", (what, bytes) => {
  test.skipIf(what === "a tar archive").each(["file", "data.zip", "data.bin", "data.npz", "data.npy"])(
    "is called so where it is given as %s, plain and gzipped",
    async (name) => {
      await writeFile(at(name), bytes);
      await expect(openSide(at(name), { onError: "fail" })).rejects.toMatchObject({
        code: "input.unknown-kind",
        message: expect.stringContaining(what),
        hint: expect.any(String),
      });
      await writeFile(at(`${name}.gz`), gzipSync(bytes));
      await expect(openImages(at(`${name}.gz`))).rejects.toThrow(what);
    },
  );

  test("is called so where it lies in a folder without images, and under an image's name", async () => {
    await mkdir(at("shards"), { recursive: true });
    await writeFile(at("shards/00000.dat"), bytes);
    await expect(openImages(at("shards"))).rejects.toMatchObject({
      code: "input.no-pictures",
      hint: expect.stringContaining(`00000.dat is ${what}`),
    });
    await expect(decodeImage(bytes, "a.png")).rejects.toThrow(`expected an image, got ${what}`);
  });
});

test("a tar archive is opened, with the mark of POSIX or without, whatever it is called", async () => {
  for (const bytes of [tar, oldTar, gzipSync(tar)]) {
    await writeFile(at("archive"), bytes);
    const source = await openImages(at("archive"));
    expect([source.kind, source.count, source.nameOf!(0)]).toEqual(["tar", 1, "archive/a.png"]);
    await source.close();
  }
});

describe("gzipped files", () => {
  test("of images in IDX and npy are read", async () => {
    const pixels = noise(1, 2, 5, 1);
    await writeFile(at("any.gz"), gzipSync(toIdx([2, 5, 5], pixels)));
    await writeFile(
      at("array.gz"),
      gzipSync(npyToBytes({ dtype: "|u1", shape: [2, 5, 5], data: Uint8Array.from(Buffer.concat(pixels)) })),
    );
    for (const name of ["any.gz", "array.gz"])
      expect((await readAll(await openImages(at(name)))).length).toBe(2);
  });

  test("of anything else are not called a broken IDX", async () => {
    await writeFile(at("text.gz"), gzipSync(Buffer.from("some text")));
    await expect(openImages(at("text.gz"))).rejects.toMatchObject({
      code: "input.unknown-kind",
      message: expect.stringContaining("of an unknown kind, gzipped"),
    });
  });
});
