/** Scores over a run's rounds, and classes of one result. */
import type { ClassScores } from "../../evaluate/classes/by-class.ts";
import type { Table } from "../../run-folder/read-table.ts";
import { textToVisible } from "../page.ts";
import { type Chart, textToId } from "./chart.ts";
import type { RoundsChart } from "./rounds-chart.ts";

export interface ScoreHistory {
  /** The column: `frechet_digits_distance`. */
  readonly key: string;
  readonly name: string;
  readonly direction?: "lower" | "higher";
  /** What a perfect generator would get. */
  readonly floor?: number;
  /** Of a round's value, where it is known how sure it is. */
  readonly toInterval?: (value: number, row: number) => { readonly low: number; readonly high: number };
  /** What the interval is, for the caption. */
  readonly interval?: string;
}

const DIRECTIONS = { lower: "Lower is better.", higher: "Higher is better." } as const;

/** One metric over the rounds that were scored, with its intervals and its floor. */
export function historyToLines(scores: Table, history: ScoreHistory): RoundsChart | undefined {
  const { key, name, direction, floor, toInterval, interval } = history;
  const values = scores.columns.get(key);
  if (!values) return undefined;
  const places = [...values.keys()].filter((i) => !Number.isNaN(values[i]));
  const own = places.map((i) => values[i]);
  const ends = toInterval && places.map((i) => toInterval(values[i], i));
  return {
    id: `score-${textToId(key)}`,
    title: name,
    caption: [
      ...(direction ? [DIRECTIONS[direction]] : []),
      ...(ends && interval ? [`Shaded: ${interval}.`] : []),
      ...(floor === undefined ? [] : ["Dotted: real vs real."]),
    ].join(" "),
    y: { title: name, format: "number" },
    lines: [
      {
        label: name,
        rounds: places.map((i) => scores.rounds[i]),
        values: own,
        colour: "$generated",
        showsPoints: true,
        ...(ends && { low: ends.map(({ low }) => low), high: ends.map(({ high }) => high) }),
      },
    ],
    ...(floor !== undefined && { levels: [{ label: "real vs real", value: floor }] }),
  };
}

/** More bars than these cannot be told apart: the classes that differ most are shown. */
const MOST_CLASSES = 40;

/** Shares of the classes among real and generated images, side by side. */
export function classesToChart({ classes, fakeLabels }: ClassScores): Chart {
  const gap = ({ realShare, fakeShare }: (typeof classes)[number]): number => Math.abs(realShare - fakeShare);
  const kept =
    classes.length > MOST_CLASSES
      ? new Set([...classes].sort((a, b) => gap(b) - gap(a)).slice(0, MOST_CLASSES))
      : new Set(classes);
  const shown = classes.filter((one) => kept.has(one));
  const toShare = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const left = classes.length - shown.length;
  return {
    id: "classes",
    title: "Classes",
    caption: [
      "Share of each class among real and generated images; equal heights are best.",
      ...(fakeLabels === "predicted" ? ["The network predicted the classes of generated images."] : []),
      ...(left > 0
        ? [`The ${shown.length} classes with the largest difference; ${left} more are in the data.`]
        : []),
    ].join(" "),
    config: {
      type: "bar",
      labels: shown.map(({ name }) => textToVisible(name)),
      datasets: [
        {
          label: "real",
          data: shown.map(({ realShare }) => realShare),
          backgroundColor: "$real",
          borderColor: "$real",
        },
        {
          label: "generated",
          data: shown.map(({ fakeShare }) => fakeShare),
          backgroundColor: "$generated",
          borderColor: "$generated",
        },
      ],
      x: { title: "", format: "category" },
      y: { title: "share", format: "number", min: 0 },
    },
    table: {
      columns: [
        { key: "name", title: "class" },
        { key: "real", title: "real", align: "right" },
        { key: "fake", title: "generated", align: "right" },
      ],
      rows: classes.map(({ name, realShare, fakeShare }) => ({
        name,
        real: toShare(realShare),
        fake: toShare(fakeShare),
      })),
    },
  };
}
