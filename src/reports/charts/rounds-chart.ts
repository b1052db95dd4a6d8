/** Values over a run's rounds as lines. */

import { columnToPoints, evenPlaces } from "../../drawing/thin-points.ts";
import type { Table as RunTable } from "../../run-folder/read-table.ts";
import type { Cell, Table } from "../table.ts";
import type { Axis, Chart, Dataset } from "./chart.ts";

export interface Line {
  readonly label: string;
  readonly rounds: ArrayLike<number>;
  readonly values: ArrayLike<number>;
  readonly colour: string;
  readonly dash?: readonly number[];
  readonly showsPoints?: boolean;
  /** Between which the value is with 95 %, or so. */
  readonly low?: ArrayLike<number>;
  readonly high?: ArrayLike<number>;
}

/** A level to hold lines against, over the whole width. */
export interface Level {
  readonly label: string;
  readonly value: number;
}

export interface RoundsChart {
  readonly id: string;
  readonly title: string;
  readonly caption: string;
  readonly y: Axis;
  readonly lines: readonly Line[];
  readonly levels?: readonly Level[];
}

/** Rows of the table beside a chart: enough to read, the rest is in the data. */
const MOST_ROWS = 20;

function lineToDatasets({ label, rounds, values, colour, dash, showsPoints, low, high }: Line): Dataset[] {
  const own: Dataset = {
    label,
    data: columnToPoints(rounds, values),
    borderColor: colour,
    backgroundColor: colour,
    ...(dash && { borderDash: dash }),
    // Points at the ends of the axis are drawn whole.
    ...(showsPoints && { pointRadius: 3, clip: 6 }),
  };
  if (!low || !high) return [own];
  const edge = {
    isEdge: true,
    borderColor: `${colour}/0.35`,
    borderWidth: 1,
    pointRadius: 0,
    pointHoverRadius: 0,
  };
  return [
    own,
    { ...edge, label: `${label}, low`, data: columnToPoints(rounds, low) },
    {
      ...edge,
      label: `${label}, high`,
      data: columnToPoints(rounds, high),
      fill: "-1",
      backgroundColor: `${colour}/0.16`,
    },
  ];
}

function levelToDataset({ label, value }: Level, first: number, last: number): Dataset {
  return {
    label,
    data: [
      [first, value],
      [last, value],
    ],
    borderColor: "$muted",
    backgroundColor: "$muted",
    borderDash: [2, 3],
    borderWidth: 1.5,
    pointHoverRadius: 0,
  };
}

/** A line's value at a round, which rise; undefined where it has none. */
function lineToValue({ rounds, values }: Line, round: number): number | undefined {
  let [low, high] = [0, rounds.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rounds[middle] < round) low = middle + 1;
    else high = middle;
  }
  return rounds[low] === round ? values[low] : undefined;
}

/** Some rounds of the longest line, and what each line has there. */
export function linesToTable(lines: readonly Line[]): Table {
  const longest = lines.reduce((best, line) => (line.rounds.length > best.rounds.length ? line : best));
  const columns = lines.map(({ label }, i) => ({ key: `value${i}`, title: label, align: "right" as const }));
  const toCell = (value: number | undefined): Cell =>
    value === undefined || Number.isNaN(value) ? null : String(Number(value.toPrecision(4)));
  return {
    columns: [{ key: "round", title: "round", align: "right" }, ...columns],
    rows: evenPlaces(longest.rounds.length, MOST_ROWS).map((place) => {
      const round = longest.rounds[place];
      return {
        round: round.toLocaleString("en-US"),
        ...Object.fromEntries(columns.map(({ key }, i) => [key, toCell(lineToValue(lines[i], round))])),
      };
    }),
  };
}

/** Undefined where no line has a value. */
export function linesToChart({ lines, levels = [], ...chart }: RoundsChart): Chart | undefined {
  const drawn = lines.filter(({ values }) => Array.from(values).some(Number.isFinite));
  if (drawn.length === 0) return undefined;
  const firsts = drawn.map(({ rounds }) => rounds[0]);
  const lasts = drawn.map(({ rounds }) => rounds[rounds.length - 1]);
  const [first, last] = [Math.min(...firsts), Math.max(...lasts)];
  return {
    id: chart.id,
    title: chart.title,
    caption: chart.caption,
    config: {
      type: "line",
      datasets: [
        ...drawn.flatMap(lineToDatasets),
        ...levels.map((level) => levelToDataset(level, first, last)),
      ],
      x: { title: "round", format: "count", min: first, max: Math.max(last, first + 1) },
      y: chart.y,
    },
    table: linesToTable(drawn),
  };
}

/** A column of a run's table as a line; undefined where it has none. */
export const tableToLine = (
  { rounds, columns }: RunTable,
  column: string,
  look: Omit<Line, "rounds" | "values">,
): Line | undefined => {
  const values = columns.get(column);
  return values && { ...look, rounds, values };
};
