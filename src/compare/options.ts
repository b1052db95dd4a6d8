/** How runs and results are held against each other. */
import { oneOf, optional, text, toggle } from "../options/kinds.ts";
import { option } from "../options/option.ts";

export const COMPARE_OPTIONS = {
  compareMetric: option({
    group: "Measurement",
    kind: optional(text("a metric's name")),
    value: "NAME",
    flag: "metric",
    default: undefined,
    defaultText: "what decided the best checkpoints; of results the first",
    summary: "metric to sort by: fid, or a value's full key",
  }),
  compareBaseline: option({
    group: "Measurement",
    kind: optional(text("the name of a row")),
    value: "NAME",
    flag: "baseline",
    default: undefined,
    defaultText: "the best",
    summary: "row that differences are relative to",
  }),
  at: option({
    group: "Measurement",
    kind: oneOf(["best", "last"]),
    value: "WHICH",
    default: "best",
    summary: "a run's best evaluation, as papers report it (optimistic), or its last",
  }),
  compareForce: option({
    group: "Measurement",
    kind: toggle(),
    flag: "force",
    default: false,
    summary: "compare different data or protocols anyway, as separate groups",
  }),
} as const;
