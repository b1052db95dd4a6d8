/** A run's config as a file or a caller without types gives it, checked option by option. */
import { isDeepStrictEqual } from "node:util";
import * as zod from "zod";
import { GanEvalError } from "../errors.ts";
import { integer, type OptionKind, optional, text } from "../options/kinds.ts";
import type { OptionRow } from "../options/option.ts";
import { withDefaults } from "../options/table.ts";
import { MEMORY } from "../train/data/options.ts";
import { choicesToOptions } from "../train/model.ts";
import { DERIVED_KINDS, type ModelOptions } from "../train/options/table.ts";
import { isSchemeModel } from "../train/scheme-model.ts";
import { isOwnModel } from "../train/schemes/own-model.ts";
import type { RunDescription } from "./description.ts";
import { CONFIG_TABLES, type PLACES, type RunConfig } from "./run-config.ts";
import { DESCRIPTION_FILE } from "./run-folder.ts";

const { data, model, recording, computation } = CONFIG_TABLES;
const ROWS: Readonly<Record<string, OptionRow<unknown>>> = {
  ...data,
  ...model,
  ...recording,
  ...computation,
};

const PLACE_KINDS: {
  readonly [Name in (typeof PLACES)[number]]: OptionKind<RunConfig[Name]>;
} = {
  weights: optional(text("a file or folder of network weights")),
  cacheDir: optional(text("a folder")),
  memory: MEMORY.kind,
  modelFile: optional(text("the path of a module from the run's folder")),
};

/** The kind of every key of a config. */
const KINDS: Readonly<Record<string, OptionKind<unknown>>> = {
  ...Object.fromEntries(Object.entries(ROWS).map(([name, { kind }]) => [name, kind])),
  ...DERIVED_KINDS,
  ...PLACE_KINDS,
  rounds: integer(1),
};

/** The schema of every key, built at the first check: a sweep checks hundreds of configs. */
let schemas: readonly (readonly [name: string, expects: string, schema: zod.ZodType])[] | undefined;
const keysToSchemas = () => {
  schemas ??= Object.entries(KINDS).map(([name, kind]) => [name, kind.expects, kind.schema(zod)]);
  return schemas;
};

/** What every run's config has said since the first version: without it there is no telling what was trained. */
const REQUIRED = ["data", "model"] as const satisfies readonly (keyof RunConfig)[];

const wrongValue = (name: string, expects: string, origin: string, got: unknown): GanEvalError =>
  new GanEvalError(
    "input.run-config",
    `expected ${expects} for ${name} in ${origin}, got ${JSON.stringify(got) ?? "nothing"}`,
    origin.endsWith(DESCRIPTION_FILE)
      ? { hint: "It was changed by hand, or is of another version of gan-eval: put the value right." }
      : { hint: "docs/options.md says what every option takes." },
  );

/**
 * Checks those options of a config that are there. A config holds values, not texts: `"64"` is no batch size.
 * @throws GanEvalError `input.run-config` for the first value that its option does not take
 */
export function checkConfig<T extends object>(config: T, origin: string): T {
  const values = config as Readonly<Record<string, unknown>>;
  for (const [name, expects, schema] of keysToSchemas()) {
    const value = values[name];
    if (value === undefined) continue;
    const parsed = schema.safeParse(value);
    if (!parsed.success || !isDeepStrictEqual(parsed.data, value))
      throw wrongValue(name, expects, origin, value);
  }
  return config;
}

/**
 * The config that `run.json` holds. An option that its version of gan-eval did not have yet gets its default; what
 * is unknown here is kept.
 * @param folder names the run in messages
 * @throws GanEvalError `input.run-config` for a value that is missing or wrong: which, what was expected, what was got
 */
export function runToConfig(
  { config, data: facts, rounds, seed }: Pick<RunDescription, "config" | "data" | "rounds" | "seed">,
  folder: string,
): RunConfig {
  const origin = `${folder}/${DESCRIPTION_FILE}`;
  for (const name of REQUIRED)
    if (config[name] === undefined) throw wrongValue(name, ROWS[name].kind.expects, origin, undefined);
  const stored = checkConfig(config, origin) as Partial<RunConfig>;
  // Before there was the option, a round of one step each trained both players on the same fakes.
  const choices = isSchemeModel(stored.model) ? stored : { alternate: false, ...stored };
  return {
    ...withDefaults(data, stored),
    ...withDefaults(recording, { seed, ...stored }),
    ...withDefaults(computation, stored),
    rounds,
    // A module that is not loaded cannot say its defaults; the run's config holds them all.
    ...(isOwnModel(stored.model) ? ({} as ModelOptions) : choicesToOptions(choices, facts)),
    ...stored,
  };
}
