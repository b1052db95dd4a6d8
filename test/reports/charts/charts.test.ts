import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { entriesToComparison } from "../../../src/compare/entries-to-comparison.ts";
import { columnToPoints, evenPlaces } from "../../../src/drawing/thin-points.ts";
import { curvesToChart } from "../../../src/reports/charts/all-rates-chart.ts";
import { budgetsToChart } from "../../../src/reports/charts/budget-chart.ts";
import {
  chartToConfiguration,
  nameToColour,
  numberToText,
  rangeToPowers,
} from "../../../src/reports/charts/chart-runtime.js";
import { chartToPng } from "../../../src/reports/charts/chart-to-png.ts";
import { groupsToChart } from "../../../src/reports/charts/groups-chart.ts";
import { PALETTES } from "../../../src/reports/charts/palette.ts";
import { comparisonToParallels } from "../../../src/reports/charts/parallel-chart.ts";
import { curveToChart } from "../../../src/reports/charts/rates-chart.ts";
import { linesToChart, type RoundsChart } from "../../../src/reports/charts/rounds-chart.ts";
import { historyToLines } from "../../../src/reports/charts/score-charts.ts";
import { layersToLines, lossesToLines, scoresToLines } from "../../../src/reports/charts/training-charts.ts";
import { entry } from "../../compare/entries.ts";
import { pngToDrawn } from "../drawn.ts";
import { madeRun, madeTable } from "../html/made-reports.ts";

/** WCAG 2.1's contrast of two colours. */
function contrast(a: string, b: string): number {
  const luminance = (hex: string): number => {
    const [r, g, blue] = [1, 3, 5].map((at) => {
      const level = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
      return level <= 0.03928 ? level / 12.92 : ((level + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * blue;
  };
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

describe.each(["light", "dark"] as const)("the %s palette", (theme) => {
  const palette = PALETTES[theme];

  it("has text that can be read on ground and surface", () => {
    for (const name of ["text", "muted", "accent", "failure", "warning", "ok"] as const)
      for (const behind of [palette.ground, palette.surface])
        expect(contrast(palette[name], behind), name).toBeGreaterThanOrEqual(4.5);
  });

  it("has lines that stand out from the ground", () => {
    for (const colour of [...palette.series, ...palette.ramp, palette.real, palette.generated])
      expect(contrast(colour, palette.ground), colour).toBeGreaterThanOrEqual(3);
  });
});

const toChart = (chart: RoundsChart | undefined) => chart && linesToChart(chart);

describe("thinned series", () => {
  it("keep the least and the greatest of every stretch, the ends, breaks, and the order", () => {
    const value = fc.oneof(
      fc.double({ noDefaultInfinity: true, noNaN: true, min: -1e6, max: 1e6 }),
      fc.constant(Number.NaN),
    );
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 300 }),
        fc.integer({ min: 1, max: 40 }),
        (values, bins) => {
          const rounds = values.map((_, i) => i);
          const points = columnToPoints(rounds, values, bins);
          const xs = points.map(([x]) => x);
          expect(xs).toEqual([...new Set(xs)].sort((a, b) => a - b));
          expect(points.length).toBeLessThanOrEqual(
            3 * bins + 2 + (values.length <= 2 * bins ? values.length : 0),
          );
          expect([xs[0], xs.at(-1)]).toEqual([0, values.length - 1]);
          const finite = values.filter(Number.isFinite);
          const kept = points.flatMap(([x, y]) => (y === null ? [] : [values[x]]));
          if (finite.length > 0) {
            expect(Math.min(...kept)).toBe(Math.min(...finite));
            expect(Math.max(...kept)).toBe(Math.max(...finite));
          }
          expect(points.some(([, y]) => y === null)).toBe(finite.length < values.length);
        },
      ),
    );
  });

  it("of few points are all of them", () => {
    expect(columnToPoints([1, 2, 3], [5, Number.NaN, 7])).toEqual([
      [1, 5],
      [2, null],
      [3, 7],
    ]);
  });

  it("have places that are even", () => {
    expect(evenPlaces(101, 5)).toEqual([0, 25, 50, 75, 100]);
    expect(evenPlaces(3, 5)).toEqual([0, 1, 2]);
  });
});

describe("logarithmic ticks", () => {
  it("are on every power of ten, below 1e-4 too", () => {
    expect(rangeToPowers(5e-6, 2e-2)).toEqual([1e-5, 1e-4, 1e-3, 1e-2]);
    expect(rangeToPowers(0.05, 8)).toEqual([0.05, 0.1, 0.2, 0.5, 1, 2, 5]);
    for (const value of rangeToPowers(1e-12, 1e12))
      expect(String(value)).toMatch(/^1(0*|e[+-]\d+)$|^0\.0*1$/);
  });

  it("and numbers have text without a long tail", () => {
    expect([0, 0.25, 1234567, 1.5e-5, 1e-4, 0.1 + 0.2, 2e9].map(numberToText)).toEqual([
      "0",
      "0.25",
      "1,234,567",
      "1.5e-5",
      "1e-4",
      "0.3",
      "2e9",
    ]);
  });
});

describe("colours by name", () => {
  it("are the palette's, with their opacity, and mixed on a ramp", () => {
    const { light } = PALETTES;
    expect(nameToColour("$generated", light)).toBe(light.generated);
    expect(nameToColour("$series7", light)).toBe(light.series[7 % light.series.length]);
    expect(nameToColour("$ground/0.5", light)).toBe("rgba(255, 255, 255, 0.5)");
    expect(nameToColour("$ramp0", light)).toBe(light.ramp[0]);
    expect(nameToColour("$ramp0.5", light)).toBe(light.ramp[1]);
    expect(nameToColour("$ramp1", light)).toBe(light.ramp[2]);
    expect(nameToColour("red", light)).toBe("red");
  });

  it("are never left in a configuration, and labels that look like one stay", () => {
    const run = madeRun();
    for (const chart of [
      toChart(lossesToLines(run.losses))!,
      toChart(scoresToLines(run.losses))!,
      ...layersToLines(run.layers).map((chart) => toChart(chart)!),
    ]) {
      const { data, options } = chartToConfiguration(chart.config, PALETTES.dark, { title: chart.title });
      expect(JSON.stringify([data, options])).not.toMatch(/"\$(real|generated|series|ramp|text|muted)/);
    }
  });
});

describe("charts of a run", () => {
  it("of scores without probabilities have no bounds, of others 0 to 1", () => {
    const rounds = Float64Array.of(1, 2);
    const table = (real: number) => ({
      rounds,
      columns: new Map([
        ["real_score", Float64Array.of(real, 0.5)],
        ["fake_score", Float64Array.of(0.1, 0.2)],
      ]),
    });
    expect(toChart(scoresToLines(table(0.9)))!.config.y).toMatchObject({ min: 0, max: 1 });
    expect(toChart(scoresToLines(table(22)))!.config.y.max).toBeUndefined();
  });

  it("of nothing recorded are left out", () => {
    expect(toChart(lossesToLines(madeTable(0, ["generator_loss"])))).toBeUndefined();
    expect(toChart(lossesToLines(madeTable(3, [])))).toBeUndefined();
    expect(layersToLines([]).flatMap((chart) => toChart(chart) ?? [])).toEqual([]);
  });

  it("of a metric have its interval as a band between edges, and its floor as a line", () => {
    const { config } = toChart(
      historyToLines(madeTable(5, ["precision"]), {
        key: "precision",
        name: "Precision",
        floor: 0.9,
        toInterval: (value) => ({ low: value - 0.1, high: value + 0.1 }),
      }),
    )!;
    const [own, low, high, floor] = config.datasets;
    expect([own.isEdge, low.isEdge, high.isEdge, high.fill]).toEqual([undefined, true, true, "-1"]);
    const at = (set: typeof own) => (set.data as [number, number][])[2];
    expect(at(high)[1] - at(low)[1]).toBeCloseTo(0.2, 5);
    expect((floor.data as [number, number][]).map(([, y]) => y)).toEqual([0.9, 0.9]);
  });
});

describe("charts of a comparison", () => {
  const runs = [1e-5, 1e-4, 1e-3].flatMap((lr) =>
    [0, 1, 2].map((seed) =>
      entry("gan", lr, seed, lr === 1e-3 && seed > 0 ? null : lr * 1e4 + 0.1 * seed + 0.5),
    ),
  );
  const comparison = entriesToComparison(runs, {});

  it("against the rate show every run: values as points, failures at the top edge, the best as a star", () => {
    const { config } = curveToChart(comparison.curves[0], comparison);
    const of = (name: string) => config.datasets.find(({ label }) => label.startsWith(name))!;
    expect(of("runs").data).toHaveLength(7);
    expect(of("diverged").data).toHaveLength(2);
    const values = (of("runs").data as [number, number][]).map(([, y]) => y);
    for (const [, y] of of("diverged").data as [number, number][]) {
      expect(y).toBe(config.y.max);
      expect(y).toBeGreaterThan(Math.max(...values));
    }
    expect((of("best:").data as [number, number][])[0][1]).toBe(Math.min(...values));
    expect(config.x.type).toBe("logarithmic");
    expect(config.x.min).toBeLessThan(1e-5);
    const band = comparison.curves[0].safeBand!;
    expect(config.bands).toEqual([{ from: band.low, to: band.high, label: "safe" }]);
  });

  it("of several models against the rate are one figure: a line of medians each, and every failure at the top edge", () => {
    expect(curvesToChart(comparison), "of one model").toBeUndefined();
    const others = runs.map((_, i) => entry("wgan", [1e-5, 1e-4, 1e-3][Math.floor(i / 3)], i % 3, 2 + i));
    const both = entriesToComparison([...runs, ...others], {});
    const { config, table } = curvesToChart(both)!;
    const lines = config.datasets.filter(({ isEdge, failed }) => !isEdge && !failed);
    expect(lines.map(({ label }) => label)).toEqual(both.curves.map(({ name }) => name));
    for (const [i, { points }] of both.curves.entries())
      expect(lines[i].data).toEqual(points.map(({ lr, median }) => [lr, median]));
    const failed = config.datasets.find((set) => set.failed)!.data as [number, number][];
    expect(failed).toEqual([
      [1e-3, config.y.max],
      [1e-3, config.y.max],
    ]);
    expect(table.rows).toHaveLength(3);
    const colours = lines.map(({ borderColor }) => borderColor);
    expect(new Set(colours).size).toBe(colours.length);
  });

  it("by options has every run without a value at the top edge, were it a single one", () => {
    for (const failures of [0, 1, 2]) {
      const runs = [0.5, 1, ...new Array<null>(failures).fill(null)].map((value, seed) =>
        entry("gan", 1e-3, seed, value),
      );
      const { datasets } = groupsToChart(entriesToComparison(runs))!.config;
      // The third is the interval over seeds: a segment and its end.
      expect(datasets.map(({ data }) => data.length)).toEqual(
        failures === 0 ? [2, 1, 3] : [2, 1, 3, failures],
      );
    }
  });

  it("by options puts every run above its own group, however many runs the groups before it have", () => {
    const runs = ["gan", "lsgan"].flatMap((model, m) =>
      [1, 2, 3].map((seed) => entry(model, 1e-3, seed, 10 * m + seed)),
    );
    const { config } = groupsToChart(entriesToComparison(runs))!;
    const { options, data } = chartToConfiguration(config, PALETTES.light);
    // chart.js's scale of categories would put a point by its place in the data.
    const x = options!.scales!.x as unknown as {
      type: string;
      ticks: { callback: (value: number) => string };
      afterBuildTicks: (axis: { ticks: { value: number }[] }) => void;
    };
    expect(x.type).toBe("linear");
    const axis: { ticks: { value: number }[] } = { ticks: [] };
    x.afterBuildTicks(axis);
    expect(axis.ticks.map(({ value }) => x.ticks.callback(value))).toEqual(["gan", "lsgan"]);
    const points = data.datasets[0].data as unknown as [number, number][];
    expect(points.map(([at]) => at)).toEqual([0, 0, 0, 1, 1, 1]);
  });

  it("by options, of budgets and of many options have every run or say how many they leave out", () => {
    expect(groupsToChart(comparison)!.config.datasets[0].data).toHaveLength(7);
    expect(budgetsToChart(comparison)!.config.x.max).toBe(9);
    expect(budgetsToChart(comparison)!.config.y.type).toBe("linear");
    const budgets = comparison.budgets.map((budget) => ({
      ...budget,
      points: budget.points.map((point, i) => ({ ...point, expected: 10 ** i })),
    }));
    expect(budgetsToChart({ ...comparison, budgets })!.config.y.type).toBe("logarithmic");
    expect(comparisonToParallels(comparison)).toBeUndefined();
    const many = entriesToComparison(
      Array.from({ length: 300 }, (_, i) =>
        entry("gan", 10 ** -(2 + (i % 3)), i, i === 0 ? null : 1 + i, {
          options: { model: "gan", lr: 10 ** -(2 + (i % 3)), b1: i % 2, net: `n${i % 4}` },
        }),
      ),
      {},
    );
    const chart = comparisonToParallels(many)!;
    expect(chart.config.datasets).toHaveLength(200);
    expect(chart.caption).toContain("Not drawn: 1 without a value, 99 further behind.");
    // chart.js draws the first data set over the others.
    const best = chart.config.datasets[0].data as number[];
    expect(chart.config.datasets[0].borderColor).toBe("$generated");
    // The metric's axis has the better end on top.
    expect(best.at(-1)).toBe(1);
    for (const { data } of chart.config.datasets)
      for (const at of data as number[]) expect(at >= 0 && at <= 1).toBe(true);
  });
});

describe("parallel coordinates", () => {
  it("keep room for the labels of the last axis, whatever their length", () => {
    const toRoom = (label: string): number => {
      const axis = { title: "metric", ticks: [{ at: 0, label }] };
      const chart = { ...toChart(lossesToLines(madeRun().losses))!.config, parallels: [axis, axis] };
      const { layout } = chartToConfiguration(chart, PALETTES.light).options!;
      return (layout!.padding as { right: number }).right;
    };
    // Digits of DejaVu Sans, the widest of the page's fonts, are 0.636 of its size wide; 6 pixels from the axis.
    for (const label of ["1", "253,421", "1.234e-5"])
      expect(toRoom(label)).toBeGreaterThan(6 + 0.636 * 12 * label.length);
  });
});

describe("a PNG", () => {
  it("has the chart's lines in the theme's colours and text in the bundled letters, the same bytes each time", async () => {
    const chart = toChart(lossesToLines(madeRun().losses))!;
    const png = await chartToPng(chart, { width: 400, height: 240, ratio: 1 });
    const drawn = await pngToDrawn(png);
    expect([drawn.width, drawn.height]).toEqual([400, 240]);
    const whole = { left: 0, top: 0, right: 400, bottom: 240 };
    expect(drawn.count(([r, , b]) => r - b > 120, whole)).toBeGreaterThan(100);
    // The title's letters.
    expect(drawn.count(([r, g, b]) => r + g + b < 200, { ...whole, right: 200, bottom: 40 })).toBeGreaterThan(
      50,
    );
    expect(png.equals(await chartToPng(chart, { width: 400, height: 240, ratio: 1 }))).toBe(true);
    const dark = await pngToDrawn(
      await chartToPng(chart, { width: 400, height: 240, ratio: 1, theme: "dark" }),
    );
    expect(dark.count(([r, g, b]) => r + g + b < 120, whole)).toBeGreaterThan(50_000);
  });
});
