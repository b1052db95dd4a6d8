/** From series to what a chart of the page shows of them: smoothed whole, then cut to the window, then thinned. */
import { columnToPoints } from "../../drawing/thin-points.ts";
import { type Line, linesToTable, type RoundsChart } from "../../reports/charts/rounds-chart.ts";
import { textToVisible } from "../../reports/page.ts";
import type { ChartView, LiveChart, LiveLine } from "../protocol/charts.ts";
import { firstFrom } from "../series/places.ts";
import type { RunTimes } from "../series/run-times.ts";
import { columnToSmoothed } from "../series/smooth.ts";
import { linesToRange } from "./lines-to-range.ts";

/** With the ends, 400 points a line. */
const STRETCHES = 199;
const MOST_GAPS = 50;

const toArray = (values: ArrayLike<number>): Float64Array =>
  values instanceof Float64Array ? values : Float64Array.from(values);

export interface PlacedLine {
  readonly line: Line;
  readonly along: Float64Array;
  readonly values: Float64Array;
  readonly smoothed?: Float64Array;
  /** Rows of the window, and one on either side, so that lines reach the edges. */
  readonly from: number;
  readonly to: number;
}

/** A line, and the run whose times its rounds have. */
export interface TimedLine extends Line {
  readonly times: RunTimes;
}

export interface TimedChart extends RoundsChart {
  readonly lines: readonly TimedLine[];
}

function placeLine(line: TimedLine, view: ChartView): PlacedLine {
  const along = line.times.toAlong(line.rounds, view.along);
  const values = toArray(line.values);
  const [low, high] = view.window ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const from = Math.max(0, firstFrom(along, low) - 1);
  let to = firstFrom(along, high);
  while (to < along.length && along[to] <= high) to++;
  return {
    line,
    along,
    values,
    ...(view.smooth > 0 && { smoothed: columnToSmoothed(toArray(line.rounds), values, view.smooth) }),
    from,
    to: Math.min(along.length, to + 1),
  };
}

function toGaps({ along, values, from, to }: PlacedLine): Pick<LiveLine, "gaps" | "gapCount"> {
  const gaps: number[] = [];
  let count = 0;
  let next = from;
  for (let i = from; i < to; i++) {
    if (Number.isFinite(values[i])) continue;
    count++;
    // Spread over the window, and the first always.
    if (i < next) continue;
    gaps.push(along[i]);
    next = i + Math.ceil((to - from) / MOST_GAPS);
  }
  return { gaps, gapCount: count };
}

function placedToLive(placed: PlacedLine): LiveLine {
  const { line, along, values, smoothed, from, to } = placed;
  const thin = (column: ArrayLike<number>) =>
    columnToPoints(along.subarray(from, to), toArray(column).subarray(from, to), STRETCHES);
  return {
    label: textToVisible(line.label),
    colour: line.colour,
    ...(line.dash && { dash: line.dash }),
    ...(line.showsPoints && { showsPoints: true }),
    points: thin(smoothed ?? values),
    ...(smoothed && { raw: thin(values) }),
    ...(line.low && line.high && { low: thin(line.low), high: thin(line.high) }),
    ...toGaps(placed),
  };
}

/** The rows of the window as a table for reading. */
function placedToTable(placed: readonly PlacedLine[]): LiveChart["table"] {
  const cut = placed.map(
    ({ line, from, to, values }): Line => ({
      ...line,
      rounds: toArray(line.rounds).subarray(from, to),
      values: values.subarray(from, to),
    }),
  );
  const { columns, rows } = linesToTable(cut);
  return {
    heads: columns.map(({ title }) => textToVisible(title)),
    rows: rows.map((row) => columns.map(({ key }) => String(row[key] ?? ""))),
  };
}

const hasNumber = (values: ArrayLike<number>): boolean => {
  for (let i = 0; i < values.length; i++) if (Number.isFinite(values[i])) return true;
  return false;
};

/** Undefined where no line has a number. */
export function linesToLive(chart: TimedChart, view: ChartView): LiveChart | undefined {
  const drawn = chart.lines.filter(({ values }) => hasNumber(values));
  if (drawn.length === 0) return undefined;
  const placed = drawn.map((line) => placeLine(line, view));
  const { min, max, ...counts } = linesToRange(placed, view.clip);
  return {
    id: chart.id,
    title: textToVisible(chart.title),
    caption: textToVisible(chart.caption),
    y: { ...chart.y, title: textToVisible(chart.y.title), ...(min !== undefined && { min, max }) },
    lines: placed.map(placedToLive),
    levels: chart.levels ?? [],
    ...counts,
    table: placedToTable(placed),
  };
}
