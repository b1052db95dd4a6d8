/** What the nightly check holds against what, and where it says so. */

import { textToJson } from "../formats/json.ts";
import { fileOf, integer, type OptionKind, oneOf, optional, text, toggle, words } from "../options/kinds.ts";
import { option } from "../options/option.ts";
import { LEVELS } from "./level.ts";

/** Fewer nights say no more than tonight's verdict. */
export const LEAST_NIGHTS = 5;

/** Rules by name; rule.ts says what is in one. */
const rulesKind: OptionKind<unknown> = {
  expects: 'an object of rules, such as {"fid": {"max": 25}}',
  schema: ({ z }) => {
    const parsed = z.string().transform((json, context): unknown => {
      try {
        return textToJson(json);
      } catch (error) {
        context.addIssue({ code: "custom", message: `JSON error: ${(error as Error).message}.` });
        return z.NEVER;
      }
    });
    return z.union([parsed, z.record(z.string(), z.unknown())]).optional();
  },
};

const limits = (what: string) =>
  option({
    group: "Gate",
    kind: optional(words("NAME=NUMBER, several separated by commas")),
    value: "LIST",
    repeats: true,
    default: undefined,
    summary: what,
  });

export const CHECK_ROWS = {
  fakes: option({
    group: "Gate",
    kind: optional(words("generated images, several separated by commas")),
    value: "LIST",
    flag: "fake",
    repeats: true,
    default: undefined,
    summary: "generated images, in any of the forms of --real; several seeds separated by commas",
  }),
  results: option({
    group: "Gate",
    kind: optional(words("result files separated by commas")),
    value: "LIST",
    flag: "result",
    repeats: true,
    default: undefined,
    summary: "result files (--out of metrics --ci) instead of images, one per seed",
  }),
  baseline: option({
    group: "Gate",
    kind: optional(text("a file name")),
    value: "FILE",
    default: undefined,
    summary: "committed baseline that changes are measured against",
  }),
  history: option({
    group: "Gate",
    kind: optional(text("a file name")),
    value: "FILE",
    default: undefined,
    summary: "JSONL file that each check appends to; used for drift, and as history in expressions",
  }),
  rules: option({
    group: "Gate",
    kind: rulesKind,
    value: "JSON",
    default: undefined,
    summary: "rules by metric id or value key, in the config file only (docs/check.md)",
  }),
  max: limits("highest passing value: fid=25"),
  min: limits("lowest passing value: recall=0.4"),
  maxIncrease: limits("largest passing increase over the baseline: fid=0.5, or relative, fid=5%"),
  maxDecrease: limits("largest passing decrease below the baseline: recall=0.02, recall=5%"),
  maxWorse: limits("largest passing change for the worse, whichever direction that is: fid=5%,recall=5%"),
  level: option({
    group: "Gate",
    kind: oneOf(LEVELS),
    value: "NAME",
    default: "error",
    summary: "default level of a rule: error exits with 1, warn only reports",
  }),
  driftNights: option({
    group: "Gate",
    kind: integer(LEAST_NIGHTS, 1000),
    value: "N",
    default: 14,
    summary:
      "nights whose mean is compared with the baseline, to detect drift and a baseline that can be tightened",
  }),
  force: option({
    group: "Gate",
    kind: toggle(),
    default: false,
    summary: "compare with a baseline of another protocol",
  }),
  junit: option({
    group: "Output",
    kind: optional(fileOf(".xml")),
    value: "FILE.xml",
    default: undefined,
    summary: "also write a JUnit report, one test case per rule",
  }),
  annotations: option({
    group: "Output",
    kind: toggle(),
    default: false,
    summary: "also print GitHub workflow commands to stderr, which become annotations",
  }),
  stepSummary: option({
    group: "Output",
    kind: toggle(),
    default: false,
    summary: "also append Markdown to the file named by GITHUB_STEP_SUMMARY",
  }),
  baselineDryRun: option({
    group: "Gate",
    kind: toggle(),
    flag: "dry-run",
    default: false,
    summary: "show what would change, without writing",
  }),
} as const;
