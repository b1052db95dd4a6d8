/** What a model is made of. */
import { integer, number, oneOf, optional, text, toggle, words } from "../../options/kinds.ts";
import { MODELS_OWN, option } from "../../options/option.ts";
import { AUXILIARY_NAMES, LOSS_NAMES, MODEL_NAMES, NET_NAMES, PENALTY_NAMES } from "./names.ts";

export const MODEL_OPTIONS = {
  model: option({
    group: "Model",
    kind: oneOf(MODEL_NAMES),
    value: "NAME",
    default: "gan",
    summary:
      "a model by name, which `gan-eval list-models` explains; the options below change one thing about it",
  }),
  net: option({
    group: "Model",
    kind: optional(text("a pair of networks by name, or a module")),
    value: "NAME",
    default: undefined,
    defaultText: MODELS_OWN,
    summary: `networks: ${NET_NAMES.join(", ")}, or the path of your own module (docs/models.md)`,
  }),
  loss: option({
    group: "Model",
    kind: optional(oneOf(LOSS_NAMES)),
    value: "NAME",
    default: undefined,
    defaultText: MODELS_OWN,
    summary: "what the two networks minimise",
  }),
  penalty: option({
    group: "Model",
    kind: optional(words("penalties separated by commas, or none")),
    value: "LIST",
    default: undefined,
    defaultText: MODELS_OWN,
    summary: `bounds on the discriminator's slope: ${PENALTY_NAMES.join(", ")}, or none`,
  }),
  penaltyWeight: option({
    group: "Model",
    kind: optional(number(0)),
    value: "X",
    aliases: ["lambda-gp"],
    default: undefined,
    defaultText: "the model's, else the penalty's",
    summary: "weight of the penalties",
  }),
  auxiliary: option({
    group: "Model",
    kind: optional(words("further tasks separated by commas, or none")),
    value: "LIST",
    default: undefined,
    defaultText: MODELS_OWN,
    summary: `further tasks: ${AUXILIARY_NAMES.join(", ")}, or none`,
  }),
  conditional: option({
    group: "Model",
    kind: optional(toggle()),
    default: undefined,
    defaultText: MODELS_OWN,
    summary: "tell both networks the class",
  }),
  latentDim: option({
    group: "Model",
    kind: optional(integer(1, 65536)),
    value: "N",
    default: undefined,
    defaultText: MODELS_OWN,
    summary: "numbers of noise that a sample is made of",
  }),
  packing: option({
    group: "Model",
    kind: optional(integer(1, 16)),
    value: "M",
    default: undefined,
    defaultText: MODELS_OWN,
    summary: "samples that the discriminator judges at a time (PacGAN)",
  }),
} as const;
