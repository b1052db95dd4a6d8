/** The command `gan-eval runs`. */
import type { ListedRun, ListedRuns } from "../../lab/index/list-runs.ts";
import type { SweepEntry } from "../../lab/index/sweep-entry.ts";
import { countToText, countToWords, durationToText, scoreToText } from "../../reports/quantities.ts";
import { type Table, tableToText } from "../../reports/table.ts";
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
  const listed = await library.listRuns(places);
  const runs = listed.runs.toSorted(byChange);
  const json = { schema: "gan-eval/runs/1", folders: places, runs, sweeps: listed.sweeps };
  const table = runsToTable(runs);
  if (runs.length === 0) return tableToOutcome(json, table, () => `no runs in ${places.join(", ")}\n`);
  const running = runs.filter(({ status }) => status === "running").length;
  const total = `${countToWords(runs.length, "run")}, ${countToText(running)} in progress`;
  return tableToOutcome(
    json,
    table,
    (page) =>
      `${tableToText(rowsToShortTable([...listed.sweeps, ...runs].toSorted(byChange)), page)}\n${total}\n`,
  );
}

type Row = ListedRun | SweepEntry;

/** The latest changed first; what says nothing of it last. */
const byChange = (a: Row, b: Row): number => b.updated.localeCompare(a.updated) || (a.name < b.name ? -1 : 1);

/** `sweep: 2 running, 14 finished` */
const rowToState = (row: Row): string =>
  "status" in row
    ? row.status
    : `sweep: ${Object.entries(row.counts)
        .map(([status, count]) => `${countToText(count)} ${status}`)
        .join(", ")}`;

const rowToVerdict = (row: Row): string => {
  if ("status" in row) return row.failure ?? row.verdict?.title ?? "";
  return row.problems === undefined ? "" : `verdicts on ${countToWords(row.problems.runs, "run")}`;
};

/** For reading. */
const rowsToShortTable = (rows: readonly Row[]): Table => ({
  columns: [
    { key: "name", title: "folder" },
    { key: "state", title: "state" },
    { key: "progress", title: "rounds", align: "right" },
    { key: "left", title: "left", align: "right" },
    { key: "best", title: "best score" },
    { key: "said", title: "verdict" },
  ],
  rows: rows.map((row) => ({
    name: row.name,
    state: rowToState(row),
    progress: row.rounds === 0 ? "" : `${countToText(row.round)} of ${countToText(row.rounds)}`,
    left: "secondsLeft" in row && row.secondsLeft !== undefined ? durationToText(row.secondsLeft) : "",
    best: row.best ? `${row.best.name} ${scoreToText(row.best.value)}` : "",
    said: rowToVerdict(row),
  })),
});

const KEYS = [
  ...["folder", "status", "model", "data", "round", "rounds", "secondsLeft"],
  ...["metric", "best", "verdict", "severity", "started", "updated", "failure"],
];

/** For other programs: exact values. */
const runsToTable = (runs: ListedRuns["runs"]): Table => ({
  columns: KEYS.map((key) => ({ key, title: key })),
  rows: runs.map(({ best, verdict, id: _id, name: _name, sweep: _sweep, ...run }) => ({
    ...Object.fromEntries(KEYS.map((key) => [key, null])),
    ...run,
    metric: best?.name ?? null,
    best: best?.value ?? null,
    verdict: verdict?.title ?? null,
    severity: verdict?.severity ?? null,
  })),
});
