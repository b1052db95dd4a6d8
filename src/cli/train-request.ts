/** The options of `gan-eval train` as the training room takes them. */

import { TROUBLES } from "../diagnosis/verdict.ts";
import { GanEvalError } from "../errors.ts";
import type { PlacesConfig, RunConfig } from "../experiment/run-config.ts";
import type { ResumeRequest, TrainRequest } from "../experiment/train.ts";
import { wordToSuggestion } from "../suggestion.ts";
import type { AuxiliaryName } from "../train/auxiliaries.ts";
import type { ModelChoices } from "../train/model.ts";
import type { PenaltyName } from "../train/penalties.ts";
import type { CommandContext } from "./command.ts";
import { AUXILIARY_NAMES, NET_NAMES, PENALTY_NAMES } from "./options/names.ts";
import type { OptionName, OptionValues } from "./options.ts";

export const TRAIN_OPTIONS = [
  "data",
  "split",
  "limit",
  "onError",
  "imgSize",
  "channels",
  "model",
  "net",
  "loss",
  "penalty",
  "penaltyWeight",
  "auxiliary",
  "conditional",
  "clipValue",
  "spectralNorm",
  "minibatchDeviation",
  "packing",
  "orthogonal",
  "labelSmoothing",
  "instanceNoise",
  "latentDim",
  "latentDistribution",
  "categories",
  "codeDim",
  "hiddenLayers",
  "hiddenUnits",
  "margin",
  "gamma",
  "lambdaK",
  "nEpochs",
  "rounds",
  "trainBatchSize",
  "lr",
  "lrGenerator",
  "lrDiscriminator",
  "optimizer",
  "b1",
  "b2",
  "momentum",
  "schedule",
  "nCritic",
  "generatorSteps",
  "gradientClip",
  "ema",
  "onNan",
  "seed",
  "runOut",
  "resume",
  "allowChanges",
  "dryRun",
  "recordInterval",
  "sampleInterval",
  "checkpointInterval",
  "keepCheckpoints",
  "evalEvery",
  "evalSamples",
  "evalMetrics",
  "evalExtractor",
  "earlyStop",
  "diagnoseEvery",
  "stopOn",
  "tensorboard",
  "engine",
  "device",
  "threads",
  "weights",
  "cacheDir",
  "offline",
] as const satisfies readonly OptionName[];

export const TRAIN_MOST_USED = [
  ...(["data", "model", "nEpochs", "rounds", "trainBatchSize", "lr", "seed"] as const),
  ...(["evalEvery", "runOut", "resume", "dryRun"] as const),
] as const satisfies readonly (typeof TRAIN_OPTIONS)[number][];

export type TrainValues = OptionValues<(typeof TRAIN_OPTIONS)[number]>;

function notAName(option: string, expects: string, got: string, names: readonly string[]): GanEvalError {
  const suggestion = wordToSuggestion(got, names);
  return new GanEvalError(
    "usage.option-value",
    `${option} expects ${expects}, got ${JSON.stringify(got)}`,
    suggestion === undefined ? {} : { hint: `Did you mean ${suggestion}?` },
  );
}

/** A list of names, or none of them; checked, since a list's words are not. */
function wordsToNames<Name extends string>(
  option: string,
  words: readonly string[] | undefined,
  names: readonly Name[],
): Name[] | undefined {
  if (words === undefined) return undefined;
  if (words.length === 1 && words[0] === "none") return [];
  for (const word of words)
    if (!(names as readonly string[]).includes(word))
      throw notAName(option, `${names.join(", ")} or none`, word, [...names, "none"]);
  return words as Name[];
}

/** The name of a pair, or the path of a module, which has a point or a slash in it. */
function requireNet(net: string | undefined): string | undefined {
  if (net === undefined || (NET_NAMES as readonly string[]).includes(net) || /[./\\]/.test(net)) return net;
  throw notAName("--net", `${NET_NAMES.join(", ")} or the path of a module`, net, NET_NAMES);
}

/** What was said about the model; undefined is the model's own. */
function valuesToChoices(values: TrainValues, given: ReadonlySet<OptionName>): ModelChoices {
  const own = <Name extends keyof TrainValues>(name: Name): TrainValues[Name] | undefined =>
    given.has(name) ? values[name] : undefined;
  const penalties = wordsToNames<PenaltyName>("--penalty", values.penalty, PENALTY_NAMES);
  const auxiliaries = wordsToNames<AuxiliaryName>("--auxiliary", values.auxiliary, AUXILIARY_NAMES);
  return {
    model: values.model,
    net: requireNet(values.net),
    loss: values.loss,
    penalty: penalties?.map((name) => ({ name })),
    auxiliary: auxiliaries?.map((name) => ({ name })),
    conditional: values.conditional,
    clipValue: values.clipValue,
    spectralNorm: values.spectralNorm,
    minibatchDeviation: own("minibatchDeviation"),
    packing: values.packing,
    orthogonal: own("orthogonal"),
    smoothing: own("labelSmoothing"),
    instanceNoise: own("instanceNoise"),
    latentDim: values.latentDim,
    latentDistribution: values.latentDistribution,
    categories: values.categories,
    codes: values.codeDim,
    hiddenLayers: own("hiddenLayers"),
    hiddenUnits: own("hiddenUnits"),
    margin: own("margin"),
    gamma: own("gamma"),
    lambdaK: own("lambdaK"),
    batchSize: values.trainBatchSize,
    optimizer: values.optimizer,
    b1: values.b1,
    b2: values.b2,
    momentum: values.momentum,
    schedule: own("schedule"),
    discriminatorSteps: values.nCritic,
    generatorSteps: own("generatorSteps"),
    gradientClip: own("gradientClip"),
    emaDecay: own("ema"),
  };
}

/** How the run's health is looked at. */
function valuesToWatch({ diagnoseEvery, stopOn }: TrainValues) {
  const ends = wordsToNames("--stop-on", stopOn, TROUBLES);
  return { diagnoseEvery, ...(ends && ends.length > 0 && { stopOn: ends }) };
}

const toChannels = (channels: string | undefined): 1 | 3 | null =>
  channels === undefined ? null : channels === "1" ? 1 : 3;

/** The options that somebody gave, wherever. */
const givenOptions = ({ sources }: CommandContext): ReadonlySet<OptionName> =>
  new Set((Object.keys(sources) as OptionName[]).filter((name) => sources[name] !== "default"));

const watching = ({ offline }: Pick<TrainValues, "offline">, context: CommandContext) => ({
  clock: context.clock,
  steadyClock: context.steadyClock,
  signal: context.signal,
  hold: context.hold,
  onProgress: context.onProgress,
  offline,
});

const valuesToPlaces = ({ weights, cacheDir }: Pick<TrainValues, "weights" | "cacheDir">): PlacesConfig => ({
  ...(weights !== undefined && { weights }),
  ...(cacheDir !== undefined && { cacheDir }),
});

export function valuesToTrainRequest(
  values: TrainValues,
  folder: string,
  context: CommandContext,
): TrainRequest {
  const given = givenOptions(context);
  return {
    ...watching(values, context),
    ...valuesToPlaces(values),
    data: {
      data: values.data,
      imgSize: values.imgSize ?? null,
      channels: toChannels(values.channels),
      split: values.split ?? null,
      limit: values.limit ?? null,
      onError: values.onError,
    },
    model: valuesToChoices(values, given),
    ...(values.lr !== undefined && { rate: values.lr }),
    ...(values.lrGenerator !== undefined && { generatorRate: values.lrGenerator }),
    ...(values.lrDiscriminator !== undefined && { discriminatorRate: values.lrDiscriminator }),
    ...(values.penaltyWeight !== undefined && { penaltyWeight: values.penaltyWeight }),
    recording: {
      seed: values.seed,
      recordInterval: values.recordInterval,
      sampleInterval: values.sampleInterval,
      checkpointInterval: values.checkpointInterval,
      keepCheckpoints: values.keepCheckpoints,
      evalEvery: values.evalEvery,
      evalSamples: values.evalSamples,
      evalMetrics: values.evalMetrics ?? [],
      extractor: values.evalExtractor ?? null,
      earlyStop: values.earlyStop,
      onNan: values.onNan,
      tensorboard: values.tensorboard,
      ...valuesToWatch(values),
    },
    epochs: values.nEpochs,
    ...(values.rounds !== undefined && { rounds: values.rounds }),
    computation: { engine: values.engine, device: values.device, threads: values.threads ?? null },
    folder,
    command: context.argv,
  };
}

/** The config's keys that an option decides where it is given to a run that goes on. */
const CHANGEABLE = {
  data: (values) => ({ data: values.data }),
  imgSize: (values) => ({ imgSize: values.imgSize ?? null }),
  channels: (values) => ({ channels: toChannels(values.channels) }),
  split: (values) => ({ split: values.split ?? null }),
  limit: (values) => ({ limit: values.limit ?? null }),
  onError: (values) => ({ onError: values.onError }),
  rounds: (values) => ({ rounds: values.rounds }),
  seed: (values) => ({ seed: values.seed }),
  recordInterval: (values) => ({ recordInterval: values.recordInterval }),
  sampleInterval: (values) => ({ sampleInterval: values.sampleInterval }),
  checkpointInterval: (values) => ({ checkpointInterval: values.checkpointInterval }),
  keepCheckpoints: (values) => ({ keepCheckpoints: values.keepCheckpoints }),
  evalEvery: (values) => ({ evalEvery: values.evalEvery }),
  evalSamples: (values) => ({ evalSamples: values.evalSamples }),
  evalMetrics: (values) => ({ evalMetrics: values.evalMetrics }),
  evalExtractor: (values) => ({ extractor: values.evalExtractor }),
  earlyStop: (values) => ({ earlyStop: values.earlyStop }),
  onNan: (values) => ({ onNan: values.onNan }),
  tensorboard: (values) => ({ tensorboard: values.tensorboard }),
  diagnoseEvery: ({ diagnoseEvery }) => ({ diagnoseEvery }),
  stopOn: valuesToWatch,
  engine: (values) => ({ engine: values.engine }),
  device: (values) => ({ device: values.device }),
  threads: (values) => ({ threads: values.threads ?? null }),
} as const satisfies Partial<Record<OptionName, (values: TrainValues) => Partial<RunConfig>>>;

/** Options that a run that goes on cannot take, by their flags. */
const NOT_RESUMABLE = {
  runOut: "--out",
  dryRun: "--dry-run",
  nEpochs: "--n-epochs",
  penaltyWeight: "--penalty-weight",
} as const;

/** @throws GanEvalError `usage.resume-options` for an option that no run can change */
export function valuesToResumeRequest(values: TrainValues, context: CommandContext): ResumeRequest {
  const { sources } = context;
  // A config file's options hold for new runs; a resumed one has its own.
  const given = new Set((Object.keys(sources) as OptionName[]).filter((name) => sources[name] === "flag"));
  const model = Object.entries(valuesToChoices(values, given)).filter(([, value]) => value !== undefined);
  const changes: Partial<RunConfig> = Object.fromEntries(
    given.has("model") ? model : model.filter(([name]) => name !== "model"),
  );
  for (const name of given)
    if (Object.hasOwn(CHANGEABLE, name))
      Object.assign(changes, CHANGEABLE[name as keyof typeof CHANGEABLE](values));
  const refused = Object.entries(NOT_RESUMABLE).filter(([name]) => given.has(name as OptionName));
  if (refused.length > 0)
    throw new GanEvalError(
      "usage.resume-options",
      `expected --resume without ${refused.map(([, flag]) => flag).join(" and ")}, got both`,
      { hint: "A resumed run goes on in its own folder; --rounds with --allow-changes makes it longer." },
    );
  const { lr, lrGenerator, lrDiscriminator } = values;
  const onlyGiven = <Name extends "weights" | "cacheDir">(name: Name) =>
    given.has(name) ? values[name] : undefined;
  return {
    ...watching(values, context),
    ...valuesToPlaces({ weights: onlyGiven("weights"), cacheDir: onlyGiven("cacheDir") }),
    fallback: valuesToPlaces(values),
    folder: values.resume!,
    changes,
    rates: {
      ...((lrGenerator ?? lr) !== undefined && { generator: lrGenerator ?? lr }),
      ...((lrDiscriminator ?? lr) !== undefined && { discriminator: lrDiscriminator ?? lr }),
    },
    allowChanges: values.allowChanges,
  };
}
