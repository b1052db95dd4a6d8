import fc from "fast-check";
import { expect, it } from "vitest";
import { errorToInterval } from "../../../src/math/intervals/interval.ts";
import { studentQuantile } from "../../../src/math/intervals/student.ts";

const number = fc.double({ min: -100, max: 100, noNaN: true });

it("an interval is value -+ t se, cut off at either end of the value's range and nowhere else", () => {
  const errors = fc.double({ min: 0, max: 50, noNaN: true });
  const degrees = fc.double({ min: 1, max: 60, noNaN: true });
  fc.assert(
    fc.property(number, number, number, errors, degrees, (a, b, c, error, df) => {
      const [least, value, most] = [a, b, c].sort((x, y) => x - y) as [number, number, number];
      const reach = studentQuantile(0.975, df) * error;
      const open = errorToInterval(value, error, df, { level: 0.95 });
      expect(open.low).toBeCloseTo(value - reach, 9);
      expect(open.high).toBeCloseTo(value + reach, 9);
      const bounded = errorToInterval(value, error, df, { level: 0.95, range: [least, most] });
      expect(bounded.low).toBe(Math.max(least, open.low));
      expect(bounded.high).toBe(Math.min(most, open.high));
      expect(bounded.standardError).toBe(error);
    }),
  );
});

it("a value that does not vary is its own interval, whatever the degrees of freedom", () => {
  for (const degrees of [0, Number.NaN, 5])
    expect(errorToInterval(3, 0, degrees, { level: 0.95 })).toEqual({ low: 3, high: 3, standardError: 0 });
});
