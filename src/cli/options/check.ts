/** What the nightly check holds against what, and where it says so. */

import { LEVELS } from "../../check/level.ts";
import { textToJson } from "../../formats/json.ts";
import {
  fileOf,
  integer,
  type OptionKind,
  oneOf,
  optional,
  text,
  toggle,
  words,
} from "../../options/kinds.ts";
import { option } from "../../options/option.ts";

/** Rules by name; check/rule.ts says what is in one. */
const rulesKind: OptionKind<unknown> = {
  expects: 'an object of rules, such as {"fid": {"max": 25}}',
  schema: ({ z }) => {
    const parsed = z.string().transform((json, context): unknown => {
      try {
        return textToJson(json);
      } catch (error) {
        context.addIssue({ code: "custom", message: `What is wrong: ${(error as Error).message}.` });
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

export const CHECK_OPTIONS = {
  fakes: option({
    group: "Gate",
    kind: optional(words("generated images, several separated by commas")),
    value: "LIST",
    flag: "fake",
    repeats: true,
    default: undefined,
    summary: "generated images (all that --real takes), several seeds separated by commas",
  }),
  results: option({
    group: "Gate",
    kind: optional(words("result files separated by commas")),
    value: "LIST",
    flag: "result",
    repeats: true,
    default: undefined,
    summary: "result files (--out of metrics --ci) instead of images, one a seed",
  }),
  baseline: option({
    group: "Gate",
    kind: optional(text("a file name")),
    value: "FILE",
    default: undefined,
    summary: "the committed baseline that changes are measured from",
  }),
  history: option({
    group: "Gate",
    kind: optional(text("a file name")),
    value: "FILE",
    default: undefined,
    summary: "JSONL file to which every check adds its night; for drift, and for history in expressions",
  }),
  rules: option({
    group: "Gate",
    kind: rulesKind,
    value: "JSON",
    default: undefined,
    summary: "rules by metric id or value's name; for the config file (docs/check.md)",
  }),
  max: limits("highest value that passes: fid=25"),
  min: limits("lowest value that passes: recall=0.4"),
  maxIncrease: limits("how far above the baseline passes: fid=0.5, or as a share fid=5%"),
  maxDecrease: limits("how far below the baseline passes: recall=0.02, recall=5%"),
  maxWorse: limits("how much worse than the baseline passes, whichever way that is: fid=5%,recall=5%"),
  level: option({
    group: "Gate",
    kind: oneOf(LEVELS),
    value: "NAME",
    default: "error",
    summary: "of rules that do not say theirs: error exits 1, warn only says so",
  }),
  driftNights: option({
    group: "Gate",
    kind: integer(5, 1000),
    value: "N",
    default: 14,
    summary:
      "nights whose mean is held against the baseline, for drift and for a baseline that can be tightened",
  }),
  force: option({
    group: "Gate",
    kind: toggle(),
    default: false,
    summary: "compare with a baseline that was measured in another way",
  }),
  junit: option({
    group: "Output",
    kind: optional(fileOf(".xml")),
    value: "FILE.xml",
    default: undefined,
    summary: "also write a JUnit report, a test case a rule",
  }),
  annotations: option({
    group: "Output",
    kind: toggle(),
    default: false,
    summary: "also print GitHub's workflow commands, which become annotations, to stderr",
  }),
  stepSummary: option({
    group: "Output",
    kind: toggle(),
    default: false,
    summary: "also append Markdown to the file that GITHUB_STEP_SUMMARY names",
  }),
  baselineDryRun: option({
    group: "Gate",
    kind: toggle(),
    flag: "dry-run",
    default: false,
    summary: "show what would change, and write nothing",
  }),
} as const;
