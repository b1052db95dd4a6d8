/** A comparison as Markdown. */
import type { Comparison } from "../compare/comparison.ts";
import { comparisonToFacts } from "./comparison-to-facts.ts";
import { comparisonToGroupTable } from "./comparison-to-tables.ts";
import { tableToMarkdown } from "./table.ts";

/** The groups, and what they are of, as two tables; warnings as a third. */
export function comparisonToMarkdown(comparison: Comparison): string {
  const context = tableToMarkdown({
    columns: [
      { key: "name", title: "Context" },
      { key: "text", title: "" },
    ],
    rows: [
      ...comparisonToFacts(comparison).map(([name, text]) => ({ name, text })),
      ...comparison.warnings.map(({ message }) => ({ name: "warning", text: message })),
    ],
  });
  return `${tableToMarkdown(comparisonToGroupTable(comparison))}\n${context}`;
}
