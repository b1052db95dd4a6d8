/** Measures with the options of a command line. */

import type { ComparedOptionName } from "../evaluate/compared/option-rows.ts";
import { withCompat } from "../evaluate/compat.ts";
import type { EXTRACTOR_ROWS } from "../evaluate/extractor-rows.ts";
import type { EvaluateOptions, PerImage } from "../evaluate/options.ts";
import type { EvaluationResult } from "../evaluate/result.ts";
import { FILE_ROWS } from "../evaluate/sides/options.ts";
import { locationToShown } from "../images/sources/shards/web-location.ts";
import type { Parameters } from "../metrics/metric.ts";
import type { MetricId } from "../metrics/table.ts";
import { tableToNames, withDefaults } from "../options/table.ts";
import { locationToShell, wordToShell } from "../shell-word.ts";
import type { CommandContext, Outcome } from "./command.ts";
import { extractFirst, type QueuedMeasurementValues } from "./extract-first.ts";
import { EXTRACTOR_OPTIONS, keyToExtractorOption, valuesToExtractorOptions } from "./options/extractor.ts";
import { METRIC_PARAMETERS, type MetricParameterName } from "./options/metric-parameters.ts";
import { nameToFlag, OPTIONS, type OptionName, type OptionValue, type OptionValues } from "./options.ts";
import { resultsToOutcome } from "./outcomes.ts";
import { requireWritable } from "./require-writable.ts";

/** Options of a measurement that every command of this kind has, and those that only some have. */
export type MeasureValues = OptionValues<CommonName, "fake"> &
  Partial<OptionValues<OccasionalName>> &
  QueuedMeasurementValues;

type CommonName =
  | "fake"
  | "split"
  | "limit"
  | "onError"
  | "imageKey"
  | "extractor"
  | "resize"
  | "batchSize"
  | "engine"
  | "device"
  | "threads"
  | "tf32"
  | "selfCheck"
  | "weights"
  | "cacheDir"
  | "offline"
  | "cache"
  | "cacheLimit";
type OccasionalName =
  | "real"
  | "heldOut"
  | "featureEnd"
  | "logitsEnd"
  | "splits"
  | "shuffle"
  | "seed"
  | "ddof"
  | "compat"
  | "ci"
  | "floor"
  | "perImage"
  | "byClass"
  | "realLabels"
  | "fakeLabels"
  | ComparedOptionName
  | keyof typeof FILE_ROWS
  | keyof typeof EXTRACTOR_OPTIONS
  | MetricParameterName;

/** What a command that lacks an option measures with. */
const defaultOf = <Name extends OptionName>(name: Name): OptionValue<Name> =>
  OPTIONS[name].default as OptionValue<Name>;

type ProtocolOptions = Partial<
  Pick<
    EvaluateOptions,
    "resize" | "ddof" | "splits" | "shuffle" | "seed" | "parameters" | "compat" | keyof typeof EXTRACTOR_ROWS
  >
> & { readonly extractor: string };

/** Parameters of single metrics that were given. */
function valuesToParameters(values: MeasureValues): Partial<Record<MetricId, Parameters>> {
  const parameters: Partial<Record<MetricId, Record<string, Parameters[string]>>> = {};
  for (const [name, { metric, parameter }] of Object.entries(METRIC_PARAMETERS)) {
    const value = values[name as MetricParameterName];
    if (value === undefined) continue;
    parameters[metric] ??= {};
    parameters[metric][parameter] = value;
  }
  return parameters;
}

/** The options that a library's conventions decide, unless they were given; what was given against them is recorded. */
function valuesToProtocol(values: MeasureValues, { sources }: CommandContext): ProtocolOptions {
  const { resize, ddof, splits, shuffle, seed, compat } = values;
  const [extractor] = values.extractor;
  const own = { ...valuesToExtractorOptions(values), resize, ddof, splits, shuffle, seed };
  const parameters = valuesToParameters(values);
  if (compat === undefined) return { ...own, extractor, parameters };
  const isGiven = (option: string): boolean =>
    (sources[keyToExtractorOption(option)] ?? "default") !== "default";
  const given = Object.fromEntries(
    Object.entries({ ...own, extractor }).filter(([option]) => isGiven(option)),
  ) as Partial<ProtocolOptions>;
  return { ...own, extractor, ...withCompat(compat, { ...given, parameters }) };
}

/** The extractors that were named; where none was, that of the library whose conventions are asked for, or the default. */
export function valuesToExtractors(values: MeasureValues, context: CommandContext): readonly string[] {
  return values.extractor.length > 1 ? values.extractor : [valuesToProtocol(values, context).extractor];
}

/** What a command line asks of `evaluate`; of several extractors the first. */
export function valuesToEvaluateOptions(
  metrics: readonly MetricId[],
  values: MeasureValues,
  context: CommandContext,
): EvaluateOptions & { readonly real?: string; readonly fake: string } {
  const { real, fake, heldOut, realLabels, fakeLabels, byClass, ci, floor } = values;
  const { split, limit, onError, imageKey, featureEnd, logitsEnd } = values;
  const { batchSize, engine, device, threads, tf32, selfCheck } = values;
  const { weights, cacheDir, cache, cacheLimit, offline } = values;
  const { paired, pairedChannel, pairedBorder, lpipsBackbone, lpipsWeights } = values;
  return {
    metrics,
    ...{ real, fake, heldOut, realLabels, fakeLabels, byClass, ci, floor },
    ...{ split, limit, onError, imageKey, featureEnd, logitsEnd },
    ...{ batchSize, engine, device, threads, tf32, selfCheck },
    ...{ weights, cacheDir, cache, cacheLimit, offline },
    ...{ paired, pairedChannel, pairedBorder, lpipsBackbone, lpipsWeights },
    ...valuesToProtocol(values, context),
    ...withDefaults(FILE_ROWS, values),
    onProgress: context.onProgress,
    signal: context.signal,
    clock: context.clock,
    steadyClock: context.steadyClock,
    command: context.argv,
  };
}

/** Measures with the options of a command line, and says what may come next. */
export async function measure(
  metrics: readonly MetricId[],
  values: MeasureValues,
  context: CommandContext,
): Promise<Outcome> {
  const extractors = valuesToExtractors(values, context);
  if (values.perImage !== undefined) await requireWritable(values.perImage);
  const tables: PerImage[] = [];
  const options = {
    ...valuesToEvaluateOptions(metrics, values, context),
    ...(values.perImage !== undefined && { onPerImage: (table: PerImage) => tables.push(table) }),
  };
  const queued = await extractFirst(options, extractors, values, context);
  const results =
    extractors.length === 1
      ? [await context.library.evaluate(options)]
      : await context.library.evaluateEach(options, extractors);
  if (values.perImage !== undefined) await context.library.writePerImage(values.perImage, tables);
  const outcome = resultsToOutcome(results, resultToHints(results[0], options));
  return queued.length === 0 ? outcome : { ...outcome, warnings: [...(outcome.warnings ?? []), ...queued] };
}

/** Options that statistics depend on: a suggestion without them would make others. */
const STATISTICS_OPTIONS = [
  "extractor",
  ...tableToNames(EXTRACTOR_OPTIONS),
  "featureEnd",
  "resize",
  "ddof",
  "split",
  "limit",
  "onError",
  "imageKey",
] as const;

/** Real images are the same every night; their statistics need computing once. */
function resultToHints(
  { inputs }: EvaluationResult,
  options: EvaluateOptions & { readonly real?: string },
): string[] {
  const { real } = inputs;
  if (options.paired) return [];
  if (!real || options.real === "-" || real.kind === "statistics" || real.kind === "features") return [];
  const images = locationToShell(locationToShown(options.real ?? real.location));
  return [
    `gan-eval stats --images ${images}${optionsToFlags(STATISTICS_OPTIONS, { ...options, imageCrop: options.crop })} --out real.npz   # then --real real.npz`,
  ];
}

/** ` --resize clean --limit 9`: the options that are not what they would be by default. */
export function optionsToFlags<Name extends OptionName>(
  names: readonly Name[],
  values: Readonly<Partial<Record<Name, unknown>>>,
): string {
  return names
    .filter((name) => values[name] !== undefined && String(values[name]) !== String(defaultOf(name)))
    .map((name) => ` --${nameToFlag(name)} ${wordToShell(String(values[name]))}`)
    .join("");
}
