/** How a score is computed. */
import { integer, oneOf, optional, toggle, words } from "../option-kinds.ts";
import { option } from "./option-row.ts";

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
    kind: oneOf(["inception", "digits"]),
    value: "NAME",
    default: "inception",
    summary: "network that describes a picture; digits is built in, for 28x28 grey digits only",
  }),
  featureEnd: option({
    group: "Measurement",
    kind: optional(oneOf(["64", "192", "768", "2048", "features", "logits_unbiased", "logits"])),
    value: "END",
    default: undefined,
    defaultText: "2048 for inception, features for digits",
    summary: "layer whose output the Frechet distance compares",
  }),
  logitsEnd: option({
    group: "Measurement",
    kind: optional(oneOf(["logits_unbiased", "logits"])),
    value: "END",
    default: undefined,
    defaultText: "logits_unbiased for inception, logits for digits",
    summary: "logits that the Inception Score uses",
  }),
  resize: option({
    group: "Measurement",
    kind: oneOf(["tf1", "pytorch", "clean"]),
    value: "MODE",
    default: "tf1",
    summary: "resize to the network's input like TensorFlow 1 (the original FID), PyTorch, or clean-fid",
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
