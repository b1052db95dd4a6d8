import { describe, expect, it } from "vitest";
import * as zod from "zod";
import { EXTRACTOR_ROWS } from "../../src/evaluate/extractor-rows.ts";

const parse = (name: keyof typeof EXTRACTOR_ROWS, value: unknown): unknown => {
  const parsed = EXTRACTOR_ROWS[name].kind.schema(zod).safeParse(value);
  return parsed.success ? parsed.data : "refused";
};

describe("options of networks of one's own", () => {
  it("take a size as one number or two, from a flag and from JSON", () => {
    for (const value of ["224", 224, [224, 224], "224x224"])
      expect(parse("inputSize", value)).toEqual([224, 224]);
    for (const value of ["224x196", "224,196", [224, 196]])
      expect(parse("inputSize", value)).toEqual([224, 196]);
    for (const value of ["0", "224x", "x", "1x2x3", "a", 1.5, true, ""])
      expect(parse("inputSize", value), String(value)).toBe("refused");
    expect(parse("inputSize", undefined)).toBeUndefined();
  });

  it("take means and deviations as numbers or by name", () => {
    expect(parse("mean", "0.485,0.456,0.406")).toEqual([0.485, 0.456, 0.406]);
    expect(parse("mean", "-1e-1")).toEqual([-0.1]);
    expect(parse("std", 0.5)).toEqual([0.5]);
    expect(parse("mean", [1, 2, 3])).toEqual([1, 2, 3]);
    expect(parse("mean", "imagenet")).toBe("imagenet");
    for (const value of ["imagnet", "1,2,3,4", "1,,2", "", "-", []])
      expect(parse("mean", value), String(value)).toBe("refused");
  });
});
