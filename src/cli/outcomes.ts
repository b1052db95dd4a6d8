/** Results and tables as a command's outcome, in every format. */
import { type EvaluationResult, RESULTS_SCHEMA } from "../evaluate/result.ts";
import type { Page } from "../reports/page.ts";
import { resultToCsv } from "../reports/result-to-csv.ts";
import { resultToMarkdown } from "../reports/result-to-markdown.ts";
import { resultToText } from "../reports/result-to-text.ts";
import { floorRatioToText, resultsToFloorRatio } from "../reports/results-to-floor-ratio.ts";
import { type Table, tableToCsv, tableToMarkdown, tableToText } from "../reports/table.ts";
import type { Outcome } from "./command.ts";

/** A measurement in every format; JSON is one result, or an object that holds several. */
export function resultsToOutcome(
  results: readonly EvaluationResult[],
  hints: readonly string[] = [],
): Outcome {
  const distinct = new Map(
    results
      .flatMap(({ warnings }) => warnings)
      .map((warning) => [`${warning.code} ${warning.message}`, warning]),
  );
  const floorRatio = resultsToFloorRatio(results);
  const inWords = floorRatio === undefined ? [] : [`${floorRatioToText(floorRatio)}\n`];
  return {
    json:
      results.length === 1
        ? results[0]
        : { schema: RESULTS_SCHEMA, results, ...(floorRatio !== undefined && { floorRatio }) },
    text: (page) =>
      [
        ...results.map((result) => {
          const text = resultToText(result, page);
          return results.length === 1 ? text : `${page.style.bold(result.protocol.extractor)}\n\n${text}`;
        }),
        ...inWords,
      ].join("\n"),
    csv: async () => {
      const [first, ...others] = await Promise.all(results.map(resultToCsv));
      return [first, ...others.map((csv) => csv.slice(csv.indexOf("\n") + 1))].join("");
    },
    markdown: () => [...results.map(resultToMarkdown), ...inWords].join("\n"),
    warnings: [...distinct.values()],
    hints,
    ...(results.some(({ notMeasured }) => notMeasured !== undefined) && { incomplete: true }),
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
