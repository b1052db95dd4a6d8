/** The generator of a run, from one of its checkpoints. */
import path from "node:path";
import type { ArrayValue } from "../engine/engine.ts";
import { type EngineChoice, openEngine } from "../engine/index.ts";
import { GanEvalError } from "../errors.ts";
import { settleBest } from "../run-folder/checkpoints.ts";
import { type RunDescription, readDescription } from "../run-folder/description.ts";
import { runToConfig } from "../run-folder/read-config.ts";
import type { RunConfig } from "../run-folder/run-config.ts";
import { listRoundFiles, type RoundFile } from "../run-folder/run-folder.ts";
import { locationToShell } from "../shell-word.ts";
import { readCheckpoint } from "../train/checkpoint.ts";
import type { LatentSpec } from "../train/latent.ts";
import { optionsToModel } from "../train/model.ts";
import { under, within } from "../train/networks/names.ts";
import type { Network } from "../train/networks/network.ts";
import { openSampler, type Sampler } from "../train/sampler.ts";
import { isSchemeModel } from "../train/scheme-model.ts";

/** Which checkpoint: a round is its number. */
export type CheckpointChoice = "latest" | "best" | number;

export interface GeneratorOptions {
  /** The folder of a run. */
  readonly run: string;
  /** Default: the best if the run was scored, else the latest. */
  readonly checkpoint?: CheckpointChoice;
}

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

const noCheckpoint = (expected: string, got: string, hint: string): GanEvalError =>
  new GanEvalError("input.no-checkpoint", `expected ${expected}, got ${got}`, { hint });

/** More rounds than these would be no help. */
const MOST_LISTED = 12;

function listRounds(files: readonly RoundFile[]): string {
  const rounds = files.map(({ round }) => round);
  const shown = rounds.slice(-MOST_LISTED);
  return `${shown.length < rounds.length ? "..., " : ""}${shown.join(", ")}`;
}

/** @throws GanEvalError `input.no-checkpoint` where the run has none, or not the one asked for */
function chooseCheckpoint(
  folder: string,
  files: readonly RoundFile[],
  best: number | undefined,
  choice: CheckpointChoice | undefined,
): RoundFile {
  if (files.length === 0)
    throw noCheckpoint(
      `a checkpoint in ${folder}`,
      "none yet",
      "Wait for the first, or train with a smaller --checkpoint-interval.",
    );
  const latest = files[files.length - 1];
  if (choice === "latest") return latest;
  const round = typeof choice === "number" ? choice : best;
  if (round === undefined && choice === undefined) return latest;
  if (round === undefined)
    throw noCheckpoint(
      `an evaluated run, for its best checkpoint, in ${folder}`,
      "one without scores",
      "Use --checkpoint latest, or train with --eval-every.",
    );
  const found = files.find((file) => file.round === round);
  if (found !== undefined) return found;
  throw noCheckpoint(
    `a checkpoint of round ${round} in ${folder}`,
    "none",
    `There are: ${listRounds(files)}.`,
  );
}

/** The network's arrays of a checkpoint. @throws GanEvalError `input.checkpoint` where they are those of another network */
function stateToArrays(
  state: Readonly<Record<string, ArrayValue>>,
  network: Network,
  averaged: boolean,
  location: string,
): Record<string, ArrayValue> {
  const own = within(state, averaged ? "generator/average" : "generator");
  const specs = { ...under("weights", network.weights), ...under("buffers", network.buffers) };
  return Object.fromEntries(
    Object.entries(specs).map(([name, { shape }]) => {
      const array = own[name];
      if (`${array?.shape}` === `${shape}`) return [name, array];
      const got = array === undefined ? "none" : `[${array.shape}]`;
      throw new GanEvalError(
        "input.checkpoint",
        `expected ${name} of [${shape}] in ${location} for the generator described in run.json, got ${got}`,
        { hint: "The checkpoint belongs to another run, or run.json was changed: use another checkpoint." },
      );
    }),
  );
}

/** The run's config and its networks, by the run's own record of its options and data. */
async function descriptionToModel(run: RunDescription, folder: string) {
  try {
    const config = runToConfig(run, folder);
    return { config, game: await optionsToModel(config, run.data) };
  } catch (cause) {
    if (cause instanceof GanEvalError) throw cause;
    throw new GanEvalError(
      "input.not-a-run",
      `expected valid model options in ${path.join(folder, "run.json")}, got: ${(cause as Error).message}`,
      { hint: "run.json was changed, or written by another version of gan-eval.", cause },
    );
  }
}

/** @throws GanEvalError `usage.run-of-makers` for a run whose networks make images of images */
function refuseScheme({ config }: RunDescription, folder: string): void {
  if (!isSchemeModel(String(config.model))) return;
  throw new GanEvalError(
    "usage.run-of-makers",
    `expected a run of a generator that makes samples of latents, got ${folder} of the model ${config.model}`,
    { hint: `Its networks make images of images: gan-eval translate --run ${locationToShell(folder)}.` },
  );
}

/**
 * Reads a run's generator: its networks are made anew from the run's own options, its arrays come from a checkpoint.
 * @throws GanEvalError `input.not-a-run`; `usage.run-of-makers` for a run without such a generator; `input.no-checkpoint` where there is none, or not this one;
 *   `input.checkpoint` for a file that is cut off or of another network
 */
export async function readGenerator({
  run: folder,
  checkpoint,
}: GeneratorOptions): Promise<TrainedGenerator> {
  const files = await listRoundFiles(folder, "checkpoints");
  const run = settleBest(await readDescription(folder), files);
  refuseScheme(run, folder);
  const { location, round } = chooseCheckpoint(folder, files, run.best?.round, checkpoint);
  const { state } = await readCheckpoint(location);
  const { config, game } = await descriptionToModel(run, folder);
  const { generator, latent, emaDecay } = game;
  const { network } = generator;
  return {
    run,
    config,
    checkpoint: location,
    round,
    network,
    arrays: stateToArrays(state, network, emaDecay !== undefined, location),
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
  const engine = await openEngine(options);
  try {
    const sampler = await openSampler(engine, trained.network, trained.arrays, options.batchSize);
    return {
      ...trained,
      sampler,
      dispose: async () => {
        await sampler.dispose();
        await engine.dispose();
      },
    };
  } catch (error) {
    await engine.dispose();
    throw error;
  }
}

/** What a result says of where its generator came from. */
export interface GeneratorOrigin {
  readonly run: string;
  readonly checkpoint: string;
  readonly round: number;
}

export const originOf = (folder: string, { checkpoint, round }: TrainedGenerator): GeneratorOrigin => ({
  run: folder,
  checkpoint: path.relative(folder, checkpoint).split(path.sep).join("/"),
  round,
});
