/** What is made with the generator of a run. */
import { integer, oneOf, optional, text } from "../../options/kinds.ts";
import { option } from "../../options/option.ts";

export const GENERATOR_OPTIONS = {
  run: option({
    group: "Samples",
    kind: optional(text("the folder of a run")),
    value: "DIR",
    default: undefined,
    summary: "run to take the generator from",
  }),
  checkpoint: option({
    group: "Samples",
    kind: text("latest, best or a round"),
    value: "WHICH",
    default: "best",
    defaultText: "best, if the run was scored, else latest",
    summary: "which of its checkpoints: latest, best, or a round's number",
  }),
  n: option({
    group: "Samples",
    kind: integer(1),
    value: "N",
    default: 10000,
    summary: "samples to make",
  }),
  classes: option({
    group: "Samples",
    kind: optional(text("class names or numbers separated by commas, or balanced")),
    value: "LIST",
    default: undefined,
    defaultText: "drawn, each as likely as any other",
    summary: "classes to make, of a conditional generator: names, numbers, or balanced",
  }),
  steps: option({
    group: "Samples",
    kind: integer(2, 1000),
    value: "N",
    default: 8,
    summary: "images from one end of a path to the other",
  }),
  paths: option({
    group: "Samples",
    kind: integer(1, 1000),
    value: "N",
    default: 8,
    summary: "paths, one a row",
  }),
  interpolation: option({
    group: "Samples",
    kind: oneOf(["spherical", "linear"]),
    value: "HOW",
    default: "spherical",
    summary: "along an arc, where normal latents lie, or along a line",
  }),
} as const;
