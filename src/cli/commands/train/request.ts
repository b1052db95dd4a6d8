/** The options of `gan-eval train` as the training room takes them. */

import { GanEvalError } from "../../../errors.ts";
import { type GivenOptions, tableToNames } from "../../../options/table.ts";
import { REQUEST_TABLE } from "../../../run-folder/length-options.ts";
import {
  CONFIG_TABLES,
  type PlacesConfig,
  placesOf,
  type RunConfig,
} from "../../../run-folder/run-config.ts";
import { RUN_FOLDER_ROWS } from "../../../runs/options.ts";
import type { RunRequest } from "../../../runs/request-to-config.ts";
import type { ResumeRequest, TrainRequest } from "../../../runs/train.ts";
import type { CommandContext } from "../../command.ts";
import {
  keyToOption,
  MODEL_OPTIONS,
  RECORDING_OPTIONS,
  TRAINING_DATA_OPTIONS,
  TRAINING_OPTIONS,
} from "../../options/training.ts";
import { nameToFlag, type OptionName, type OptionValues, optionRow } from "../../options.ts";

/** The options of `gan-eval train`: every one that a run's config or its request has, and those of its folder. */
export const TRAIN_OPTIONS = [
  ...tableToNames(TRAINING_DATA_OPTIONS),
  ...tableToNames(MODEL_OPTIONS),
  ...tableToNames(TRAINING_OPTIONS),
  "seed",
  ...tableToNames(RUN_FOLDER_ROWS),
  ...tableToNames(RECORDING_OPTIONS),
  ...(["engine", "device", "threads", "selfCheck", "weights", "cacheDir", "offline"] as const),
] as const satisfies readonly OptionName[];

export const TRAIN_MOST_USED = [
  ...(["data", "model", "epochs", "rounds", "trainBatchSize", "lr", "seed"] as const),
  ...(["evalEvery", "runOut", "resume", "dryRun"] as const),
] as const satisfies readonly (typeof TRAIN_OPTIONS)[number][];

export type TrainValues = OptionValues<(typeof TRAIN_OPTIONS)[number]>;

type Table = keyof typeof CONFIG_TABLES;

/** Those options of a table that are among `given`, by the config's keys. */
const givenOf = <Name extends Table>(
  table: Name,
  values: TrainValues,
  given: ReadonlySet<string>,
): GivenOptions<(typeof CONFIG_TABLES)[Name]> =>
  Object.fromEntries(
    Object.entries(CONFIG_TABLES[table]).flatMap(([key, row]) => {
      const name = keyToOption(key);
      return given.has(name) ? [[key, values[name as keyof TrainValues] ?? row.default]] : [];
    }),
  ) as GivenOptions<(typeof CONFIG_TABLES)[Name]>;

/** The options that somebody gave, wherever. */
const givenOptions = (sources: CommandContext["sources"]): ReadonlySet<OptionName> =>
  new Set((Object.keys(sources) as OptionName[]).filter((name) => sources[name] !== "default"));

/** The parts of a command's context that watch a training. */
export const contextToWatch = ({ clock, steadyClock, signal, hold, onProgress }: CommandContext) => ({
  clock,
  steadyClock,
  signal,
  hold,
  onProgress,
});

export function valuesToRunRequest(
  values: TrainValues,
  folder: string,
  { argv, sources }: Pick<CommandContext, "argv" | "sources">,
): RunRequest {
  const given = givenOptions(sources);
  const asked = Object.keys(REQUEST_TABLE).filter((name) => given.has(name as OptionName));
  return {
    ...placesOf(values),
    ...Object.fromEntries(asked.map((name) => [name, values[name as keyof TrainValues]])),
    data: givenOf("data", values, given),
    model: { model: values.model, ...givenOf("model", values, given) },
    recording: givenOf("recording", values, given),
    computation: givenOf("computation", values, given),
    folder,
    command: argv,
    offline: values.offline,
  };
}

export const valuesToTrainRequest = (
  values: TrainValues,
  folder: string,
  context: CommandContext,
): TrainRequest => ({ ...valuesToRunRequest(values, folder, context), ...contextToWatch(context) });

/** @throws GanEvalError `usage.resume-options` for an option that no run can change */
export function valuesToResumeRequest(values: TrainValues, context: CommandContext): ResumeRequest {
  const { sources } = context;
  // A config file's options hold for new runs; a resumed one has its own.
  const given = new Set((Object.keys(sources) as OptionName[]).filter((name) => sources[name] === "flag"));
  const changes: Partial<RunConfig> = Object.assign(
    {},
    ...(Object.keys(CONFIG_TABLES) as Table[]).map((table) => givenOf(table, values, given)),
    given.has("rounds") && { rounds: values.rounds },
  );
  const refused = [...given].filter((name) => optionRow(name).fixed);
  if (refused.length > 0)
    throw new GanEvalError(
      "usage.resume-options",
      `expected --resume without ${refused.map((name) => `--${nameToFlag(name)}`).join(" and ")}, got both`,
      { hint: "A resumed run continues in its own folder; --rounds with --allow-changes extends it." },
    );
  const { lr, lrGenerator, lrDiscriminator } = values;
  const onlyGiven = <Name extends keyof PlacesConfig>(name: Name) =>
    given.has(name) ? values[name] : undefined;
  return {
    ...contextToWatch(context),
    offline: values.offline,
    ...placesOf({
      ...{ weights: onlyGiven("weights"), cacheDir: onlyGiven("cacheDir"), memory: onlyGiven("memory") },
    }),
    fallback: placesOf(values),
    folder: values.resume!,
    changes,
    rates: {
      ...((lrGenerator ?? lr) !== undefined && { generator: lrGenerator ?? lr }),
      ...((lrDiscriminator ?? lr) !== undefined && { discriminator: lrDiscriminator ?? lr }),
    },
    allowChanges: values.allowChanges,
  };
}
