/** What follows from a diagnosis. */
import { optional, words } from "../options/kinds.ts";
import { option } from "../options/option.ts";

export const DIAGNOSIS_ROWS = {
  failOn: option({
    group: "Measurement",
    kind: optional(words("failure, warning or verdicts separated by commas")),
    value: "LIST",
    default: undefined,
    defaultText: "none: a diagnosis is no gate",
    summary: "exit with 1 on one of these verdicts; failure or warning covers all verdicts at least as bad",
  }),
} as const;
