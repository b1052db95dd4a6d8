import fc from "fast-check";
import { expect, test } from "vitest";
import { rangeToTicks } from "../../src/drawing/axis-ticks.ts";

const labels = (low: number, high: number): string[] => rangeToTicks(low, high).map(({ label }) => label);

test("round values with the decimals that their step needs", () => {
  expect(labels(-1.5, 1.5)).toEqual(["-1.5", "-1.0", "-0.5", "0.0", "0.5", "1.0", "1.5"]);
  expect(labels(-6.1, 6.1)).toEqual(["-6", "-4", "-2", "0", "2", "4", "6"]);
  expect(labels(0, 0.003)).toEqual(["0.0000", "0.0005", "0.0010", "0.0015", "0.0020", "0.0025", "0.0030"]);
  expect(labels(0, 70000)).toEqual(["0", "10000", "20000", "30000", "40000", "50000", "60000", "70000"]);
});

test("three to thirteen ticks inside every range, each the number that it says, evenly apart", () => {
  fc.assert(
    fc.property(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
      (low, span) => {
        const ticks = rangeToTicks(low, low + span);
        expect(ticks.length).toBeGreaterThanOrEqual(3);
        expect(ticks.length).toBeLessThanOrEqual(13);
        // 1e-9 of a step is let in at both ends, since a step's multiples are rounded.
        const slack = 1e-8 * span;
        for (const { value, label } of ticks) {
          expect(Number(label)).toBe(value);
          expect(value).toBeGreaterThanOrEqual(low - slack);
          expect(value).toBeLessThanOrEqual(low + span + slack);
        }
        expect(new Set(ticks.map(({ label }) => label)).size).toBe(ticks.length);
        expect(ticks.some(({ label }) => /^-0(\.0*)?$/.test(label))).toBe(false);
      },
    ),
    { seed: 2020 },
  );
});
