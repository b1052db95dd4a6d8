/** A model of one's own as a description: what a row of `SCHEME_MODELS` says, and what builds its scheme. */
import { GanEvalError } from "../../errors.ts";
import { wordToSuggestion } from "../../suggestion.ts";
import type { Scheme } from "../scheme/scheme.ts";
import { type SchemeModel, SHARED_DEFAULTS, UNREAD } from "./models.ts";
import type { SchemeRequest } from "./scheme-request.ts";

/**
 * What describes a model of one's own. Left out, `label` and `source` are what `run.json` calls it, `loadSize` is `size`, `rate`
 * is 2e-4, `shared`, `options` and `differs` are empty.
 */
export interface OwnScheme
  extends Pick<SchemeModel, "wants" | "size" | "weights">,
    Partial<Omit<SchemeModel, "wants" | "size" | "weights">> {
  /** What `run.json` and run folders call it: letters, digits, `.`, `_`, `-` (default: `own`; a module's file). */
  readonly name?: string;
  /** The scheme on data of these fields. @throws GanEvalError `usage.*` where options and data do not fit together */
  readonly build: (request: SchemeRequest) => Scheme | Promise<Scheme>;
}

/** How the functions of this file name what they refuse. */
const HERE = "scheme(...)";

const HINT =
  "It is { wants, size, weights, build(request) }; a module exports it as default. docs/schemes.md says what each part is.";

/** @param origin the module, or the call, that gave it */
export function refuseScheme(
  origin: string,
  expected: string,
  got: string,
  { hint = HINT, cause }: { readonly hint?: string; readonly cause?: unknown } = {},
): never {
  const message = `expected ${expected} from ${origin}, got ${got}`;
  throw new GanEvalError("input.scheme-module", message, { hint, cause });
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const toText = (value: unknown): string =>
  typeof value === "function" ? "a function" : (JSON.stringify(value) ?? String(value));

const WANTED = ["images", "pairs", "domains", "attributes"];

const isSide = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= 1;
const isText = (value: unknown): boolean => typeof value === "string" && value !== "";
const isAmount = (value: unknown): boolean => Number.isFinite(value) && Number(value) >= 0;

interface Field {
  readonly expects: string;
  readonly fits: (value: unknown) => boolean;
  readonly isRequired?: true;
}

/** In the order in which they are checked. */
const FIELDS: Readonly<Record<keyof OwnScheme, Field>> = {
  wants: {
    expects: `wants among ${WANTED.join(", ")}`,
    fits: (value) => WANTED.includes(String(value)),
    isRequired: true,
  },
  size: { expects: "a size of whole pixels", fits: isSide, isRequired: true },
  weights: { expects: "weights of terms by name", fits: isRecord, isRequired: true },
  build: {
    expects: "a function build(request)",
    fits: (value) => typeof value === "function",
    isRequired: true,
  },
  name: {
    expects: "a name of letters, digits, '.', '_' and '-'",
    fits: (value) => typeof value === "string" && /^\w[\w.-]{0,63}$/.test(value),
  },
  label: { expects: "a label that is text", fits: isText },
  source: { expects: "a source that is text", fits: isText },
  differs: {
    expects: "differs as a list of texts",
    fits: (value) => Array.isArray(value) && value.every(isText),
  },
  labels: { expects: 'labels "read", or none', fits: (value) => value === "read" },
  loadSize: { expects: "a loadSize of whole pixels", fits: isSide },
  flip: { expects: "flip true, or none", fits: (value) => value === true },
  rate: { expects: "a learning rate of at least 0", fits: isAmount },
  shared: { expects: "shared options by name", fits: isRecord },
  options: { expects: "options by name", fits: isRecord },
};

const { rate: _rate, weights: _weights, ...SHARED } = SHARED_DEFAULTS;

/** Names that an object may have, and a value of each that is right in kind. */
const KNOWN = { shared: SHARED, options: UNREAD } as const;

function refuseUnknown(
  origin: string,
  place: string,
  names: readonly string[],
  known: readonly string[],
): void {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const near = wordToSuggestion(unknown, known);
  refuseScheme(origin, `${place} among ${known.join(", ")}`, unknown, {
    ...(near !== undefined && { hint: `Did you mean ${near}?` }),
  });
}

/** Values of `shared` and `options`: whether they are in the option's range is asked where all options are known. */
function checkValues(
  origin: string,
  place: keyof typeof KNOWN,
  given: Readonly<Record<string, unknown>>,
): void {
  const known = Object.fromEntries(Object.entries(KNOWN[place]));
  refuseUnknown(origin, `${place} of models`, Object.keys(given), Object.keys(known));
  for (const [name, value] of Object.entries(given)) {
    const isNumber = typeof known[name] === "number";
    if (isNumber ? !isAmount(value) : !isText(value))
      refuseScheme(
        origin,
        `${isNumber ? "a number of at least 0" : "a text"} for ${place}.${name}`,
        toText(value),
      );
  }
}

function checkWeights(origin: string, weights: Readonly<Record<string, unknown>>): void {
  for (const [term, weight] of Object.entries(weights)) {
    if (!/^[\w-]+$/.test(term))
      refuseScheme(origin, "weights of terms named by letters, digits, '_' and '-'", toText(term), {
        hint: "--weight NAME=X has to be able to name them.",
      });
    if (!isAmount(weight))
      refuseScheme(origin, `a number of at least 0 for weights.${term}`, toText(weight), {
        hint: "A weight that changes over the run is made in build: weight: ({ share }) => weights.NAME * share.",
      });
  }
}

/** @throws GanEvalError `input.scheme-module` for the first part that is missing, unknown or of another kind */
export function checkOwnScheme(given: unknown, origin: string): OwnScheme {
  if (!isRecord(given)) return refuseScheme(origin, "the description of a model", toText(given));
  for (const [name, { expects, fits, isRequired }] of Object.entries(FIELDS)) {
    const value = given[name];
    if (value === undefined ? isRequired : !fits(value)) refuseScheme(origin, expects, toText(value));
  }
  refuseUnknown(origin, "fields of a model", Object.keys(given), Object.keys(FIELDS));
  const { weights, shared = {}, options = {} } = given as unknown as OwnScheme;
  checkWeights(origin, weights);
  checkValues(origin, "shared", shared);
  checkValues(origin, "options", options);
  return given as unknown as OwnScheme;
}

/**
 * A model of one's own, for `train({ model })`, or as the default export of a module for `--model`. It is given back as it
 * is; `build` is called when data are open.
 * @throws GanEvalError `input.scheme-module` for the first part that is missing, unknown or of another kind
 */
export const scheme = (description: OwnScheme): OwnScheme => checkOwnScheme(description, HERE);
