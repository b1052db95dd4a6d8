import { describe, expect, it } from "vitest";
import { checkLeast, checkShare, checkWhole } from "../../src/metrics/check-parameters.ts";

const codeOf = (check: () => void): string | undefined => {
  try {
    check();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return undefined;
};

describe("a metric's parameter", () => {
  it.each([
    [0, false],
    [1e-9, true],
    [1 - 1e-9, true],
    [1, false],
    [-0.5, false],
    [Number.NaN, false],
  ])("that is a share may be %f: %s, both ends excluded", (value, isGood) => {
    expect(codeOf(() => checkShare("birthday-quantile", value, ""))).toBe(
      isGood ? undefined : "usage.birthday-quantile",
    );
  });

  it.each([
    [2, true],
    [3, true],
    [1, false],
    [2.5, false],
    [Number.POSITIVE_INFINITY, false],
    [Number.NaN, false],
  ])("that is a whole number from 2 on may be %f: %s", (value, isGood) => {
    expect(codeOf(() => checkWhole("birthday-samples", value, 2, ""))).toBe(
      isGood ? undefined : "usage.birthday-samples",
    );
  });

  it("asks for as many rows as it needs, and no more", () => {
    expect(codeOf(() => checkLeast(5, 5, "for this", ""))).toBeUndefined();
    expect(codeOf(() => checkLeast(4, 5, "for this", ""))).toBe("input.too-few-samples");
  });
});
