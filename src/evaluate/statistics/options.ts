/** The file of statistics that is written. */
import { fileOf, oneOf, optional } from "../../options/kinds.ts";
import { option } from "../../options/option.ts";
import { STATISTICS_FORMAT_NAMES } from "../statistics-format-names.ts";

export const STATISTICS_ROWS = {
  out: option({
    group: "Output",
    kind: optional(fileOf(".npz", ".npy", ".pt", ".pkl")),
    value: "FILE",
    short: "o",
    default: undefined,
    summary: "file to write; npz is read by gan-eval, pytorch-fid and clean-fid",
  }),
  format: option({
    group: "Output",
    kind: optional(oneOf(STATISTICS_FORMAT_NAMES)),
    value: "NAME",
    flag: "stats-format",
    default: undefined,
    defaultText: "by the ending: npz, npy, torch-fidelity (.pt), stylegan (.pkl)",
    summary:
      "program to write for; npy, features, dgm-eval and torch-fidelity hold features, the others mean and covariance",
  }),
} as const;
