import { describe, expect, it } from "vitest";
import { arrayToReduction } from "../../../src/extractors/custom/output-to-rows.ts";

/** 0, 1, 2, ... of a shape of two images. */
function counted(shape: number[]) {
  const length = shape.reduce((a, b) => a * b, 1);
  return { shape, data: Float32Array.from({ length }, (_, i) => i) };
}

function rowsOf(shape: number[], layout: "nchw" | "nhwc" = "nchw") {
  const array = counted(shape);
  const { width, said, toRows } = arrayToReduction(array, 2, layout, "out");
  return { width, said, rows: [...toRows(array.data, 2)] };
}

describe("an output as rows", () => {
  it("stays what it is where it is rows", () => {
    expect(rowsOf([2, 3])).toEqual({ width: 3, said: undefined, rows: [0, 1, 2, 3, 4, 5] });
    expect(rowsOf([2])).toEqual({ width: 1, said: undefined, rows: [0, 1] });
  });

  it("is the first token where it is tokens", () => {
    expect(rowsOf([2, 3, 2])).toMatchObject({ width: 2, said: expect.any(String), rows: [0, 1, 6, 7] });
  });

  it("is the average over the places of a map", () => {
    // Image 0, channel 0 is 0..3 with channels first, and 0, 2, 4, 6 with channels last.
    expect(rowsOf([2, 2, 2, 2])).toMatchObject({ width: 2, rows: [1.5, 5.5, 9.5, 13.5] });
    expect(rowsOf([2, 2, 2, 2], "nhwc")).toMatchObject({ width: 2, rows: [3, 4, 11, 12] });
    // One place is no choice, and nothing to tell.
    expect(rowsOf([2, 3, 1, 1])).toEqual({ width: 3, said: undefined, rows: [0, 1, 2, 3, 4, 5] });
  });

  it("is flattened where it is anything else", () => {
    expect(rowsOf([2, 1, 1, 1, 3])).toMatchObject({ width: 3, rows: [0, 1, 2, 3, 4, 5] });
  });

  it("is refused where it is not one row an image, or not float32", () => {
    const integers = { shape: [2, 3], data: Int32Array.from({ length: 6 }) };
    for (const array of [counted([1, 6]), counted([]), counted([2, 0]), integers])
      expect(() => arrayToReduction(array, 2, "nchw", "out")).toThrow(
        expect.objectContaining({ code: "input.extractor-output" }),
      );
  });
});
