/** How runs and results are held against each other. */
import { oneOf, optional, text, toggle } from "../options/kinds.ts";
import { option } from "../options/option.ts";

/** What makes results seeds of one method. */
const RESULT_GROUPS = ["file", "folder"] as const;
export type ResultGroups = (typeof RESULT_GROUPS)[number];

/** Which of a run's evaluations stands for it. */
const EVALUATIONS = ["best", "last"] as const;
export type ComparedAt = (typeof EVALUATIONS)[number];

export const COMPARE_ROWS = {
  metric: option({
    group: "Measurement",
    kind: optional(text("a metric's name")),
    value: "NAME",
    default: undefined,
    defaultText: "what decided the best checkpoints; of results the first",
    summary: "metric to sort by: fid, or a value's full key",
  }),
  baseline: option({
    group: "Measurement",
    kind: optional(text("the name of a row")),
    value: "NAME",
    default: undefined,
    defaultText: "the best",
    summary: "row that differences are relative to",
  }),
  at: option({
    group: "Measurement",
    kind: oneOf(EVALUATIONS),
    value: "WHICH",
    default: "best",
    summary: "a run's best evaluation, as papers report it (optimistic), or its last",
  }),
  groupBy: option({
    group: "Measurement",
    kind: oneOf(RESULT_GROUPS),
    value: "HOW",
    default: "file",
    summary:
      "what a method is, of results: each file by itself, or the files of one folder, which are its seeds",
  }),
  force: option({
    group: "Measurement",
    kind: toggle(),
    default: false,
    summary: "compare different data or protocols anyway, as separate groups",
  }),
} as const;
