/** A comparison as text for a terminal. */
import type { Comparison } from "../compare/comparison.ts";
import { comparisonToFacts } from "./comparison-to-facts.ts";
import { comparisonToGroupTable } from "./comparison-to-tables.ts";
import { type Page, textToWidth } from "./page.ts";
import { countToWords } from "./quantities.ts";
import { factsToLines } from "./result-to-text.ts";
import { type Table, tableToText } from "./table.ts";

/** More groups than these are for CSV. */
const MOST_GROUPS = 40;
const GAP = 2;

/** The first columns, as many as stand side by side; the last ones, which are worth least, go. */
function tableToFit(table: Table, columns: number): { table: Table; dropped: readonly string[] } {
  const widthOf = (key: string, title: string): number =>
    Math.max(textToWidth(title), ...table.rows.map((row) => textToWidth(String(row[key] ?? ""))));
  let width = 0;
  let kept = 0;
  for (const { key, title } of table.columns) {
    width += widthOf(key, title) + (kept === 0 ? 0 : GAP);
    if (width > columns && kept >= 2) break;
    kept++;
  }
  return {
    table: { ...table, columns: table.columns.slice(0, kept) },
    dropped: table.columns.slice(kept).map(({ title }) => title),
  };
}

/** A comparison for reading: a line a group, best first, then what it is of, safe learning rates, and the best run. */
export function comparisonToText(comparison: Comparison, page: Page): string {
  const whole = comparisonToGroupTable(comparison);
  const { table, dropped } = tableToFit({ ...whole, rows: whole.rows.slice(0, MOST_GROUPS) }, page.columns);
  const more = whole.rows.length - table.rows.length;
  const notes = [
    ...(more > 0 ? [`${countToWords(more, "more row")} in --csv`] : []),
    ...(dropped.length > 0
      ? [`columns too wide for this page (see --csv or --md): ${dropped.join(", ")}`]
      : []),
  ];
  const lines = [
    tableToText(table, page).trimEnd(),
    "",
    ...factsToLines(
      [...comparisonToFacts(comparison), ...notes.map((note) => ["left out", note] as const)],
      page,
    ),
  ];
  return `${lines.join("\n")}\n`;
}
