/** Options of metrics' parameters: `--kid-subsets` is `subsets` of `kid`. */
import type { ParameterValue } from "../../metrics/metric.ts";
import { PARAMETER_ROWS, SHARED_PARAMETER_ROWS } from "../../metrics/parameter-rows.ts";
import type { MetricId } from "../../metrics/table.ts";
import { optional } from "../../options/kinds.ts";
import { flagToName, nameToKebab, type OptionRow } from "../../options/option.ts";
import type { OptionTable } from "../../options/table.ts";

type Camel<Text extends string> = Text extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<Camel<Tail>>}`
  : Text;
type Rows = typeof PARAMETER_ROWS;
type OwnParameter<Id extends keyof Rows> = Exclude<keyof Rows[Id], keyof typeof SHARED_PARAMETER_ROWS>;

/** `kidSubsets`, `lapSwdPatches`, ... */
export type MetricParameterName = {
  [Id in keyof Rows]: `${Camel<Id>}${Capitalize<OwnParameter<Id> & string>}`;
}[keyof Rows];

const toDefaultText = ({ default: value, defaultText }: OptionRow<unknown>): string =>
  defaultText ?? (typeof value === "boolean" ? (value ? "on" : "off") : String(value));

/** Not given means the metric's own default, or that of the library that is repeated (`--compat`). */
const parameterToOption = (
  metric: string,
  row: OptionRow<unknown>,
): OptionRow<ParameterValue | undefined> => ({
  ...(row as OptionRow<ParameterValue>),
  kind: optional(row.kind as OptionRow<ParameterValue>["kind"]),
  default: undefined,
  defaultText: toDefaultText(row),
  summary: `${metric}: ${row.summary}`,
});

const ENTRIES = Object.entries(PARAMETER_ROWS as Readonly<Record<string, OptionTable>>).flatMap(
  ([metric, table]) =>
    Object.entries(table)
      .filter(([parameter]) => !Object.hasOwn(SHARED_PARAMETER_ROWS, parameter))
      .map(([parameter, row]) => ({
        name: flagToName(`${metric}-${nameToKebab(parameter)}`),
        metric: metric as MetricId,
        parameter,
        option: parameterToOption(metric, row),
      })),
);

/** Which metric's parameter an option is. */
export const METRIC_PARAMETERS = Object.fromEntries(
  ENTRIES.map(({ name, metric, parameter }) => [name, { metric, parameter }]),
) as Readonly<Record<MetricParameterName, { readonly metric: MetricId; readonly parameter: string }>>;

export const METRIC_PARAMETER_OPTIONS = Object.fromEntries(
  ENTRIES.map(({ name, option }) => [name, option]),
) as Readonly<Record<MetricParameterName, OptionRow<ParameterValue | undefined>>>;

export const METRIC_PARAMETER_NAMES = Object.keys(METRIC_PARAMETERS) as MetricParameterName[];
