/** A check as JUnit XML. */
import type { CheckResult, RuleOutcome } from "../check/check-result.ts";
import { outcomeToPhrases, outcomeToTitle } from "./check-to-words.ts";

/** What XML 1.0 has no way to write (section 2.2): most control characters, halves of surrogate pairs, U+FFFE and U+FFFF. */
const UNWRITABLE = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;
const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\t": "&#9;",
  "\n": "&#10;",
  "\r": "&#13;",
};

const toXml = (text: string): string =>
  text.replace(UNWRITABLE, "\ufffd").replace(/[&<>"\t\n\r]/g, (character) => ENTITIES[character]);

const SUITE = "gan-eval check";
const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>';

/** JUnit XML as Jenkins, GitLab and GitHub's readers take it: a test case a limit; a warning is a pass that says so. */
export function checkToJunit(result: CheckResult): string {
  const { outcomes, provenance } = result;
  const count = (status: RuleOutcome["status"]): number =>
    outcomes.filter((outcome) => outcome.status === status).length;
  return suiteToXml(
    {
      tests: outcomes.length,
      failures: count("failed"),
      errors: 0,
      skipped: count("not-judged"),
      time: (provenance.seconds ?? 0).toFixed(3),
      timestamp: provenance.when.replace(/\.\d+Z$/, ""),
    },
    // The images are measured once for all: each case has its part of the time.
    outcomes.map((outcome) => outcomeToXml(outcome, (provenance.seconds ?? 0) / outcomes.length)),
  );
}

/** A night that could not be measured: an error, which is no failure. */
export const errorToJunit = (code: string, message: string, when: string): string =>
  suiteToXml(
    { tests: 1, failures: 0, errors: 1, skipped: 0, time: "0.000", timestamp: when.replace(/\.\d+Z$/, "") },
    [
      `    <testcase classname="gan-eval" name="measurement" time="0.000">\n      <error type="${toXml(code)}" message="${toXml(message)}"/>\n    </testcase>`,
    ],
  );

function suiteToXml(counts: Readonly<Record<string, string | number>>, cases: readonly string[]): string {
  const attributes = Object.entries(counts)
    .map(([name, value]) => ` ${name}="${value}"`)
    .join("");
  return [
    DECLARATION,
    `<testsuites name="${SUITE}"${attributes}>`,
    `  <testsuite name="${SUITE}"${attributes}>`,
    ...cases,
    "  </testsuite>",
    "</testsuites>\n",
  ].join("\n");
}

function outcomeToXml(outcome: RuleOutcome, seconds: number): string {
  const phrases = outcomeToPhrases(outcome);
  const message = toXml(phrases.join("   "));
  const inside = {
    failed: `<failure type="${outcome.limit}" message="${message}">${toXml(phrases.join("\n"))}</failure>`,
    warned: `<system-out>warning: ${message}</system-out>`,
    "not-judged": `<skipped message="${message}"/>`,
    passed: `<system-out>${message}</system-out>`,
  }[outcome.status];
  const name = toXml(outcomeToTitle(outcome));
  return `    <testcase classname="gan-eval" name="${name}" time="${seconds.toFixed(3)}">\n      ${inside}\n    </testcase>`;
}
