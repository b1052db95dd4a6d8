import type { EvaluationResult } from "../evaluate/result.ts";
import type { Page } from "../reports/page.ts";
import { resultToCsv } from "../reports/result-to-csv.ts";
import { resultToMarkdown } from "../reports/result-to-markdown.ts";
import { resultToText } from "../reports/result-to-text.ts";
import { type Table, tableToCsv, tableToMarkdown, tableToText } from "../reports/table.ts";
import type { Outcome } from "./command.ts";

/** A measurement in every format. */
export function resultToOutcome(result: EvaluationResult, hints: readonly string[] = []): Outcome {
  return {
    json: result,
    text: (page) => resultToText(result, page),
    csv: () => resultToCsv(result),
    markdown: () => resultToMarkdown(result),
    warnings: result.warnings,
    hints,
  };
}

/** An object whose CSV and Markdown are one table; its text too, unless `text` says more. */
export function tableToOutcome(json: unknown, table: Table, text?: (page: Page) => string): Outcome {
  return {
    json,
    text: text ?? ((page) => tableToText(table, page)),
    csv: () => tableToCsv(table),
    markdown: () => tableToMarkdown(table),
  };
}
