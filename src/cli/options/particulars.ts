/** Numbers that only some models read. */
import { integer, integers, number, oneOf, optional } from "../../options/kinds.ts";
import { MODELS_OWN, option } from "../../options/option.ts";

export const PARTICULAR_OPTIONS = {
  latentDistribution: option({
    group: "Particular models",
    kind: optional(oneOf(["normal", "uniform"])),
    value: "NAME",
    default: undefined,
    defaultText: MODELS_OWN,
    summary: "standard normal, or uniform in [-1, 1)",
  }),
  categories: option({
    group: "Particular models",
    kind: optional(integers("sizes of categorical codes separated by commas")),
    value: "LIST",
    default: undefined,
    defaultText: MODELS_OWN,
    summary: "categorical codes of InfoGAN",
  }),
  codeDim: option({
    group: "Particular models",
    kind: optional(integer(0, 1024)),
    value: "N",
    default: undefined,
    defaultText: MODELS_OWN,
    summary: "continuous codes of InfoGAN",
  }),
  hiddenLayers: option({
    group: "Particular models",
    kind: integer(0, 5),
    value: "N",
    default: 2,
    summary: "hidden layers of the toy networks",
  }),
  hiddenUnits: option({
    group: "Particular models",
    kind: integer(1, 4096),
    value: "N",
    default: 128,
    summary: "units of each",
  }),
  margin: option({
    group: "Particular models",
    kind: number(0),
    value: "X",
    default: 1,
    summary: "energy that fake pictures are pushed up to (energy loss)",
  }),
  gamma: option({
    group: "Particular models",
    kind: number(0, 1),
    value: "X",
    default: 0.75,
    summary: "BEGAN's ratio of the fake pictures' energy to the real ones'",
  }),
  lambdaK: option({
    group: "Particular models",
    kind: number(0),
    value: "X",
    default: 0.001,
    summary: "how fast BEGAN steers its k",
  }),
} as const;
