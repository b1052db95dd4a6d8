/** What is looked for, and what follows from it. */
import { integer, optional, words } from "../../options/kinds.ts";
import { option } from "../../options/option.ts";

export const DIAGNOSIS_OPTIONS = {
  diagnoseEvery: option({
    group: "Recording",
    kind: integer(0),
    value: "N",
    default: 500,
    summary: "look for collapse, vanishing gradients and other failures every N rounds, and warn; 0 is never",
  }),
  stopOn: option({
    group: "Recording",
    kind: optional(words("verdicts separated by commas")),
    value: "LIST",
    default: undefined,
    defaultText: "none: warn only",
    summary: "end the run when one of these is found: mode-collapse, divergence, ... (docs/diagnosis.md)",
  }),
  failOn: option({
    group: "Measurement",
    kind: optional(words("failure, warning or verdicts separated by commas")),
    value: "LIST",
    default: undefined,
    defaultText: "none: a diagnosis is no gate",
    summary: "exit with 1 where one of these verdicts, or one as bad as failure or warning, is found",
  }),
} as const;
