import { describe, expect, it } from "vitest";
import { SCHEDULES, type ScheduleName, scheduleToRate } from "../../src/train/schedules.ts";

/** At the beginning, after a quarter, a half and three quarters of a run of 100 rounds, and in its last round. */
const EXPECTED: Readonly<Record<ScheduleName, readonly number[]>> = {
  constant: [1, 1, 1, 1, 1],
  linear: [1, 0.75, 0.5, 0.25, 0.01],
  "linear-late": [1, 1, 1, 0.5, 0.02],
  cosine: [1, (1 + Math.SQRT1_2) / 2, 0.5, (1 - Math.SQRT1_2) / 2, (1 - Math.cos(Math.PI / 100)) / 2],
  exponential: [1, 10 ** -0.5, 0.1, 10 ** -1.5, 10 ** -1.98],
};

describe.each(Object.keys(SCHEDULES) as ScheduleName[])("%s", (name) => {
  it("has the rates of its formula", () => {
    [0, 25, 50, 75, 99].forEach((round, i) => {
      expect(scheduleToRate(name, 3, round, 100), `round ${round}`).toBeCloseTo(3 * EXPECTED[name][i], 12);
    });
  });

  it("never rises, never reaches zero, and stays at its last rate when a run goes on for longer", () => {
    const rates = Array.from({ length: 130 }, (_, round) => scheduleToRate(name, 1, round, 100));
    for (let i = 1; i < rates.length; i++) expect(rates[i]).toBeLessThanOrEqual(rates[i - 1]);
    expect(Math.min(...rates)).toBeGreaterThan(0);
    expect(rates[129]).toBe(rates[99]);
  });

  it("begins at the whole rate, of a run without rounds too", () => {
    expect(scheduleToRate(name, 2, 0, 0)).toBe(2);
    expect(scheduleToRate(name, 2, 0, 1)).toBe(2);
  });
});
