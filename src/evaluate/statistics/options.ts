/** The file of statistics that is written, and how several machines share the work. */
import { fileOf, integer, oneOf, optional, text, toggle } from "../../options/kinds.ts";
import { option } from "../../options/option.ts";
import { part } from "../../options/part.ts";
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

/** Leaves in a job unless it is said otherwise: 65,536 images. */
export const LEAF_GROUP = 8;

export const SHARED_STATISTICS_ROWS = {
  part: option({
    group: "Computation",
    kind: optional(part()),
    value: "I/N",
    default: undefined,
    defaultText: "all images",
    summary:
      "measure share I of N only, I from 0, into the folder that all shares have; --collect joins them to the file",
  }),
  collect: option({
    group: "Computation",
    kind: toggle(),
    default: false,
    summary:
      "measure nothing: join the shares and write the file; exit 3 while some are missing, naming them",
  }),
  leafGroup: option({
    group: "Computation",
    kind: integer(1, 2 ** 20),
    value: "N",
    default: LEAF_GROUP,
    summary: "leaves of 8,192 images that one share gets at a time: 1, 2, 4, 8, ...; no result depends on it",
  }),
  work: option({
    group: "Computation",
    kind: optional(text("a folder")),
    value: "DIR",
    default: undefined,
    defaultText: "--out and .leaves",
    summary: "folder of the shares, on a disk that all machines share; may be removed afterwards",
  }),
} as const;
