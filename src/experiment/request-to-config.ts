/** From what a user asked for to everything that decides the run; the model and the data say the rest. */
import type { OpenedData } from "../train/data/opened-data.ts";
import { choicesToOptions, type ModelOptions } from "../train/model.ts";
import { PRESETS, type Preset } from "../train/presets.ts";
import type { DataConfig, RunConfig } from "./run-config.ts";
import type { TrainRequest } from "./train.ts";

/** Length of a run on data without an end. */
const TOY_ROUNDS = 10_000;

/** What a request says about the run itself, and not about who watches it. */
export type RunRequest = Omit<
  TrainRequest,
  "clock" | "steadyClock" | "signal" | "hold" | "onProgress" | "openJudge" | "onRound" | "generator"
>;

/** What a config needs to know of the data; `run.json` keeps it too. */
export type DataFacts = Pick<OpenedData, "shape" | "classes" | "count">;

/** Rounds that make so many passes over the data; at least one. */
function epochsToRounds(epochs: number, data: DataFacts, options: ModelOptions): number {
  if (data.count === undefined) return TOY_ROUNDS;
  const batches = Math.floor(data.count / (options.batchSize * options.packing));
  return Math.max(1, Math.floor((epochs * batches) / options.discriminatorSteps));
}

function requestToModel(request: RunRequest, data: DataFacts): ModelOptions {
  const facts = { shape: data.shape, ...(data.classes !== undefined && { classes: data.classes }) };
  const options = choicesToOptions(request.model, facts);
  const { generator, discriminator } = options.rates;
  return {
    ...options,
    rates: {
      generator: request.generatorRate ?? request.rate ?? generator,
      discriminator: request.discriminatorRate ?? request.rate ?? discriminator,
    },
    ...(request.penaltyWeight !== undefined && {
      penalty: options.penalty.map(({ name }) => ({ name, weight: request.penaltyWeight! })),
    }),
  };
}

/** The data that were asked for, at the size that the model is for. */
export function requestToData({ data, model }: RunRequest): DataConfig {
  const preset: Preset = PRESETS[model.model ?? "gan"];
  return { ...data, imgSize: data.imgSize ?? preset.size ?? null };
}

export function requestToConfig(request: RunRequest, data: DataFacts): RunConfig {
  const model = requestToModel(request, data);
  const rounds = request.rounds ?? epochsToRounds(request.epochs, data, model);
  const { weights, cacheDir } = request;
  return {
    ...requestToData(request),
    ...model,
    ...request.recording,
    rounds,
    ...request.computation,
    ...(weights !== undefined && { weights }),
    ...(cacheDir !== undefined && { cacheDir }),
  };
}
