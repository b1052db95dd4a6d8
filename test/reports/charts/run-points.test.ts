import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { spansDecades, valuesToTop } from "../../../src/reports/charts/run-points.ts";

const positive = fc.array(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 8 });
const any = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 8 });

describe("the place of failures on a chart of runs", () => {
  it("is clearly above every value: by 0.3 and more of it on a logarithmic axis", () => {
    fc.assert(
      fc.property(positive, (values) => {
        expect(valuesToTop(values, true)).toBeGreaterThanOrEqual(1.3 * Math.max(...values) * (1 - 1e-12));
      }),
    );
  });

  it("is clearly above every value: by an eighth of it, or of what they span, on a linear axis", () => {
    fc.assert(
      fc.property(any, (values) => {
        const [low, high] = [Math.min(...values), Math.max(...values)];
        const room = Math.max(Math.abs(high), high - low);
        expect(valuesToTop(values, false)).toBeGreaterThanOrEqual(high + 0.119 * room);
      }),
    );
  });

  it("is somewhere where there are no values, or nothing but zeros", () => {
    expect(valuesToTop([], true)).toBe(1);
    expect(valuesToTop([0, 0], false)).toBe(1);
  });
});

describe("an axis of values", () => {
  it.each([
    [[1, 10], false],
    [[1, 10.1], true],
    [[0, 100], false],
    [[-5, 100], false],
    [[3], false],
  ])(
    "of %j is logarithmic: %s, which takes more than a decade and nothing at or below 0",
    (values, isLog) => {
      expect(spansDecades(values)).toBe(isLog);
    },
  );
});
