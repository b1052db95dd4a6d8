/** What is made with the generator of a run. */
import { integer, oneOf, optional, text } from "../options/kinds.ts";
import { option } from "../options/option.ts";

export const GENERATOR_OPTIONS = {
  run: option({
    group: "Samples",
    kind: optional(text("the folder of a run")),
    value: "DIR",
    default: undefined,
    summary: "run whose generator is used",
  }),
  checkpoint: option({
    group: "Samples",
    kind: text("latest, best or a round"),
    value: "WHICH",
    default: "best",
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
    kind: oneOf(["spherical", "linear"]),
    value: "HOW",
    default: "spherical",
    summary: "interpolate along an arc, where normal latents lie, or along a line",
  }),
} as const;
