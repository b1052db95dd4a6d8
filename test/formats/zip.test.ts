import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openZip } from "../../src/formats/zip.ts";
import { filesToZip } from "../../src/formats/zip-writer.ts";

const END_LENGTH = 22;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "zip-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function zipOf(...files: readonly string[]): Promise<Buffer> {
  const named = files.map((name) => ({ name, bytes: new TextEncoder().encode(`content of ${name}`) }));
  return Buffer.concat([...filesToZip(named)]);
}

async function openBytes(bytes: Uint8Array) {
  const file = path.join(folder, "a.zip");
  await writeFile(file, bytes);
  return openZip(file);
}

/** A 64-bit locator of the directory before the end record, as archives of more than 4 GiB have. */
function withLocator(zip: Buffer, place: bigint): Buffer {
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(place, 8);
  locator.writeUInt32LE(1, 16);
  const end = zip.length - END_LENGTH;
  return Buffer.concat([zip.subarray(0, end), locator, zip.subarray(end)]);
}

it("lists files by the bytes of their names and reads them", async () => {
  const archive = await openBytes(await zipOf("b", "a", "Z"));
  expect(archive.entries.map(({ name }) => name)).toEqual(["Z", "a", "b"]);
  expect(new TextDecoder().decode(await archive.read(archive.entries[1]))).toBe("content of a");
  await archive.close();
});

it.each([
  ["past the end", 10_000_000n],
  ["past what a double counts", 2n ** 63n],
  ["at the last 64-bit number", 2n ** 64n - 1n],
  ["where no directory is", 0n],
])("a directory said to be %s is our own error, not one that ends the process", async (_where, place) => {
  await expect(openBytes(withLocator(await zipOf("a"), place))).rejects.toMatchObject({ code: "input.zip" });
});

/** The count in the end record, which has 16 bits. */
function withCount(zip: Buffer, count: number): Buffer {
  const copy = Buffer.from(zip);
  copy.writeUInt16LE(count, copy.length - END_LENGTH + 8);
  copy.writeUInt16LE(count, copy.length - END_LENGTH + 10);
  return copy;
}

it.each([0, 1, 2])("an archive of three files that states %d lists all three", async (stated) => {
  const archive = await openBytes(withCount(await zipOf("a", "b", "c"), stated));
  expect(archive.entries.map(({ name }) => name)).toEqual(["a", "b", "c"]);
  await archive.close();
});

it("an archive of 65,538 files whose 16-bit count wrapped to 2 lists all of them", async () => {
  function* files() {
    for (let i = 0; i < 65_538; i++) yield { name: `${i}`, bytes: new Uint8Array(0) };
  }
  const zip = Buffer.concat([...filesToZip(files())]);
  // As written it has ZIP64 records; the plain end record stands behind them.
  const end = zip.subarray(zip.length - END_LENGTH);
  const locator = zip.length - END_LENGTH - 20;
  const directoryEnd = Number(zip.readBigUInt64LE(locator + 8));
  end.writeUInt32LE(Number(zip.readBigUInt64LE(directoryEnd + 48)), 16);
  const archive = await openBytes(withCount(Buffer.concat([zip.subarray(0, directoryEnd), end]), 2));
  expect(archive.entries.length).toBe(65_538);
  await archive.close();
});

it("an archive that states more files than it has is an error", async () => {
  await expect(openBytes(withCount(await zipOf("a"), 2))).rejects.toMatchObject({ code: "input.zip" });
});

/** Stored names byte by byte, without the flag for UTF-8, as bsdtar and old programs write them. */
async function zipOfRawNames(...names: readonly Buffer[]): Promise<Buffer> {
  const zip = await zipOf(...names.map((name, i) => String.fromCharCode(97 + i).repeat(name.length)));
  for (
    let at = zip.indexOf("PK\x01\x02", 0, "latin1");
    at >= 0;
    at = zip.indexOf("PK\x01\x02", at + 1, "latin1")
  )
    zip.writeUInt16LE(0, at + 8);
  for (const [i, name] of names.entries()) {
    const placeholder = Buffer.alloc(name.length, 97 + i);
    const directory = zip.lastIndexOf(placeholder);
    name.copy(zip, directory);
    name.copy(zip, zip.indexOf(placeholder) >= 0 ? zip.indexOf(placeholder) : directory);
  }
  return zip;
}

it.each([
  ["./s/a.png", "s/a.png"],
  ["s//a.png", "s/a.png"],
  ["s/./a.png", "s/a.png"],
  ["s\\a.png", "s/a.png"],
  [".\\s\\a.png", "s/a.png"],
  ["größe/a.png", "größe/a.png"],
])("an entry called %s is %s", async (stored, name) => {
  const archive = await openBytes(await zipOfRawNames(Buffer.from(stored)));
  expect(archive.entries.map((entry) => entry.name)).toEqual([name]);
  await archive.close();
});

it("a name that is no UTF-8 is read as code page 437, and its file is read", async () => {
  const archive = await openBytes(await zipOfRawNames(Buffer.from([0x67, 0x94, 0x2e, 0x70])));
  expect(archive.entries.map(({ name }) => name)).toEqual(["gö.p"]);
  expect((await archive.read(archive.entries[0])).length).toBeGreaterThan(0);
  await archive.close();
});

it.each(["../a", "s/../../a", "..\\a", "/a", "C:\\a", "\\a"])(
  "an entry called %s, which leads out of the archive, is refused by name",
  async (stored) => {
    await expect(openBytes(await zipOfRawNames(Buffer.from(stored)))).rejects.toMatchObject({
      code: "input.zip-name",
    });
  },
);
