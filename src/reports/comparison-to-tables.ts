/** A comparison as tables: of groups for reading, of rows for spreadsheets. */
import type { Comparison, ComparisonGroup } from "../compare/comparison.ts";
import { pickOptions } from "../compare/option-values.ts";
import { valuesToSpread } from "../compare/seed-statistics.ts";
import { scoreToText } from "./quantities.ts";
import type { Cell, Column, Table } from "./table.ts";

const figure = (value: number | null | undefined): string | null =>
  value == null ? null : scoreToText(value);

/** Three digits: what stands beside a value must not be wider than it. */
const short = (value: number): string => (Math.abs(value) < 1000 ? value.toPrecision(3) : scoreToText(value));

/** `+1.23 (0.900 to 1.60)` */
function differenceToText({ difference }: ComparisonGroup, isBaseline: boolean): string | null {
  if (isBaseline) return "baseline";
  if (!difference) return null;
  const { value, low, high } = difference;
  return `${value >= 0 ? "+" : ""}${short(value)} (${short(low)} to ${short(high)})`;
}

/** Median of another metric over a group's rows that have it. */
function groupToMedian(group: ComparisonGroup, { rows, metrics }: Comparison, key: string): number | null {
  const { direction } = metrics.find((metric) => metric.key === key)!;
  const values = group.rows.flatMap((at) => rows[at].scores[key]?.value ?? []);
  return valuesToSpread(values, direction).median;
}

/** `3`, `3 (1 failed)`; of a lone row what became of it, if it is not finished. */
function groupToRuns(group: ComparisonGroup, { rows }: Comparison, hasSeeds: boolean): string | null {
  const { n, failures } = group;
  const { status } = rows[group.rows[0]];
  const outcome = n > 1 ? (failures > 0 ? `${failures} failed` : "") : status === "finished" ? "" : status;
  if (!hasSeeds) return outcome || null;
  return outcome === "" ? String(n) : `${n} (${outcome})`;
}

/** Columns from the most to the least worth keeping; those that are empty everywhere are left out. */
export function comparisonToGroupTable(comparison: Comparison): Table {
  const { groups, metric, metrics, baseline } = comparison;
  const hasSeeds = groups.some(({ n }) => n > 1);
  const others = metrics.filter(({ key }) => key !== metric.key);
  const rows = groups.map((group, at): Record<string, Cell> => {
    const { name, n, median, best, worst } = group;
    return {
      name,
      value: figure(median),
      runs: groupToRuns(group, comparison, hasSeeds),
      range: n > 1 && best !== null ? `${short(best)} to ${short(worst!)}` : null,
      difference: differenceToText(group, at === baseline && groups.length > 1),
      ...Object.fromEntries(
        others.map(({ key }) => [`metric ${key}`, figure(groupToMedian(group, comparison, key))]),
      ),
    };
  });
  const columns: Column[] = [
    { key: "name", title: comparison.varying.length > 0 ? "options" : "what" },
    { key: "value", title: hasSeeds ? "median" : metric.key, align: "right" },
    { key: "runs", title: hasSeeds ? "runs" : "status" },
    { key: "range", title: "best to worst" },
    { key: "difference", title: hasSeeds ? "mean minus baseline" : "minus baseline" },
    ...others.map(({ key }) => ({ key: `metric ${key}`, title: key, align: "right" as const })),
  ];
  return { columns: columns.filter(({ key }) => rows.some((row) => row[key] !== null)), rows };
}

/** One row a run or result, with all digits. */
export function comparisonToRowTable(comparison: Comparison): Table {
  const { rows, groups, metric, metrics, varying } = comparison;
  const keys = metrics.flatMap(({ key }) => [key, `${key} best`, `${key} best round`, `${key} last`]);
  const cells = rows.map((row): Record<string, Cell> => {
    const { median, failures } = groups[row.group];
    return {
      name: row.name,
      status: row.status,
      ...pickOptions(row.options, varying),
      seed: row.seed,
      value: row.value,
      difference: row.difference?.value ?? null,
      low: row.difference?.low ?? null,
      high: row.difference?.high ?? null,
      "group median": median,
      "group failures": failures,
      ...Object.fromEntries(
        Object.entries(row.scores).flatMap(([key, { value, best, bestRound, last }]) => [
          [key, value],
          [`${key} best`, best ?? null],
          [`${key} best round`, bestRound ?? null],
          [`${key} last`, last ?? null],
        ]),
      ),
      rounds: row.rounds ?? null,
      seconds: row.seconds ?? null,
      failure: row.failure ?? null,
      location: row.location,
      command: row.command,
    };
  });
  const differences = ["difference", "low", "high"];
  const all = [
    "name",
    "status",
    ...varying,
    "seed",
    "value",
    ...differences,
    "group median",
    "group failures",
  ];
  const names = [...all, ...keys, "rounds", "seconds", "failure", "location", "command"];
  const isFilled = (name: string): boolean => cells.some((row) => (row[name] ?? null) !== null);
  return {
    columns: [...new Set(names)]
      .filter(isFilled)
      .map((key) => ({ key, title: key === "value" ? metric.key : key })),
    rows: cells,
  };
}
