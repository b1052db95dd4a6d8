import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { IntervalRecord } from "../../../src/evaluate/result.ts";
import { intervalsToWarnings, NARROW_INTERVALS } from "../../../src/evaluate/scores/narrow-intervals.ts";
import { metrics } from "../../../src/metrics/table.ts";

const DOCS = readFileSync(path.join(import.meta.dirname, "../../../docs/intervals.md"), "utf8");

/** The least share of each value in the tables of "How often they hold" that so many draws do not explain. */
function docsToNarrow(): Record<string, number> {
  const section = DOCS.slice(DOCS.indexOf("## How often they hold"), DOCS.indexOf("## What falls short"));
  const narrow: Record<string, number> = {};
  let draws = -1;
  for (const line of section.split("\n")) {
    const cells = line.split("|").map((cell) => cell.trim());
    if (cells[1] === "value") draws = cells.indexOf("draws");
    if (draws < 0 || !/^[a-z_0-9]+$/.test(cells[1] ?? "") || cells[1] === "value") continue;
    for (const cell of cells.slice(draws + 1)) {
      const percent = /^([0-9.]+) %/.exec(cell)?.[1];
      if (percent === undefined) continue;
      const share = Number(percent);
      const error = 100 * Math.sqrt((0.95 * 0.05) / Number(cells[draws]));
      if (share < 93 && share < 95 - 2 * error) narrow[cells[1]] = Math.min(narrow[cells[1]] ?? 100, share);
    }
  }
  return narrow;
}

const interval = {
  low: 0,
  high: 1,
  standardError: 0.1,
  level: 0.95,
  method: "split halves",
  seed: 1,
} as const;

describe("intervals that are known to be narrow", () => {
  it("are those that docs/intervals.md found to be, with the same shares", () => {
    const table = Object.entries(NARROW_INTERVALS).map(([name, { coverage }]) => [name, coverage]);
    expect(Object.fromEntries(table)).toEqual(docsToNarrow());
  });

  it("are named in a warning with their share, and others are not", () => {
    const planned = [metrics.dc, metrics["1nn"]].map((row) => ({ row, parameters: row.defaults }));
    const intervals: Record<string, IntervalRecord> = {
      density: interval,
      coverage: interval,
      nearest_neighbour_accuracy: interval,
    };
    const [warning, ...others] = intervalsToWarnings(planned, intervals, "inception");
    expect(others).toEqual([]);
    expect(warning.code).toBe("narrow-intervals");
    expect(warning.message).toMatch(/: coverage \(\d\d %: .*\)$/);
    expect(intervalsToWarnings(planned, {}, "inception")).toEqual([]);
  });
});
