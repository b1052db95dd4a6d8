/** How a score is computed: the library's rows, and what only the command line writes. */
import { MEASUREMENT_ROWS } from "../../evaluate/option-rows.ts";
import { fileOf, optional } from "../../options/kinds.ts";
import { option } from "../../options/option.ts";

const { splits, shuffle, seed, ddof, ...first } = MEASUREMENT_ROWS;

export const MEASUREMENT_OPTIONS = {
  ...first,
  perImage: option({
    group: "Measurement",
    kind: optional(fileOf(".csv")),
    value: "FILE.csv",
    aliases: ["per-picture"],
    formerly: "perPicture",
    default: undefined,
    summary: "write per-image values (realism, authenticity, paired scores) of the fake images to a CSV file",
  }),
  ...{ splits, shuffle, seed, ddof },
} as const;
