/** Every option of every command. */

import { CHECK_ROWS } from "../check/options.ts";
import { COMPARE_ROWS } from "../compare/options.ts";
import { DIAGNOSIS_ROWS } from "../diagnosis/options.ts";
import { CLASS_ROWS } from "../evaluate/classes/options.ts";
import { COMPARED_ROWS } from "../evaluate/compared/option-rows.ts";
import { CLEAR_ROWS } from "../evaluate/feature-cache/options.ts";
import { COMPUTATION_ROWS, MEASUREMENT_ROWS } from "../evaluate/option-rows.ts";
import { FILE_ROWS, SIDE_ROWS } from "../evaluate/sides/options.ts";
import { SHARED_STATISTICS_ROWS, STATISTICS_ROWS } from "../evaluate/statistics/options.ts";
import { LAB_ROWS } from "../lab/options.ts";
import { NETWORK_ROWS } from "../networks/options.ts";
import { flagToName, nameToKebab, type OptionRow } from "../options/option.ts";
import { QUEUE_ROWS } from "../queue/options.ts";
import { PER_IMAGE_ROWS, REPORT_ROWS } from "../reports/options.ts";
import { STOP_ROWS } from "../run-folder/stop-options.ts";
import { RUN_FOLDER_ROWS } from "../runs/options.ts";
import { OUTPUT_ROWS, SAMPLE_ROWS, TRANSLATION_ROWS } from "../samples/options.ts";
import { SWEEP_OPTIONS } from "../sweep/options.ts";
import { DEMO_OPTIONS } from "./options/demo.ts";
import { EXTRACTOR_OPTIONS } from "./options/extractor.ts";
import { METRIC_PARAMETER_OPTIONS } from "./options/metric-parameters.ts";
import { PRINTING_OPTIONS } from "./options/output.ts";
import { renamed } from "./options/renamed.ts";
import {
  MODEL_OPTIONS,
  RECORDING_OPTIONS,
  TRAINING_DATA_OPTIONS,
  TRAINING_OPTIONS,
} from "./options/training.ts";

/** In the order in which help shows those of one group. */
export const OPTIONS = {
  ...SIDE_ROWS,
  ...FILE_ROWS,
  ...TRAINING_DATA_OPTIONS,
  ...SAMPLE_ROWS,
  ...TRANSLATION_ROWS,
  ...MODEL_OPTIONS,
  ...TRAINING_OPTIONS,
  ...DEMO_OPTIONS,
  ...RUN_FOLDER_ROWS,
  ...STOP_ROWS,
  ...RECORDING_OPTIONS,
  ...DIAGNOSIS_ROWS,
  ...SWEEP_OPTIONS,
  ...QUEUE_ROWS,
  ...MEASUREMENT_ROWS,
  ...PER_IMAGE_ROWS,
  ...renamed(COMPARE_ROWS, { metric: "compareMetric", baseline: "compareBaseline", force: "compareForce" }),
  ...EXTRACTOR_OPTIONS,
  ...CLASS_ROWS,
  ...COMPARED_ROWS,
  ...METRIC_PARAMETER_OPTIONS,
  ...CHECK_ROWS,
  ...COMPUTATION_ROWS,
  ...NETWORK_ROWS,
  ...renamed(CLEAR_ROWS, { dryRun: "clearDryRun" }),
  ...renamed(REPORT_ROWS, { out: "reportOut", png: "reportPng", markdown: "reportMd" }),
  ...OUTPUT_ROWS,
  ...LAB_ROWS,
  ...renamed(STATISTICS_ROWS, { out: "statisticsOut", format: "statsFormat" }),
  ...renamed(SHARED_STATISTICS_ROWS, { part: "statisticsPart", collect: "statisticsCollect" }),
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

/** The flags that are taken besides an option's own, as flags. */
export const aliasesToText = ({ aliases = [] }: OptionRow<unknown>): string =>
  aliases.map((alias) => `--${alias}`).join(", ");
