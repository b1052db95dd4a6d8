/** What is made with the generator of a run. */
import { integer, oneOf, optional, text, toggle } from "../options/kinds.ts";
import { option } from "../options/option.ts";

const INTERPOLATIONS = ["spherical", "linear"] as const;
export type Interpolation = (typeof INTERPOLATIONS)[number];

const EXPORT_FORMATS = ["onnx", "tfjs"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export const SAMPLE_ROWS = {
  run: option({
    group: "Samples",
    kind: optional(text("the folder of a run")),
    value: "DIR",
    default: undefined,
    summary: "run whose generator is used",
  }),
  checkpoint: option({
    group: "Samples",
    kind: optional(text("latest, best or a round")),
    value: "WHICH",
    default: undefined,
    defaultText: "best, if the run was scored, else latest",
    summary: "checkpoint: latest, best, or a round number",
  }),
  n: option({
    group: "Samples",
    kind: integer(1),
    value: "N",
    default: 10000,
    summary: "number of samples",
  }),
  classes: option({
    group: "Samples",
    kind: optional(text("class names or numbers separated by commas, or balanced")),
    value: "LIST",
    default: undefined,
    defaultText: "drawn, each as likely as any other",
    summary: "classes to generate, for a conditional generator: names, numbers, or balanced",
  }),
  steps: option({
    group: "Samples",
    kind: integer(2, 1000),
    value: "N",
    default: 8,
    summary: "images per path",
  }),
  paths: option({
    group: "Samples",
    kind: integer(1, 1000),
    value: "N",
    default: 8,
    summary: "paths, one per row",
  }),
  interpolation: option({
    group: "Samples",
    kind: optional(oneOf(INTERPOLATIONS)),
    value: "HOW",
    default: undefined,
    defaultText: "spherical; linear for uniform latents",
    summary: "interpolate along an arc, where normal latents lie, or along a line",
  }),
} as const;

/** Where samples, paths and exported networks go. */
export const OUTPUT_ROWS = {
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
    kind: optional(oneOf(EXPORT_FORMATS)),
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
} as const;
