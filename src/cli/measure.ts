import type { EvaluateOptions } from "../evaluate/options.ts";
import type { EvaluationResult } from "../evaluate/result.ts";
import type { MetricId } from "../metrics/table.ts";
import type { CommandContext, Outcome } from "./command.ts";
import { nameToFlag, OPTIONS, type OptionName, type OptionValue, type OptionValues } from "./options.ts";
import { resultToOutcome } from "./outcomes.ts";

/** Options of a measurement that every command of this kind has, and those that only some have. */
export type MeasureValues = OptionValues<CommonName, "fake"> & Partial<OptionValues<OccasionalName>>;

type CommonName =
  | "fake"
  | "split"
  | "limit"
  | "onError"
  | "extractor"
  | "resize"
  | "batchSize"
  | "engine"
  | "device"
  | "threads"
  | "weights"
  | "cacheDir";
type OccasionalName = "real" | "featureEnd" | "logitsEnd" | "splits" | "shuffle" | "seed" | "ddof";

/** The entries that have a value: an option that was left out is left out of the call too. */
export function withoutUndefined<T extends object>(
  values: T,
): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}

/** What a command that lacks an option measures with. */
const defaultOf = <Name extends OptionName>(name: Name): OptionValue<Name> =>
  OPTIONS[name].default as OptionValue<Name>;

/** Measures with the options of a command line, and says what may come next. */
export async function measure(
  metrics: readonly MetricId[],
  values: MeasureValues,
  context: CommandContext,
): Promise<Outcome> {
  const { fake, extractor, resize, batchSize, onError, engine, device } = values;
  const options: EvaluateOptions = {
    metrics,
    fake,
    extractor,
    resize,
    batchSize,
    onError,
    engine,
    device,
    splits: values.splits ?? defaultOf("splits"),
    shuffle: values.shuffle ?? defaultOf("shuffle"),
    seed: values.seed ?? defaultOf("seed"),
    ddof: (values.ddof ?? defaultOf("ddof")) === 0 ? 0 : 1,
    ...withoutUndefined({
      real: values.real,
      featureEnd: values.featureEnd,
      logitsEnd: values.logitsEnd,
      split: values.split,
      limit: values.limit,
      threads: values.threads,
      weights: values.weights,
      cacheDir: values.cacheDir,
    }),
    onProgress: context.onProgress,
    signal: context.signal,
    clock: context.clock,
    command: context.argv,
  };
  const result = await context.library.evaluate(options);
  return resultToOutcome(result, resultToHints(result, options));
}

/** Options that statistics depend on: a suggestion without them would make others. */
const STATISTICS_OPTIONS = [
  "extractor",
  "featureEnd",
  "resize",
  "ddof",
  "split",
  "limit",
  "onError",
] as const;

/** Real pictures are the same every night; their statistics need computing once. */
function resultToHints({ inputs }: EvaluationResult, options: EvaluateOptions): string[] {
  const { real } = inputs;
  if (!real || options.real === "-" || real.kind === "statistics" || real.kind === "features") return [];
  const images = wordToShell(options.real ?? real.location);
  return [
    `gan-eval stats --images ${images}${optionsToFlags(STATISTICS_OPTIONS, options)} --out real.npz   # then --real real.npz`,
  ];
}

/** ` --resize clean --limit 9`: the options that are not what they would be by default. */
export function optionsToFlags<Name extends OptionName>(
  names: readonly Name[],
  values: Readonly<Partial<Record<Name, unknown>>>,
): string {
  return names
    .filter((name) => values[name] !== undefined && values[name] !== defaultOf(name))
    .map((name) => ` --${nameToFlag(name)} ${wordToShell(String(values[name]))}`)
    .join("");
}

/** A word as a shell takes it, quoted where it must be. */
export const wordToShell = (word: string): string =>
  /^[\w./@:=+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
