/** The columns of the table: what each shows of a run or a sweep, and by what it is sorted. */

import { numberToText } from "../../../../reports/charts/chart-runtime.js";
import type { BestScore, LabStatus, RunEntry } from "../../../index/run-entry.ts";
import type { SweepEntry } from "../../../index/sweep-entry.ts";
import { countToText, secondsToText, timeToText, toTime } from "../parts/values.ts";

export type Row = RunEntry | SweepEntry;

/** Statuses in the order in which they are sorted. */
export const STATUSES: readonly LabStatus[] = [
  "running",
  "failed",
  "died",
  "unreadable",
  "interrupted",
  "finished",
];

export const isSweep = (row: Row): row is SweepEntry => "counts" in row;

/** Of a sweep: that of the run that deserves attention first. */
export const rowToStatus = (row: Row): LabStatus =>
  isSweep(row) ? (STATUSES.find((status) => (row.counts[status] ?? 0) > 0) ?? "finished") : row.status;

/** `2 running, 14 finished` */
export const sweepToText = ({ counts }: SweepEntry): string =>
  STATUSES.filter((status) => (counts[status] ?? 0) > 0)
    .map((status) => `${countToText(counts[status]!)} ${status}`)
    .join(", ");

const SEVERITIES = ["failure", "warning", "note", "ok"];

export const rowToVerdict = (row: Row) =>
  isSweep(row)
    ? row.problems && {
        title: `${countToText(row.problems.runs)} of its runs`,
        severity: row.problems.severity,
      }
    : row.verdict;

const bestToText = (best: BestScore | undefined): string =>
  best ? `${best.name} ${numberToText(best.value)}` : "";

export type Key = number | string | undefined;

export interface RunColumn {
  readonly id: string;
  readonly title: string;
  readonly toText: (row: Row) => string;
  /** For sorting; undefined comes last. */
  readonly toKey: (row: Row) => Key;
  readonly toShare?: (row: Row) => number;
  readonly toClass?: (row: Row) => string;
}

const toShare = ({ round, rounds }: Row): number => (rounds > 0 ? Math.min(1, round / rounds) : 0);

export const COLUMNS: readonly RunColumn[] = [
  { id: "name", title: "run", toText: (row) => row.name, toKey: (row) => row.name },
  {
    id: "status",
    title: "status",
    toText: (row) => (isSweep(row) ? sweepToText(row) : row.status),
    toKey: (row) => STATUSES.indexOf(rowToStatus(row)),
  },
  {
    id: "progress",
    title: "progress",
    toText: (row) => (row.rounds > 0 ? `${countToText(row.round)} of ${countToText(row.rounds)}` : ""),
    toKey: toShare,
    toShare,
  },
  {
    id: "left",
    title: "time left",
    toText: (row) => (isSweep(row) || row.secondsLeft === undefined ? "" : secondsToText(row.secondsLeft)),
    toKey: (row) => (isSweep(row) ? undefined : row.secondsLeft),
  },
  {
    id: "best",
    title: "best score",
    toText: ({ best }) => bestToText(best),
    toKey: ({ best }) => best?.value,
  },
  {
    id: "verdict",
    title: "verdict",
    toText: (row) => rowToVerdict(row)?.title ?? "",
    toKey: (row) => {
      const verdict = rowToVerdict(row);
      return verdict && SEVERITIES.indexOf(verdict.severity);
    },
    toClass: (row) => rowToVerdict(row)?.severity ?? "",
  },
  {
    id: "started",
    title: "started",
    toText: ({ started }) => timeToText(toTime(started)),
    toKey: ({ started }) => toTime(started),
  },
];

const valueToText = (value: unknown): string =>
  value === null || value === undefined
    ? ""
    : typeof value === "number"
      ? numberToText(value)
      : String(value);

/** `batch-size`, as the command line has it. */
const nameToKebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const optionToColumn = (name: string): RunColumn => ({
  id: `option ${name}`,
  title: nameToKebab(name),
  toText: (row) => (isSweep(row) ? "" : valueToText(row.options[name])),
  toKey: (row) => {
    const value = isSweep(row) ? undefined : row.options[name];
    return typeof value === "boolean" ? Number(value) : (value ?? undefined);
  },
});

const scoreToColumn = (name: string): RunColumn => ({
  id: `score ${name}`,
  title: name,
  toText: (row) => (isSweep(row) ? "" : valueToText(row.scores[name])),
  toKey: (row) => (isSweep(row) ? undefined : row.scores[name]),
});

/** More do not fit. */
const MOST_OPTIONS = 6;
const MOST_SCORES = 3;
/** Told first, where they differ. */
const FIRST = ["model", "loss", "net", "lr", "lrGenerator", "lrDiscriminator"];

const byPlace = (a: string, b: string): number => {
  const [left, right] = [a, b].map((name) => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length));
  return left - right || (a < b ? -1 : 1);
};

/** Options that differ among rows, and best scores beside the one that decides. */
export function rowsToMoreColumns(rows: readonly Row[]): RunColumn[] {
  const first = new Map<string, unknown>();
  const varying = new Set<string>();
  const scores = new Map<string, number>();
  for (const row of rows) {
    if (isSweep(row)) continue;
    for (const name in row.options) {
      if (!first.has(name)) first.set(name, row.options[name]);
      else if (first.get(name) !== row.options[name]) varying.add(name);
    }
    for (const name in row.scores) if (name !== row.best?.name) scores.set(name, (scores.get(name) ?? 0) + 1);
  }
  const options = [...varying].sort(byPlace).slice(0, MOST_OPTIONS);
  const most = [...scores].sort(([, a], [, b]) => b - a).slice(0, MOST_SCORES);
  return [...options.map(optionToColumn), ...most.map(([name]) => scoreToColumn(name))];
}

/** `gan-2` before `gan-10`. */
const NAMES = new Intl.Collator("en", { numeric: true });
const byName = (a: Row, b: Row): number => NAMES.compare(a.name, b.name);

export interface Sort {
  readonly column: string;
  readonly isDown: boolean;
}

/** Rows by a column, those without a value last. */
export function sortRows(
  rows: readonly Row[],
  { column, isDown }: Sort,
  columns: readonly RunColumn[],
): Row[] {
  const { toKey } = columns.find(({ id }) => id === column) ?? COLUMNS[0];
  const keys = new Map(rows.map((row) => [row, toKey(row)]));
  const compare = (a: Row, b: Row): number => {
    const [left, right] = [keys.get(a), keys.get(b)];
    if (left === right) return byName(a, b);
    if (left === undefined || right === undefined) return left === undefined ? 1 : -1;
    const order =
      typeof left === "number" && typeof right === "number"
        ? left - right
        : NAMES.compare(String(left), String(right));
    return isDown ? -order : order;
  };
  return [...rows].sort(compare);
}
