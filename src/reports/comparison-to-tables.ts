/** A comparison as tables: of groups for reading, of rows for spreadsheets. */
import type { Comparison, ComparisonGroup } from "../compare/comparison.ts";
import { pickOptions } from "../compare/option-values.ts";
import { valuesToSpread } from "../compare/seed-statistics.ts";
import { scoreToText } from "./quantities.ts";
import type { Cell, Column, Table } from "./table.ts";

const figure = (value: number | null | undefined): string | null =>
  value == null ? null : scoreToText(value);

/** `+1.2345 (0.9 to 1.6)` */
function differenceToText({ difference }: ComparisonGroup, isBaseline: boolean): string | null {
  if (isBaseline) return "baseline";
  if (!difference) return null;
  const { value, low, high } = difference;
  return `${value >= 0 ? "+" : ""}${scoreToText(value)} (${scoreToText(low)} to ${scoreToText(high)})`;
}

/** Median of another metric over a group's rows that have it. */
function groupToMedian(group: ComparisonGroup, { rows, metrics }: Comparison, key: string): number | null {
  const { direction } = metrics.find((metric) => metric.key === key)!;
  const values = group.rows.flatMap((at) => rows[at].scores[key]?.value ?? []);
  return valuesToSpread(values, direction).median;
}

/** What a lone row's status says beside the value; of several only how many failed. */
function groupToStatus(group: ComparisonGroup, { rows }: Comparison): string | null {
  const [first] = group.rows.map((at) => rows[at].status);
  if (group.n > 1) return group.failures > 0 ? `${group.failures} of ${group.n} failed` : null;
  return first === "finished" ? null : first;
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
      status: groupToStatus(group, comparison),
      runs: n,
      range: n > 1 && best !== null ? `${scoreToText(best)} to ${scoreToText(worst!)}` : null,
      difference: differenceToText(group, at === baseline && groups.length > 1),
      ...Object.fromEntries(
        others.map(({ key }) => [`metric ${key}`, figure(groupToMedian(group, comparison, key))]),
      ),
    };
  });
  const columns: Column[] = [
    { key: "name", title: comparison.varying.length > 0 ? "options" : "what" },
    { key: "value", title: hasSeeds ? `median ${metric.key}` : metric.key, align: "right" },
    { key: "status", title: "status" },
    ...(hasSeeds ? [{ key: "runs", title: "runs", align: "right" as const }] : []),
    { key: "range", title: "best to worst" },
    { key: "difference", title: hasSeeds ? "mean less baseline, 95 %" : "less baseline, 95 %" },
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
