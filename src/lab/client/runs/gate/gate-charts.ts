/** The charts of a gate: each value over the nights, between its limits. */
import type { Chart, Dataset } from "../../../../reports/charts/chart.ts";
import { numberToText } from "../../../../reports/charts/chart-runtime.js";
import type { GateSeries, GateView } from "../../../view/gate-view.ts";
import { timeToText, toTime } from "../parts/values.ts";

const limit = (label: string, data: readonly (number | null)[]): Dataset[] =>
  data.some((value) => value !== null)
    ? [
        {
          label,
          data,
          borderColor: "$warning",
          backgroundColor: "$warning",
          borderDash: [6, 4],
          borderWidth: 1.5,
          stepped: "middle",
        },
      ]
    : [];

function seriesToChart(series: GateSeries, nights: readonly string[]): Chart {
  const { key, name, values, low, high, atMost, atLeast, failed } = series;
  const hasRange = low.some((value, i) => value !== high[i]);
  const edge = { isEdge: true, borderColor: "$series0/0.35", borderWidth: 1, pointRadius: 0 };
  const missed = values.map((value, i) => (failed[i] ? value : null));
  return {
    id: `gate-${key.replace(/[^\w-]+/g, "-")}`,
    title: name,
    caption: [
      hasRange ? "Mean over seeds; the band spans them." : "One point a night.",
      atMost.concat(atLeast).some((value) => value !== null)
        ? "Dashed: the limit that the night was held to."
        : "No rule is on it, or the nights are of a version that kept no limits.",
    ].join(" "),
    config: {
      type: "line",
      labels: nights,
      datasets: [
        { label: name, data: values, borderColor: "$series0", backgroundColor: "$series0", pointRadius: 3 },
        ...(hasRange
          ? [
              { ...edge, label: "low", data: low },
              { ...edge, label: "high", data: high, fill: "-1", backgroundColor: "$series0/0.14" },
            ]
          : []),
        ...limit("at most", atMost),
        ...limit("at least", atLeast),
        ...(missed.some((value) => value !== null)
          ? [
              {
                label: "failed",
                data: missed,
                showLine: false,
                pointStyle: "crossRot",
                pointRadius: 7,
                pointBorderWidth: 2.5,
                borderColor: "$failure",
                backgroundColor: "$failure",
              },
            ]
          : []),
      ],
      x: { title: "", format: "category" },
      y: { title: name, format: "number" },
    },
    table: {
      columns: [
        { key: "night", title: "night" },
        { key: "value", title: name },
        { key: "most", title: "at most" },
        { key: "least", title: "at least" },
      ],
      rows: nights.map((night, i) => ({
        night,
        value: values[i] === null ? "" : numberToText(values[i]!),
        most: atMost[i] === null ? "" : numberToText(atMost[i]!),
        least: atLeast[i] === null ? "" : numberToText(atLeast[i]!),
      })),
    },
  };
}

export const gateToCharts = ({ nights, series }: GateView): Chart[] => {
  const times = nights.map(({ when }) => timeToText(toTime(when)));
  const days = times.map((time) => time.slice(0, 10));
  // The hour, where a day has several.
  const labels = new Set(days).size === days.length ? days : times;
  return series.map((each) => seriesToChart(each, labels));
};
