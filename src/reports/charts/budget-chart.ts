/** What the best of k runs gets: how much tuning a model takes. */
import type { Comparison } from "../../compare/comparison.ts";
import type { Point } from "../../drawing/thin-points.ts";
import { textToVisible } from "../page.ts";
import type { Chart, Dataset } from "./chart.ts";
import { numberToText } from "./chart-runtime.js";
import { keyToName } from "./metric-name.ts";
import { spansDecades } from "./run-points.ts";

const DASHES = [[], [6, 4], [2, 3], [8, 3, 2, 3]];
const MOST_ROWS = 20;
/** From the best to the worst expectation: beyond, a linear axis shows the worst alone. */
const LOG_FROM = 30;

/** A line a model: its expected value over k; one alone has its 5 % to 95 % band too. */
export function budgetsToChart({ budgets, metric }: Comparison): Chart | undefined {
  const drawn = budgets.filter(({ points }) => points.filter(({ expected }) => expected !== null).length > 1);
  if (drawn.length === 0) return undefined;
  const datasets = drawn.flatMap(({ name, points }, i): Dataset[] => {
    const colour = `$series${i}`;
    const dash = DASHES[Math.floor(i / 6) % DASHES.length];
    const toPoints = (pick: "expected" | "low" | "high"): Point[] =>
      points.map((point) => [point.k, point[pick]]);
    const own: Dataset = {
      label: textToVisible(name),
      data: toPoints("expected"),
      borderColor: colour,
      backgroundColor: colour,
      borderDash: dash,
      pointRadius: 2.5,
      clip: 6,
    };
    if (drawn.length > 1) return [own];
    const edge = { isEdge: true, borderColor: `${colour}/0.35`, borderWidth: 1, pointRadius: 0 };
    return [
      own,
      { ...edge, label: "5 %", data: toPoints("low") },
      { ...edge, label: "95 %", data: toPoints("high"), fill: "-1", backgroundColor: `${colour}/0.14` },
    ];
  });
  const most = Math.max(...drawn.map(({ runs }) => runs));
  const shown = datasets.flatMap(({ data }) => (data as Point[]).flatMap(([, value]) => value ?? []));
  return {
    id: "budget",
    title: `Best of k runs by ${keyToName(metric.key)}`,
    caption:
      "The expected best of k randomly drawn runs: how much a model gains from more tries, and where two models cross. There is no value where all k runs may be failures.",
    config: {
      type: "line",
      datasets,
      x: { title: "runs k", format: "count", min: 1, max: most },
      y: {
        title: keyToName(metric.key),
        format: "number",
        type: spansDecades(shown, LOG_FROM) ? "logarithmic" : "linear",
      },
    },
    table: {
      columns: [
        { key: "k", title: "k", align: "right" },
        ...drawn.map(({ name }, i) => ({ key: `model${i}`, title: name, align: "right" as const })),
      ],
      rows: Array.from({ length: Math.min(MOST_ROWS, most) }, (_, k) => ({
        k: k + 1,
        ...Object.fromEntries(
          drawn.map(({ points }, i) => {
            const expected = points.find((point) => point.k === k + 1)?.expected;
            return [`model${i}`, expected == null ? null : numberToText(expected)];
          }),
        ),
      })),
    },
  };
}
