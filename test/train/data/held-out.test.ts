import { describe, expect, test } from "vitest";
import { holdOut, spread, testToPositions } from "../../../src/train/data/held-out.ts";

const first = (n: number): Int32Array => Int32Array.from({ length: n }, (_, i) => i);

describe("holding out", () => {
  test.each([
    [199, undefined, 0],
    [200, undefined, 20],
    [1000, undefined, 100],
    [250_000, undefined, 10_000],
    [199, 0.25, 50],
    [1000, 0, 0],
    [1000, 7, 7],
  ])("of %i images with %s leaves %i", (count, wanted, expected) => {
    const { train, heldOut } = holdOut(first(count), wanted);
    expect(heldOut).toHaveLength(expected);
    expect([...train, ...heldOut].sort((a, b) => a - b)).toEqual([...first(count)]);
  });

  test("is the same every time, keeps the order, and takes from everywhere", () => {
    const { train, heldOut } = holdOut(first(1000), undefined);
    expect(holdOut(first(1000), undefined)).toEqual({ train, heldOut });
    expect(heldOut).toEqual(heldOut.slice().sort());
    expect(train).toEqual(train.slice().sort());
    for (let start = 0; start < 1000; start += 200)
      expect(heldOut.some((position) => position >= start && position < start + 200)).toBe(true);
  });

  test.each([10, 0.99, -1, 2.5, Number.NaN])("of 10 images with %s is refused", (wanted) => {
    expect(() => holdOut(first(10), wanted)).toThrow(expect.objectContaining({ code: "usage.held-out" }));
  });
});

test("a test part is used up to 10,000 of it, spread over all of it", () => {
  expect(testToPositions(50, undefined)).toEqual(first(50));
  expect(testToPositions(50, 5)).toEqual(Int32Array.of(0, 10, 20, 30, 40));
  expect(testToPositions(20_000, undefined)).toEqual(spread(20_000, 10_000));
});
