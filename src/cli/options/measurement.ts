/** How a score is computed. */
import { fileOf, integer, oneOf, optional, text, toggle, words } from "../../options/kinds.ts";
import { option } from "../../options/option.ts";

export const MEASUREMENT_OPTIONS = {
  metrics: option({
    group: "Measurement",
    kind: words("metric names separated by commas, as `gan-eval list-metrics` lists them"),
    value: "LIST",
    default: ["fid", "is"],
    summary: "metrics to compute in one pass over the pictures, separated by commas",
  }),
  extractor: option({
    group: "Measurement",
    kind: words("names of extractors, .onnx files or tensorflow.js folders, separated by commas"),
    value: "NAME|FILE",
    default: ["inception"],
    summary:
      "what describes a picture: inception; digits (built in, for 28x28 grey digits), stacked-digits; pixels and random-conv (no weights); an .onnx file or tensorflow.js folder; several separated by commas",
  }),
  featureEnd: option({
    group: "Measurement",
    kind: optional(text("the name of an extractor's end")),
    value: "END",
    default: undefined,
    defaultText: "2048 for inception, features for digits",
    summary: "layer whose output the Frechet distance compares",
  }),
  logitsEnd: option({
    group: "Measurement",
    kind: optional(text("the name of an extractor's end")),
    value: "END",
    default: undefined,
    defaultText: "logits_unbiased for inception, logits for digits",
    summary: "logits that the Inception Score uses",
  }),
  resize: option({
    group: "Measurement",
    kind: optional(oneOf(["tf1", "pytorch", "clean", "antialias"])),
    value: "MODE",
    default: undefined,
    defaultText: "tf1 for inception, clean for others",
    summary:
      "resize to the network's input like TensorFlow 1 (the original FID), PyTorch, clean-fid, or PyTorch with antialiasing",
  }),
  compat: option({
    group: "Measurement",
    kind: optional(
      oneOf(["torch-fidelity", "pytorch-fid", "clean-fid", "torchmetrics", "stylegan", "ttur", "adm"]),
    ),
    value: "LIBRARY",
    default: undefined,
    defaultText: "none: the original protocol, which is torch-fidelity's",
    summary:
      "measure by the conventions of another library: resize, scaling, ddof, splits, shuffles, subsets",
  }),
  ci: option({
    group: "Measurement",
    kind: toggle(),
    default: false,
    summary: "a 95 % interval beside every value (docs/intervals.md)",
  }),
  floor: option({
    group: "Measurement",
    kind: toggle(),
    default: false,
    summary: "beside every distance its value for real against real, which is what 0 would be",
  }),
  perPicture: option({
    group: "Measurement",
    kind: optional(fileOf(".csv")),
    value: "FILE.csv",
    default: undefined,
    summary: "write what metrics say of each fake picture (realism, authenticity) to a CSV file",
  }),
  splits: option({
    group: "Measurement",
    kind: integer(1, 1_000_000),
    value: "N",
    default: 10,
    summary: "parts of the Inception Score; its spread is over them",
  }),
  shuffle: option({
    group: "Measurement",
    kind: toggle(),
    default: true,
    summary: "shuffle before the Inception Score's parts are cut",
  }),
  seed: option({
    group: "Measurement",
    kind: integer(0, 2 ** 32 - 1),
    value: "N",
    default: 2020,
    summary: "seed of all that is drawn at random",
  }),
  ddof: option({
    group: "Measurement",
    kind: integer(0, 1),
    value: "N",
    default: 1,
    summary: "covariance divides by n - N",
  }),
} as const;
