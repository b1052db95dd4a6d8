import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { npyToBytes } from "../../src/formats/npy.ts";
import { bytesToNpyText, npyTextToBytes } from "../../src/formats/npy-text.ts";
import type { PickledArray } from "../../src/formats/numpy-pickle.ts";
import { float64ToPickle } from "../../src/formats/numpy-pickle-writer.ts";
import { dictToPickle, intToPickle, listToPickle, pickledToFile } from "../../src/formats/pickle-writer.ts";
import { isTensor, readPickled } from "../../src/formats/torch.ts";
import { matrixToTorch } from "../../src/formats/torch-writer.ts";
import { filesToZip } from "../../src/formats/zip-writer.ts";
import { pickle } from "./pickle-writer.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "numpy-pickle-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function readBytes(chunks: Iterable<Uint8Array>): Promise<unknown> {
  const file = path.join(folder, "file.pkl");
  await writeFile(file, Buffer.concat([...chunks]));
  return readPickled(file);
}

const NDARRAY = pickle.global("numpy", "ndarray");
const reconstruct = (type: Uint8Array) =>
  pickle.call(
    pickle.global("numpy._core.multiarray", "_reconstruct"),
    pickle.tuple(type, pickle.tuple(pickle.int(0)), pickle.text("b")),
  );
const dtype = (type: string) =>
  pickle.call(
    pickle.global("numpy", "dtype"),
    pickle.tuple(pickle.text(type), pickle.bool(false), pickle.bool(true)),
  );
const encoded = (text: string, encoding = "latin1") =>
  pickle.call(pickle.global("_codecs", "encode"), pickle.tuple(pickle.text(text), pickle.text(encoding)));
const withState = (object: Uint8Array, ...state: Uint8Array[]) =>
  Uint8Array.from([...object, ...pickle.tuple(...state), 0x62]);
const array = (type: Uint8Array, shape: number[], data: Uint8Array) =>
  withState(
    reconstruct(NDARRAY),
    pickle.int(1),
    pickle.tuple(...shape.map(pickle.int)),
    type,
    pickle.bool(false),
    data,
  );

describe("NumPy's arrays in pickles", () => {
  it("of protocol 2, whose bytes are text, and of NumPy 2's module names", async () => {
    // 0x3ff0000000000000 is 1, 0xbff0... is -1: bytes above 127 are two in UTF-8
    const one = "\0\0\0\0\0\0\u00f0\u003f";
    const minus = "\0\0\0\0\0\0\u00f0\u00bf";
    const value = (await readBytes([
      pickle.file(array(dtype("f8"), [2], encoded(one + minus))),
    ])) as PickledArray;
    expect(value.read()).toEqual({ dtype: "<f8", shape: [2], data: Float64Array.of(1, -1) });
  });

  it("of the other order of bytes", async () => {
    const big = withState(dtype("i2"), pickle.int(3), pickle.text(">"));
    const value = (await readBytes([
      pickle.file(array(big, [2], encoded("\0\u0001\u0001\0"))),
    ])) as PickledArray;
    expect([...(value.read().data as Int16Array)]).toEqual([1, 256]);
  });

  it("written and read back, beside whole numbers of every size", async () => {
    const data = Float64Array.of(1.5, -0, Number.MAX_VALUE, 2 ** -1074, 0, 7);
    const value = (await readBytes(
      pickledToFile(
        dictToPickle({
          counts: listToPickle(...[0, -1, 2 ** 31, 2 ** 53 - 1].map(intToPickle)),
          matrix: float64ToPickle(data, [2, 3]),
        }),
        3,
      ),
    )) as Map<string, unknown>;
    expect(value.get("counts")).toEqual([0, -1, 2 ** 31, 2 ** 53 - 1]);
    expect((value.get("matrix") as PickledArray).read()).toEqual({ dtype: "<f8", shape: [2, 3], data });
  });

  it("a matrix written as torch.save does is read as the tensor it was", async () => {
    const data = Float32Array.of(1, 2, 3, 4, 5, 6);
    const value = await readBytes(matrixToTorch(data, 3, 2));
    expect(isTensor(value) && { shape: value.shape, dtype: value.dtype, data: value.read() }).toEqual({
      shape: [3, 2],
      dtype: "float32",
      data,
    });
  });
});

/** `pickle.dumps({"mu": array([1.5, -2, 3]), "sigma": asfortranarray(arange(6.).reshape(2, 3)), "half": array([[1, 2]], ">f2")},
 * protocol=5)` by NumPy 2.4 */
const PROTOCOL_5 = [
  "gAWVNAEAAAAAAAB9lCiMAm11lIwTbnVtcHkuX2NvcmUubnVtZXJpY5SMC19mcm9tYnVmZmVylJOUKJYYAAAAAAAAAAAAAAAAAPg/AAAAAAAAAM",
  "AAAAAAAAAIQJSMBW51bXB5lIwFZHR5cGWUk5SMAmY4lImIh5RSlChLA4wBPJROTk5K/////0r/////SwB0lGJLA4WUjAFDlHSUUpSMBXNpZ21h",
  "lGgEKJYwAAAAAAAAAAAAAAAAAAAAAAAAAAAACEAAAAAAAADwPwAAAAAAABBAAAAAAAAAAEAAAAAAAAAUQJRoC0sCSwOGlIwBRpR0lFKUjARoYW",
  "xmlGgEKJYEAAAAAAAAADwAQACUaAiMAmYylImIh5RSlChLA4wBPpROTk5K/////0r/////SwB0lGJLAUsChpRoD3SUUpR1Lg==",
].join("");

describe("NumPy's pickles of protocol 5", () => {
  it("are read: either order of axes and of bytes, one dtype shared by several arrays", async () => {
    const value = (await readBytes([Buffer.from(PROTOCOL_5, "base64")])) as Map<string, PickledArray>;
    const arrays = [...value].map(([name, array]) => [name, array.shape, [...array.read().data]]);
    expect(arrays).toEqual([
      ["mu", [3], [1.5, -2, 3]],
      ["sigma", [2, 3], [0, 1, 2, 3, 4, 5]],
      ["half", [1, 2], [1, 2]],
    ]);
  });

  it("buffers outside of the file are an error, and so is an array whose bytes do not fit its shape", async () => {
    const outside = Uint8Array.of(0x80, 5, 0x97, 0x2e);
    await expect(readBytes([outside])).rejects.toMatchObject({ code: "input.pickle" });
    const bytes = Buffer.from(PROTOCOL_5, "base64");
    bytes[bytes.indexOf(Uint8Array.of(0x4b, 3, 0x85)) + 1] = 4;
    await expect(readBytes([bytes])).rejects.toMatchObject({ code: "input.pickle" });
  });
});

describe("hostile pickles", () => {
  it("globals that are not on the list are refused by name and not run", async () => {
    const witness = path.join(folder, "witness");
    for (const [module, name] of [
      ["os", "system"],
      ["builtins", "eval"],
      ["numpy", "load"],
      ["numpy.testing._private.utils", "runstring"],
      ["_codecs", "decode"],
      ["numpy.core.multiarray", "fromfile"],
    ]) {
      const attack = pickle.call(pickle.global(module, name), pickle.tuple(pickle.text(`touch ${witness}`)));
      await expect(readBytes([pickle.file(attack)])).rejects.toMatchObject({
        code: "input.pickle-global",
        message: expect.stringContaining(`${module}.${name}`),
      });
    }
    expect(existsSync(witness)).toBe(false);
  });

  it.each([
    ["more numbers than bytes", array(dtype("f8"), [2 ** 20, 2 ** 10], encoded("12345678"))],
    ["fewer numbers than bytes", array(dtype("f8"), [1], encoded("1234567890123456"))],
    ["a negative side", array(dtype("f8"), [-1, -1], encoded("12345678"))],
    ["bytes that are a list", array(dtype("f8"), [1], pickle.list(pickle.int(1)))],
    ["an encoding that is another", array(dtype("f8"), [1], encoded("12345678", "rot13"))],
    ["a subclass", reconstruct(pickle.global("numpy", "dtype"))],
    ["a type without a name", pickle.call(pickle.global("numpy", "dtype"), pickle.tuple(NDARRAY))],
    ["an order of bytes that is none", withState(dtype("f8"), pickle.int(3), pickle.text("?"))],
    ["a global whose name is a list", Uint8Array.from([...pickle.list(), ...pickle.text("x"), 0x93])],
    ["bytes past the end", Uint8Array.of(0x8e, 255, 255, 255, 255, 255, 255, 255, 255)],
    ["text past the end", Uint8Array.of(0x8d, 0, 0, 0, 0, 1, 0, 0, 0)],
  ])("refuses %s", async (_what, value) => {
    await expect(readBytes([pickle.file(value)])).rejects.toMatchObject({ code: "input.pickle" });
  });

  it("refuses objects and impossible shapes by name", async () => {
    await expect(
      readBytes([pickle.file(array(dtype("O8"), [1], encoded("12345678")))]),
    ).rejects.toMatchObject({
      code: "input.npy-dtype",
    });
    const vast = array(dtype("f8"), [2 ** 30, 2 ** 30, 2 ** 30], encoded(""));
    await expect(readBytes([pickle.file(vast)])).rejects.toMatchObject({ code: "input.npy" });
  });

  it("an array that was never filled is refused when it is read", async () => {
    const value = (await readBytes([pickle.file(reconstruct(NDARRAY))])) as PickledArray;
    expect(() => value.read()).toThrow(/without numbers/);
  });

  it("text that is no bytes is refused when it is read", async () => {
    const value = (await readBytes([
      pickle.file(array(dtype("u1"), [1], encoded("\u0141"))),
    ])) as PickledArray;
    expect(() => value.read()).toThrow(/array's bytes/);
  });

  it("names made of nested lists, whose text would fill the memory, are refused", async () => {
    // x = []; 40 times x = [x, x]: the text of it has 2^40 commas
    const steps = Array.from({ length: 40 }, (_, i) =>
      Uint8Array.from([0x71, i, 0x30, 0x5d, 0x28, 0x68, i, 0x68, i, 0x65]),
    );
    const bomb = Buffer.concat([Uint8Array.of(0x5d), ...steps]);
    const main = Buffer.concat([bomb, pickle.text("x"), Uint8Array.of(0x93)]);
    await expect(readBytes([pickle.file(main)])).rejects.toMatchObject({ code: "input.pickle" });
    const key = pickle.tuple(
      pickle.text("storage"),
      pickle.global("torch", "FloatStorage"),
      bomb,
      pickle.text("cpu"),
      pickle.int(1),
    );
    const zip = filesToZip([{ name: "archive/data.pkl", bytes: pickle.file(pickle.persistent(key)) }]);
    await expect(readBytes(zip)).rejects.toMatchObject({ code: "input.pickle" });
  });
});

describe("NumPy's text", () => {
  it.each(["dinov2", "", "naïve 𝒳"])("%j is written and read back", (text) => {
    expect(bytesToNpyText(npyTextToBytes(text), "x")).toBe(text);
  });

  it("numbers, and text that is cut off, are none", () => {
    expect(
      bytesToNpyText(npyToBytes({ dtype: "|u1", shape: [], data: Uint8Array.of(1) }), "x"),
    ).toBeUndefined();
    expect(bytesToNpyText(npyTextToBytes("dinov2").subarray(0, -1), "x")).toBeUndefined();
  });
});
