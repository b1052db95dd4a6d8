/** A comparison as tables: of groups for reading, of rows for spreadsheets. */
import type { Comparison, ComparisonGroup } from "../compare/comparison.ts";
import { pickOptions } from "../compare/option-values.ts";
import { valuesToSpread } from "../compare/seed-statistics.ts";
import type { MethodSpread } from "../math/intervals/random-effects.ts";
import { scoreToText } from "./quantities.ts";
import type { Cell, Column, Table } from "./table.ts";

const figure = (value: number | null | undefined): string | null =>
  value == null ? null : scoreToText(value);

/** Three digits: what stands beside a value must not be wider than it. */
export const valueToShort = (value: number): string =>
  Math.abs(value) < 1000 ? value.toPrecision(3) : scoreToText(value);

/** `0.900 to 1.60` */
export const intervalToText = ({ low, high }: { readonly low: number; readonly high: number }): string =>
  `${valueToShort(low)} to ${valueToShort(high)}`;

/** `+1.23 (0.900 to 1.60)`; `inconclusive (-0.3 to 0.9)` where 0 is within. */
function differenceToText({ difference }: ComparisonGroup, isBaseline: boolean): string | null {
  if (isBaseline) return "baseline";
  if (!difference) return null;
  const { value, low, high, verdict } = difference;
  const said = verdict === "inconclusive" ? verdict : `${value >= 0 ? "+" : ""}${valueToShort(value)}`;
  return `${said} (${valueToShort(low)} to ${valueToShort(high)})`;
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

/** What seeds say of one metric of a group, as cells. */
const spreadToCells = (spread: MethodSpread | undefined): Record<string, Cell> => ({
  method: spread ? `${valueToShort(spread.mean)} (${intervalToText(spread.interval)})` : null,
  between: spread ? valueToShort(spread.seedDeviation) : null,
  sampling: spread?.samplingDeviation == null ? null : valueToShort(spread.samplingDeviation),
  training: spread?.trainingDeviation == null ? null : valueToShort(spread.trainingDeviation),
});

const SPREAD_COLUMNS: readonly Column[] = [
  { key: "method", title: "mean (95 % of the method)", align: "right" },
  { key: "between", title: "deviation between seeds", align: "right" },
  { key: "sampling", title: "of sampling one", align: "right" },
  { key: "training", title: "of training alone", align: "right" },
];

/** Every metric of every group of several seeds; undefined where there is none. */
export function comparisonToSpreadTable({ groups, metrics }: Comparison): Table | undefined {
  const rows = groups.flatMap(({ name, spreads }) =>
    metrics.flatMap(({ key }): Record<string, Cell>[] => {
      const spread = spreads[key];
      return spread ? [{ name, metric: key, seeds: spread.seeds, ...spreadToCells(spread) }] : [];
    }),
  );
  const columns: Column[] = [
    { key: "name", title: "method" },
    { key: "metric", title: "metric" },
    { key: "seeds", title: "seeds", align: "right" },
    ...SPREAD_COLUMNS,
  ];
  if (rows.length === 0) return undefined;
  return { columns: columns.filter(({ key }) => rows.some((row) => row[key] !== null)), rows };
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
      range: n > 1 && best !== null ? `${valueToShort(best)} to ${valueToShort(worst!)}` : null,
      difference: differenceToText(group, at === baseline && groups.length > 1),
      ...spreadToCells(group.spreads[metric.key]),
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
    ...SPREAD_COLUMNS,
    ...others.map(({ key }) => ({ key: `metric ${key}`, title: key, align: "right" as const })),
  ];
  return { columns: columns.filter(({ key }) => rows.some((row) => row[key] !== null)), rows };
}

/** One row a run or result, with all digits. */
export function comparisonToRowTable(comparison: Comparison): Table {
  const { rows, groups, metric, metrics, varying } = comparison;
  const keys = metrics.flatMap(({ key }) => [key, `${key} best`, `${key} best round`, `${key} last`]);
  const cells = rows.map((row): Record<string, Cell> => {
    const { median, failures, spreads } = groups[row.group];
    const spread = spreads[metric.key];
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
      "group mean": spread?.mean ?? null,
      "group low": spread?.interval.low ?? null,
      "group high": spread?.interval.high ?? null,
      "group seed deviation": spread?.seedDeviation ?? null,
      "group sampling deviation": spread?.samplingDeviation ?? null,
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
    ...["group mean", "group low", "group high", "group seed deviation", "group sampling deviation"],
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
