/** A check as text for a terminal. */
import type { CheckResult, OutcomeStatus, RuleOutcome } from "../check/check-result.ts";
import {
  outcomeToPhrases,
  outcomeToTitle,
  resultToContext,
  resultToVerdict,
  shiftToText,
} from "./check-to-words.ts";
import { type Page, type Style, textToIndented, textToWidth } from "./page.ts";
import { textToPadded } from "./table.ts";

const STATUS: Readonly<Record<OutcomeStatus, { readonly word: string; readonly paint: keyof Style }>> = {
  failed: { word: "failed", paint: "red" },
  warned: { word: "warned", paint: "yellow" },
  "not-judged": { word: "unjudged", paint: "yellow" },
  passed: { word: "passed", paint: "green" },
};
const WIDTH = Math.max(...Object.values(STATUS).map(({ word }) => word.length));
const MARGIN = " ".repeat(WIDTH + 2);
const GAP = "   ";

/**
 * A check for reading, what failed first: of each limit what was expected and what was found, then the verdict. Lines begin
 * with words of ours, so that no name can pass for a command to whoever reads the log (`::error::`).
 */
export function checkToText(result: CheckResult, page: Page): string {
  const outcomes = result.outcomes.flatMap((outcome) => outcomeToLines(outcome, page));
  const shifts = result.shifts.map((shift) =>
    textToIndented(
      shiftToText(shift),
      page.columns,
      textToPadded(shift.towards === "worse" ? "drift" : "better", WIDTH + 2),
    ),
  );
  const verdict = page.style.bold(page.style[result.passed ? "green" : "red"](resultToVerdict(result)));
  const context = textToIndented(resultToContext(result), page.columns, "");
  return `${[...outcomes, ...shifts, "", verdict, context].join("\n")}\n`;
}

function outcomeToLines(outcome: RuleOutcome, { columns, style }: Page): string[] {
  const { word, paint } = STATUS[outcome.status];
  const phrases = outcomeToPhrases(outcome);
  const lines: string[] = [];
  for (const phrase of phrases) {
    const longer = lines.length === 0 ? phrase : `${lines.at(-1)}${GAP}${phrase}`;
    if (lines.length > 0 && textToWidth(MARGIN + longer) <= columns) lines[lines.length - 1] = longer;
    else lines.push(phrase);
  }
  const label = style[paint](textToPadded(word, WIDTH));
  return [`${label}  ${style.bold(outcomeToTitle(outcome))}`, ...lines.map((line) => MARGIN + line)];
}
