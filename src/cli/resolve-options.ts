/** Chooses each option's value: from its flag, the environment, the config file or its default. */
import type { core } from "zod";
import { GanEvalError } from "../errors.ts";
import type { Zod } from "../options/kinds.ts";
import type { OptionRow } from "../options/option.ts";
import { wordToSuggestion } from "../suggestion.ts";
import type { Config } from "./config-file.ts";
import { nameToFlag, type OptionName, optionRow } from "./options.ts";

/** Where a value came from, in the order in which they are asked. */
export type OptionSource = "flag" | "environment" | "config" | "default";

export interface Resolved {
  readonly values: Readonly<Record<string, unknown>>;
  readonly sources: Readonly<Record<string, OptionSource>>;
}

export interface OptionInputs {
  /** By name, as the parser found them. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly config: Config | undefined;
}

/**
 * The value of each option: its flag's, else its environment variable's (an empty one counts as unset), else the
 * config file's, else its default. @throws GanEvalError `usage.option-value`, `usage.missing-option`
 */
export function resolveOptions(
  names: readonly OptionName[],
  required: readonly OptionName[],
  inputs: OptionInputs,
  zod: Zod,
  example?: string,
): Resolved {
  const values: Record<string, unknown> = {};
  const sources: Record<string, OptionSource> = {};
  for (const name of names) {
    const found = findValue(name, inputs);
    sources[name] = found.source;
    values[name] =
      found.source === "default" ? found.value : parseValue(optionRow(name), found.value, found.origin, zod);
  }
  const missing = required.filter((name) => values[name] === undefined);
  if (missing.length > 0) throw missingOptions(missing, example);
  return { values, sources };
}

interface Found {
  readonly value: unknown;
  readonly source: OptionSource;
  /** How a message names the place. */
  readonly origin: string;
}

function findValue(name: OptionName, { flags, env, config }: OptionInputs): Found {
  const row = optionRow(name);
  const flag = `--${nameToFlag(name)}`;
  if (flags[name] !== undefined) return { value: flags[name], source: "flag", origin: flag };
  const variable = row.env === undefined ? undefined : env[row.env];
  if (variable !== undefined && variable !== "") {
    return { value: variable, source: "environment", origin: `${row.env} (environment)` };
  }
  const fromConfig = config?.values[name];
  if (fromConfig !== undefined && fromConfig !== null) {
    return { value: fromConfig, source: "config", origin: `${name} in ${config!.file}` };
  }
  return { value: row.default, source: "default", origin: flag };
}

function parseValue(row: OptionRow<unknown>, value: unknown, origin: string, zod: Zod): unknown {
  const parsed = row.kind.schema(zod).safeParse(value);
  if (parsed.success) return parsed.data;
  const suggestion =
    typeof value === "string" && row.kind.choices ? wordToSuggestion(value, row.kind.choices) : undefined;
  const hint = suggestion === undefined ? issuesToOwn(parsed.error.issues) : `Did you mean ${suggestion}?`;
  throw new GanEvalError(
    "usage.option-value",
    `${origin} expects ${row.kind.expects}, got ${JSON.stringify(value)}`,
    hint === undefined ? {} : { hint },
  );
}

/** What a kind says itself of a value, within the issues of all that it might have been. */
function issuesToOwn(issues: readonly core.$ZodIssue[]): string | undefined {
  for (const issue of issues) {
    if (issue.code === "custom") return issue.message;
    const own = issue.code === "invalid_union" ? issuesToOwn(issue.errors.flat()) : undefined;
    if (own !== undefined) return own;
  }
  return undefined;
}

function missingOptions(missing: readonly OptionName[], example: string | undefined): GanEvalError {
  const flags = missing.map((name) => `--${nameToFlag(name)} ${optionRow(name).value ?? ""}`.trim());
  const summaries = missing.map((name) => `--${nameToFlag(name)} is the ${optionRow(name).summary}`);
  return new GanEvalError(
    "usage.missing-option",
    `expected ${flags.join(" and ")}, got ${missing.length === 2 ? "neither" : "none"}`,
    { hint: [...summaries, ...(example === undefined ? [] : [`for example: ${example}`])].join("\n") },
  );
}
