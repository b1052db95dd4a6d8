/** A check as Markdown. */
import type { CheckResult, OutcomeStatus } from "../check/check-result.ts";
import {
  outcomeToBaseline,
  outcomeToExpected,
  outcomeToFound,
  outcomeToTitle,
  outcomeToValues,
  resultToContext,
  resultToVerdict,
  shiftToText,
} from "./check-to-words.ts";
import { lineToMarkdown } from "./result-to-markdown.ts";
import { tableToMarkdown } from "./table.ts";

const MARKS: Readonly<Record<OutcomeStatus, string>> = {
  failed: "❌ failed",
  warned: "⚠️ warned",
  "not-judged": "➖ not judged",
  passed: "✅ passed",
};

/** For a step summary or a pull request: the verdict, a table, warnings. */
export function checkToMarkdown(result: CheckResult): string {
  const table = tableToMarkdown({
    columns: [
      { key: "status", title: "Status" },
      { key: "rule", title: "Rule" },
      { key: "expected", title: "Expected" },
      { key: "found", title: "Found" },
      { key: "baseline", title: "Baseline" },
      { key: "values", title: "All values" },
    ],
    rows: result.outcomes.map((outcome) => ({
      status: MARKS[outcome.status],
      rule: outcomeToTitle(outcome),
      expected: outcomeToExpected(outcome),
      found: outcomeToFound(outcome) + (outcome.why === undefined ? "" : `, ${outcome.why}`),
      baseline: outcomeToBaseline(outcome),
      values: outcomeToValues(outcome),
    })),
  });
  const notes = [
    ...result.shifts.map((shift) => shiftToText(shift)),
    ...result.warnings.filter(({ code }) => code !== "drift").map(({ message }) => message),
  ];
  return [
    `### gan-eval: ${resultToVerdict(result)}\n`,
    table,
    ...(notes.length === 0 ? [] : [notes.map((note) => `- ${lineToMarkdown(note)}\n`).join("")]),
    `${lineToMarkdown(resultToContext(result))}\n`,
  ].join("\n");
}
