/** Archives of more files than 16 bits count, and of more bytes than 32 bits do: Python's and ours, read by both. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openZip } from "../../src/formats/zip.ts";
import { filesToZip, ZipRecords } from "../../src/formats/zip-writer.ts";

const COUNT = 70_000;
const toName = (i: number): string =>
  `${String(Math.floor(i / 1000)).padStart(5, "0")}/img${String(i).padStart(8, "0")}.png`;
const toContent = (i: number): Uint8Array => Buffer.from(String(i));

const hasPython = spawnSync("python3", ["--version"]).status === 0;
if (!hasPython) console.warn("skipped: python3 is absent, whose zip files are compared");
const python = (script: string, ...words: string[]): string =>
  execFileSync("python3", ["-c", script, ...words], { encoding: "utf8" });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "zip64-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function expectAll(location: string): Promise<void> {
  const archive = await openZip(location);
  expect(archive.entries.length).toBe(COUNT);
  for (const i of [0, 1, 65_534, 65_535, 65_536, COUNT - 1]) {
    expect(archive.entries[i]).toMatchObject({ name: toName(i), stored: true });
    expect(Buffer.from(await archive.read(archive.entries[i])).toString()).toBe(String(i));
  }
  await archive.close();
}

describe("70,000 stored files", () => {
  test.skipIf(!hasPython)("are read from Python's archive", async () => {
    const location = path.join(folder, "python.zip");
    python(
      `import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_STORED) as z:
    for i in range(${COUNT}): z.writestr(f"{i // 1000:05d}/img{i:08d}.png", str(i))`,
      location,
    );
    await expectAll(location);
  });

  test("are written with 64-bit records, which Python reads as we do", async () => {
    const location = path.join(folder, "ours.zip");
    const files = Array.from({ length: COUNT }, (_, i) => ({ name: toName(i), bytes: toContent(i) }));
    await writeFile(location, Buffer.concat([...filesToZip(files)]));
    await expectAll(location);
    if (!hasPython) return;
    const seen = python(
      `import sys, zipfile
z = zipfile.ZipFile(sys.argv[1]); names = z.namelist()
print(len(names), names[-1], z.read(names[65536]).decode())`,
      location,
    );
    expect(seen.trim()).toBe(`${COUNT} ${toName(COUNT - 1)} 65536`);
  });
});

test("a file behind four gigabytes is written and read, by Python too", async () => {
  const location = path.join(folder, "large.zip");
  const size = 2 ** 32 + 10;
  const records = new ZipRecords();
  const last = { name: "last.png", size: 3, checksum: 0x352441c2 };
  const file = await open(location, "w");
  // The first file is a hole: the disk holds none of it, and nobody reads it.
  const before = records.before({ name: "first.bin", size, checksum: 0 });
  await file.write(before, 0, before.length, 0);
  let at = before.length + size;
  for (const bytes of [records.before(last), Buffer.from("abc"), records.after()]) {
    await file.write(bytes, 0, bytes.length, at);
    at += bytes.length;
  }
  await file.close();
  const archive = await openZip(location);
  expect(archive.entries.map((entry) => [entry.name, entry.size])).toEqual([
    ["first.bin", size],
    ["last.png", 3],
  ]);
  expect(Buffer.from(await archive.read(archive.entries[1])).toString()).toBe("abc");
  await archive.close();
  if (hasPython)
    expect(
      python(
        "import sys, zipfile; print(zipfile.ZipFile(sys.argv[1]).read('last.png').decode())",
        location,
      ).trim(),
    ).toBe("abc");
});
