import { writeFile } from "node:fs/promises";
import path from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { npyToBytes } from "../../src/formats/npy.ts";
import { openImages } from "../../src/images/sources/open.ts";
import { holdsOrRefuses, mutationsOf } from "../formats/mutations.ts";
import { filesToTar } from "../formats/tar-writer.ts";
import { codeOf, noise, readAll, temporaryFolder, toIdx, toPng } from "./made-images.ts";

const folder = await temporaryFolder();
const at = (name: string): string => path.join(folder, name);

/** Opens a file of this content and reads all that it holds. */
async function readFileOf(name: string, bytes: Uint8Array): Promise<void> {
  await writeFile(at(name), bytes);
  const source = await openImages(at(name));
  try {
    await readAll(source);
  } finally {
    await source.close();
  }
}

const images = noise(5, 3, 6, 3);
const idx = toIdx(
  [3, 6, 6],
  images.map((image) => image.subarray(0, 36)),
);
const png = await toPng(images[0], 6, 3);
const archive = Buffer.from(zipSync({ "a.png": [png, { level: 0 }], "b.png": [png, { level: 9 }] }));
const tar = filesToTar([
  { name: "x", bytes: Buffer.from("19 path=long/a.png\n"), type: "x" },
  { name: "a.png", bytes: png },
  { name: "b.png", bytes: png },
  { name: "b.cls", bytes: Buffer.from("3") },
]);
const npz = zipSync({
  "arr_0.npy": npyToBytes({
    dtype: "|u1",
    shape: [3, 6, 6, 3],
    data: Uint8Array.from(Buffer.concat(images)),
  }),
});

describe("containers that are damaged or hostile", () => {
  test.each([
    ["an IDX file that is cut off", "x-idx3-ubyte", idx.subarray(0, 60), "input.idx"],
    ["an IDX file of absurd sizes", "x-idx3-ubyte", toIdx([2 ** 31, 2 ** 31, 2 ** 31], []), "input.idx"],
    ["a gzip that is cut off", "x-idx3-ubyte.gz", gzipSync(idx).subarray(0, 40), "input.cut-off"],
    ["a zip without its end", "x.zip", archive.subarray(0, archive.length - 30), "input.zip"],
    ["an npz that is cut off", "x.npz", npz.subarray(0, 100), "input.zip"],
    ["a zip whose names climb out", "x.zip", zipSync({ "../x.png": png }), "input.zip-name"],
    ["a zip with an absolute name", "x.zip", zipSync({ "/etc/x.png": png }), "input.zip-name"],
    ["a zip without images", "x.zip", zipSync({ "readme.txt": png.subarray(0, 3) }), "input.no-pictures"],
  ])("%s", async (_what, name, bytes, code) => {
    expect(await codeOf(readFileOf(name, bytes))).toBe(code);
  });

  test("a zip that claims more than can be in it, before it is unpacked", async () => {
    const bomb = Buffer.from(zipSync({ "a.png": new Uint8Array(5000) }, { level: 9 }));
    const directory = bomb.indexOf(Buffer.from("PK\x01\x02", "latin1"));
    bomb.writeUInt32LE(2 ** 31 - 1, directory + 24);
    expect(await codeOf(readFileOf("bomb.zip", bomb))).toBe("input.zip");
  });

  test("a zip whose files share their data", async () => {
    const bytes = Buffer.from(archive);
    const first = bytes.indexOf(Buffer.from("PK\x01\x02", "latin1"));
    const second = bytes.indexOf(Buffer.from("PK\x01\x02", "latin1"), first + 4);
    bytes.writeUInt32LE(bytes.readUInt32LE(first + 42), second + 42);
    expect(await codeOf(readFileOf("overlap.zip", bytes))).toBe("input.zip");
  });

  test("a zip entry whose data is not what its checksum says", async () => {
    const bytes = Buffer.from(archive);
    bytes[bytes.indexOf(png) + png.length - 20] ^= 1;
    await expect(readFileOf("sum.zip", bytes)).rejects.toThrow(/a\.png/);
  });

  test.each([
    ["x-idx3-ubyte", idx],
    ["x-idx3-ubyte.gz", gzipSync(idx)],
    ["x.bin", Buffer.concat([Buffer.of(7), Buffer.alloc(3072, 9)])],
    ["x.zip", archive],
    ["x.tar", tar],
    ["x.tar.gz", gzipSync(tar)],
    ["x.npz", npz],
    ["x.npy", npyToBytes({ dtype: "|u1", shape: [1, 6, 6, 3], data: images[0] })],
  ])("%s with bytes changed, cut, dropped or added gives images or an input error", async (name, bytes) => {
    await fc.assert(
      fc.asyncProperty(mutationsOf(bytes), (mutated) => holdsOrRefuses(() => readFileOf(name, mutated))),
      { numRuns: 120 },
    );
  });
});
