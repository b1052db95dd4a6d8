/** A sweep as its page shows it: the chart of rates that fills up, what is best, what failed. */
import { type Comparison, type ComparisonRow, FAILED } from "../../compare/comparison.ts";
import { runsToComparison } from "../../compare/runs-to-comparison.ts";
import { isCode } from "../../errors.ts";
import type { Chart } from "../../reports/charts/chart.ts";
import { numberToText } from "../../reports/charts/chart-runtime.js";
import { keyToName } from "../../reports/charts/metric-name.ts";
import { curveToChart } from "../../reports/charts/rates-chart.ts";
import { comparisonToGroupTable } from "../../reports/comparison-to-tables.ts";
import { textToVisible } from "../../reports/page.ts";

export interface SweepView {
  readonly metric?: string;
  readonly best?: { readonly name: string; readonly text: string };
  readonly charts: readonly Chart[];
  /** Groups over seeds, best first. */
  readonly groups: { readonly heads: readonly string[]; readonly rows: readonly (readonly string[])[] };
  readonly failed: readonly { readonly name: string; readonly status: string; readonly reason: string }[];
  /** Why there is nothing to compare yet. */
  readonly remark?: string;
}

const EMPTY: SweepView = { charts: [], groups: { heads: [], rows: [] }, failed: [] };

const rowToFailure = ({ name, status, failure }: ComparisonRow) => ({
  name: textToVisible(name),
  status,
  reason: textToVisible(failure ?? ""),
});

function comparisonToView(comparison: Comparison): SweepView {
  const { metric, rows, best, curves } = comparison;
  const { columns, rows: groups } = comparisonToGroupTable(comparison);
  const bestRow = best === null ? undefined : rows[best];
  return {
    metric: keyToName(metric.key),
    ...(bestRow && {
      best: {
        name: textToVisible(bestRow.name),
        text: `${keyToName(metric.key)} ${numberToText(bestRow.value!)}`,
      },
    }),
    charts: curves.map((curve) => curveToChart(curve, comparison)),
    groups: {
      heads: columns.map(({ title }) => textToVisible(title)),
      rows: groups.map((row) => columns.map(({ key }) => textToVisible(String(row[key] ?? "")))),
    },
    failed: rows.filter(({ status }) => FAILED.has(status)).map(rowToFailure),
  };
}

/** Protocols that differ are compared all the same: the page shows what there is. */
export async function foldersToSweep(folders: readonly string[]): Promise<SweepView> {
  try {
    return comparisonToView(await runsToComparison(folders, { force: true }));
  } catch (error) {
    if (isCode(error, "input.no-scores"))
      return { ...EMPTY, remark: "No run has a score yet. Runs are scored with --eval-every N." };
    throw error;
  }
}
