/** The generator of a run, from one of its checkpoints. */
import path from "node:path";
import type { ArrayValue } from "../engine/engine.ts";
import type { EngineChoice } from "../engine/index.ts";
import { GanEvalError } from "../errors.ts";
import type { RunDescription } from "../run-folder/description.ts";
import { runToConfig } from "../run-folder/read-config.ts";
import type { RunConfig } from "../run-folder/run-config.ts";
import { locationToShell } from "../shell-word.ts";
import type { LatentSpec } from "../train/latent.ts";
import { optionsToModel } from "../train/model.ts";
import type { Network } from "../train/networks/network.ts";
import { openSampler, type Sampler } from "../train/sampler.ts";
import { isSchemeModel } from "../train/scheme-model.ts";
import { openOnEngine } from "./open-on-engine.ts";
import {
  type CheckpointChoice,
  type CheckpointOptions,
  type CheckpointOrigin,
  checkpointToOrigin,
  openRunCheckpoint,
  readState,
  stateToArrays,
} from "./run-checkpoint.ts";

export type { CheckpointChoice, CheckpointOrigin as GeneratorOrigin };
export type GeneratorOptions = CheckpointOptions;

/** A generator as it was at a checkpoint. */
export interface TrainedGenerator {
  readonly run: RunDescription;
  readonly config: RunConfig;
  /** The checkpoint's file. */
  readonly checkpoint: string;
  readonly round: number;
  readonly network: Network;
  /** By `weights/...` and `buffers/...`: the running average's, where the run keeps one. */
  readonly arrays: Readonly<Record<string, ArrayValue>>;
  readonly latent: LatentSpec;
  /** Classes that the generator is told; undefined for one that reads no labels. */
  readonly classes?: number;
  /** What the data called them, by class; undefined for data without names and for runs of older versions. */
  readonly classNames?: readonly string[];
}

export interface OpenedGenerator extends TrainedGenerator {
  readonly sampler: Sampler;
  dispose(): Promise<void>;
}

/** The run's config and its networks, by the run's own record of its options and data. */
async function descriptionToModel(run: RunDescription, folder: string) {
  try {
    const config = runToConfig(run, folder);
    return { config, model: await optionsToModel(config, run.data) };
  } catch (cause) {
    if (cause instanceof GanEvalError) throw cause;
    throw new GanEvalError(
      "input.not-a-run",
      `expected valid model options in ${path.join(folder, "run.json")}, got: ${(cause as Error).message}`,
      { hint: "run.json was changed, or written by another version of gan-eval.", cause },
    );
  }
}

/** @throws GanEvalError `usage.run-kind` for a run whose networks make images of images */
function refuseMakers({ config: { model } }: RunDescription, folder: string): void {
  if (!isSchemeModel(model as string)) return;
  throw new GanEvalError(
    "usage.run-kind",
    `expected a run of a generator that makes samples of latents, got one of ${model} in ${folder}`,
    {
      hint: `Its networks make images of images: gan-eval translate --run ${locationToShell(folder)}`,
    },
  );
}

/**
 * Reads a run's generator: its networks are made anew from the run's own options, its arrays come from a checkpoint.
 * @throws GanEvalError `input.not-a-run`; `usage.run-kind` for a run of a model of several networks; `input.no-checkpoint` where there is none, or not this one;
 *   `input.checkpoint` for a file that is cut off or of another network
 */
export async function readGenerator(options: GeneratorOptions): Promise<TrainedGenerator> {
  const { run: folder } = options;
  const { run, location, round } = await openRunCheckpoint(options);
  refuseMakers(run, folder);
  const state = await readState(location);
  const { config, model } = await descriptionToModel(run, folder);
  const { generator, latent, emaDecay } = model;
  const { network } = generator;
  const averaged = emaDecay !== undefined;
  return {
    run,
    config,
    checkpoint: location,
    round,
    network,
    arrays: stateToArrays(state, { name: "generator", network, averaged }, location),
    latent,
    ...(network.classes !== undefined && { classes: network.classes }),
    ...(run.data.classNames?.length === network.classes && { classNames: run.data.classNames }),
  };
}

export interface OpenGeneratorOptions extends GeneratorOptions, EngineChoice {
  /** Samples in one call of the network. */
  readonly batchSize: number;
}

/** Reads a run's generator and compiles it; `dispose` it after use. @throws GanEvalError as `readGenerator`, `openEngine` */
export async function openGenerator(options: OpenGeneratorOptions): Promise<OpenedGenerator> {
  const trained = await readGenerator(options);
  const { network, arrays } = trained;
  const { opened, dispose } = await openOnEngine(options, (engine) =>
    openSampler(engine, network, arrays, options.batchSize),
  );
  return { ...trained, sampler: opened, dispose };
}

export const originOf = (folder: string, { checkpoint, round }: TrainedGenerator): CheckpointOrigin =>
  checkpointToOrigin(folder, checkpoint, round);
