/** Every option of training with a value that is not its default, found by its own kind: new rows need no test of theirs. */
import { isDeepStrictEqual } from "node:util";
import * as zod from "zod";
import { keyToOption } from "../../../src/cli/options/training.ts";
import { nameToFlag, type OptionName, optionRow } from "../../../src/cli/options.ts";
import type { OptionKind } from "../../../src/options/kinds.ts";
import { CONFIG_TABLES } from "../../../src/run-folder/run-config.ts";
import { LAMBDAS, SCHEME_ROWS, STAND_FOR } from "../../../src/train/options/schemes.ts";
import { SCHEME_MODELS, type SchemeModel } from "../../../src/train/schemes/models.ts";

export type TableName = keyof typeof CONFIG_TABLES;

/** What flags may say: some kind of value for every kind of option. */
const TEXTS = [
  "cycle=1",
  "0.25",
  "3",
  "37",
  "12,5",
  "r1",
  "pull-away",
  "divergence",
  "true",
  "false",
  "./mine",
];

/** A text that the kind takes, and that does not mean its default. */
export function kindToText({ schema, choices = [] }: OptionKind<unknown>, fallback: unknown): string {
  const text = [...choices, ...TEXTS].find((word) => {
    const { success, data } = schema(zod).safeParse(word);
    return success && !isDeepStrictEqual(data, fallback);
  });
  if (text === undefined) throw new Error("expected a text among TEXTS that the kind takes, got none");
  return text;
}

export interface ConfigRow {
  readonly table: TableName;
  readonly key: string;
  readonly name: OptionName;
  /** The option's words on a command line, without an alias. */
  readonly words: readonly string[];
  readonly text: string;
  /** What the words mean. */
  readonly value: unknown;
  /** A model that has the option. */
  readonly model: string;
  /** What `run.json` has of it. */
  readonly stored: Readonly<Record<string, unknown>>;
}

const MODELS: Readonly<Record<string, SchemeModel>> = SCHEME_MODELS;

/** Models by what an option of data is for. */
const OF_DATA: Readonly<Record<string, string>> = {
  ...{ dataB: "cyclegan", pairs: "cyclegan", direction: "cyclegan", loadSize: "cyclegan", flip: "cyclegan" },
  ...{
    attributes: "stargan",
    selected: "stargan",
    scale: "srgan",
    termWeights: "cyclegan",
    ganMode: "cyclegan",
    lrPolicy: "cyclegan",
    weightDecay: "cyclegan",
  },
};

/** The first model that has an option of models of several networks; else one of generator and discriminator. */
function keyToModel(key: string): string {
  if (Object.hasOwn(OF_DATA, key)) return OF_DATA[key];
  const term = Object.hasOwn(LAMBDAS, key) ? LAMBDAS[key as keyof typeof LAMBDAS] : undefined;
  if (term === undefined && !Object.hasOwn(SCHEME_ROWS, key)) return "gan";
  const found = Object.entries(MODELS).find(([, { options, weights }]) =>
    term === undefined ? key in options : term in weights,
  );
  if (found === undefined) throw new Error(`expected a model that has ${key}, got none`);
  return found[0];
}

const rowsOf = (table: TableName): ConfigRow[] =>
  Object.entries(CONFIG_TABLES[table]).map(([key, row]) => {
    const name = keyToOption(key) as OptionName;
    const kind = row.kind as OptionKind<unknown>;
    const text = kindToText(kind, optionRow(name).default ?? row.default);
    const flag = nameToFlag(name);
    const words = kind.isSwitch ? [text === "true" ? `--${flag}` : `--no-${flag}`] : [`--${flag}`, text];
    const value = kind.schema(zod).parse(text);
    const term = Object.hasOwn(LAMBDAS, key) ? LAMBDAS[key as keyof typeof LAMBDAS] : undefined;
    const meant = (STAND_FOR as Record<string, Record<string, Record<string, unknown>>>)[key]?.[text];
    const stored = meant ?? (term === undefined ? { [key]: value } : { termWeights: { [term]: value } });
    return { table, key, name, words, text, value, model: key === "model" ? text : keyToModel(key), stored };
  });

export const CONFIG_ROWS: readonly ConfigRow[] = (Object.keys(CONFIG_TABLES) as TableName[]).flatMap(rowsOf);
