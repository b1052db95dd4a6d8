/** What a caller may say of a training run, and the request that it makes: what is left out is the option tables' default. */

import type { OpenMonitor } from "../diagnosis/run-monitor.ts";
import { imagesToOpenable } from "../evaluate/images.ts";
import type { MadeImage, PixelBatch } from "../images/sources/generator.ts";
import type { Progress } from "../progress.ts";
import type { RunConfig } from "../run-folder/run-config.ts";
import type { ResumeRequest, TrainRequest } from "../runs/train.ts";
import { type GeneratedData, generatorToLocation } from "../train/data/generator-source.ts";
import type { ModelChoices } from "../train/model.ts";
import { MODEL_ROWS, type ModelName } from "../train/options/model.ts";
import type { RoundRecord } from "../train/round-record.ts";
import { modelToName, type OwnModel, schemeToModel } from "../train/schemes/own-model.ts";
import type { OwnScheme } from "../train/schemes/own-scheme.ts";

/**
 * Data to train on: `digits`, a toy distribution, a location of images; the same with how they are read; images that
 * come from a callback or an iterable, perhaps with labels; images in memory.
 */
export type TrainingSource =
  | string
  | DataChoices
  | (GeneratedData & Omit<DataChoices, "data">)
  | readonly MadeImage[]
  | PixelBatch;

/** A location of data, and how its images are read (default: as they are; `data` digits, `onError` fail). */
export type DataChoices = NonNullable<TrainRequest["data"]>;

/** A scheme of one's own (`scheme` of gan-eval/train) with other values of the options that it has. */
export interface OwnModelChoices extends Omit<ModelChoices, "model"> {
  readonly model: OwnScheme;
}

/** What `train` takes; every field has a default. */
export interface TrainOptions {
  /** Default digits: drawn, and in the package. */
  readonly data?: TrainingSource;
  /** A model by name or the path of a module, perhaps with choices of one's own, or a scheme (default gan). */
  readonly model?: ModelName | ModelChoices | OwnScheme | OwnModelChoices;
  /** Learning rates (default: the model's). */
  readonly lr?: number;
  /** Default: `lr`. */
  readonly lrGenerator?: number;
  /** Default: `lr`. */
  readonly lrDiscriminator?: number;
  /** What the preset's penalties are multiplied by (default: the preset's weight). */
  readonly penaltyWeight?: number;
  /** Side of the random parts of training images: `data.imgSize` by another name (default: none). */
  readonly crop?: number;
  /** Passes over the data (default 200); 10,000 rounds of toys, which have no end. */
  readonly epochs?: number;
  /** Instead of epochs (default: what `epochs` come to). */
  readonly rounds?: number;
  /**
   * The seed (default 2020), and what is kept of the run (default: a record every 10 rounds, samples every 400 batches, a
   * checkpoint every 1000 rounds, no scores). `stopOn` names verdicts that end it (default: none).
   */
  readonly recording?: TrainRequest["recording"];
  /** Engine and device (default auto), threads (default: one a core). */
  readonly computation?: TrainRequest["computation"];
  /** The run's new folder (default: `runs/MODEL-1`, or the first number that is free). */
  readonly folder?: string;
  /** How the program was called, for the record (default: nothing). */
  readonly command?: readonly string[];
  /** Weights of the network that scores (default: the installed or downloaded ones). */
  readonly weights?: string;
  /** Where installed networks and features lie (default: $XDG_CACHE_HOME/gan-eval or ~/.cache/gan-eval). */
  readonly cacheDir?: string;
  /** GiB that training images may take in memory (default 8). */
  readonly memory?: number;
  /** Whether weights that are not installed are an error, not downloaded (default: GAN_EVAL_OFFLINE). */
  readonly offline?: boolean;
  /** Called with each record, every `recordInterval` rounds; what it throws ends the run (default: nobody is). */
  readonly onRound?: (record: RoundRecord) => void;
  /** Called as the work goes on (default: nobody is). */
  readonly onProgress?: (progress: Progress) => void;
  /** Ends the run with an AbortError; it is saved, and `resume` goes on (default: it runs to its end). */
  readonly signal?: AbortSignal;
  /** Milliseconds since 1970 (default: Date.now). */
  readonly clock?: () => number;
  /** Who looks at the run's health (default: the diagnosis of this package). */
  readonly openMonitor?: OpenMonitor;
}

/** What `resume` takes beside the run's folder; every other field has a default. */
export interface ResumeOptions
  extends Pick<
    TrainOptions,
    | "weights"
    | "cacheDir"
    | "memory"
    | "offline"
    | "onRound"
    | "onProgress"
    | "signal"
    | "clock"
    | "openMonitor"
  > {
  readonly folder: string;
  /** The images again, of a run whose data a program made (default: what the run's config names). */
  readonly data?: GeneratedData | readonly MadeImage[] | PixelBatch;
  /** What describes the model of one's own: the object again, or where its module lies now (default: where it was). */
  readonly model?: OwnScheme | OwnModel;
  /** Options that are to be others from here on (default: none). */
  readonly changes?: Partial<RunConfig>;
  /** Learning rates that are to be others (default: the run's). */
  readonly rates?: Partial<RunConfig["rates"]>;
  /** Whether `changes` may differ from what the run was begun with (default false). */
  readonly allowChanges?: boolean;
}

/** A source as a request has it, and the images themselves where a program makes them. */
function sourceToData(source: TrainingSource | undefined): Pick<TrainRequest, "data" | "generator"> {
  if (source === undefined) return {};
  if (typeof source === "string") return { data: { data: source } };
  const isChoices = !Array.isArray(source) && !("images" in source) && !("shape" in source);
  if (isChoices) return { data: source as DataChoices };
  const generator = imagesToOpenable(source as GeneratedData, "data") as GeneratedData;
  const { imgSize, channels, limit, split } = source as Omit<DataChoices, "data">;
  return { data: { data: generatorToLocation(generator), imgSize, channels, limit, split }, generator };
}

const isScheme = (model: object | string | undefined): model is OwnScheme =>
  typeof model === "object" && "build" in model;

/** The choices that a request has, and the scheme where a program gives one. */
function modelToChoices(model: TrainOptions["model"]): { choices: ModelChoices; scheme?: OwnScheme } {
  if (model === undefined) return { choices: {} };
  if (typeof model === "string") return { choices: { model } };
  if (isScheme(model)) return { choices: { model: schemeToModel(model) }, scheme: model };
  const { model: own, ...choices } = model;
  if (isScheme(own)) return { choices: { ...choices, model: schemeToModel(own) }, scheme: own };
  return { choices: { ...choices, ...(own !== undefined && { model: own }) } };
}

/** What the folder of a request's run is called. */
export const optionsToName = ({ model }: TrainOptions): string =>
  modelToName(modelToChoices(model).choices.model ?? MODEL_ROWS.model.default);

/** The watching that the inner functions require, with a default for each part. */
const withWatch = ({ onProgress, signal, clock }: Pick<TrainOptions, "onProgress" | "signal" | "clock">) => ({
  onProgress: onProgress ?? (() => {}),
  signal: signal ?? new AbortController().signal,
  clock: clock ?? Date.now,
});

export function optionsToRequest(options: TrainOptions, folder: string): TrainRequest {
  const { data, model, ...others } = options;
  const { choices, scheme } = modelToChoices(model);
  return {
    ...others,
    ...withWatch(options),
    ...sourceToData(data),
    model: choices,
    ...(scheme && { scheme }),
    folder,
  };
}

export function optionsToResumeRequest(options: ResumeOptions): ResumeRequest {
  const { data, model, changes = {}, rates = {}, allowChanges = false, ...others } = options;
  return {
    ...others,
    ...withWatch(options),
    changes: { ...changes, ...(typeof model === "string" && { model }) },
    rates,
    allowChanges,
    ...(typeof model === "object" && { scheme: model }),
    ...(data !== undefined && { generator: imagesToOpenable(data, "data") as GeneratedData }),
  };
}
