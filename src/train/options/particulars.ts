/** Options that only some models read. */
import { integer, integers, number, type OptionKind, oneOf, optional } from "../../options/kinds.ts";
import { MODELS_OWN, option } from "../../options/option.ts";

export const PARTICULAR_ROWS = {
  latentDistribution: option({
    group: "Particular models",
    kind: optional(oneOf(["normal", "uniform"])),
    value: "NAME",
    default: undefined,
    defaultText: MODELS_OWN,
    summary: "distribution of latents: standard normal, or uniform in [-1, 1)",
  }),
  categories: option({
    group: "Particular models",
    kind: optional<readonly number[]>(
      integers("sizes of categorical codes separated by commas") as OptionKind<readonly number[]>,
    ),
    value: "LIST",
    default: undefined,
    defaultText: MODELS_OWN,
    summary: "sizes of InfoGAN's categorical codes",
  }),
  codes: option({
    group: "Particular models",
    kind: optional(integer(0, 1024)),
    value: "N",
    aliases: ["code-dim"],
    formerly: "codeDim",
    default: undefined,
    defaultText: MODELS_OWN,
    summary: "number of InfoGAN's continuous codes",
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
    summary: "units in each hidden layer of the toy networks",
  }),
  margin: option({
    group: "Particular models",
    kind: number(0),
    value: "X",
    default: 1,
    summary: "energy up to which fake samples are pushed (energy loss)",
  }),
  gamma: option({
    group: "Particular models",
    kind: number(0, 1),
    value: "X",
    aliases: ["balance-ratio"],
    default: 0.75,
    summary: "BEGAN's target ratio of the energy of fake samples to that of real ones",
  }),
  lambdaK: option({
    group: "Particular models",
    kind: number(0),
    value: "X",
    aliases: ["balance-rate"],
    default: 0.001,
    summary: "BEGAN's step size for k, which balances the two networks",
  }),
} as const;
