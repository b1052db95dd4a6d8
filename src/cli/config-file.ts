/** Reads the config file. */
import path from "node:path";
import { GanEvalError } from "../errors.ts";
import { textToJson } from "../formats/json.ts";
import { readText } from "../formats/text.ts";
import { flagToName } from "../options/option.ts";
import { wordToSuggestion } from "../suggestion.ts";
import { isOtherSpelling, nameToFlag, OPTION_NAMES, type OptionName } from "./options.ts";

const CONFIG_FILE = "gan-eval.config.json";

/** More than any table of options; a larger file is a mistake. */
const MOST_BYTES = 1024 * 1024;

/** The options of each command. */
export type CommandOptions = Readonly<Record<string, readonly OptionName[]>>;

/** Option values from a config file, before they are checked. */
export interface Config {
  readonly file: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/**
 * Reads the file that was named, or `gan-eval.config.json` in `folder` if it exists.
 * @throws GanEvalError `usage.config` where it cannot be read or is not a JSON object of known options
 */
export async function readConfig(
  named: string | undefined,
  folder: string,
  commands: CommandOptions,
  commandName: string,
  configOf?: string,
): Promise<Config | undefined> {
  const file = path.resolve(folder, named ?? CONFIG_FILE);
  let text: string;
  try {
    text = await readText(file);
  } catch (error) {
    if (error instanceof GanEvalError) throw error;
    if (named === undefined && (error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new GanEvalError("usage.config", `expected a readable config file, got ${file}`, {
      hint: `${(error as Error).message}`,
      cause: error,
    });
  }
  if (text.length > MOST_BYTES) {
    throw new GanEvalError(
      "usage.config",
      `expected a config file under 1 MiB, got ${text.length} characters in ${file}`,
    );
  }
  let object: unknown;
  try {
    object = textToJson(text);
  } catch (error) {
    throw new GanEvalError("usage.config", `expected JSON in ${file}, got: ${(error as Error).message}`, {
      hint: 'For example: {"batchSize": 64, "fid": {"resize": "clean"}}',
      cause: error,
    });
  }
  return { file, values: objectToValues(object, file, commands, commandName, configOf) };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Options at the top hold for every command; those under a command's name for that one, and win.
 * @param configOf another command, whose options hold too where they are not the command's own
 */
export function objectToValues(
  object: unknown,
  file: string,
  commands: CommandOptions,
  commandName: string,
  configOf?: string,
): Record<string, unknown> {
  if (!isObject(object)) {
    throw new GanEvalError(
      "usage.config",
      `expected an object of options in ${file}, got ${JSON.stringify(object)}`,
    );
  }
  const values: Record<string, unknown> = {};
  const own: Record<string, unknown> = {};
  const others: Record<string, unknown> = {};
  const spellings = new Map<string, string>();
  for (const [key, value] of Object.entries(object)) {
    if (key === "$schema") continue;
    if (Object.hasOwn(commands, key) && isObject(value)) {
      for (const [inner, innerValue] of Object.entries(value)) {
        // Two commands may have a flag of one spelling and different meanings: `batchSize` of train is its own.
        const name = commands[key].find((own) => isSpelling(own, inner)) ?? keyToName(inner, file);
        requireOneSpelling(spellings, `${key}.${name}`, `${key}.${inner}`, file);
        if (key === commandName) own[name] = innerValue;
        else if (key === configOf) others[name] = innerValue;
      }
    } else {
      const name = keyToName(key, file);
      requireOneSpelling(spellings, name, key, file);
      values[name] = value;
    }
  }
  return { ...values, ...others, ...own };
}

/** Two spellings of one option are one key that stands twice. */
function requireOneSpelling(spellings: Map<string, string>, name: string, key: string, file: string): void {
  const before = spellings.get(name);
  spellings.set(name, key);
  if (before === undefined) return;
  throw new GanEvalError(
    "usage.config",
    `expected each option once in ${file}, got "${before}" and "${key}"`,
    {
      hint: "Both are spellings of the same option: keep one.",
    },
  );
}

/** Whether a key is an option's flag, one of its aliases, or the name that it had before. */
function isSpelling(option: OptionName, key: string): boolean {
  const name = flagToName(key);
  return flagToName(nameToFlag(option)) === name || isOtherSpelling(option, name);
}

function keyToName(key: string, file: string): string {
  const name = flagToName(key);
  if ((OPTION_NAMES as string[]).includes(name) && name !== "config") return name;
  // Flags that options share, such as --out, name none of them; no two share an alias or a former name.
  const known = OPTION_NAMES.find((option) => isOtherSpelling(option, name));
  if (known !== undefined) return known;
  const suggestion = wordToSuggestion(name, OPTION_NAMES);
  throw new GanEvalError("usage.unknown-option", `expected options in ${file}, got "${key}"`, {
    hint: suggestion ? `Did you mean "${suggestion}"?` : "`gan-eval options` lists them.",
  });
}
