/** Every member of an archive: what Python's tarfile and GNU tar see in it, in every format that they write. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtemp, open, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { unpackGzip } from "../../src/formats/gzip.ts";
import { FileBytes, StreamBytes, type TarBytes } from "../../src/formats/tar-bytes.ts";
import { type TarMember, walkTar } from "../../src/formats/tar-members.ts";
import "../fuzz-seed.ts";
import { holdsOrRefuses, mutationsOf } from "./mutations.ts";
import { filesToTar, headerToBlock } from "./tar-writer.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "tar-members-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function gather(bytes: TarBytes): Promise<TarMember[]> {
  const found: TarMember[] = [];
  for await (const member of walkTar(bytes, "a.tar")) found.push(member);
  return found;
}

/** In pieces of odd sizes, as a network gives them. */
const bytesToStream = (bytes: Uint8Array, piece = 777): StreamBytes =>
  new StreamBytes(
    unpackGzip(
      Readable.from(
        Array.from({ length: Math.ceil(bytes.length / piece) }, (_, i) =>
          bytes.subarray(i * piece, (i + 1) * piece),
        ),
      ),
    ),
  );

async function gatherFile(location: string): Promise<TarMember[]> {
  const file = await open(location);
  try {
    return await gather(new FileBytes(file, (await file.stat()).size));
  } finally {
    await file.close();
  }
}

const has = (program: string): boolean => {
  const found = spawnSync(program, ["--version"]).status === 0;
  if (!found) console.warn(`skipped: ${program} is absent, whose archives are compared`);
  return found;
};

const PYTHON = `
import io, json, random, sys, tarfile
folder, seed = sys.argv[1], 5
random.seed(seed)
out = {}
for label, kind in (("ustar", tarfile.USTAR_FORMAT), ("pax", tarfile.PAX_FORMAT), ("gnu", tarfile.GNU_FORMAT)):
    path = f"{folder}/{label}.tar"
    with tarfile.open(path, "w", format=kind, **({"pax_headers": {"comment": "all"}} if label == "pax" else {})) as tar:
        for i in range(60):
            parts = [random.choice(["a", "bb", "größe", "数", "x" * 40, "."]) for _ in range(random.randint(1, 5))]
            name = "/".join(parts) + f"/{i}" + ("" if label == "ustar" else random.choice(["", "y" * 120])) + ".png"
            info = tarfile.TarInfo(name)
            info.type = random.choice([tarfile.REGTYPE] * 5 + [tarfile.AREGTYPE, tarfile.DIRTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.CONTTYPE])
            info.mtime = random.random() * 1e9 if label == "pax" else 5
            if info.type in (tarfile.SYMTYPE, tarfile.LNKTYPE): info.linkname = "z" * random.choice([3, 90 if label == "ustar" else 150])
            data = bytes(random.choice([0, 1, 511, 512, 513, 1500, 70000])) if info.isreg() else b""
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    with tarfile.open(path) as tar:
        out[label] = [[m.name, m.offset_data, m.size, m.isreg()] for m in tar if m.isreg()]
json.dump(out, sys.stdout)
`;

describe.skipIf(!has("python3"))("archives of Python's tarfile", () => {
  test("have the files that tarfile sees, at its offsets, from a file and from a stream", async () => {
    const seen: Record<string, [string, number, number, boolean][]> = JSON.parse(
      execFileSync("python3", ["-c", PYTHON, folder], { encoding: "utf8" }),
    );
    for (const [label, expected] of Object.entries(seen)) {
      const location = path.join(folder, `${label}.tar`);
      const bytes = await readFile(location);
      for (const found of [
        await gatherFile(location),
        await gather(bytesToStream(bytes)),
        await gather(bytesToStream(gzipSync(bytes))),
      ])
        expect(found.filter(({ isFile }) => isFile).map((m) => [m.name, m.offset, m.size, m.isFile])).toEqual(
          expected,
        );
    }
  });
});

describe.skipIf(!has("tar"))("archives of GNU tar", () => {
  test.each(["v7", "oldgnu", "gnu", "ustar", "pax"])(
    "in the format %s have its files with their bytes",
    async (format) => {
      const short = format === "v7" ? 40 : 110;
      const names = ["a.png", "ü.png", `${"d".repeat(short - 20)}/e.png`];
      const files = path.join(folder, `files-${format}`);
      for (const [i, name] of names.entries()) {
        execFileSync("mkdir", ["-p", path.dirname(path.join(files, name))]);
        await writeFile(path.join(files, name), Buffer.alloc(600 * i + 3, i + 1));
      }
      // A sparse file in between: its map of holes has 24 parts and goes on in blocks of its own.
      const holes = path.join(files, "b-holes.bin");
      const file = await open(holes, "w");
      for (let i = 0; i < 24; i++) await file.write(Buffer.alloc(4096, 7), 0, 4096, i * 65536);
      await file.close();
      await truncate(holes, 24 * 65536);
      const archive = path.join(folder, `${format}.tar`);
      const sparse = format === "v7" || format === "ustar" ? [] : ["--sparse"];
      execFileSync("tar", [`--format=${format}`, ...sparse, "--sort=name", "-cf", archive, "-C", files, "."]);
      const bytes = await readFile(archive);
      const found = (await gatherFile(archive)).filter(({ name, isFile }) => isFile && name.endsWith(".png"));
      expect(found.map(({ name }) => name)).toEqual(
        names.map((name) => `./${name}`).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
      );
      for (const { name, offset, size } of found)
        expect(bytes.subarray(offset, offset + size)).toEqual(await readFile(path.join(files, name)));
      const all = await gatherFile(archive);
      expect(
        all.some(({ name, isFile }) => name.endsWith("b-holes.bin") && isFile === (sparse.length === 0)),
      ).toBe(true);
    },
  );
});

describe("walkTar", () => {
  const body = Buffer.alloc(700, 9);

  test("reads sizes beyond eight gigabytes, in base 256 and in pax", async () => {
    const size = 2 ** 33 + 5;
    const large = headerToBlock({ name: "large", bytes: new Uint8Array(0) }, (block) => {
      block.fill(0, 124, 136);
      block[124] = 0x80;
      block.writeBigUInt64BE(BigInt(size), 128);
    });
    const record = Buffer.from(`19 size=${size}\n`);
    expect(record.length).toBe(19);
    const pax = filesToTar([{ name: "pax", bytes: record, type: "x" }]).subarray(0, 1024);
    const file = headerToBlock({ name: "large", bytes: new Uint8Array(0) });
    for (const start of [large, Buffer.concat([pax, file])]) {
      const location = path.join(folder, "large.tar");
      await writeFile(location, start);
      await truncate(location, start.length + Math.ceil(size / 512) * 512 + 1024);
      expect(await gatherFile(location)).toEqual([
        { name: "large", offset: start.length, size, isFile: true },
      ]);
      await rm(location);
    }
  });

  test("takes names of pax and GNU for the next member alone, and records of the whole archive for all", async () => {
    const archive = filesToTar([
      { name: "g", bytes: Buffer.from("20 comment=whatever\n"), type: "g" },
      { name: "x", bytes: Buffer.from("18 path=long/name\n"), type: "x" },
      { name: "short", bytes: body },
      { name: "l", bytes: Buffer.from("gnu/name\0"), type: "L" },
      { name: "short", bytes: body },
      { name: "own", bytes: body },
    ]);
    expect((await gather(bytesToStream(archive))).map(({ name }) => name)).toEqual([
      "long/name",
      "gnu/name",
      "own",
    ]);
  });

  test("says at which byte an archive is cut off or damaged, wherever that is", async () => {
    const archive = filesToTar([
      { name: "a.png", bytes: body },
      { name: "b.png", bytes: body },
    ]);
    const end = archive.length - 1024;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: end }), async (cut) => {
        const location = path.join(folder, "cut.tar");
        await writeFile(location, archive.subarray(0, cut));
        for (const walk of [
          () => gatherFile(location),
          () => gather(bytesToStream(archive.subarray(0, cut))),
        ])
          await expect(walk()).rejects.toMatchObject({
            code: "input.tar",
            message: expect.stringMatching(/a\.tar.* at byte \d+$/),
          });
      }),
      { numRuns: 60 },
    );
    const damaged = Buffer.from(archive);
    damaged[512 + 1024 + 3] ^= 1;
    await expect(gather(bytesToStream(damaged))).rejects.toThrow("a damaged header at byte 1536");
  });

  test("gives the same from a file and from a stream, or refuses both, whatever the bytes", async () => {
    const archive = filesToTar([
      { name: "x", bytes: Buffer.from("18 path=long/name\n"), type: "x" },
      { name: "a.png", bytes: body },
      { name: "dir/", bytes: new Uint8Array(0), type: "5" },
      { name: "b.png", bytes: body },
    ]);
    const outcome = (work: Promise<unknown>) => work.catch((error) => error.message);
    await fc.assert(
      fc.asyncProperty(mutationsOf(archive), async (bytes) => {
        const location = path.join(folder, "mutated.tar");
        await writeFile(location, bytes);
        await holdsOrRefuses(() => gatherFile(location));
        expect(await outcome(gatherFile(location))).toEqual(
          await outcome(gather(new StreamBytes(Readable.from([bytes])))),
        );
      }),
      { numRuns: 150 },
    );
  });
});
