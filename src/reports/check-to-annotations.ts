/** A check as GitHub annotations. */
import type { CheckResult } from "../check/check-result.ts";
import { outcomeToPhrases, outcomeToTitle, shiftToText } from "./check-to-words.ts";

/** GitHub's workflow commands end at a line's end, and their properties at colons and commas (actions/toolkit, command.ts). */
const escapeMessage = (text: string): string =>
  text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
const escapeProperty = (text: string): string =>
  escapeMessage(text).replaceAll(":", "%3A").replaceAll(",", "%2C");

const toCommand = (kind: "error" | "warning" | "notice", title: string, message: string): string =>
  `::${kind} title=${escapeProperty(title)}::${escapeMessage(message)}`;

/** A line an annotation: of limits that were missed, and of nights together. */
export const checkToAnnotations = ({ outcomes, shifts }: CheckResult): string[] => [
  ...outcomes
    .filter(({ status }) => status === "failed" || status === "warned")
    .map((outcome) =>
      toCommand(
        outcome.status === "failed" ? "error" : "warning",
        outcomeToTitle(outcome),
        outcomeToPhrases(outcome).join("   "),
      ),
    ),
  ...shifts.map((shift) =>
    toCommand(
      shift.towards === "worse" ? "warning" : "notice",
      shift.towards === "worse" ? "drift" : "baseline",
      shiftToText(shift),
    ),
  ),
];
