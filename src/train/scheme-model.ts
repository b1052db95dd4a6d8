/** The options of a model of several networks, all of them given, and the scheme that they make on data. */
import { GanEvalError } from "../errors.ts";
import { nameToKebab } from "../options/option.ts";
import { BRINGS_ALONG, LAMBDAS, STAND_FOR } from "./options/schemes.ts";
import { MODEL_TABLE, type ModelChoices, type ModelOptions } from "./options/table.ts";
import type { Scheme } from "./scheme/scheme.ts";
import { buildOwnScheme } from "./schemes/built-scheme.ts";
import {
  rowToOptions,
  SCHEME_MODELS,
  type SchemeModel,
  type SchemeModelName,
  SHARED_DEFAULTS,
} from "./schemes/models.ts";
import { isOwnModel, type OwnModel, ownModelToRow } from "./schemes/own-model.ts";
import type { SchemeOptions, SchemeRequest } from "./schemes/scheme-request.ts";

export const isSchemeModel = (model: string | undefined): model is SchemeModelName | OwnModel =>
  model !== undefined && (Object.hasOwn(SCHEME_MODELS, model) || isOwnModel(model));

/** The row of a model of several networks. */
export const modelToRow = (model: SchemeModelName | OwnModel): SchemeModel =>
  isOwnModel(model) ? ownModelToRow(model) : SCHEME_MODELS[model];

/** Options of the model's room that every model of several networks has, besides those of `SharedOptions`. */
const ALWAYS = ["model", "schedule", "rates", "termWeights"];

const keysOf = (row: SchemeModel): readonly string[] => [
  ...ALWAYS,
  ...Object.keys(SHARED_DEFAULTS),
  ...Object.keys(row.options),
];

const flagOf = (key: string): string => `--${nameToKebab(key)}`;

/** The flags that stand for others, of a model that they are for: those of translators. */
const standForOf = ({ options }: SchemeModel): readonly string[] =>
  "translator" in options ? Object.keys(STAND_FOR) : [];

function refuseOthers(model: string, row: SchemeModel, given: readonly string[]): void {
  const taken = keysOf(row);
  const lambdas = Object.keys(LAMBDAS).filter((name) => LAMBDAS[name as keyof typeof LAMBDAS] in row.weights);
  const flags = standForOf(row);
  const foreign = given.find((key) => ![...taken, ...lambdas, ...flags].includes(key));
  if (foreign === undefined) return;
  const own = [...Object.keys(row.options), ...lambdas, ...flags].map(flagOf);
  throw new GanEvalError(
    "usage.model-option",
    `expected an option that ${model} has, got ${flagOf(foreign)}`,
    { hint: `${model} has ${own.length === 0 ? "none of its own" : own.join(", ")}.` },
  );
}

function refuseTerms(model: string, row: SchemeModel, weights: Readonly<Record<string, number>>): void {
  const unknown = Object.keys(weights).find((name) => !(name in row.weights));
  if (unknown === undefined) return;
  throw new GanEvalError("usage.weights", `expected a term of ${model} in --weight, got ${unknown}`, {
    hint: `Its terms are ${Object.keys(row.weights).join(", ")}.`,
  });
}

/**
 * A user's choices with flags of other programs as the options that they stand for: PyTorch-GAN's weights, and what
 * pytorch-CycleGAN-and-pix2pix has. Weights that are given hold.
 * @throws GanEvalError `usage.conflicting-option` for a flag beside another value of what it stands for
 */
export function flagsToChoices(choices: ModelChoices): ModelChoices {
  let meant: ModelChoices = choices;
  for (const [flag, values] of Object.entries(STAND_FOR)) {
    const given = choices[flag as keyof typeof STAND_FOR];
    if (given === undefined) continue;
    const { [flag as keyof ModelChoices]: _, ...others } = meant;
    const { termWeights, ...options } = (values as Readonly<Record<string, ModelChoices>>)[given];
    for (const [key, value] of Object.entries(options)) {
      const other = choices[key as keyof ModelChoices];
      if (other !== undefined && other !== value)
        throw new GanEvalError(
          "usage.conflicting-option",
          `expected ${flagOf(flag)} ${given} or ${flagOf(key)} ${other}, got both`,
          { hint: `${flagOf(flag)} ${given} is ${flagOf(key)} ${value}.` },
        );
    }
    meant = {
      ...{ ...others, ...options },
      ...(termWeights && { termWeights: { ...termWeights, ...choices.termWeights } }),
    };
  }
  const weights = { ...meant.termWeights, ...lambdasToWeights(choices) };
  const others = Object.entries(meant).filter(([key]) => !(key in LAMBDAS));
  return {
    ...Object.fromEntries(others),
    ...(Object.keys(weights).length > 0 && { termWeights: weights }),
  };
}

/** What some values bring along where it is not given. */
function withBroughtAlong(choices: ModelChoices): ModelChoices {
  let all = choices;
  for (const [key, values] of Object.entries(BRINGS_ALONG)) {
    const value = String(all[key as keyof ModelChoices]);
    const given = Object.entries(all).filter(([, of]) => of !== undefined);
    all = {
      ...(values as Readonly<Record<string, ModelChoices>>)[value],
      ...Object.fromEntries(given),
    };
  }
  return all;
}

/** The flags of PyTorch-GAN's scripts as weights of terms. */
function lambdasToWeights(choices: ModelChoices): Record<string, number> {
  const pairs = Object.entries(LAMBDAS).flatMap(([name, term]) => {
    const weight = choices[name as keyof typeof LAMBDAS];
    return weight === undefined ? [] : [[term, weight] as const];
  });
  return Object.fromEntries(pairs);
}

/**
 * The model's options, with a user's choices in their places; the keys of `run.json`.
 * @throws GanEvalError `usage.model-option`, `usage.weights` for what the model does not have
 */
export function choicesToSchemeOptions(model: SchemeModelName | OwnModel, given: ModelChoices): ModelOptions {
  const row = modelToRow(model);
  const isOption = ([key, value]: [string, unknown]): boolean =>
    value !== undefined && (Object.hasOwn(MODEL_TABLE, key) || key === "rates");
  refuseOthers(
    model,
    row,
    Object.entries(given)
      .filter(isOption)
      .map(([key]) => key),
  );
  const choices = withBroughtAlong(flagsToChoices(given));
  const { termWeights: weights = {} } = choices;
  refuseTerms(model, row, weights);
  const kept = Object.fromEntries(Object.entries(choices).filter(isOption));
  const { weights: termWeights, ...resolved } = rowToOptions(row, {
    ...(kept as Partial<SchemeOptions>),
    weights,
  });
  const taken = keysOf(row);
  const rate = row.rate ?? SHARED_DEFAULTS.rate;
  return {
    model,
    schedule: MODEL_TABLE.schedule.default,
    rates: { generator: rate, discriminator: rate },
    ...kept,
    ...Object.fromEntries(Object.entries(resolved).filter(([key]) => taken.includes(key))),
    termWeights,
  } as unknown as ModelOptions;
}

/** The scheme of a model on data of these fields. @throws GanEvalError `usage.*` where options and data do not fit together */
export async function optionsToScheme(
  options: ModelOptions & { readonly model: SchemeModelName | OwnModel },
  data: Omit<SchemeRequest, "options">,
): Promise<Scheme> {
  const { termWeights = {} } = options;
  const given = options as unknown as Partial<SchemeOptions>;
  const chosen = rowToOptions(modelToRow(options.model), { ...given, weights: termWeights });
  const request = { ...data, options: chosen };
  if (isOwnModel(options.model)) return buildOwnScheme(ownModelToRow(options.model), request, options.model);
  const { SCHEME_BUILDERS } = await import("./schemes/builders.ts");
  return SCHEME_BUILDERS[options.model](request);
}
