import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readTorch } from "../../src/formats/torch.ts";
import { filesToZip } from "../../src/formats/zip-writer.ts";
import { holdsOrRefuses, mutationsOf } from "./mutations.ts";
import { pickle, tensorsToTorchLegacy, tensorsToTorchZip } from "./pickle-writer.ts";

const fixture = (name: string) => path.join(import.meta.dirname, "fixtures", name);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "torch-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function readBytes(bytes: Uint8Array) {
  const file = path.join(folder, "file.pth");
  await writeFile(file, bytes);
  return readTorch(file);
}

const zipOf = (main: Uint8Array, data: Uint8Array = new Uint8Array(8)) =>
  Buffer.concat([
    ...filesToZip([
      { name: "archive/data.pkl", bytes: pickle.file(main) },
      { name: "archive/data/0", bytes: data },
    ]),
  ]);

const storage = (type: string, length: number) =>
  pickle.persistent(
    pickle.tuple(
      pickle.text("storage"),
      pickle.global("torch", type),
      pickle.text("0"),
      pickle.text("cpu"),
      pickle.int(length),
    ),
  );
const ints = (...values: number[]) => pickle.tuple(...values.map(pickle.int));
const tensor = (offset: number, shape: number[], strides: number[], length = 2) =>
  pickle.call(
    pickle.global("torch._utils", "_rebuild_tensor_v2"),
    pickle.tuple(
      storage("FloatStorage", length),
      pickle.int(offset),
      ints(...shape),
      ints(...strides),
      pickle.bool(false),
      pickle.none,
    ),
  );
const dict = (value: Uint8Array) => pickle.dict(pickle.emptyDict, [[pickle.text("t"), value]]);

describe("files that torch.save wrote", () => {
  it.each(["torch-zip.pth", "torch-legacy.pth"])("%s holds what torch says it holds", async (name) => {
    const { tensors: expected } = JSON.parse(await readFile(fixture("torch-expected.json"), "utf8"));
    const tensors = await readTorch(fixture(name));
    expect([...tensors.keys()]).toEqual(Object.keys(expected));
    for (const [key, { dtype, shape, values }] of Object.entries<{
      dtype: string;
      shape: number[];
      values: (number | string)[];
    }>(expected)) {
      const read = tensors.get(key)!;
      expect(read.dtype, key).toBe(dtype);
      expect(read.shape, key).toEqual(shape);
      expect([...(read.read() as Float32Array)].map(Number), key).toEqual(values.map(Number));
    }
  });
});

describe("files of the test's own pickler", () => {
  const tensors = [
    ["a", { data: Float32Array.of(1, 2, 3, 4, 5, 6), shape: [2, 3] }],
    ["b", { data: Float32Array.of(7), shape: [] }],
  ] as const;

  it.each([
    ["zip", tensorsToTorchZip(tensors)],
    ["zip under the file's name", tensorsToTorchZip(tensors, "pt_inception")],
    ["legacy", tensorsToTorchLegacy(tensors)],
  ])("%s: gives the tensors back", async (_kind, bytes) => {
    const read = await readBytes(bytes);
    expect([...read].map(([name, t]) => [name, { data: t.read(), shape: t.shape }])).toEqual(
      tensors.map(([n, t]) => [n, { ...t }]),
    );
  });

  it("reads a dictionary as Python 2 wrote it: short strings, and keys and values in lists", async () => {
    const name = Uint8Array.of(0x55, 1, 0x74);
    const pairs = pickle.list(pickle.list(name, tensor(0, [2], [1])));
    const main = pickle.call(pickle.global("collections", "OrderedDict"), pickle.tuple(pairs));
    const read = await readBytes(zipOf(main));
    expect([...(read.get("t")!.read() as Float32Array)]).toHaveLength(2);
    const wrong = pickle.call(pickle.global("collections", "OrderedDict"), pickle.tuple(pickle.list(name)));
    await expect(readBytes(zipOf(wrong))).rejects.toMatchObject({ code: "input.pickle" });
  });

  it("reads a transposed tensor of a larger storage in row-major order", async () => {
    const data = new Uint8Array(Float32Array.of(0, 1, 2, 3, 4, 5, 6).buffer);
    const read = await readBytes(zipOf(dict(tensor(1, [3, 2], [1, 3], 7)), data));
    expect([...(read.get("t")!.read() as Float32Array)]).toEqual([1, 4, 2, 5, 3, 6]);
  });
});

describe("hostile files", () => {
  it("a pickle that would run a command is refused by name and not run", async () => {
    const witness = path.join(folder, "witness");
    for (const [module, name] of [
      ["os", "system"],
      ["posix", "system"],
      ["builtins", "exec"],
      ["torch.hub", "load"],
    ]) {
      const attack = pickle.call(pickle.global(module, name), pickle.tuple(pickle.text(`touch ${witness}`)));
      await expect(readBytes(zipOf(dict(attack)))).rejects.toMatchObject({
        code: "input.pickle-global",
        message: expect.stringContaining(`${module}.${name}`),
      });
    }
    expect(existsSync(witness)).toBe(false);
  });

  it.each([
    ["a tensor past its storage", dict(tensor(1, [2], [1]))],
    ["strides past its storage", dict(tensor(0, [2], [9]))],
    ["more elements than the storage", dict(tensor(0, [1000, 1000, 1000], [0, 0, 0]))],
    ["an overflowing shape", dict(tensor(0, [2 ** 30, 2 ** 30, 2 ** 30], [0, 0, 0]))],
    ["a negative stride", dict(tensor(1, [2], [-1]))],
    ["strides of another rank", dict(tensor(0, [2], [1, 1]))],
    ["a storage larger than its data", dict(tensor(0, [2], [1], 2 ** 30))],
    ["a call of a type", pickle.call(pickle.global("torch", "FloatStorage"), ints(1))],
    ["state for a list", Uint8Array.from([...pickle.list(), ...pickle.none, 0x62])],
    ["an unknown opcode", Uint8Array.of(0x69)],
    ["an empty stack", Uint8Array.of(0x30)],
    ["an unknown reference", Uint8Array.of(0x68, 9)],
  ])("refuses %s", async (_what, main) => {
    await expect(readBytes(zipOf(main))).rejects.toMatchObject({ code: "input.pickle" });
  });

  it("refuses another zip archive, and a dictionary of nothing is no tensor", async () => {
    await expect(
      readBytes(Buffer.concat([...filesToZip([{ name: "a.png", bytes: new Uint8Array(4) }])])),
    ).rejects.toMatchObject({
      code: "input.torch",
    });
    await expect(readBytes(zipOf(pickle.list()))).rejects.toMatchObject({ code: "input.state-dict" });
    await expect(readTorch(path.join(folder, "absent.pth"))).rejects.toMatchObject({
      code: "input.cannot-read",
    });
  });

  it.each(["torch-zip.pth", "torch-legacy.pth"])(
    "%s mutated: returns or throws our own error",
    async (name) => {
      const bytes = new Uint8Array(await readFile(fixture(name)));
      await fc.assert(
        fc.asyncProperty(mutationsOf(bytes), (mutated) =>
          holdsOrRefuses(async () => {
            for (const t of (await readBytes(mutated)).values()) t.read();
          }),
        ),
        { numRuns: 200 },
      );
    },
  );
});
