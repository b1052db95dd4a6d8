import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bytesToSafetensors,
  safetensorsToBytes,
  type WritableTensor,
} from "../../src/formats/safetensors.ts";
import { halfToNumber } from "../../src/formats/tensor.ts";
import { holdsOrRefuses, mutationsOf } from "./mutations.ts";

const SMALL: [string, WritableTensor][] = [
  ["a/weights", { data: Float32Array.of(1, -2, 3.5, 0, 5, 6), shape: [2, 3] }],
  ["b", { data: BigInt64Array.of(-1n, 2n ** 40n), shape: [2] }],
  ["scalar", { data: Float64Array.of(0.1), shape: [] }],
  ["none", { data: new Float32Array(0), shape: [0, 4] }],
  ["bytes", { data: Uint8Array.of(1, 2, 3), shape: [3] }],
];

/** A file of any header over some data. */
function fileOf(header: unknown, data: number): Uint8Array {
  const text = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + data);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}

describe("safetensors", () => {
  it("gives back what was written, and the same bytes for the same tensors", () => {
    const bytes = safetensorsToBytes(SMALL, { network: "test" });
    expect(safetensorsToBytes(SMALL, { network: "test" })).toEqual(bytes);
    const { tensors, metadata } = bytesToSafetensors(bytes, "x");
    expect(metadata).toEqual({ network: "test" });
    expect([...tensors].map(([name, t]) => [name, { data: t.read(), shape: t.shape }])).toEqual(SMALL);
  });

  it("reads half precision as numpy does", () => {
    const bits = [0x0000, 0x8001, 0x03ff, 0x0400, 0x3c00, 0xc000, 0x7bff, 0x7c00, 0xfc00, 0x2e66];
    const numpy = [
      0,
      -(2 ** -24),
      1023 * 2 ** -24,
      2 ** -14,
      1,
      -2,
      65504,
      Infinity,
      -Infinity,
      0.0999755859375,
    ];
    expect(bits.map(halfToNumber)).toEqual(numpy);
    expect(halfToNumber(0x7e00)).toBeNaN();
  });

  it.each([
    ["too short", Uint8Array.of(1, 2, 3)],
    ["a header longer than the file", fileOf({}, 0).fill(255, 0, 7)],
    ["no JSON", fileOf("{", 0)],
    ["an array as header", fileOf([], 0)],
    ["an unknown type", fileOf({ a: { dtype: "F8", shape: [1], data_offsets: [0, 1] } }, 1)],
    ["a type of Object's", fileOf({ a: { dtype: "constructor", shape: [1], data_offsets: [0, 4] } }, 4)],
    ["offsets past the end", fileOf({ a: { dtype: "F32", shape: [2], data_offsets: [0, 8] } }, 4)],
    ["offsets backwards", fileOf({ a: { dtype: "F32", shape: [0], data_offsets: [4, 0] } }, 4)],
    ["a shape of another size", fileOf({ a: { dtype: "F32", shape: [3], data_offsets: [0, 8] } }, 8)],
    ["a negative dimension", fileOf({ a: { dtype: "U8", shape: [-1, -1], data_offsets: [0, 1] } }, 1)],
    [
      "an overflowing shape",
      fileOf({ a: { dtype: "U8", shape: [2 ** 40, 2 ** 40], data_offsets: [0, 1] } }, 1),
    ],
    [
      "an overlap",
      fileOf(
        {
          a: { dtype: "U8", shape: [2], data_offsets: [0, 2] },
          b: { dtype: "U8", shape: [2], data_offsets: [1, 3] },
        },
        3,
      ),
    ],
    ["a gap", fileOf({ a: { dtype: "U8", shape: [1], data_offsets: [1, 2] } }, 2)],
    ["data left over", fileOf({ a: { dtype: "U8", shape: [1], data_offsets: [0, 1] } }, 2)],
    ["an entry that is null", fileOf({ a: null }, 0)],
  ])("refuses %s", (_what, bytes) => {
    expect(() => bytesToSafetensors(bytes, "x")).toThrow(
      expect.objectContaining({ code: "input.safetensors" }),
    );
  });

  it("returns or throws its own error for mutated bytes", async () => {
    await fc.assert(
      fc.asyncProperty(mutationsOf(safetensorsToBytes(SMALL)), (bytes) =>
        holdsOrRefuses(() => [...bytesToSafetensors(bytes, "x").tensors.values()].map((t) => t.read())),
      ),
      { numRuns: 400 },
    );
  });
});
