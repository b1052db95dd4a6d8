/** From what a user asked for to everything that decides the run; the model and the data say the rest. */
import { GanEvalError } from "../errors.ts";
import { nameToKebab } from "../options/option.ts";
import { type GivenOptions, withDefaults } from "../options/table.ts";
import { RUN_COMPUTATION_TABLE } from "../run-folder/computation-options.ts";
import { LENGTH_ROWS, type REQUEST_TABLE, TOY_ROUNDS } from "../run-folder/length-options.ts";
import { checkConfig } from "../run-folder/read-config.ts";
import { RECORDING_TABLE } from "../run-folder/recording-options.ts";
import {
  type CONFIG_TABLES,
  type DataConfig,
  type PlacesConfig,
  placesOf,
  type RunConfig,
} from "../run-folder/run-config.ts";
import { DRAWN_NAMES } from "../train/data/domains/open-domains.ts";
import { TRAINING_DATA_TABLE } from "../train/data/options.ts";
import { choicesToOptions, type ModelChoices, type ModelOptions } from "../train/model.ts";
import type { ModelName } from "../train/options/model.ts";
import { SETTLED_OPTIONS } from "../train/options/table.ts";
import { PRESETS, type Preset } from "../train/presets.ts";
import { isSchemeModel, modelToRow } from "../train/scheme-model.ts";
import type { SchemeModel } from "../train/schemes/models.ts";
import { moduleToPlace } from "../train/schemes/own-model.ts";
import type { DataSummary } from "./prepare-run.ts";

type Tables = typeof CONFIG_TABLES;

/**
 * What a run is to be: plain JSON, which another process can train. Every option may be left out: defaults are those of the
 * option tables (docs/options.md), and of a model's own options those of the model. `lr`, `lrGenerator` and
 * `lrDiscriminator` are learning rates that differ from the model's, `penaltyWeight` is the weight of its penalties instead
 * of their own, `rounds` is taken instead of `epochs`.
 */
export interface RunRequest extends GivenOptions<typeof REQUEST_TABLE>, PlacesConfig {
  /** What is trained on and how it is read (default: each option's own; the digits). */
  readonly data?: GivenOptions<Tables["data"]>;
  /** The model (default: gan). */
  readonly model?: ModelChoices;
  /** What is kept of the run (default: each option's own). */
  readonly recording?: GivenOptions<Tables["recording"]>;
  /** With what it is computed (default: each option's own). */
  readonly computation?: GivenOptions<Tables["computation"]>;
  /** Empty or absent; it is made, and removed again where the run cannot begin. */
  readonly folder: string;
  /** Kept in `run.json`: what began the run (default: nothing). */
  readonly command?: readonly string[];
  /** Whether weights that are not installed are an error, not downloaded (default: GAN_EVAL_OFFLINE). */
  readonly offline?: boolean;
}

/** What a config needs to know of the data; `run.json` keeps it too. */
export type DataFacts = Pick<DataSummary, "shape" | "classes" | "count">;

/** Rounds that make so many passes over the data; at least one. */
function epochsToRounds(epochs: number, data: DataFacts, options: ModelOptions): number {
  if (data.count === undefined) return TOY_ROUNDS;
  const batches = Math.floor(data.count / (options.batchSize * (options.packing ?? 1)));
  return Math.max(1, Math.floor((epochs * batches) / (options.discriminatorSteps ?? 1)));
}

function requestToModel(request: RunRequest, data: DataFacts): ModelOptions {
  const facts = { shape: data.shape, ...(data.classes !== undefined && { classes: data.classes }) };
  const options = choicesToOptions(request.model ?? {}, facts);
  const { generator, discriminator } = options.rates;
  return {
    ...options,
    rates: {
      generator: request.lrGenerator ?? request.lr ?? generator,
      discriminator: request.lrDiscriminator ?? request.lr ?? discriminator,
    },
    ...(request.penaltyWeight !== undefined && {
      penalty: (options.penalty ?? []).map(({ name }) => ({ name, weight: request.penaltyWeight! })),
    }),
  };
}

/** Options of data, and the models that read them. */
const DATA_OPTIONS: Readonly<Record<string, (row: SchemeModel) => boolean>> = {
  dataB: ({ wants }) => wants === "pairs" || wants === "domains",
  pairs: ({ wants }) => wants === "pairs" || wants === "domains",
  direction: ({ wants }) => wants === "pairs" || wants === "domains",
  attributes: ({ wants }) => wants === "attributes",
  selected: ({ wants }) => wants === "attributes",
  loadSize: () => true,
  crop: () => true,
  flip: () => true,
  scale: ({ options }) => "scale" in options,
};

/** @throws GanEvalError `usage.model-option` for an option of data that the model does not read */
function refuseUnread(name: ModelName, data: Readonly<Record<string, unknown>>): void {
  const row = isSchemeModel(name) ? modelToRow(name) : undefined;
  const unread = Object.entries(DATA_OPTIONS).find(
    ([option, reads]) => data[option] !== undefined && !(row && reads(row)),
  );
  if (unread === undefined) return;
  throw new GanEvalError(
    "usage.model-option",
    `expected an option that ${name} has, got --${nameToKebab(unread[0])}`,
    { hint: "docs/models.md says what data each model takes." },
  );
}

/** The image size, by either of its names. @throws GanEvalError `usage.conflicting-option`, `usage.load-size` */
function sizeOf({ imgSize, loadSize }: DataConfig, row: SchemeModel, crop: number | undefined): number {
  if (crop === undefined) return imgSize ?? row.size;
  if (imgSize !== null && imgSize !== crop)
    throw new GanEvalError(
      "usage.conflicting-option",
      `expected --crop ${crop} or --img-size ${imgSize}, got both`,
      { hint: "Both are the size of the images that are trained on." },
    );
  if ((loadSize ?? row.loadSize) === undefined)
    throw new GanEvalError(
      "usage.load-size",
      `expected --load-size beside --crop ${crop}, got none: there would be nothing to cut off`,
      {
        hint: `Usual is 1.12 times the crop: --load-size ${Math.round(1.12 * crop)}. Without crops: --img-size ${crop}.`,
      },
    );
  return crop;
}

/** The data that were asked for, at the size that the model is for. */
export function requestToData({ data = {}, model, crop }: RunRequest): DataConfig {
  const name = model?.model ?? SETTLED_OPTIONS.model;
  refuseUnread(name, { ...data, crop });
  const all = withDefaults(TRAINING_DATA_TABLE, data);
  const { imgSize, ...config } = all;
  if (isSchemeModel(name)) {
    const row = modelToRow(name);
    const { size, loadSize, flip } = row;
    const side = sizeOf(all, row, crop);
    // Drawn data have a size of their own, and are not cropped or mirrored.
    if (DRAWN_NAMES.includes(config.data)) return { ...config, imgSize: null };
    return {
      ...config,
      imgSize: side,
      // A model's own load size goes with its own size, in proportion with another.
      loadSize:
        config.loadSize ?? (loadSize === undefined ? undefined : Math.round((side * loadSize) / size)),
      flip: config.flip ?? flip,
    };
  }
  const preset: Preset = PRESETS[name];
  return { ...config, imgSize: imgSize ?? preset.size ?? null };
}

/** @throws GanEvalError `input.run-config` for a value that its option does not take */
export function requestToConfig(request: RunRequest, data: DataFacts): RunConfig {
  const model = requestToModel(request, data);
  const rounds = request.rounds ?? epochsToRounds(request.epochs ?? LENGTH_ROWS.epochs.default, data, model);
  const given = requestToData(request);
  // A model that enlarges images has a scale of its own, which the user's replaces.
  const { scale = (model as Partial<Pick<DataConfig, "scale">>).scale } = given;
  const modelFile = moduleToPlace(model.model, request.folder);
  const config: RunConfig = {
    ...given,
    ...model,
    ...(scale !== undefined && { scale }),
    ...withDefaults(RECORDING_TABLE, request.recording ?? {}),
    rounds,
    ...withDefaults(RUN_COMPUTATION_TABLE, request.computation ?? {}),
    ...placesOf(request),
    ...(modelFile !== undefined && { modelFile }),
  };
  return checkConfig(config, "the request");
}
