/** The command `gan-eval runs`. */
import { countToText, countToWords, scoreToText } from "../../reports/quantities.ts";
import { type Table, tableToText } from "../../reports/table.ts";
import type { IndexedRun } from "../../run-folder/indexed-run.ts";
import type { CommandContext, Outcome } from "../command.ts";
import { tableToOutcome } from "../outcomes.ts";

/** Where training puts what was given no folder. */
const PLACES = ["runs", "sweeps"];

/** `gan-eval runs [FOLDER...]` */
export async function run(
  _values: unknown,
  { library }: CommandContext,
  folders: readonly string[],
): Promise<Outcome> {
  const places = folders.length > 0 ? folders : PLACES;
  const rows = (await library.indexRuns(places)).toSorted(byChange);
  const json = { schema: "gan-eval/runs/1", folders: places, runs: rows };
  const table = rowsToTable(rows);
  if (rows.length === 0) return tableToOutcome(json, table, () => `no runs in ${places.join(", ")}\n`);
  const runs = rows.filter(({ kind }) => kind === "run");
  const training = runs.filter(({ state }) => state === "training").length;
  const total = `${countToWords(runs.length, "run", "runs")}, ${countToText(training)} in progress`;
  return tableToOutcome(json, table, (page) => `${tableToText(rowsToShortTable(rows), page)}\n${total}\n`);
}

/** The latest changed first; what says nothing of it last. */
const byChange = (a: IndexedRun, b: IndexedRun): number =>
  (b.updated ?? "").localeCompare(a.updated ?? "") || (a.folder < b.folder ? -1 : 1);

const progressOf = ({ kind, done, total }: IndexedRun): string =>
  done === undefined || total === undefined
    ? ""
    : `${countToText(done)} of ${countToText(total)}${kind === "sweep" ? " runs" : ""}`;

/** For reading. */
const rowsToShortTable = (rows: readonly IndexedRun[]): Table => ({
  columns: [
    { key: "folder", title: "folder" },
    { key: "state", title: "state" },
    { key: "progress", title: "rounds", align: "right" },
    { key: "updated", title: "changed" },
    { key: "best", title: "best score" },
    { key: "said", title: "verdict" },
  ],
  rows: rows.map((row) => ({
    folder: row.folder,
    state: row.kind === "sweep" ? `sweep, ${row.state}` : row.state,
    progress: progressOf(row),
    updated: row.updated?.slice(0, 16).replace("T", " ") ?? "",
    best: row.best ? `${row.best.metric} ${scoreToText(row.best.value)}` : "",
    said: row.reason ?? row.verdict ?? "",
  })),
});

const KEYS = [
  "folder",
  "kind",
  "state",
  "done",
  "total",
  "metric",
  "best",
  "verdict",
  "started",
  "updated",
  "reason",
];

/** For other programs: exact values. */
const rowsToTable = (rows: readonly IndexedRun[]): Table => ({
  columns: KEYS.map((key) => ({ key, title: key })),
  rows: rows.map(({ best, ...row }) => ({
    ...Object.fromEntries(KEYS.map((key) => [key, null])),
    ...row,
    metric: best?.metric ?? null,
    best: best?.value ?? null,
  })),
});
