/** A comparison as a command's outcome, in every format. */
import type { Comparison } from "../compare/comparison.ts";
import type { Warning } from "../errors.ts";
import { comparisonToCsv } from "../reports/comparison-to-csv.ts";
import { comparisonToMarkdown } from "../reports/comparison-to-markdown.ts";
import { comparisonToText } from "../reports/comparison-to-text.ts";
import type { Outcome } from "./command.ts";

/** A comparison in every format. `warnings`: what is to be said beside its own. */
export const comparisonToOutcome = (
  comparison: Comparison,
  warnings: readonly Warning[],
  hints: readonly string[],
): Outcome => ({
  json: comparison,
  text: (page) => comparisonToText(comparison, page),
  csv: () => comparisonToCsv(comparison),
  markdown: () => comparisonToMarkdown(comparison),
  warnings: [...comparison.warnings, ...warnings],
  hints,
});
