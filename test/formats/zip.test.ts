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
