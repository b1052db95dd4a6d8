/** Options of a run by name, as an axis or a program gives them, to the request that trains it. */
import * as zod from "zod";
import { GanEvalError } from "../errors.ts";
import type { OptionRow } from "../options/option.ts";
import { REQUEST_TABLE } from "../run-folder/length-options.ts";
import { CONFIG_TABLES } from "../run-folder/run-config.ts";
import type { RunRequest } from "../runs/request-to-config.ts";
import { wordToSuggestion } from "../suggestion.ts";

/** Options of training by their names in `run.json`, and `epochs`, `lr`, `penaltyWeight`, `crop`: `{ data: "ring", rounds: 500 }`. */
export type RunChoices = Readonly<
  Record<string, string | number | boolean | readonly string[] | readonly number[] | undefined>
>;

type Part = keyof typeof CONFIG_TABLES;
const PARTS = Object.keys(CONFIG_TABLES) as Part[];

interface Place {
  readonly row: OptionRow<unknown>;
  /** Where a request has it; at its top where undefined. */
  readonly part: Part | undefined;
}

const PLACES: ReadonlyMap<string, Place> = new Map<string, Place>([
  ...PARTS.flatMap((part) =>
    Object.entries(CONFIG_TABLES[part]).map(([name, row]) => [name, { row, part }] as [string, Place]),
  ),
  ...Object.entries(REQUEST_TABLE).map(([name, row]) => [name, { row, part: undefined }] as [string, Place]),
]);

/** `weight.cycle`: the weight of one term, and not of the others. */
const TERM_PREFIX = "weight.";

/** The term whose weight a name means; undefined for the name of an option. */
export const nameToTerm = (name: string): string | undefined =>
  name.startsWith(TERM_PREFIX) && name.length > TERM_PREFIX.length
    ? name.slice(TERM_PREFIX.length)
    : undefined;

/** @throws GanEvalError `usage.sweep-option` */
function nameToPlace(name: string): Place {
  const place = PLACES.get(name);
  if (place) return place;
  const near = wordToSuggestion(name, [...PLACES.keys()]);
  throw new GanEvalError(
    "usage.sweep-option",
    `expected an option of training, got ${JSON.stringify(name)}`,
    {
      hint: near
        ? `Did you mean ${near}?`
        : "docs/options.md lists them, by the names they have in config files.",
    },
  );
}

/** Options whose value is a list take `+` for its commas. */
const toOptionText = ({ value: placeholder }: OptionRow<unknown>, value: unknown): unknown =>
  placeholder === "LIST" && typeof value === "string" ? value.replaceAll("+", ",") : value;

/** A value as its option takes it. */
export const parseChoice = (row: OptionRow<unknown>, value: unknown) =>
  row.kind.schema(zod).safeParse(toOptionText(row, value));

/** The value, or the whole number nearest to it where the option takes no other; undefined where it takes neither. */
export function fitToRow(row: OptionRow<unknown>, value: string): string | undefined {
  if (parseChoice(row, value).success) return value;
  const whole = String(Math.round(Number(value)));
  return value.trim() !== "" && parseChoice(row, whole).success ? whole : undefined;
}

const wrongValue = (name: string, { kind }: OptionRow<unknown>, value: unknown): GanEvalError =>
  new GanEvalError(
    "usage.option-value",
    `expected ${kind.expects} for ${name}, got ${JSON.stringify(value)}`,
  );

/** A term's weight as text. @throws GanEvalError `usage.option-value` */
export function fitWeight(name: string, term: string, value: string): string {
  const { termWeights: row } = CONFIG_TABLES.model;
  if (parseChoice(row, `${term}=${value}`).success) return value;
  throw new GanEvalError(
    "usage.option-value",
    `expected a number of at least 0 for ${name}, got ${JSON.stringify(value)}`,
  );
}

/** `fitToRow` of a named option. @throws GanEvalError `usage.sweep-option`, `usage.option-value` */
export function fitValue(name: string, value: string): string {
  const term = nameToTerm(name);
  if (term !== undefined) return fitWeight(name, term, value);
  const { row } = nameToPlace(name);
  const fitted = fitToRow(row, value);
  if (fitted === undefined) throw wrongValue(name, row, value);
  return fitted;
}

/**
 * Weights of single terms apart from the options beside them.
 * @throws GanEvalError `usage.option-value` for what is no weight
 */
export function splitTermWeights<T>(choices: Readonly<Record<string, T>>): {
  readonly weights: Readonly<Record<string, number>>;
  readonly named: Readonly<Record<string, T>>;
} {
  const weights: Record<string, number> = {};
  const named: Record<string, T> = {};
  for (const [name, value] of Object.entries(choices)) {
    const term = nameToTerm(name);
    if (term === undefined) named[name] = value;
    else if (value !== undefined) weights[term] = Number(fitWeight(name, term, String(value)));
  }
  return { weights, named };
}

/** @throws GanEvalError `usage.sweep-option` for what is no option, `usage.option-value` for what it does not take */
export function choicesToRequest(choices: RunChoices, folder: string): RunRequest {
  const { weights, named } = splitTermWeights(choices);
  const parts: Record<string, Record<string, unknown>> = Object.fromEntries(PARTS.map((part) => [part, {}]));
  const top: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(named)) {
    if (value === undefined) continue;
    const { row, part } = nameToPlace(name);
    const parsed = parseChoice(row, value);
    if (!parsed.success) throw wrongValue(name, row, value);
    (part === undefined ? top : parts[part])[name] = parsed.data;
  }
  const { model } = parts;
  if (Object.keys(weights).length > 0)
    model.termWeights = { ...(model.termWeights as object | undefined), ...weights };
  return { ...top, ...parts, folder };
}
