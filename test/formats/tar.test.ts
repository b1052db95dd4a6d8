import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readTarMember } from "../../src/formats/tar.ts";
import { holdsOrRefuses, mutationsOf } from "./mutations.ts";
import { filesToTar, filesToTgz } from "./tar-writer.ts";

const body = Uint8Array.from({ length: 1300 }, (_, i) => (i * 7) % 251);
const files = [
  { name: "LICENSE", bytes: Buffer.from("text") },
  { name: "a/", bytes: new Uint8Array(0), type: "5" },
  { name: "a/graph.pb", bytes: body },
];
const wanted = (name: string) => name.endsWith("graph.pb");

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "tar-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(bytes: Uint8Array, maxBytes = 1e6) {
  const file = path.join(folder, "file.tgz");
  await writeFile(file, bytes);
  return readTarMember(file, wanted, { maxBytes, maxTotal: 1e7 });
}

describe("readTarMember", () => {
  it("finds the member, and says when there is none", async () => {
    expect(await read(filesToTgz(files))).toEqual({ name: "a/graph.pb", bytes: Buffer.from(body) });
    expect(await read(filesToTgz(files.slice(0, 2)))).toBeUndefined();
  });

  it("gives up where all that it passes over is too much, though no member is", async () => {
    const bytes = new Uint8Array(40_000);
    const file = path.join(folder, "many.tgz");
    await writeFile(file, filesToTgz([...["x", "y", "z"].map((name) => ({ name, bytes })), ...files]));
    const read = (maxTotal: number) => readTarMember(file, wanted, { maxBytes: 1e6, maxTotal });
    await expect(read(100_000)).rejects.toMatchObject({ code: "input.tar" });
    expect((await read(200_000))?.name).toBe("a/graph.pb");
  });

  it("follows GNU's long names", async () => {
    const long = `${"d/".repeat(80)}graph.pb`;
    const member = await read(
      filesToTgz([
        { name: "././@LongLink", bytes: Buffer.from(`${long}\0`), type: "L" },
        { name: long.slice(0, 99), bytes: body },
      ]),
    );
    expect(member?.name).toBe(long);
  });

  it("writes nothing for names that climb out and for links", async () => {
    const before = await readdir(path.dirname(folder));
    const member = await read(
      filesToTgz([
        { name: "../../evil-graph.pb", bytes: new Uint8Array(0), type: "2" },
        { name: "../../graph.pb", bytes: body },
      ]),
    );
    expect(member?.bytes).toEqual(Buffer.from(body));
    expect(
      (await readdir(path.dirname(folder))).filter(
        (name) => !before.includes(name) && /evil|graph\.pb/.test(name),
      ),
    ).toEqual([]);
  });

  it("refuses what is cut off, too large, lying about its size, or no archive", async () => {
    const whole = filesToTgz(files);
    const refused = { code: "input.tar" };
    await expect(read(whole.subarray(0, whole.length - 200))).rejects.toMatchObject(refused);
    await expect(read(whole, 1000)).rejects.toMatchObject(refused);
    await expect(
      read(filesToTgz([{ name: "graph.pb", bytes: body, claims: 900_000 }])),
    ).rejects.toMatchObject(refused);
    await expect(
      read(filesToTgz([{ name: "other", bytes: body, claims: 8 ** 11 - 1 }])),
    ).rejects.toMatchObject(refused);
    await expect(read(gzipSync(filesToTar(files).subarray(0, 700)))).rejects.toMatchObject(refused);
    await expect(read(Buffer.from("no gzip at all"))).rejects.toMatchObject(refused);
    await expect(readTarMember(path.join(folder, "absent"), wanted, { maxBytes: 1 })).rejects.toMatchObject({
      code: "input.cannot-read",
    });
  });

  it("returns or throws its own error for mutated bytes, packed and unpacked", async () => {
    const plain = filesToTar(files);
    const both = fc.oneof(
      mutationsOf(filesToTgz(files)),
      mutationsOf(plain).map((bytes) => gzipSync(bytes)),
    );
    await fc.assert(
      fc.asyncProperty(both, (bytes) => holdsOrRefuses(() => read(bytes))),
      { numRuns: 150 },
    );
  });
});
