/** Every option of every command. */

import { COMPARED_ROWS } from "../evaluate/compared/option-rows.ts";
import { EXTRACTOR_ROWS } from "../evaluate/extractor-rows.ts";
import { COMPUTATION_ROWS } from "../evaluate/option-rows.ts";
import { nameToKebab, type OptionRow } from "../options/option.ts";
import { SWEEP_OPTIONS } from "../sweep/options.ts";
import { CACHE_OPTIONS } from "./options/cache.ts";
import { CHECK_OPTIONS } from "./options/check.ts";
import { CLASS_OPTIONS } from "./options/classes.ts";
import { COMPARE_OPTIONS } from "./options/compare.ts";
import { DATA_OPTIONS } from "./options/data.ts";
import { DIAGNOSIS_OPTIONS } from "./options/diagnosis.ts";
import { GENERATOR_OPTIONS } from "./options/generator.ts";
import { MEASUREMENT_OPTIONS } from "./options/measurement.ts";
import { METRIC_PARAMETER_OPTIONS } from "./options/metric-parameters.ts";
import { PRINTING_OPTIONS } from "./options/output.ts";
import { REPORT_OPTIONS } from "./options/report.ts";
import { DEMO_OPTIONS, RUN_FOLDER_OPTIONS } from "./options/run-folder.ts";
import {
  MODEL_OPTIONS,
  RECORDING_OPTIONS,
  TRAINING_DATA_OPTIONS,
  TRAINING_OPTIONS,
} from "./options/training.ts";

/** In the order in which help shows those of one group. */
export const OPTIONS = {
  ...DATA_OPTIONS,
  ...TRAINING_DATA_OPTIONS,
  ...GENERATOR_OPTIONS,
  ...MODEL_OPTIONS,
  ...TRAINING_OPTIONS,
  ...DEMO_OPTIONS,
  ...RUN_FOLDER_OPTIONS,
  ...RECORDING_OPTIONS,
  ...DIAGNOSIS_OPTIONS,
  ...SWEEP_OPTIONS,
  ...MEASUREMENT_OPTIONS,
  ...COMPARE_OPTIONS,
  ...EXTRACTOR_ROWS,
  ...CLASS_OPTIONS,
  ...COMPARED_ROWS,
  ...METRIC_PARAMETER_OPTIONS,
  ...CHECK_OPTIONS,
  ...COMPUTATION_ROWS,
  ...CACHE_OPTIONS,
  ...REPORT_OPTIONS,
  ...PRINTING_OPTIONS,
} as const;

export type OptionName = keyof typeof OPTIONS;
export type OptionValue<Name extends OptionName> =
  (typeof OPTIONS)[Name] extends OptionRow<infer T> ? T : never;

/** The values a command receives; those it requires are never undefined. */
export type OptionValues<Names extends OptionName, Required extends Names = never> = {
  readonly [Name in Names]: Name extends Required ? NonNullable<OptionValue<Name>> : OptionValue<Name>;
};

export const OPTION_NAMES = Object.keys(OPTIONS) as OptionName[];

/** Every command has these. */
export const OUTPUT_OPTIONS = ["out", "json", "csv", "md", "quiet", "verbose", "color", "config"] as const;

/** A row, where its value's type does not matter. */
export const optionRow = (name: OptionName): OptionRow<unknown> => OPTIONS[name] as OptionRow<unknown>;

/** The flag of an option, without its dashes. */
export const nameToFlag = (name: OptionName): string => optionRow(name).flag ?? nameToKebab(name);

/** `batch-size`, `batch_size` or `batchSize` to `batchSize`. */
export const flagToName = (flag: string): string =>
  flag.replace(/[-_]+([a-zA-Z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** Whether a name in camel case is one of an option's aliases, or the name that it had before. */
export function isOtherSpelling(option: OptionName, name: string): boolean {
  const { aliases = [], formerly } = optionRow(option);
  return name === formerly || aliases.some((alias) => flagToName(alias) === name);
}

/** What help and docs say about the default; nothing for switches that are off. */
export function defaultToText(row: OptionRow<unknown>): string | undefined {
  if (row.defaultText !== undefined) return row.defaultText;
  if (row.default === undefined || row.default === false) return undefined;
  if (row.default === true) return "on";
  return Array.isArray(row.default) ? row.default.join(",") : String(row.default);
}

/** The flags that are taken besides an option's own: `--n-critic, --d-steps`. */
export const aliasesToText = ({ aliases = [] }: OptionRow<unknown>): string =>
  aliases.map((alias) => `--${alias}`).join(", ");
