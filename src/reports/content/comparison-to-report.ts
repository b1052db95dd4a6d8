/** From a comparison of runs or results to its report. */
import type { Comparison, ComparisonRow, SafeBand } from "../../compare/comparison.ts";
import { optionValueToText } from "../../compare/option-values.ts";
import { curvesToChart } from "../charts/all-rates-chart.ts";
import { budgetsToChart } from "../charts/budget-chart.ts";
import type { Chart } from "../charts/chart.ts";
import { numberToText } from "../charts/chart-runtime.js";
import { groupsToChart } from "../charts/groups-chart.ts";
import { keyToName } from "../charts/metric-name.ts";
import { comparisonToParallels } from "../charts/parallel-chart.ts";
import { curveToChart } from "../charts/rates-chart.ts";
import { comparisonToGroupTable, comparisonToSpreadTable } from "../comparison-to-tables.ts";
import { textToVisible } from "../page.ts";
import { countToWords, durationToText, scoreToText } from "../quantities.ts";
import type { Table } from "../table.ts";
import { type Fact, type Headline, REPORT_SCHEMA, type Report } from "./report.ts";

/** More rows make a page that nobody scrolls; the rest is in the data. */
const MOST_ROWS = 300;

const valueToCell = (value: number | null): string | null => (value === null ? null : scoreToText(value));

function rowToCells(row: ComparisonRow, { varying, metrics, metric }: Comparison, isBest: boolean) {
  const others = metrics.filter(({ key }) => key !== metric.key);
  return {
    name: `${isBest ? "★ " : ""}${row.name}`,
    status: row.status,
    value: valueToCell(row.value),
    ...Object.fromEntries(
      varying.map((name, i) => [`option${i}`, optionValueToText(row.options[name] ?? null)]),
    ),
    seed: row.seed,
    ...Object.fromEntries(
      others.map(({ key }, i) => [`metric${i}`, valueToCell(row.scores[key]?.value ?? null)]),
    ),
    failure: row.failure ?? null,
  };
}

function rowsToTable(comparison: Comparison): Table {
  const { rows, varying, metrics, metric, best } = comparison;
  const right = "right" as const;
  const hasFailures = rows.some(({ failure }) => failure !== undefined);
  return {
    columns: [
      { key: "name", title: rows.every(({ kind }) => kind === "result") ? "result" : "run" },
      { key: "status", title: "status" },
      { key: "value", title: metric.key, align: right },
      ...varying.map((name, i) => ({ key: `option${i}`, title: name })),
      { key: "seed", title: "seed", align: right },
      ...metrics
        .filter(({ key }) => key !== metric.key)
        .map(({ key }, i) => ({ key: `metric${i}`, title: key, align: right })),
      ...(hasFailures ? [{ key: "failure", title: "failure" }] : []),
    ],
    rows: rows.slice(0, MOST_ROWS).map((row, i) => rowToCells(row, comparison, i === best)),
  };
}

const bandToText = (band: SafeBand | null): string => {
  if (band === null) return "none";
  const [low, high] = [band.low, band.high].map((rate) => optionValueToText(Number(rate.toPrecision(3))));
  return band.decades === 0 ? `${low} only` : `${low} to ${high}`;
};

function comparisonToHeadlines({ rows, best, metric, counts, curves }: Comparison): Headline[] {
  const bestRow = best === null ? undefined : rows[best];
  const { diverged = 0, failed = 0, unreadable = 0 } = counts;
  const failures = diverged + failed + unreadable;
  return [
    ...(bestRow && bestRow.value !== null
      ? [
          {
            name: `Best ${keyToName(metric.key)}`,
            value: scoreToText(bestRow.value),
            direction: metric.direction,
            note: textToVisible(bestRow.name),
          },
        ]
      : []),
    {
      name: "Compared",
      value: String(rows.length),
      note: failures === 0 ? "none failed" : `${failures} diverged or failed`,
    },
    ...curves.map(
      ({ name, safeBand }): Headline => ({
        name: `Safe learning rates of ${textToVisible(name)}`,
        value: bandToText(safeBand),
        ...(safeBand && safeBand.decades > 0 && { note: `${safeBand.decades.toFixed(1)} decades` }),
      }),
    ),
  ];
}

const textToUnique = (charts: readonly Chart[]): Chart[] => {
  const seen = new Map<string, number>();
  return charts.map((chart) => {
    const before = seen.get(chart.id) ?? 0;
    seen.set(chart.id, before + 1);
    return before === 0 ? chart : { ...chart, id: `${chart.id}-${before + 1}` };
  });
};

export function comparisonToReport(comparison: Comparison, command: readonly string[] = []): Report {
  const { rows, metric, at, varying, protocol, fixed, best, warnings, curves } = comparison;
  const charts = [
    curvesToChart(comparison),
    ...curves.map((curve) => curveToChart(curve, comparison)),
    ...(curves.length === 0 ? [groupsToChart(comparison)] : []),
    budgetsToChart(comparison),
    comparisonToParallels(comparison),
  ].filter((chart) => chart !== undefined);
  const left = rows.length - MOST_ROWS;
  const spreads = comparisonToSpreadTable(comparison);
  // Results of one folder, which are seeds of a method.
  const isOfMethods = spreads !== undefined && comparison.groups.length > 1;
  const measured = comparison.groups.some((group) =>
    Object.values(group.spreads).some(({ samplingDeviation }) => samplingDeviation !== null),
  );
  const total = rows.reduce((sum, { seconds = 0 }) => sum + seconds, 0);
  return {
    schema: REPORT_SCHEMA,
    kind: "comparison",
    title: rows.every(({ kind }) => kind === "result")
      ? `${countToWords(rows.length, "result")} compared`
      : `${countToWords(rows.length, "run")} compared`,
    facts: [
      [
        "by",
        `${metric.key}, ${metric.direction} is better, ${at === "best" ? "the best of each run's evaluations" : "each run's last evaluation"}`,
      ],
      ["what varies", varying.join(", ") || (isOfMethods ? "the method" : "only the seed")],
      ...(total > 0 ? [["trained for", `${durationToText(total)} in total`] as const] : []),
    ],
    verdicts: [],
    notJudged: [],
    headlines: comparisonToHeadlines(comparison),
    charts: textToUnique(charts),
    tables: [
      {
        id: "rows",
        title: "All entries, best first",
        table: rowsToTable(comparison),
        ...(left > 0 && { caption: `The first ${MOST_ROWS}; ${left} more are in the data.` }),
      },
      { id: "options", title: "By options", table: comparisonToGroupTable(comparison) },
      ...(spreads
        ? [
            {
              id: "seeds",
              title: "Over seeds",
              table: spreads,
              caption: `Between seeds: training and sampling together. Of sampling one: what fresh images would change, of one checkpoint${measured ? "" : " (not measured: the runs were evaluated without --eval-ci)"}. The interval is of the method: it holds both.`,
            },
          ]
        : []),
    ],
    protocol: [
      ...Object.entries({ ...protocol, ...fixed }).flatMap(([name, value]): Fact[] =>
        value === null ? [] : [[name, numberOrText(value)]],
      ),
      ...(command.length > 0 ? [["compared with", command.join(" ")] as const] : []),
    ],
    command: best === null ? "" : rows[best].command,
    warnings,
    source: comparison,
  };
}

const numberOrText = (value: string | number | boolean): string =>
  typeof value === "number" ? numberToText(value) : String(value);
