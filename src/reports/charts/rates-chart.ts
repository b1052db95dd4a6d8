/** A metric against the learning rate: every run a point, the median, the range, the best, the failures, the safe band. */
import type { Comparison, ComparisonRow, RateCurve } from "../../compare/comparison.ts";
import type { Point } from "../../drawing/thin-points.ts";
import { textToVisible } from "../page.ts";
import { type Chart, type Dataset, textToId } from "./chart.ts";
import { numberToText } from "./chart-runtime.js";
import { keyToName } from "./metric-name.ts";
import { failuresToDataset, rowName, spansDecades, valuesToTop } from "./run-points.ts";

/** Half a decade on either side, so that no point is cut. */
export const RATE_ROOM = 10 ** 0.25;

/** `3.16e-4`. */
export const rateToText = (lr: number): string =>
  Number(lr.toPrecision(3)).toExponential().replace("e+", "e");

interface RatedRow {
  readonly row: ComparisonRow;
  readonly lr: number;
}

const curveToRows = ({ points }: RateCurve, rows: readonly ComparisonRow[]): RatedRow[] =>
  points.flatMap(({ lr, rows: places }) => places.map((place) => ({ row: rows[place], lr })));

/** The chart of one curve. Failures stand at the top edge as crosses, whichever end is better: they are never left out. */
export function curveToChart(curve: RateCurve, { rows, metric }: Comparison): Chart {
  const rated = curveToRows(curve, rows);
  const valued = rated.filter(({ row }) => row.value !== null);
  const failed = rated.filter(({ row }) => row.value === null);
  const values = valued.map(({ row }) => row.value!);
  const isLog = values.length > 0 && spansDecades(values);
  const top = valuesToTop(values, isLog);
  const rates = curve.points.map(({ lr }) => lr);
  const toPoints = (pick: "median" | "best" | "worst"): Point[] =>
    curve.points.map((point) => [point.lr, point[pick]]);
  const line = { showLine: true, pointRadius: 0, pointHitRadius: 0 };
  const sign = metric.direction === "lower" ? 1 : -1;
  const [bestRow] = [...valued].sort((a, b) => sign * (a.row.value! - b.row.value!));
  const metricName = keyToName(metric.key);
  const datasets: Dataset[] = [
    {
      label: "runs",
      data: valued.map(({ row, lr }): Point => [lr, row.value]),
      names: valued.map(({ row }) => rowName(row)),
      backgroundColor: "$series0/0.55",
      borderColor: "$series0",
      pointStyle: "circle",
    },
    {
      ...line,
      label: "median",
      data: toPoints("median"),
      borderColor: "$text",
      backgroundColor: "$text",
      borderWidth: 2,
      pointStyle: "line",
    },
    {
      ...line,
      isEdge: true,
      label: "best",
      data: toPoints("best"),
      borderColor: "$series0/0.3",
      borderWidth: 1,
    },
    {
      ...line,
      isEdge: true,
      label: "worst",
      data: toPoints("worst"),
      borderColor: "$series0/0.3",
      borderWidth: 1,
      fill: "-1",
      backgroundColor: "$series0/0.12",
    },
  ];
  if (failed.length > 0)
    datasets.push(
      failuresToDataset(
        failed.map(({ row, lr }) => ({ row, x: lr })),
        top,
      ),
    );
  if (bestRow)
    datasets.push({
      label: `best: ${numberToText(bestRow.row.value!)} at ${rateToText(bestRow.lr)}`,
      data: [[bestRow.lr, bestRow.row.value]],
      names: [rowName(bestRow.row)],
      // Drawn last, over the run's own point.
      order: -1,
      pointStyle: "star",
      pointRadius: 9,
      pointBorderWidth: 2.5,
      borderColor: "$generated",
      backgroundColor: "$generated",
      clip: false,
    });
  const band = curve.safeBand;
  return {
    id: `rates-${textToId(curve.name)}`,
    title: `${textToVisible(curve.name)}: ${metricName} against the learning rate`,
    caption: [
      `${metric.direction === "lower" ? "Lower" : "Higher"} is better.`,
      "Each point is a run; the line is the median, the shaded band spans best to worst.",
      failed.length > 0
        ? "Crosses at the top edge are runs without a value: diverged or failed."
        : "No run failed.",
      band
        ? `${band.decades === 0 ? `Only ${rateToText(band.low)} is` : `Learning rates from ${rateToText(band.low)} to ${rateToText(band.high)} are`} safe${band.decades === 0 ? "" : ` (${band.decades.toFixed(1)} decades)`}: within 1.5 times the best median, and none failed.`
        : "No learning rate is safe, that is within 1.5 times the best median and without a failure.",
    ].join(" "),
    config: {
      type: "scatter",
      datasets,
      x: {
        title: "learning rate",
        format: "power",
        type: "logarithmic",
        min: Math.min(...rates) / RATE_ROOM,
        max: Math.max(...rates) * RATE_ROOM,
      },
      y: {
        title: metricName,
        format: "number",
        type: isLog ? "logarithmic" : "linear",
        ...(values.length > 0 && { max: top }),
      },
      ...(band && { bands: [{ from: band.low, to: band.high, label: "safe" }] }),
    },
    table: {
      columns: [
        { key: "lr", title: "learning rate", align: "right" },
        { key: "n", title: "runs", align: "right" },
        { key: "failures", title: "failures", align: "right" },
        { key: "median", title: "median", align: "right" },
        { key: "best", title: "best", align: "right" },
        { key: "worst", title: "worst", align: "right" },
      ],
      rows: curve.points.map(({ lr, n, failures, median, best: least, worst }) => ({
        lr: rateToText(lr),
        n,
        failures,
        median: median === null ? "failure" : numberToText(median),
        best: least === null ? null : numberToText(least),
        worst: worst === null ? null : numberToText(worst),
      })),
    },
  };
}
