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

/** Names without the folders that all of them lie in. */
function namesToShort(names: readonly string[]): string[] {
  const parts = names.map((name) => name.split("/"));
  const least = Math.min(...parts.map(({ length }) => length)) - 1;
  let shared = 0;
  while (shared < least && parts.every((own) => own[shared] === parts[0][shared])) shared++;
  return parts.map((own) => own.slice(shared).join("/"));
}

export function runsToComparedCharts(runs: readonly Named[]): TimedChart[] {
  const names = namesToShort(runs.map(({ name }) => name));
  const charts = new Map<string, TimedChart & { readonly lines: TimedLine[] }>();
  for (const [i, { run }] of runs.entries())
    for (const chart of run.charts.filter(isCompared))
      for (const line of chart.lines) {
        const id = `${chart.id}--${line.label.toLowerCase().replace(/[^a-z0-9]+/g, "-")}`;
        let own = charts.get(id);
        if (own === undefined) {
          own = { ...chart, id, title: columnToTitle(chart, line), levels: [], lines: [] };
          charts.set(id, own);
        } else if (JSON.stringify(own.y) !== JSON.stringify(chart.y)) {
          // Runs of other losses have other ranges: no run is to be cut off at another one's.
          const title = own.y.title === chart.y.title ? own.y.title : "value";
          own = { ...own, y: { title, format: own.y.format } };
          charts.set(id, own);
        }
        const { low: _low, high: _high, dash: _dash, ...bare } = line;
        const dash = DASHES[Math.floor(i / COLOURS)];
        own.lines.push({
          ...bare,
          label: names[i],
          colour: `$series${i % COLOURS}`,
          ...(dash && { dash }),
        });
      }
  return [...charts.values()];
}
