/** What a run of several networks makes of images: one of its makers, from one of its checkpoints. */
import type { ArrayValue } from "../engine/engine.ts";
import type { EngineChoice } from "../engine/index.ts";
import { GanEvalError } from "../errors.ts";
import type { RunDescription } from "../run-folder/description.ts";
import { runToConfig } from "../run-folder/read-config.ts";
import type { RunConfig } from "../run-folder/run-config.ts";
import { wordToSuggestion } from "../suggestion.ts";
import { makerToNetworks, type OpenMaker, openMaker } from "../train/maker.ts";
import { under } from "../train/networks/names.ts";
import type { Shape } from "../train/networks/shapes.ts";
import { type Maker, makerToImageFields, ownerOf, type Scheme } from "../train/scheme/scheme.ts";
import { isSchemeModel, optionsToScheme } from "../train/scheme-model.ts";
import type { SchemeModelName } from "../train/schemes/models.ts";
import { type OwnModel, withOwnModel } from "../train/schemes/own-model.ts";
import type { OwnScheme } from "../train/schemes/own-scheme.ts";
import { openOnEngine } from "./open-on-engine.ts";
import { type CheckpointOptions, openRunCheckpoint, readState, stateToArrays } from "./run-checkpoint.ts";

export interface MakerOptions extends CheckpointOptions {
  /** What describes the model of one's own: the object again, or where its module lies now; (default: where it was). */
  readonly model?: OwnScheme | OwnModel;
  /** By its name, such as `a-to-b`; (default: the run's first). */
  readonly maker?: string;
  /** Height and width of the images that it is given; (default: those that the run was trained on). */
  readonly size?: readonly [height: number, width: number];
}

/** A maker as it was at a checkpoint. */
export interface TrainedMaker {
  readonly run: RunDescription;
  readonly config: RunConfig;
  /** The checkpoint's file. */
  readonly checkpoint: string;
  readonly round: number;
  /** Of the networks that the maker applies alone. */
  readonly scheme: Scheme;
  readonly maker: Maker;
  /** Shapes of the fields that it may read. */
  readonly fields: Readonly<Record<string, Shape>>;
  /** Names of the columns of the field `attributes`. */
  readonly attributes?: readonly string[];
  /** By network, then by `weights/...` and `buffers/...`: the running average's, where there is one. */
  readonly arrays: Readonly<Record<string, Readonly<Record<string, ArrayValue>>>>;
}

/** @throws GanEvalError `usage.run-kind` for a run of a generator */
function requireMakers(config: RunConfig, folder: string): SchemeModelName | OwnModel {
  if (isSchemeModel(config.model)) return config.model;
  throw new GanEvalError(
    "usage.run-kind",
    `expected a run whose networks make images of images, got one of ${config.model} in ${folder}`,
    {
      hint: "It has a generator, which makes images of latents: use gan-eval generate.",
    },
  );
}

/** @throws GanEvalError `usage.maker` for a name that the run does not have */
function chooseMaker({ makers }: Scheme, wanted: string | undefined, folder: string): Maker {
  const names = makers.map(({ name }) => name);
  if (makers.length === 0)
    throw new GanEvalError(
      "usage.maker",
      `expected a model that makes images of images, got none in ${folder}`,
    );
  const found = wanted === undefined ? makers[0] : makers.find(({ name }) => name === wanted);
  if (found !== undefined) return found;
  const near = wordToSuggestion(wanted!, names);
  throw new GanEvalError("usage.maker", `expected one of ${names.join(", ")} as --maker, got ${wanted}`, {
    hint: near ? `Did you mean ${near}?` : `These are what the networks of ${folder} make.`,
  });
}

/** The fields' shapes, with images of another size; a low-resolution copy keeps its scale. */
function fieldsToSize(
  fields: Readonly<Record<string, Shape>>,
  size: MakerOptions["size"],
  reads: readonly string[],
): Readonly<Record<string, Shape>> {
  if (size === undefined) return fields;
  const { a, low } = fields;
  const scale = low === undefined ? 1 : a[0] / low[0];
  const isSmall = reads.includes("low") && !reads.includes("a");
  const full = isSmall ? size.map((side) => side * scale) : size;
  return Object.fromEntries(
    Object.entries(fields).map(([name, shape]) => {
      if (shape.length !== 3) return [name, shape];
      const [height, width] = name === "low" ? full.map((side) => side / scale) : full;
      return [name, [height, width, shape[2]]];
    }),
  );
}

/** What is wrong with networks of another size is the size. */
async function atSize<T>(size: MakerOptions["size"], work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (size === undefined || !(cause instanceof GanEvalError)) throw cause;
    throw new GanEvalError(
      "usage.img-size",
      `expected a size that the run's networks take, got ${size[1]}x${size[0]}: ${cause.message}`,
      {
        hint: "Leave --img-size out: images are then brought to the size that the run was trained on.",
        cause,
      },
    );
  }
}

/**
 * Reads a run's maker: its networks are made anew from the run's own options, its arrays come from a checkpoint.
 * @throws GanEvalError `input.not-a-run`, `usage.run-kind`, `usage.maker`; `usage.img-size` for a size that the networks do
 *   not take; `input.no-checkpoint`, `input.checkpoint` as `readGenerator`
 */
export async function readMaker({
  run: folder,
  checkpoint,
  maker: name,
  size,
  model: scheme,
}: MakerOptions): Promise<TrainedMaker> {
  const { run, location, round } = await openRunCheckpoint({
    run: folder,
    ...(checkpoint !== undefined && { checkpoint }),
  });
  const config = runToConfig(run, folder);
  const { model, modelFile } = config;
  return withOwnModel({ model, modelFile, folder, scheme }, async () => {
    const options = { ...config, model: requireMakers(config, folder) };
    const { fields: trained, attributes } = run.data;
    if (trained === undefined)
      throw new GanEvalError(
        "input.not-a-run",
        `expected the shapes of the data in run.json of ${folder}, got none`,
        {
          hint: "run.json was changed, or written by another version of gan-eval.",
        },
      );
    const data = { fields: trained, ...(attributes && { attributes }) };
    const own = await optionsToScheme(options, data);
    const maker = chooseMaker(own, name, folder);
    const fields = fieldsToSize(trained, size, makerToImageFields(own, maker));
    const state = await readState(location);
    return atSize(size, async () => {
      const whole = size === undefined ? own : await optionsToScheme(options, { ...data, fields });
      const chosen = chooseMaker(whole, maker.name, folder);
      const used = await makerToNetworks(whole, chosen);
      const scheme: Scheme = {
        ...whole,
        networks: Object.fromEntries(used.map((network) => [network, whole.networks[network]])),
      };
      const arrays = Object.fromEntries(
        used.map((network) => {
          const owner = ownerOf(whole, network);
          if (owner === undefined) return [network, under("weights", whole.frozen?.[network] ?? {})];
          const averaged = whole.players[owner].emaDecay !== undefined;
          const wanted = { name: network, network: whole.networks[network], averaged };
          return [network, stateToArrays(state, wanted, location)];
        }),
      );
      return {
        ...{ run, config, round, scheme, fields, arrays },
        checkpoint: location,
        maker: chosen,
        ...(attributes && { attributes }),
      };
    });
  });
}

export interface OpenedMaker extends TrainedMaker, OpenMaker {}

/** Compiles a maker that was read; `dispose` it after use. @throws GanEvalError as `openEngine` */
export async function compileMaker(
  trained: TrainedMaker,
  options: EngineChoice & { readonly batchSize: number },
): Promise<OpenedMaker> {
  const { scheme, maker, arrays } = trained;
  const { opened, dispose } = await openOnEngine(options, (engine) =>
    openMaker(engine, scheme, maker, (network) => arrays[network], options.batchSize),
  );
  return { ...trained, ...opened, dispose };
}

/** Reads a run's maker and compiles it; `dispose` it after use. @throws GanEvalError as `readMaker`, `compileMaker` */
export const openRunMaker = async (
  options: MakerOptions & EngineChoice & { readonly batchSize: number },
): Promise<OpenedMaker> => compileMaker(await readMaker(options), options);
