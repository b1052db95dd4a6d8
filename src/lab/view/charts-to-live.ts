/** The charts of a page, and what stands under its pointer. */
import type { ChartView, LiveCharts, LiveValues } from "../protocol/charts.ts";
import { nearestPlace } from "../series/places.ts";
import { columnToSmoothed } from "../series/smooth.ts";
import { linesToLive, type TimedChart, type TimedLine } from "./lines-to-live.ts";

const toArray = (values: ArrayLike<number>): Float64Array =>
  values instanceof Float64Array ? values : Float64Array.from(values);

/** What is along all lines, from the least to the greatest; 0 to 1 of none. */
function chartsToExtent(charts: readonly TimedChart[], along: ChartView["along"]): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { lines } of charts)
    for (const { rounds, times } of lines) {
      const n = rounds.length;
      if (n === 0) continue;
      const [first, last] = times.toAlong([rounds[0], rounds[n - 1]], along);
      low = Math.min(low, first);
      high = Math.max(high, last);
    }
  if (low > high) return [0, 1];
  return [low, high > low ? high : low + 1];
}

/** A view that the charts can have: another x axis, where they have no times. */
function fitView(charts: readonly TimedChart[], view: ChartView): ChartView {
  const has = charts.some(({ lines }) => lines.some(({ times }) => times.has(view.along)));
  return has ? view : { ...view, along: "round", window: undefined };
}

/** All charts of a view; whoever sends them leaves out what has not changed. */
export function chartsToLive(charts: readonly TimedChart[], asked: ChartView): LiveCharts {
  const view = fitView(charts, asked);
  const live = charts.flatMap((chart) => linesToLive(chart, view) ?? []);
  const extent = chartsToExtent(charts, view.along);
  const has = (along: ChartView["along"]): boolean =>
    charts.some(({ lines }) => lines.some(({ times }) => times.has(along)));
  return {
    ids: live.map(({ id }) => id),
    changed: live,
    extent,
    window: view.window ?? extent,
    along: view.along,
    alongs: (["round", "seconds", "clock"] as const).filter(has),
    leavesOutPauses: false,
  };
}

function lineToValue(line: TimedLine, x: number, view: ChartView) {
  const at = nearestPlace(line.times.toAlong(line.rounds, view.along), x);
  const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
  if (at < 0) return { value: null };
  const values = toArray(line.values);
  const value = finite(values[at]);
  if (!(view.smooth > 0)) return { value };
  return { value, smoothed: finite(columnToSmoothed(toArray(line.rounds), values, view.smooth)[at]) };
}

const hasNumber = ({ values }: TimedLine): boolean => {
  for (let i = 0; i < values.length; i++) if (Number.isFinite(values[i])) return true;
  return false;
};

export function chartsToValues(charts: readonly TimedChart[], x: number, asked: ChartView): LiveValues {
  const view = fitView(charts, asked);
  const longest = charts
    .flatMap(({ lines }) => lines)
    .reduce<TimedLine | undefined>(
      (best, line) => (line.rounds.length > (best?.rounds.length ?? 0) ? line : best),
      undefined,
    );
  const at = longest ? nearestPlace(longest.times.toAlong(longest.rounds, view.along), x) : -1;
  return {
    x,
    round: longest && at >= 0 ? longest.rounds[at] : 0,
    at: longest && at >= 0 ? longest.times.toAlong(longest.rounds, view.along)[at] : x,
    charts: Object.fromEntries(
      charts.map(({ id, lines }) => [id, lines.filter(hasNumber).map((line) => lineToValue(line, x, view))]),
    ),
  };
}
