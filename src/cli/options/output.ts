/** What is printed and written. */

import { STATISTICS_FORMAT_NAMES } from "../../evaluate/statistics-format-names.ts";
import { fileOf, oneOf, optional, text, toggle } from "../../options/kinds.ts";
import { option } from "../../options/option.ts";

export const PRINTING_OPTIONS = {
  imagesOut: option({
    group: "Output",
    kind: optional(text("a folder or file name")),
    value: "PATH",
    short: "o",
    flag: "out",
    formerly: "picturesOut",
    default: undefined,
    summary: "output: a folder of PNG files, or .zip, .npz or -ubyte (IDX) by extension",
  }),
  pathsOut: option({
    group: "Output",
    kind: optional(text("a file name")),
    value: "FILE",
    short: "o",
    flag: "out",
    default: undefined,
    summary: "the grid to write: .png, or .csv for points",
  }),
  overwrite: option({
    group: "Output",
    kind: toggle(),
    default: false,
    summary: "overwrite existing output",
  }),
  to: option({
    group: "Output",
    kind: optional(oneOf(["onnx", "tfjs"])),
    value: "FORMAT",
    default: undefined,
    summary: "onnx: one file for any ONNX runtime; tfjs: a graph model for tensorflow.js",
  }),
  exportOut: option({
    group: "Output",
    kind: optional(text("a file or folder name")),
    value: "PATH",
    short: "o",
    flag: "out",
    default: undefined,
    summary: ".onnx file, or folder for the tfjs model",
  }),
  out: option({
    group: "Output",
    kind: optional(text("a file name")),
    value: "FILE",
    short: "o",
    default: undefined,
    defaultText: "none",
    summary: "also write the result to FILE",
  }),
  statisticsOut: option({
    group: "Output",
    kind: optional(fileOf(".npz", ".npy", ".pt", ".pkl")),
    value: "FILE",
    short: "o",
    flag: "out",
    default: undefined,
    summary: "file to write; npz is read by gan-eval, pytorch-fid and clean-fid",
  }),
  statsFormat: option({
    group: "Output",
    kind: optional(oneOf(STATISTICS_FORMAT_NAMES)),
    value: "NAME",
    default: undefined,
    defaultText: "by the ending: npz, npy, torch-fidelity (.pt), stylegan (.pkl)",
    summary:
      "program to write for; npy, features, dgm-eval and torch-fidelity hold features, the others mean and covariance",
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
