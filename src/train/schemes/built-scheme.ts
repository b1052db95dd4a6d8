/** What the `build` of a model of one's own gives, checked as far as `checkScheme` takes for granted. */
import { GanEvalError } from "../../errors.ts";
import type { Scheme } from "../scheme/scheme.ts";
import { type OwnScheme, refuseScheme } from "./own-scheme.ts";
import type { SchemeRequest } from "./scheme-request.ts";

const KINDS = {
  "an object": (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value),
  "a list": (value: unknown) => Array.isArray(value),
  "a text": (value: unknown) => typeof value === "string",
  "a whole number from 1": (value: unknown) => Number.isInteger(value) && Number(value) >= 1,
} as const;

/** What every scheme has. */
const PARTS = {
  label: "a text",
  batchSize: "a whole number from 1",
  networks: "an object",
  players: "an object",
  inputs: "an object",
  passes: "an object",
  terms: "a list",
  plan: "a list",
  discriminators: "a list",
  makers: "a list",
} as const satisfies { readonly [Name in keyof Scheme]?: keyof typeof KINDS };

function checkBuilt(scheme: Scheme, origin: string): void {
  const from = `build(request) of ${origin}`;
  if (typeof scheme !== "object" || scheme === null)
    refuseScheme(from, "a scheme", scheme === undefined ? "nothing" : String(scheme));
  for (const [name, kind] of Object.entries(PARTS) as [keyof typeof PARTS, keyof typeof KINDS][])
    if (!KINDS[kind](scheme[name]))
      refuseScheme(
        from,
        `${kind} for ${name}`,
        scheme[name] === undefined ? `a scheme without ${name}` : `${scheme[name]}`,
      );
  for (const term of scheme.terms)
    if ("weight" in term && typeof term.weight !== "number" && typeof term.weight !== "function")
      refuseScheme(from, `a number or a function as the weight of the term ${term.name}`, `${term.weight}`, {
        hint: "options.weights has what stands in `weights`, by the same names. Leave the weight out for 1.",
      });
}

/** @throws GanEvalError `input.scheme-module` for a build that throws something else than an error of ours */
export async function buildOwnScheme(
  { build }: OwnScheme,
  request: SchemeRequest,
  origin: string,
): Promise<Scheme> {
  let scheme: Scheme;
  try {
    scheme = await build(request);
  } catch (cause) {
    if (cause instanceof GanEvalError) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    return refuseScheme(`build(request) of ${origin}`, "a scheme", `the error ${message}`, { cause });
  }
  checkBuilt(scheme, origin);
  return scheme;
}
