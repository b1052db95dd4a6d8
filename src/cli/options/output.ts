/** What is printed and written. */

import { optional, text, toggle } from "../../options/kinds.ts";
import { option } from "../../options/option.ts";

export const PRINTING_OPTIONS = {
  out: option({
    group: "Output",
    kind: optional(text("a file name")),
    value: "FILE",
    short: "o",
    default: undefined,
    defaultText: "none",
    summary: "also write the result to FILE",
  }),
  json: option({
    group: "Output",
    kind: toggle(),
    default: false,
    summary: "print the result as JSON, and nothing else, to stdout",
  }),
  csv: option({
    group: "Output",
    kind: toggle(),
    default: false,
    summary: "print the result as CSV",
  }),
  md: option({
    group: "Output",
    kind: toggle(),
    default: false,
    summary: "print the result as a Markdown table",
  }),
  quiet: option({
    group: "Output",
    kind: toggle(),
    short: "q",
    default: false,
    summary: "print no progress, warnings or hints; errors are still printed",
  }),
  verbose: option({
    group: "Output",
    kind: toggle(),
    default: false,
    summary: "print where each option's value comes from, to stderr",
  }),
  color: option({
    group: "Output",
    kind: optional(toggle()),
    default: undefined,
    defaultText: "on terminals, unless NO_COLOR is set or TERM is dumb",
    summary: "colour in text output",
  }),
  config: option({
    group: "Output",
    kind: optional(text("a JSON file")),
    value: "FILE",
    default: undefined,
    defaultText: "gan-eval.config.json in the current folder, if there is one",
    env: "GAN_EVAL_CONFIG",
    summary: "config file with options",
  }),
} as const;
