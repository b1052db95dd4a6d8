import { readFile } from "node:fs/promises";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { GanEvalError } from "../../src/errors.ts";
import { bytesToNpy, type NpyArray, npyToBytes } from "../../src/formats/npy.ts";

/** Written by NumPy 1.26.4. */
const fixture = async (name: string): Promise<Uint8Array> =>
  new Uint8Array(await readFile(path.join(import.meta.dirname, "fixtures/npy", name)));

/** Bytes of an npy file of version 1 with this header text. */
function withHeader(text: string, data: Uint8Array = new Uint8Array(8)): Uint8Array {
  const head = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, text.length & 255, text.length >> 8]);
  return Buffer.concat([head, Buffer.from(text, "latin1"), data]);
}

const codeOf = (bytes: Uint8Array): string => {
  try {
    bytesToNpy(bytes, "x.npy");
    return "no error";
  } catch (error) {
    if (error instanceof GanEvalError) return error.code;
    throw error;
  }
};

describe("npy", () => {
  test.each(["v1.npy", "v2.npy", "v3.npy"])("NumPy's %s reads as the array it was", async (name) => {
    const array = bytesToNpy(await fixture(name), name);
    expect(array).toEqual({ dtype: "<u2", shape: [2, 3], data: Uint16Array.of(0, 1, 2, 3, 4, 5) });
  });

  test("half floats are read by IEEE 754: each of the 65,536, subnormals among them", () => {
    const bits = Uint16Array.from({ length: 65536 }, (_, i) => i);
    const header = "{'descr': '<f2', 'fortran_order': False, 'shape': (65536,), }\n";
    const { data } = bytesToNpy(withHeader(header, new Uint8Array(bits.buffer)), "x.npy") as {
      data: Float32Array;
    };
    const known = { 1: 2 ** -24, 1024: 2 ** -14, 15360: 1, 13653: 0.333251953125, 31743: 65504 };
    for (const [at, value] of Object.entries(known)) expect(data[Number(at)]).toBe(value);
    expect([data[0x7c00], data[0xfc00]]).toEqual([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
    for (let at = 1; at < 0x7c00; at++) {
      // Eleven digits of a binary number: the step doubles with the exponent, subnormals have the first one's.
      const step = 2 ** (Math.max(1, (at - 1) >> 10) - 25);
      expect(data[at]! - data[at - 1]!).toBe(step);
      expect(data[0x8000 + at]).toBe(-data[at]!);
    }
    expect(data.subarray(0x7c01, 0x8000).every(Number.isNaN)).toBe(true);
  });

  test("what is written reads back the same, for every type", () => {
    const arrays = [
      { dtype: "<f4", shape: [3], data: Float32Array.of(1.5, Number.NaN, -0) },
      { dtype: "<f8", shape: [], data: Float64Array.of(Math.PI) },
      { dtype: "|i1", shape: [1, 2], data: Int8Array.of(-128, 127) },
      { dtype: "<i2", shape: [2, 1], data: Int16Array.of(-3, 4) },
      { dtype: "<i4", shape: [2], data: Int32Array.of(-(2 ** 31), 7) },
      { dtype: "<i8", shape: [1], data: BigInt64Array.of(-(2n ** 63n)) },
      { dtype: "|u1", shape: [0, 5], data: new Uint8Array(0) },
      { dtype: "<u2", shape: [1], data: Uint16Array.of(65535) },
      { dtype: "<u4", shape: [1], data: Uint32Array.of(4294967295) },
      { dtype: "<u8", shape: [1], data: BigUint64Array.of(2n ** 64n - 1n) },
      { dtype: "|b1", shape: [2], data: Uint8Array.of(0, 1) },
    ] satisfies NpyArray[];
    for (const array of arrays) {
      const bytes = npyToBytes(array);
      expect(bytesToNpy(bytes, "x")).toEqual(array);
      // numpy aligns the data to 64 bytes (numpy/lib/format.py, ARRAY_ALIGN)
      expect((bytes.length - array.data.byteLength) % 64).toBe(0);
    }
  });

  test("what is written is what NumPy writes", async () => {
    const numpys = await fixture("v1.npy");
    const ours = npyToBytes({ dtype: "<u2", shape: [2, 3], data: Uint16Array.of(0, 1, 2, 3, 4, 5) });
    expect(Buffer.from(ours.subarray(0, 118)).toString("latin1")).toBe(
      Buffer.from(numpys.subarray(0, 118)).toString("latin1").replace(">u2", "<u2"),
    );
  });

  test("objects and structured types are refused, with their names", async () => {
    expect(codeOf(await fixture("objects.npy"))).toBe("input.npy-dtype");
    expect(codeOf(await fixture("structured.npy"))).toBe("input.npy-dtype");
  });

  test("a header is read, never evaluated", () => {
    const shape = "'fortran_order': False, 'shape': (2,), }";
    expect(codeOf(withHeader(`{'descr': '<f4', ${shape}`))).toBe("no error");
    expect(codeOf(withHeader(`{'descr': '<f4', ${shape}`.replace("(2,)", "(2L,)")))).toBe("no error");
    for (const text of [
      "__import__('os').system('true')",
      `{'descr': '<f4', ${shape.replace("(2,)", "(1+1,)")}`,
      `{'descr': '<f4', ${shape.replace("(2,)", "(-2,)")}`,
      `{'descr': '<f4', ${shape.replace("(2,)", "(2.0,)")}`,
      `{'descr': '<f4', ${shape.replace("(2,)", "2")}`,
      `{'descr': '<f4', ${shape.replace("(2,)", "((2,),)")}`,
      `{'descr': '<f4', ${shape} 1`,
      "{'descr': '<f4', 'shape': (2,), }",
      "{",
      "",
    ])
      expect(codeOf(withHeader(text))).toBe("input.npy");
  });

  test("bytes after the array, such as a second array saved into the same file, are an error", () => {
    const array = npyToBytes({ dtype: "<f4", shape: [2], data: Float32Array.of(1, 2) });
    expect(codeOf(array)).toBe("no error");
    expect(codeOf(Buffer.concat([array, array]))).toBe("input.npy");
    expect(codeOf(Buffer.concat([array, Buffer.alloc(1)]))).toBe("input.npy");
  });

  test("shapes beyond the file, or beyond counting, are errors", () => {
    const header = (shape: string) => `{'descr': '<f4', 'fortran_order': False, 'shape': ${shape}, }`;
    for (const shape of [
      "(17,)",
      "(1000000, 1000000, 1000000)",
      "(9999999999999999,)",
      `(${"1,".repeat(65)})`,
    ])
      expect(codeOf(withHeader(header(shape)))).toBe("input.npy");
  });

  test("any mutation or cut gives an array or the reader's own error", async () => {
    const good = await fixture("v1.npy");
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 6 }),
        fc.nat(good.length),
        (edits, length) => {
          const bytes = good.slice(0, length);
          for (const [at, value] of edits) if (at < length) bytes[at] = value;
          expect(["no error", "input.npy", "input.npy-dtype"]).toContain(codeOf(bytes));
        },
      ),
      { numRuns: 2000 },
    );
  });
});
