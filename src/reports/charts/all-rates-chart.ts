/** A metric against the learning rate, all models in one picture: the figure of studies that compare losses. */
import type { Comparison, RateCurve } from "../../compare/comparison.ts";
import type { Point } from "../../drawing/thin-points.ts";
import { textToVisible } from "../page.ts";
import type { Chart, Dataset } from "./chart.ts";
import { numberToText } from "./chart-runtime.js";
import { keyToName } from "./metric-name.ts";
import { RATE_ROOM, rateToText } from "./rates-chart.ts";
import { failuresToDataset, spansDecades, valuesToTop } from "./run-points.ts";

/** As many as there are colours; more lines are a tangle. */
const MOST_CURVES = 6;
const SHAPES = ["circle", "rect", "triangle", "rectRot", "rectRounded", "cross"];
const DASHES = [[], [6, 4], [2, 3], [8, 3, 2, 3], [12, 3], [4, 2]];

/** Median, and the range from best to worst, of one model. */
function curveToDatasets({ name, points }: RateCurve, at: number): Dataset[] {
  const colour = `$series${at}`;
  const toPoints = (pick: "median" | "best" | "worst"): Point[] =>
    points.map((point) => [point.lr, point[pick]]);
  const edge = { isEdge: true, showLine: true, pointRadius: 0, pointHitRadius: 0, borderWidth: 0 };
  return [
    {
      label: textToVisible(name),
      data: toPoints("median"),
      names: points.map(
        ({ n, failures }) =>
          `${textToVisible(name)}, median of ${n}${failures > 0 ? `, ${failures} failed` : ""}`,
      ),
      showLine: true,
      borderColor: colour,
      backgroundColor: colour,
      borderWidth: 2,
      borderDash: DASHES[at],
      pointStyle: SHAPES[at],
      pointRadius: 4.5,
    },
    { ...edge, label: "best", data: toPoints("best"), borderColor: colour },
    {
      ...edge,
      label: "worst",
      data: toPoints("worst"),
      borderColor: colour,
      fill: "-1",
      backgroundColor: `${colour}/0.1`,
    },
  ];
}

/** Undefined for one model, whose own chart shows more, and for more than there are colours. */
export function curvesToChart({ curves, rows, metric }: Comparison): Chart | undefined {
  if (curves.length < 2 || curves.length > MOST_CURVES) return undefined;
  const own = curves.flatMap(({ points }) =>
    points.flatMap(({ lr, rows: places }) => places.map((place) => ({ row: rows[place], x: lr }))),
  );
  const values = own.flatMap(({ row }) => row.value ?? []);
  if (values.length === 0) return undefined;
  const failed = own.filter(({ row }) => row.value === null);
  const isLog = spansDecades(values);
  const top = valuesToTop(values, isLog);
  const rates = own.map(({ x }) => x);
  const metricName = keyToName(metric.key);
  const seen = [...new Set(rates)].sort((a, b) => a - b);
  return {
    id: "rates",
    title: `${metricName} against the learning rate`,
    caption: [
      `${metric.direction === "lower" ? "Lower" : "Higher"} is better.`,
      "Each line is a model's median over seeds; its shade spans best to worst.",
      failed.length > 0
        ? `Crosses at the top edge are runs without a value: diverged or failed.`
        : "No run failed.",
    ].join(" "),
    config: {
      type: "scatter",
      datasets: [
        ...curves.flatMap(curveToDatasets),
        ...(failed.length > 0 ? [failuresToDataset(failed, top)] : []),
      ],
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
        max: top,
      },
    },
    table: {
      columns: [
        { key: "lr", title: "learning rate", align: "right" },
        ...curves.map(({ name }, i) => ({ key: `model${i}`, title: name, align: "right" as const })),
      ],
      rows: seen.map((lr) => ({
        lr: rateToText(lr),
        ...Object.fromEntries(
          curves.map(({ points }, i) => {
            const point = points.find((each) => each.lr === lr);
            const median = point && (point.median === null ? "failure" : numberToText(point.median));
            return [`model${i}`, median ?? null];
          }),
        ),
      })),
    },
  };
}
