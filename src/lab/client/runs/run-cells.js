/** The columns of the table: what each shows of a run or a sweep, and by what it is sorted. */
import { numberToText } from "../../../reports/charts/chart-runtime.js";

/** Statuses in the order in which they are sorted, and what a run is called that has one. */
export const STATUSES = {
  running: "running",
  failed: "failed",
  died: "died",
  unreadable: "unreadable",
  interrupted: "interrupted",
  finished: "finished",
};

const ORDER = Object.keys(STATUSES);

export const isSweep = (row) => row.counts !== undefined;

/** Of a sweep: that of the run that deserves attention first. */
export const rowToStatus = (row) =>
  isSweep(row) ? ORDER.find((status) => row.counts[status] > 0) : row.status;

/** Made once: `toLocaleString` makes one a call, which thousands of rows feel. */
const COUNTS = new Intl.NumberFormat("en-US");
const count = (value) => COUNTS.format(value);

/** `2 running, 14 finished` */
const sweepToText = ({ counts }) =>
  ORDER.filter((status) => counts[status] > 0)
    .map((status) => `${count(counts[status])} ${status}`)
    .join(", ");

/** `40 s`, `3 min`, `2 h 05 min` */
function secondsToText(seconds) {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}

const toTime = (text) => {
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
};

/** `2026-03-01 10:00`, in the reader's time zone. */
function timeToText(text) {
  const time = toTime(text);
  if (time === undefined) return "";
  const date = new Date(time);
  const pad = (value) => String(value).padStart(2, "0");
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())} ${pad(date.getHours())}:${pad(date.getMinutes())}`;
}

const toShare = ({ round, rounds }) => (rounds > 0 ? Math.min(1, round / rounds) : 0);

const SEVERITY_ORDER = ["failure", "warning", "note", "ok"];

const toVerdict = (row) =>
  isSweep(row)
    ? row.problems && {
        title: `${count(row.problems.runs)} of its runs`,
        severity: row.problems.severity,
      }
    : row.verdict;

/** Columns: `toText` for reading, `toKey` for sorting (undefined comes last). */
export const COLUMNS = [
  { id: "name", title: "run", toText: (row) => row.name, toKey: (row) => row.name },
  {
    id: "status",
    title: "status",
    toText: (row) => (isSweep(row) ? sweepToText(row) : STATUSES[row.status]),
    toKey: (row) => ORDER.indexOf(rowToStatus(row)),
  },
  {
    id: "progress",
    title: "progress",
    toText: (row) => (row.rounds > 0 ? `${count(row.round)} of ${count(row.rounds)}` : ""),
    toKey: toShare,
    toShare,
  },
  {
    id: "left",
    title: "time left",
    toText: (row) => (row.secondsLeft === undefined ? "" : secondsToText(row.secondsLeft)),
    toKey: (row) => row.secondsLeft,
  },
  {
    id: "best",
    title: "best score",
    toText: ({ best }) => (best ? `${best.name} ${numberToText(best.value)}` : ""),
    toKey: ({ best }) => best?.value,
  },
  {
    id: "verdict",
    title: "verdict",
    toText: (row) => toVerdict(row)?.title ?? "",
    toKey: (row) => toVerdict(row) && SEVERITY_ORDER.indexOf(toVerdict(row).severity),
    toClass: (row) => toVerdict(row)?.severity ?? "",
  },
  {
    id: "started",
    title: "started",
    toText: ({ started }) => timeToText(started),
    toKey: ({ started }) => toTime(started),
  },
];

/** `gan-2` before `gan-10`. */
const NAMES = new Intl.Collator("en", { numeric: true });
const byName = (a, b) => NAMES.compare(a.name, b.name);

/** Rows by a column, those without a value last. */
export function sortRows(rows, { column, isDown }) {
  const { toKey } = COLUMNS.find(({ id }) => id === column);
  const keys = new Map(rows.map((row) => [row, toKey(row)]));
  const compare = (a, b) => {
    const [left, right] = [keys.get(a), keys.get(b)];
    if (left === right) return byName(a, b);
    if (left === undefined || right === undefined) return left === undefined ? 1 : -1;
    const order = column === "name" ? byName(a, b) : left - right;
    return isDown ? -order : order;
  };
  return [...rows].sort(compare);
}

/** What a row is found by; a row that has changed is another object. */
const found = new WeakMap();

function rowToWords(row) {
  if (!found.has(row)) {
    const status = isSweep(row) ? sweepToText(row) : STATUSES[row.status];
    const words = [row.name, row.model, row.data, row.failure, status, row.best?.name, toVerdict(row)?.title];
    found.set(row, words.join(" ").toLowerCase());
  }
  return found.get(row);
}

/** Whether every word of a text stands somewhere in the row. */
export function fitsText(row, text) {
  const words = text.toLowerCase().split(/\s+/);
  return words.every((word) => rowToWords(row).includes(word));
}
