/** How long the demo trains. */
import { integer } from "../../options/kinds.ts";
import { option } from "../../options/option.ts";

export const DEMO_OPTIONS = {
  demoRounds: option({
    group: "Training",
    kind: integer(0),
    value: "N",
    flag: "rounds",
    default: 4500,
    summary: "rounds of training, about a minute on two cores; 0 only scores the built-in sets",
  }),
} as const;
