/** Runs by their options, side by side: for comparisons without a learning rate that varies. */
import { type Comparison, FAILED } from "../../compare/comparison.ts";
import type { Point } from "../../drawing/thin-points.ts";
import { textToVisible } from "../page.ts";
import type { Chart, Dataset } from "./chart.ts";
import { numberToText } from "./chart-runtime.js";
import { keyToName } from "./metric-name.ts";
import { failuresToDataset, rowName, spansDecades, valuesToTop } from "./run-points.ts";

/** More groups are no chart any more: the table has them. */
const MOST_GROUPS = 30;

/** Medians and single runs of groups, best first; undefined where no run has a value. */
export function groupsToChart({ groups, rows, metric }: Comparison): Chart | undefined {
  const shown = groups.slice(0, MOST_GROUPS);
  const values = shown.flatMap(({ rows: places }) => places.flatMap((place) => rows[place].value ?? []));
  if (values.length === 0) return undefined;
  const isLog = spansDecades(values);
  const top = valuesToTop(values, isLog);
  const points = shown.flatMap(({ rows: places }, at) => places.map((place) => ({ at, row: rows[place] })));
  const valued = points.filter(({ row }) => row.value !== null);
  const failed = points.filter(({ row }) => row.value === null && FAILED.has(row.status));
  const datasets: Dataset[] = [
    {
      label: "runs",
      data: valued.map(({ at, row }): Point => [at, row.value]),
      names: valued.map(({ row }) => rowName(row)),
      borderColor: "$series0",
      backgroundColor: "$series0/0.55",
      pointStyle: "circle",
    },
    {
      label: "median",
      data: shown.map(({ median }, at): Point => [at, median]),
      names: shown.map(({ name }) => `median of ${textToVisible(name)}`),
      pointStyle: "line",
      pointRadius: 13,
      pointBorderWidth: 2.5,
      borderColor: "$text",
      backgroundColor: "$text",
    },
  ];
  // A segment a group: a point without a value ends each.
  const segments = shown.flatMap(({ spreads }, at): Point[] => {
    const interval = spreads[metric.key]?.interval;
    return interval
      ? [
          [at, interval.low],
          [at, interval.high],
          [at, null],
        ]
      : [];
  });
  if (segments.length > 0)
    datasets.push({
      label: "95 % of the method",
      data: segments,
      names: segments.map(([at]) => `95 % of ${textToVisible(shown[at].name)}`),
      showLine: true,
      spanGaps: false,
      pointStyle: "line",
      pointRadius: 6,
      pointBorderWidth: 1.5,
      borderWidth: 1.5,
      borderColor: "$series1",
      backgroundColor: "$series1",
    });
  if (failed.length > 0)
    datasets.push(
      failuresToDataset(
        failed.map(({ row, at }) => ({ row, x: at })),
        top,
      ),
    );
  return {
    id: "groups",
    title: `${keyToName(metric.key)} by options`,
    caption: `${metric.direction === "lower" ? "Lower" : "Higher"} is better. Each point is a run, each bar the median over seeds.${segments.length > 0 ? " The line beside them is the interval of the mean over seeds: training and sampling are both in it." : ""}${groups.length > MOST_GROUPS ? ` The best ${MOST_GROUPS} of ${groups.length}.` : ""}`,
    config: {
      type: "scatter",
      datasets,
      labels: shown.map(({ name }) => textToVisible(name)),
      x: { title: "", format: "category" },
      y: {
        title: keyToName(metric.key),
        format: "number",
        type: isLog ? "logarithmic" : "linear",
        ...(failed.length > 0 && { max: top }),
      },
    },
    table: {
      columns: [
        { key: "name", title: "options" },
        { key: "n", title: "runs", align: "right" },
        { key: "failures", title: "failures", align: "right" },
        { key: "median", title: "median", align: "right" },
      ],
      rows: groups.map(({ name, n, failures, median }) => ({
        name,
        n,
        failures,
        median: median === null ? "failure" : numberToText(median),
      })),
    },
  };
}
