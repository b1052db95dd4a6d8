/** The pieces that every format of a check's result is put together from. */
import type { CheckResult, RuleOutcome, Shift } from "../check/check-result.ts";
import { textToVisible } from "./page.ts";
import { countToWords } from "./quantities.ts";

/** A name or an expression on one line, with nothing in it that drives a terminal. */
const textToLine = (text: string): string => textToVisible(text.replace(/\s+/g, " "));

/** Six digits: enough to see which side of a limit a value is on. */
const numberToText = (value: number): string => String(Number(value.toPrecision(6)));

const changeToText = (value: number, reference: number): string => {
  const change = (100 * (value - reference)) / Math.abs(reference);
  return Number.isFinite(change) ? ` (${change < 0 ? "" : "+"}${change.toFixed(1)} %)` : "";
};

/** `fid: maxIncrease`. */
export const outcomeToTitle = ({ rule, limit }: RuleOutcome): string =>
  limit === "expression" ? textToLine(rule) : `${textToLine(rule)}: ${limit}`;

/** `<= 25`, or the expression. */
export const outcomeToExpected = ({ expected, expression }: RuleOutcome): string =>
  expected ? `${expected.comparison} ${numberToText(expected.bound)}` : textToLine(expression ?? "");

/** `27.3 [26.1, 28.6]`; of an expression whether it holds, and of what. */
export function outcomeToFound({ found, interval, status, exceeds, terms = {} }: RuleOutcome): string {
  if (status === "not-judged") return "nothing yet";
  if (found === undefined) {
    const known = Object.entries(terms).map(([name, value]) => `${textToLine(name)} ${numberToText(value)}`);
    return [String(!exceeds), ...known].join(", ");
  }
  const between = interval ? ` [${interval.map(numberToText).join(", ")}]` : "";
  return `${numberToText(found)}${between}`;
}

/** `24.1 (+13.3 %)`; nothing for limits that need no baseline. */
export const outcomeToBaseline = ({ baseline, found }: RuleOutcome): string =>
  baseline === undefined || found === undefined
    ? ""
    : `${numberToText(baseline)}${changeToText(found, baseline)}`;

export const outcomeToValues = ({ values = [] }: RuleOutcome): string => values.map(numberToText).join(", ");

/** `between seeds 1.3, sampling of one 0.41`; nothing for a single seed. */
function outcomeToSpread({ spread }: RuleOutcome): string {
  if (spread === undefined) return "";
  const { seedDeviation, samplingDeviation } = spread;
  const short = (value: number): string => String(Number(value.toPrecision(3)));
  const sampling = samplingDeviation === null ? "" : `, sampling of one ${short(samplingDeviation)}`;
  return `between seeds ${short(seedDeviation)}${sampling}`;
}

/** `expected: <= 25`, `found: 27.3 [26.1, 28.6]`, `all values: ...`. */
export function outcomeToPhrases(outcome: RuleOutcome): string[] {
  const baseline = outcomeToBaseline(outcome);
  const values = outcomeToValues(outcome);
  const spread = outcomeToSpread(outcome);
  return [
    `expected: ${outcomeToExpected(outcome)}`,
    `found: ${outcomeToFound(outcome)}`,
    ...(values === "" ? [] : [`all values: ${values}`]),
    ...(spread === "" ? [] : [`deviations: ${spread}`]),
    ...(baseline === "" ? [] : [`baseline: ${baseline}`]),
    ...(outcome.why === undefined ? [] : [textToLine(outcome.why)]),
  ];
}

/** `1 of 4 limits failed, 1 warned`. */
export function resultToVerdict({ outcomes }: CheckResult): string {
  const count = (status: RuleOutcome["status"]): number =>
    outcomes.filter((outcome) => outcome.status === status).length;
  const rest = [
    ...(count("warned") > 0 ? [`${count("warned")} warned`] : []),
    ...(count("not-judged") > 0 ? [`${count("not-judged")} not judged`] : []),
  ];
  const said =
    count("failed") > 0
      ? `${count("failed")} of ${countToWords(outcomes.length, "limit")} failed`
      : `passed: ${countToWords(outcomes.length, "limit")}`;
  return [said, ...rest].join(", ");
}

/** What it was held against, and how chance was excluded. */
export function resultToContext(result: CheckResult): string {
  const { baseline, nights, seeds, chance } = result;
  return [
    countToWords(seeds, "seed"),
    baseline === null
      ? "no baseline"
      : `baseline of ${textToLine(baseline.when).slice(0, 10)} (${countToWords(baseline.seeds, "seed")})`,
    countToWords(nights, "earlier night"),
    `false-alarm rate ${100 * chance.level} % per night over ${countToWords(chance.comparisons, "limit")}`,
  ].join(", ");
}

/** `frechet_inception_distance drifts: 27.1 over the last 14 nights, baseline 24.1 (+12.4 %)`. */
export function shiftToText({ key, towards, nights, mean, baseline }: Shift): string {
  const what = towards === "worse" ? "drifts" : "is better than its baseline, which can be tightened";
  return `${textToLine(key)} ${what}: ${numberToText(mean)} over the last ${nights} nights, baseline ${numberToText(baseline)}${changeToText(mean, baseline)}`;
}
