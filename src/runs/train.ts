/** `gan-eval train`: begins a run, goes on with one, or says what one would be. */
import { instructionSet } from "../engine/instruction-set.ts";
import { GanEvalError, type Warning } from "../errors.ts";
import { withStopRequests } from "../files/stop-request.ts";
import { withDefaults } from "../options/table.ts";
import { packageVersion } from "../package-root.ts";
import { configDifferences, differencesToText } from "../run-folder/config-differences.ts";
import type { RunDescription, RunPlan } from "../run-folder/description.ts";
import { checkConfig, runToConfig } from "../run-folder/read-config.ts";
import { RECORDING_TABLE } from "../run-folder/recording-options.ts";
import { beginRun, openRun, type Run, reserveRun } from "../run-folder/run.ts";
import { type PlacesConfig, placesOf, type RunConfig } from "../run-folder/run-config.ts";
import { steadyClock as ownSteadyClock } from "../steady-clock.ts";
import { type DataConfig, TRAINING_DATA_TABLE } from "../train/data/options.ts";
import { isPointsLocation } from "../train/data/points.ts";
import { parameterCount } from "../train/networks/network.ts";
import { isOfPoints } from "../train/open-data.ts";
import type { ModelName } from "../train/options/model.ts";
import { type ModelChoices, SETTLED_OPTIONS } from "../train/options/table.ts";
import { batchesInRound, phaseAt } from "../train/scheme/plan.ts";
import type { Scheme } from "../train/scheme/scheme.ts";
import { flagsToChoices, isSchemeModel } from "../train/scheme-model.ts";
import { isOwnModel, moduleToPlace, type OwnModelChoice, withOwnModel } from "../train/schemes/own-model.ts";
import { type Instruments, openInstruments } from "./instruments.ts";
import { schemeToNetworks } from "./network-rows.ts";
import {
  type DataSummary,
  dataToSummary,
  openRunData,
  type PreparedRun,
  prepareRun,
  type RunData,
} from "./prepare-run.ts";
import { type RunRequest, requestToConfig, requestToData } from "./request-to-config.ts";
import { resumeTo } from "./resume-run.ts";
import { schemeToRows } from "./scheme-rows.ts";
import { trainRun } from "./train-run.ts";
import type { TrainedRun, TrainOptions } from "./trained-run.ts";

/** What a run is to be, and who watches it. */
export interface TrainRequest extends RunRequest, TrainOptions {}

export interface ResumeRequest extends TrainOptions {
  readonly folder: string;
  /** Options that were given anew, as they stand in the config. */
  readonly changes: Partial<RunConfig>;
  /** Learning rates that were given anew. */
  readonly rates: Partial<RunConfig["rates"]>;
  readonly allowChanges: boolean;
  /** Where weights and features lie, for a run whose folder does not say. */
  readonly fallback?: PlacesConfig;
}

/** Options of data, and their flags. */
const IMAGE_OPTIONS = {
  imgSize: "--img-size",
  channels: "--channels",
  split: "--split",
  limit: "--limit",
} as const;

/** Points have no size and no end, and images no noise: what was asked of one as of the other would be dropped in silence. */
function refuseOfOthers(data: DataConfig): void {
  if (data.pointDeviation !== undefined && !isPointsLocation(data.data))
    throw new GanEvalError("usage.data-option", `expected points for --point-deviation, got ${data.data}`, {
      hint: "Leave --point-deviation out: it is for --data points:FILE.",
    });
  if (!isOfPoints(data.data)) return;
  const given = Object.entries(IMAGE_OPTIONS).find(
    ([name]) => data[name as keyof typeof IMAGE_OPTIONS] !== null,
  );
  if (given === undefined) return;
  throw new GanEvalError(
    "usage.data-option",
    `expected images for ${given[1]}, got the points of ${data.data}`,
    {
      hint: `Leave ${given[1]} out: points are drawn anew in every round.`,
    },
  );
}

const requestToModel = ({ model = {} }: TrainRequest): ModelName => model.model ?? SETTLED_OPTIONS.model;

const requestToChoice = (request: TrainRequest): OwnModelChoice => ({
  model: requestToModel(request),
  scheme: request.scheme,
});

/** The request's data, brought to the size that the model is for. */
async function openRequested(request: TrainRequest): Promise<RunData> {
  refuseOfOthers(withDefaults(TRAINING_DATA_TABLE, request.data ?? {}));
  const model = requestToModel(request);
  const { seed } = withDefaults(RECORDING_TABLE, request.recording ?? {});
  return openRunData({ ...requestToData(request), model, seed }, request);
}

/** The config of a run on data that are open; they are closed where there is none. */
async function dataToConfig(request: TrainRequest, data: RunData): Promise<RunConfig> {
  try {
    return requestToConfig(request, dataToSummary(data));
  } catch (error) {
    if (data.kind === "domains") await data.opened.close();
    throw error;
  }
}

function toPlan(request: TrainRequest, config: RunConfig, { data, scheme, engine }: PreparedRun): RunPlan {
  const { label, count, shape, classes, classNames, hash, fields, attributes } = data;
  return {
    name: request.folder,
    command: [...(request.command ?? [])],
    versions: {
      "gan-eval": packageVersion(),
      node: process.versions.node,
      engine: `${engine.name} on ${engine.device}, ${engine.threads} threads`,
      isa: instructionSet(),
    },
    config: { ...config },
    data: {
      label,
      shape: [...shape],
      hash,
      ...(count !== undefined && { count }),
      ...(classes !== undefined && { classes }),
      ...(classNames && { classNames: [...classNames] }),
      ...(fields && {
        fields: Object.fromEntries(Object.entries(fields).map(([name, of]) => [name, [...of]])),
      }),
      ...(attributes && { attributes: [...attributes] }),
    },
    networks: schemeToNetworks(scheme),
    ...(fields && { scheme: schemeToRows(scheme, fields) }),
    rounds: config.rounds,
    seed: config.seed,
  };
}

/** What a run is trained with, opened before its folder is written to, and closed behind it. */
async function withInstruments<T>(
  config: RunConfig,
  data: RunData,
  options: TrainOptions,
  work: (prepared: PreparedRun, instruments: Instruments) => Promise<T>,
): Promise<T> {
  const prepared = await prepareRun(config, data, options);
  try {
    const instruments = await openInstruments(prepared, config, options);
    try {
      options.signal.throwIfAborted();
      return await work(prepared, instruments);
    } finally {
      await instruments.dispose();
    }
  } finally {
    await prepared.dispose();
  }
}

/**
 * Begins a run in a new folder and trains it. The folder is taken at once, and nothing of it remains where the run cannot
 * begin.
 * @throws GanEvalError `usage.*`, `input.*`, `run.*`
 */
export async function train(asked: TrainRequest): Promise<TrainedRun> {
  const release = asked.hold?.();
  try {
    const place = await reserveRun(asked.folder, asked);
    let run: Run | undefined;
    try {
      return await withStopRequests(asked.folder, asked.signal, (signal) => {
        const request = { ...asked, signal };
        return withOwnModel(requestToChoice(request), async () => {
          const data = await openRequested(request);
          const config = await dataToConfig(request, data);
          return withInstruments(config, data, request, async (prepared, instruments) => {
            run = await beginRun(request.folder, place, toPlan(request, config, prepared), request);
            return trainRun(run, config, prepared, instruments, request);
          });
        });
      });
    } finally {
      // A run that has begun gives its folder free itself.
      if (!run) await place.remove();
    }
  } finally {
    release?.();
  }
}

function refuseFinished({ name, round, status }: RunDescription, { rounds }: RunConfig): void {
  if (status !== "finished" || round < rounds) return;
  throw new GanEvalError(
    "usage.run-finished",
    `expected an unfinished run, got ${name}, which has finished its ${rounds} rounds`,
    {
      hint: "Extend it with --rounds N --allow-changes, or start a new run.",
    },
  );
}

function refuseChanges(stored: RunConfig, asked: RunConfig): void {
  const differences = configDifferences({ ...stored }, { ...asked });
  if (differences.length === 0) return;
  throw new GanEvalError(
    "usage.run-changed",
    `expected the options that the run was begun with, got ${differencesToText(differences)}`,
    { hint: "Leave them out, or add --allow-changes to change them from here." },
  );
}

function refuseShorter({ round }: RunDescription, { rounds }: RunConfig): void {
  if (rounds >= round) return;
  throw new GanEvalError(
    "usage.run-shorter",
    `expected at least the ${round} finished rounds, got ${rounds}`,
    { hint: "Give more --rounds, or start a new run." },
  );
}

/** A module that lies elsewhere than before describes the same model: no change. */
function changesToMoved(
  { changes: { model }, folder }: ResumeRequest,
  stored: RunConfig,
): Pick<RunConfig, "model" | "modelFile"> | undefined {
  if (!isOwnModel(model) || !isOwnModel(stored.model)) return undefined;
  return { model, modelFile: moduleToPlace(model, folder) };
}

/** The options to go on with: the run's own, and what was given anew. */
function requestToResumed(request: ResumeRequest, stored: RunConfig): RunConfig {
  const { rates, allowChanges, weights, cacheDir, memory, fallback = {} } = request;
  const changes = isSchemeModel(stored.model)
    ? (flagsToChoices(request.changes as ModelChoices) as Partial<RunConfig>)
    : request.changes;
  const termWeights = changes.termWeights && { ...stored.termWeights, ...changes.termWeights };
  const config = checkConfig<RunConfig>(
    { ...stored, ...changes, ...(termWeights && { termWeights }), rates: { ...stored.rates, ...rates } },
    "the changes",
  );
  const moved = changesToMoved(request, stored);
  if (!allowChanges) refuseChanges({ ...stored, ...moved }, { ...config, ...moved });
  const places = { ...fallback, ...placesOf(stored), ...placesOf({ weights, cacheDir, memory }), ...moved };
  return { ...config, ...places };
}

/**
 * Goes on with a run from its newest checkpoint. What was changed holds from there on, also where the run is gone on with
 * once more.
 * @throws GanEvalError `usage.run-changed`, `input.not-a-run`, ...
 */
export async function resume(request: ResumeRequest): Promise<TrainedRun> {
  const release = request.hold?.();
  try {
    const run = await openRun(request.folder, request);
    try {
      const config = requestToResumed(request, runToConfig(run.description, request.folder));
      refuseFinished(run.description, config);
      refuseShorter(run.description, config);
      const { model, modelFile } = config;
      const { folder, scheme } = request;
      return await withStopRequests(folder, request.signal, (signal) => {
        const options = { ...request, ...placesOf(config), signal };
        return withOwnModel({ model, modelFile, folder, scheme }, async () => {
          const data = await openRunData(config, options);
          return withInstruments(config, data, options, async (prepared, instruments) => {
            await resumeTo(run, prepared, config);
            return trainRun(run, config, prepared, instruments, options);
          });
        });
      });
    } finally {
      await run.close();
    }
  } finally {
    release?.();
  }
}

/** What a run would be. */
export interface TrainingPlan {
  readonly config: RunConfig;
  readonly data: Pick<DataSummary, "label" | "shape" | "count" | "classes" | "heldOutCount">;
  readonly networks: RunPlan["networks"];
  /** By network. */
  readonly parameters: Readonly<Record<string, number>>;
  readonly batchesPerEpoch?: number;
  readonly epochs?: number;
  /** Bytes of weights, gradients and what the optimizer carries; of a checkpoint; and of the data. */
  readonly memory: {
    readonly training: number;
    readonly checkpoint: number;
    readonly data: number;
    readonly measured: number;
  };
  /** Rounds that were played to see how long they take. */
  readonly playedRounds: number;
  /** What networks and steps took to be made and compiled, now; every run takes it once. */
  readonly compileSeconds: number;
  readonly millisecondsPerRound: number;
  readonly estimatedSeconds: number;
  readonly warnings: readonly Warning[];
}

const TIMED_ROUNDS = 5;
const WARM_UP_ROUNDS = 2;

/** Opens everything, plays a few rounds to see how long they take, and writes nothing. */
export async function planTraining(request: TrainRequest): Promise<TrainingPlan> {
  return withOwnModel(requestToChoice(request), () => planOpened(request));
}

async function planOpened(request: TrainRequest): Promise<TrainingPlan> {
  const data = await openRequested(request);
  const config = await dataToConfig(request, data);
  const prepared = await prepareRun(config, data, request);
  try {
    const { scheme, trainer, data: summary } = prepared;
    const { steadyClock = ownSteadyClock, signal } = request;
    const play = async (rounds: number): Promise<void> => {
      for (let i = 0; i < rounds; i++) {
        signal.throwIfAborted();
        await trainer.playRound();
      }
    };
    await play(WARM_UP_ROUNDS);
    const started = steadyClock();
    await play(TIMED_ROUNDS);
    const millisecondsPerRound = (steadyClock() - started) / TIMED_ROUNDS;
    await trainer.bringHome();
    const checkpoint = Object.values(trainer.save().state).reduce(
      (sum, { data: { byteLength } }) => sum + byteLength,
      0,
    );
    return {
      config,
      data: {
        label: summary.label,
        shape: summary.shape,
        ...(summary.count !== undefined && { count: summary.count }),
        ...(summary.classes !== undefined && { classes: summary.classes }),
        ...(summary.heldOutCount !== undefined && { heldOutCount: summary.heldOutCount }),
      },
      networks: schemeToNetworks(scheme),
      parameters: Object.fromEntries(
        Object.entries(scheme.networks).map(([name, network]) => [name, parameterCount(network)]),
      ),
      ...passesOf(summary, scheme, config),
      memory: {
        training: trainer.bytes,
        checkpoint,
        data: summary.bytes,
        measured: process.memoryUsage().rss,
      },
      playedRounds: WARM_UP_ROUNDS + TIMED_ROUNDS,
      compileSeconds: prepared.compileSeconds,
      millisecondsPerRound,
      estimatedSeconds: (config.rounds * millisecondsPerRound) / 1000,
      warnings: [...prepared.warnings, ...prepared.remarks],
    };
  } finally {
    await prepared.dispose();
  }
}

function passesOf(
  { count }: DataSummary,
  scheme: Scheme,
  { rounds }: RunConfig,
): { batchesPerEpoch?: number; epochs?: number } {
  if (count === undefined) return {};
  const batchesPerEpoch = Math.floor(count / scheme.batchSize);
  const batches = batchesInRound(phaseAt(scheme, rounds - 1));
  return { batchesPerEpoch, epochs: (rounds * batches) / Math.max(1, batchesPerEpoch) };
}
