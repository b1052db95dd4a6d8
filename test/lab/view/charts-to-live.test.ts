/** Windows of series: thin enough for a screen, and nothing that matters is lost. */
import { beforeAll, describe, expect, it } from "vitest";
import type { ChartView } from "../../../src/lab/protocol/charts.ts";
import { RunTimes } from "../../../src/lab/series/run-times.ts";
import { chartsToLive, chartsToValues } from "../../../src/lab/view/charts-to-live.ts";
import type { TimedChart } from "../../../src/lab/view/lines-to-live.ts";

const ROWS = 1_000_000;
const SPIKE = 612_345;
const SECONDS = 5000;

const timing = {
  rounds: Float64Array.of(ROWS / 2, ROWS),
  columns: new Map([["seconds", Float64Array.of(SECONDS / 2, SECONDS)]]),
};
const times = new RunTimes(timing, "2026-01-02T00:00:00.000Z");

const usual: ChartView = { smooth: 0, along: "round", clip: false };

function toChart(values: Float64Array): TimedChart {
  const rounds = Float64Array.from(values, (_, i) => i + 1);
  const line = { label: "generator", colour: "$generated", rounds, values, times };
  return {
    id: "losses",
    title: "Losses",
    caption: "",
    y: { title: "loss", format: "number" },
    lines: [line],
  };
}

describe("a series of a million rows", () => {
  let chart: TimedChart;
  beforeAll(() => {
    const values = Float64Array.from({ length: ROWS }, (_, i) => Math.sin(i / 1000) / 2);
    values[SPIKE - 1] = 40;
    chart = toChart(values);
  });
  const line = (view: Partial<ChartView>) => chartsToLive([chart], { ...usual, ...view }).changed[0].lines[0];

  /** From all of it to a hundred rows. */
  const windows = Array.from({ length: 14 }, (_, i): [number, number] => {
    const half = ROWS / 2 ** (i + 1);
    return [Math.max(1, SPIKE - half), Math.min(ROWS, SPIKE + half * 0.7)];
  });

  it.each(windows)("has its one spike on the screen between %d and %d, in at most 400 points", (from, to) => {
    const { points } = line({ window: [from, to] });
    expect(points.length).toBeLessThanOrEqual(400);
    expect(points).toContainEqual([SPIKE, 40]);
    // Drawn up to both edges.
    expect(points[0][0]).toBeLessThanOrEqual(from);
    expect(points.at(-1)![0]).toBeGreaterThanOrEqual(Math.min(to, ROWS));
  });

  it("has one smoothed value at a round, at every zoom", () => {
    const seen = new Map<number, number>();
    let shared = 0;
    for (const window of windows) {
      const { points, raw } = line({ window, smooth: 5000 });
      expect(raw).toContainEqual([SPIKE, 40]);
      for (const [x, y] of points) {
        if (seen.has(x)) shared++;
        expect(seen.get(x) ?? y).toBe(y);
        seen.set(x, y!);
      }
    }
    expect(shared).toBeGreaterThan(3);
    const { charts } = chartsToValues([chart], SPIKE, { ...usual, smooth: 5000 });
    const { smoothed, value } = charts.losses[0];
    expect(value).toBe(40);
    const zoomed = line({ window: [SPIKE - 20, SPIKE + 20], smooth: 5000 }).points;
    expect(Number(smoothed!.toPrecision(6))).toBe(zoomed.find(([x]) => x === SPIKE)![1]);
  });

  it("stands along the seconds and the clock as well", () => {
    const { extent, alongs } = chartsToLive([chart], { ...usual, along: "seconds" });
    expect(alongs).toEqual(["round", "seconds", "clock"]);
    expect(extent[1]).toBeCloseTo(SECONDS, 6);
    const at = (SPIKE / ROWS) * SECONDS;
    const { points } = line({ along: "seconds", window: [at - 1, at + 1] });
    expect(points.find(([, y]) => y === 40)![0]).toBeCloseTo(at, 6);
    const { round } = chartsToValues([chart], at, { ...usual, along: "seconds" });
    expect(round).toBe(SPIKE);
  });
});

describe("what cannot be drawn", () => {
  it("breaks the line, and is counted and marked", () => {
    const values = Float64Array.from({ length: 5000 }, (_, i) => (i % 1000 === 500 ? Number.NaN : 1));
    const { points, gaps, gapCount } = chartsToLive([toChart(values)], usual).changed[0].lines[0];
    expect(gapCount).toBe(5);
    expect(gaps).toEqual([501, 1501, 2501, 3501, 4501]);
    expect(points.filter(([, y]) => y === null)).toHaveLength(5);
  });

  it("is counted outside of an axis that leaves out extremes, and below a logarithmic one", () => {
    const values = Float64Array.from({ length: 1000 }, (_, i) =>
      i < 3 ? 900 : i < 5 ? -700 : 1 + (i % 10) / 10,
    );
    const { y, outside, notPositive, lines } = chartsToLive([toChart(values)], { ...usual, clip: true })
      .changed[0];
    expect(outside).toEqual({ above: 3, below: 2 });
    expect(notPositive).toBe(2);
    expect(y.max).toBeLessThan(3);
    expect(lines[0].points.some(([, value]) => value === 900)).toBe(true);
    expect(chartsToLive([toChart(values)], usual).changed[0].outside).toEqual({ above: 0, below: 0 });
  });
});
