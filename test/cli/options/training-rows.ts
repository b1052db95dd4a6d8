/** Every option of training with a value that is not its default, found by its own kind: new rows need no test of theirs. */
import { isDeepStrictEqual } from "node:util";
import * as zod from "zod";
import { keyToOption } from "../../../src/cli/options/training.ts";
import { nameToFlag, type OptionName, optionRow } from "../../../src/cli/options.ts";
import type { OptionKind } from "../../../src/options/kinds.ts";
import { CONFIG_TABLES } from "../../../src/run-folder/run-config.ts";

export type TableName = keyof typeof CONFIG_TABLES;

/** What flags may say: some kind of value for every kind of option. */
const TEXTS = ["0.25", "3", "37", "12,5", "r1", "pull-away", "divergence", "true", "false", "./mine"];

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
}

const rowsOf = (table: TableName): ConfigRow[] =>
  Object.entries(CONFIG_TABLES[table]).map(([key, row]) => {
    const name = keyToOption(key) as OptionName;
    const kind = row.kind as OptionKind<unknown>;
    const text = kindToText(kind, optionRow(name).default ?? row.default);
    const flag = nameToFlag(name);
    const words = kind.isSwitch ? [text === "true" ? `--${flag}` : `--no-${flag}`] : [`--${flag}`, text];
    return { table, key, name, words, text, value: kind.schema(zod).parse(text) };
  });

export const CONFIG_ROWS: readonly ConfigRow[] = (Object.keys(CONFIG_TABLES) as TableName[]).flatMap(rowsOf);
