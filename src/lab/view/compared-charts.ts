/** Several runs laid over one another: a chart a column, a line a run. */
import type { Line, RoundsChart } from "../../reports/charts/rounds-chart.ts";
import type { TimedChart, TimedLine } from "./lines-to-live.ts";
import type { WatchedRun } from "./watched-run.ts";

/** Each run has a colour, and runs of one colour each a dash. */
const COLOURS = 6;
const DASHES: readonly (readonly number[] | undefined)[] = [undefined, [6, 4]];

interface Named {
  readonly name: string;
  readonly run: WatchedRun;
}

/** What one line of a chart is called where it has a chart of its own. */
const columnToTitle = ({ title, lines }: RoundsChart, { label }: Line): string =>
  lines.length === 1 ? title : `${title}: ${label}`;

/** Charts of layers have too many lines for a comparison. */
const isCompared = ({ id }: TimedChart): boolean => !id.startsWith("gradients-");

export function runsToComparedCharts(runs: readonly Named[]): TimedChart[] {
  const charts = new Map<string, TimedChart & { readonly lines: TimedLine[] }>();
  for (const [i, { name, run }] of runs.entries())
    for (const chart of run.charts.filter(isCompared))
      for (const line of chart.lines) {
        const id = `${chart.id}--${line.label.toLowerCase().replace(/[^a-z0-9]+/g, "-")}`;
        let own = charts.get(id);
        if (own === undefined) {
          own = { ...chart, id, title: columnToTitle(chart, line), levels: [], lines: [] };
          charts.set(id, own);
        }
        const { low: _low, high: _high, dash: _dash, ...bare } = line;
        const dash = DASHES[Math.floor(i / COLOURS)];
        own.lines.push({
          ...bare,
          label: name,
          colour: `$series${i % COLOURS}`,
          ...(dash && { dash }),
        });
      }
  return [...charts.values()];
}
