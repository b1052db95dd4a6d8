/** Options of what a model is made of. */

import type { ZodType } from "zod";
import { integer, number, type OptionKind, oneOf, optional, toggle } from "../../options/kinds.ts";
import { termsOf } from "../../options/list-kinds.ts";
import { MODELS_OWN, option } from "../../options/option.ts";
import { wordToSuggestion } from "../../suggestion.ts";
import { PRESETS, type PresetName } from "../presets.ts";
import { SCHEME_MODELS, type SchemeModelName } from "../schemes/models.ts";
import { isOwnModel, isUnreadModule, type OwnModel, UNREAD_MODULE_HINT } from "../schemes/own-model.ts";
import { AUXILIARY_NAMES, LOSS_NAMES, PAIR_NAMES, type PairName, PENALTY_NAMES } from "./names.ts";

export type ModelName = PresetName | SchemeModelName | OwnModel;
export const MODEL_NAMES = [...Object.keys(PRESETS), ...Object.keys(SCHEME_MODELS)] as (
  | PresetName
  | SchemeModelName
)[];

const NAMED = oneOf(MODEL_NAMES);
const modelToHint = (model: string): string => {
  const near = wordToSuggestion(model, MODEL_NAMES);
  return near === undefined ? "`gan-eval list-models` explains them." : `Did you mean ${near}?`;
};

/** A model by name, or the path of a module that describes one; in `run.json` the name of an object, too. */
const MODEL_OR_MODULE: OptionKind<ModelName> = {
  expects: `${NAMED.expects}, or the path of a module (.js, .mjs)`,
  choices: MODEL_NAMES,
  schema: (zod) => {
    const own = zod.z.string().superRefine((model, context) => {
      if (isOwnModel(model)) return;
      const message = isUnreadModule(model) ? UNREAD_MODULE_HINT : modelToHint(model);
      context.addIssue({ code: "custom", message });
    }) as unknown as ZodType<OwnModel>;
    return zod.z.union([own, NAMED.schema(zod)]) as unknown as ZodType<ModelName>;
  },
};

/** A pair of networks by name, or the path of a module, which has a point or a slash in it. */
const PAIR_OR_MODULE: OptionKind<PairName | (string & {})> = {
  expects: `${PAIR_NAMES.join(", ")} or the path of a module`,
  schema: ({ z }) =>
    z
      .string()
      .min(1)
      .superRefine((net, context) => {
        if ((PAIR_NAMES as readonly string[]).includes(net) || /[./\\]/.test(net)) return;
        const suggestion = wordToSuggestion(net, PAIR_NAMES);
        const message =
          suggestion === undefined
            ? "The path of a module contains a dot or a slash."
            : `Did you mean ${suggestion}?`;
        context.addIssue({ code: "custom", message });
      }),
};

export const MODEL_ROWS = {
  model: option({
    group: "Model",
    kind: MODEL_OR_MODULE,
    value: "NAME",
    default: "gan",
    summary:
      "model by name (`gan-eval list-models` explains them), or your own module (docs/schemes.md); each option below changes one part of it",
  }),
  net: option({
    group: "Model",
    kind: optional(PAIR_OR_MODULE),
    value: "NAME",
    default: undefined,
    defaultText: MODELS_OWN,
    summary: `networks: ${PAIR_NAMES.join(", ")}, or the path of your own module (docs/models.md)`,
  }),
  loss: option({
    group: "Model",
    kind: optional(oneOf(LOSS_NAMES)),
    value: "NAME",
    default: undefined,
    defaultText: MODELS_OWN,
    summary: "loss that the two networks minimize",
  }),
  penalty: option({
    group: "Model",
    kind: optional(termsOf(PENALTY_NAMES)),
    value: "LIST",
    default: undefined,
    defaultText: MODELS_OWN,
    summary: `gradient penalties on the discriminator: ${PENALTY_NAMES.join(", ")}, or none`,
  }),
  auxiliary: option({
    group: "Model",
    kind: optional(termsOf(AUXILIARY_NAMES)),
    value: "LIST",
    default: undefined,
    defaultText: MODELS_OWN,
    summary: `auxiliary loss terms: ${AUXILIARY_NAMES.join(", ")}, or none`,
  }),
  conditional: option({
    group: "Model",
    kind: optional(toggle()),
    default: undefined,
    defaultText: MODELS_OWN,
    summary: "condition both networks on the class",
  }),
  latentDim: option({
    group: "Model",
    kind: optional(integer(1, 65536)),
    value: "N",
    default: undefined,
    defaultText: MODELS_OWN,
    summary: "latent dimension",
  }),
  packing: option({
    group: "Model",
    kind: optional(integer(1, 16)),
    value: "M",
    default: undefined,
    defaultText: MODELS_OWN,
    summary: "samples that the discriminator sees at a time (PacGAN)",
  }),
} as const;

/** The weight that the model's penalties get in place of their own. */
export const PENALTY_WEIGHT = option({
  group: "Model",
  kind: optional(number(0)),
  value: "X",
  aliases: ["lambda-gp"],
  fixed: true,
  default: undefined,
  defaultText: "the model's, else the penalty's",
  summary: "weight of the penalties",
});
