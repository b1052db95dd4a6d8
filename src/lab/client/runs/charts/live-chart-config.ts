/** From a chart as the lab sends it to a configuration of chart.js. */
import type { ChartConfiguration } from "chart.js";
import type { ChartConfig, Dataset } from "../../../../reports/charts/chart.ts";
import { chartToConfiguration } from "../../../../reports/charts/chart-runtime.js";
import type { Palette } from "../../../../reports/charts/palette.ts";
import type { ChartView, LiveChart, LiveLine } from "../../../protocol/charts.ts";
import { clockToText } from "../parts/values.ts";
import { DIRECT_LABELS, EDGE_MARKS, GAP_MARKS, rememberDrawn } from "./chart-marks.ts";

export interface LiveConfigParts {
  readonly chart: LiveChart;
  readonly palette: Palette;
  readonly along: ChartView["along"];
  readonly window: readonly [from: number, to: number];
  readonly yType: "linear" | "logarithmic";
  readonly leavesOutPauses: boolean;
  /** Whether lines have their names at their ends. */
  readonly labelsLines: boolean;
  readonly fontFamily: string;
}

function lineToDatasets({ label, colour, dash, showsPoints, points, raw, low, high }: LiveLine): Dataset[] {
  const edge = { isEdge: true, borderColor: `${colour}/0.35`, borderWidth: 1, pointRadius: 0 };
  return [
    {
      label,
      data: points,
      borderColor: colour,
      backgroundColor: colour,
      ...(dash && { borderDash: dash }),
      ...(showsPoints && { pointRadius: 3 }),
    },
    ...(raw
      ? [
          {
            isEdge: true,
            label: `${label}, not smoothed`,
            data: raw,
            borderColor: `${colour}/0.28`,
            borderWidth: 1,
            pointRadius: 0,
            order: 1,
          },
        ]
      : []),
    ...(low && high
      ? [
          { ...edge, label: `${label}, low`, data: low },
          { ...edge, label: `${label}, high`, data: high, fill: "-1", backgroundColor: `${colour}/0.16` },
        ]
      : []),
  ];
}

/** Places of data sets by line, for lines that are switched off. */
export function lineToPlaces({ lines }: LiveChart, line: number): number[] {
  let at = 0;
  for (let i = 0; i < line; i++) at += lineToDatasets(lines[i]).length;
  return Array.from({ length: lineToDatasets(lines[line]).length }, (_, i) => at + i);
}

const TITLES = { round: "round", seconds: "seconds trained", clock: "clock" } as const;

const toTitle = ({ along, leavesOutPauses }: LiveConfigParts): string =>
  along === "clock" && leavesOutPauses ? "clock, without the pauses" : TITLES[along];

const toChartConfig = (parts: LiveConfigParts): ChartConfig => {
  const { chart, along, window } = parts;
  return {
    type: "line",
    datasets: [
      ...chart.lines.flatMap(lineToDatasets),
      ...chart.levels.map(
        ({ label, value }): Dataset => ({
          label,
          data: window.map((x) => [x, value] as const),
          borderColor: "$muted",
          backgroundColor: "$muted",
          borderDash: [2, 3],
          borderWidth: 1.5,
        }),
      ),
    ],
    x: { title: toTitle(parts), format: along === "round" ? "count" : "number" },
    y: chart.y,
  };
};

export function liveToConfiguration(parts: LiveConfigParts): ChartConfiguration {
  const { chart, palette, along, window, yType, labelsLines, fontFamily } = parts;
  const config = toChartConfig(parts);
  const made = chartToConfiguration(config, palette, {
    responsive: true,
    yType,
    fontFamily,
    range: window,
  });
  // biome-ignore lint/suspicious/noExplicitAny: chart.js types options by the kind of chart, which is fixed here
  const options = made.options as any;
  options.plugins.legend.display = false;
  options.plugins.tooltip.enabled = false;
  options.events = [];
  options.scales.x.ticks.includeBounds = false;
  options.scales.x.ticks.maxTicksLimit = 8;
  if (along === "clock")
    options.scales.x.ticks.callback = (value: number) => clockToText(value, window[1] - window[0]);
  if (labelsLines) options.layout.padding.right = 96;
  rememberDrawn(made.data, { live: chart, palette, fontFamily });
  return {
    ...made,
    plugins: [...(made.plugins ?? []), ...[GAP_MARKS, EDGE_MARKS], ...(labelsLines ? [DIRECT_LABELS] : [])],
  };
}
