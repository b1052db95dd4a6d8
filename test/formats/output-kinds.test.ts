/** Every writer of a file that the user names, at every kind of thing that the name may stand for. */
import { execFileSync, spawn } from "node:child_process";
import { chmod, lstat, mkdir, readdir, readFile, readlink, stat, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { BASELINE_SCHEMA, writeBaseline } from "../../src/check/baseline.ts";
import { STATISTICS_FORMATS } from "../../src/evaluate/statistics/statistics-formats.ts";
import { writeFileAtomically } from "../../src/files/atomic-file.ts";
import { openImageSink } from "../../src/images/sinks/open.ts";
import { writePerImage } from "../../src/reports/per-image-to-csv.ts";
import { writeModelFolder } from "../../src/samples/graph-model-folder.ts";
import { openPointSink } from "../../src/samples/point-sink.ts";
import { asOrdinaryUser } from "../as-other-user.ts";
import { temporaryFolder } from "../images/made-images.ts";

const folder = await temporaryFolder();
await chmod(folder, 0o755);
let places = 0;
async function place(name: string): Promise<string> {
  const own = path.join(folder, `place${places++}`);
  await mkdir(own);
  return path.join(own, name);
}

type Write = (location: string) => Promise<void>;

const ORIGIN = { extractor: "inception", extractorHash: null, featureEnd: "pool_3", resize: "default" };
const FEATURES = { data: Float32Array.of(1, 2, 3, 4, 5, 6), rows: 3, width: 2 };
const STATISTICS = {
  mu: Float64Array.of(1, 2),
  sigma: Float64Array.of(1, 0, 0, 1),
  n: 3,
  ddof: 1,
  origin: ORIGIN,
};

const images: Write = async (location) => {
  const shape = { count: 2, height: 3, width: 4, channels: 1 };
  const sink = await openImageSink(location, { ...shape, overwrite: true });
  await sink.write(
    Uint8Array.from({ length: 24 }, (_, i) => i),
    2,
  );
  await sink.finish();
};
const points: Write = async (location) => {
  const sink = await openPointSink(location, { count: 2, d: 2, overwrite: true });
  await sink.write(Float32Array.of(1, 2, 3, 4), 2);
  await sink.finish();
};

/** By the ending of the name. */
const FILE_WRITERS: readonly (readonly [what: string, ending: string, write: Write])[] = [
  ["bytes (results, reports, JUnit, ONNX)", ".json", (at) => writeFileAtomically(at, [Buffer.from("{}\n")])],
  [
    "a baseline",
    ".json",
    (at) => writeBaseline(at, { schema: BASELINE_SCHEMA, ganEval: "0", when: "2026-01-01", results: [] }),
  ],
  [
    "values of single images",
    ".csv",
    (at) => writePerImage(at, [{ extractor: "pixels", names: ["a"], columns: { realism: [1] } } as never]),
  ],
  ...Object.entries(STATISTICS_FORMATS).map(
    ([name, format]) =>
      [
        `statistics as ${name}`,
        format.ending,
        (at: string) =>
          format.of === "features"
            ? format.write(at, FEATURES, ORIGIN as never)
            : format.write(at, STATISTICS as never, undefined),
      ] as const,
  ),
  ...[".zip", ".npz", "-images-idx3-ubyte", ".idx.gz"].map(
    (ending) => [`images as ${ending}`, ending, images] as const,
  ),
  ...[".npy", ".npz", ".csv"].map((ending) => [`points as ${ending}`, ending, points] as const),
];

const OLD = "what was there before, longer than anything new".repeat(100);
const modeOf = async (location: string) => ((await stat(location)).mode & 0o7777).toString(8);
const leftovers = async (location: string) =>
  (await readdir(path.dirname(location))).filter((name) => name.endsWith(".tmp"));

describe.each(FILE_WRITERS)("%s", (_what, ending, write) => {
  async function expected(): Promise<Buffer> {
    const location = await place(`plain${ending}`);
    await write(location);
    return readFile(location);
  }

  test("a new file follows the umask", async () => {
    const before = process.umask(0o027);
    try {
      const location = await place(`new${ending}`);
      await write(location);
      expect(await modeOf(location)).toBe("640");
      expect(await leftovers(location)).toEqual([]);
    } finally {
      process.umask(before);
    }
  });

  test.each([0o600, 0o640, 0o606, 0o755])("a plain file keeps its mode (%o)", async (mode) => {
    const location = await place(`private${ending}`);
    await writeFile(location, OLD);
    await chmod(location, mode);
    await write(location);
    expect(await modeOf(location)).toBe(mode.toString(8));
    expect(await readFile(location)).toEqual(await expected());
    expect(await leftovers(location)).toEqual([]);
  });

  test("a link, relative or through others, stays and its target is written", async () => {
    const location = await place(`link${ending}`);
    const target = path.join(path.dirname(location), "real", `file${ending}`);
    await mkdir(path.dirname(target));
    await writeFile(target, OLD, { mode: 0o600 });
    await symlink(`real/../real/file${ending}`, `${location}.second`);
    await symlink(`link${ending}.second`, location);
    await write(location);
    expect(await readlink(location)).toBe(`link${ending}.second`);
    expect((await lstat(target)).isFile()).toBe(true);
    expect(await readFile(target)).toEqual(await expected());
    expect(await modeOf(target)).toBe("600");
  });

  test("a link to a file that is not there yet makes the file", async () => {
    const location = await place(`dangling${ending}`);
    const target = path.join(path.dirname(location), `made-later${ending}`);
    await symlink(path.basename(target), location);
    await write(location);
    expect((await lstat(location)).isSymbolicLink()).toBe(true);
    expect(await readFile(target)).toEqual(await expected());
  });

  test("a link to itself is an error that names the file", async () => {
    const location = await place(`circle${ending}`);
    await symlink(path.basename(location), location);
    await expect(write(location)).rejects.toMatchObject({
      code: "input.cannot-write",
      message: expect.stringContaining(location),
    });
  });

  test("a device is written through and stays a device", async () => {
    const location = await place(`null${ending}`);
    await symlink("/dev/null", location);
    await write(location);
    expect(await readlink(location)).toBe("/dev/null");
    expect((await stat("/dev/null")).isCharacterDevice()).toBe(true);
    expect(await readdir(path.dirname(location))).toEqual([path.basename(location)]);
  });

  test.runIf(process.platform === "linux")("a device without room is an error", async () => {
    const location = await place(`full${ending}`);
    await symlink("/dev/full", location);
    await expect(write(location)).rejects.toMatchObject({
      code: "input.cannot-write",
      message: expect.stringContaining("ENOSPC"),
    });
    expect(await readdir(path.dirname(location))).toEqual([path.basename(location)]);
  });

  test("a pipe hands the whole to its reader and stays a pipe", async () => {
    const location = await place(`pipe${ending}`);
    execFileSync("mkfifo", [location]);
    const reader = spawn("od", ["-An", "-v", "-tx1", location], { stdio: ["ignore", "pipe", "ignore"] });
    const [read] = await Promise.all([text(reader.stdout), write(location)]);
    expect((await stat(location)).isFIFO()).toBe(true);
    expect(Buffer.from(read.replace(/\s/g, ""), "hex")).toEqual(await expected());
  });

  test("a folder of that name is an error", async () => {
    const location = await place(`folder${ending}`);
    await mkdir(location);
    await expect(write(location)).rejects.toMatchObject({
      code: expect.stringMatching(/^(input\.cannot-write|usage\.target-exists)$/),
    });
    expect(await readdir(location)).toEqual([]);
  });

  test("a file that may be written in a folder that may not is written over", async () => {
    const location = await place(`kept${ending}`);
    await writeFile(location, OLD);
    await chmod(location, 0o666);
    await chmod(path.dirname(location), 0o555);
    await asOrdinaryUser(() => write(location)).finally(() => chmod(path.dirname(location), 0o755));
    expect(await readFile(location)).toEqual(await expected());
    expect(await modeOf(location)).toBe("666");
    expect(await readdir(path.dirname(location))).toEqual([path.basename(location)]);
  });

  test("a file that is read-only is an error, and stays", async () => {
    const location = await place(`locked${ending}`);
    await writeFile(location, OLD);
    await chmod(location, 0o444);
    await chmod(path.dirname(location), 0o777);
    await expect(asOrdinaryUser(() => write(location))).rejects.toMatchObject({ code: "input.cannot-write" });
    expect(await readFile(location, "utf8")).toBe(OLD);
  });
});

const FOLDER_WRITERS: readonly (readonly [what: string, write: Write])[] = [
  ["a folder of images", images],
  ["a model's folder", async (at) => void (await writeModelFolder(at, {}, Uint8Array.of(1, 2, 3)))],
];

describe.each(FOLDER_WRITERS)("%s", (_what, write) => {
  async function expected(): Promise<string[]> {
    const location = await place("plain");
    await write(location);
    return readdir(location);
  }

  test("a folder that is there keeps its mode", async () => {
    const location = await place("private");
    await mkdir(location, { mode: 0o700 });
    await write(location);
    expect(await modeOf(location)).toBe("700");
    expect(await readdir(location)).toEqual(await expected());
    expect(await leftovers(location)).toEqual([]);
  });

  test.each(["there", "not there yet"])("a link to a folder that is %s stays a link", async (state) => {
    const location = await place("link");
    const target = path.join(path.dirname(location), "real");
    if (state === "there") await mkdir(target);
    await symlink("real", location);
    await write(location);
    expect((await lstat(location)).isSymbolicLink()).toBe(true);
    expect((await lstat(target)).isDirectory()).toBe(true);
    expect(await readdir(target)).toEqual(await expected());
    expect((await readdir(path.dirname(location))).sort()).toEqual(["link", "real"]);
  });

  test("a folder is filled where its parent is read-only", async () => {
    const location = await place("mounted");
    await mkdir(location);
    await chmod(location, 0o777);
    await chmod(path.dirname(location), 0o555);
    await asOrdinaryUser(() => write(location)).finally(() => chmod(path.dirname(location), 0o755));
    expect(await readdir(location)).toEqual(await expected());
  });
});
