/** The options of a model, all of them given, and the model that they make on data of a shape. */
import { GanEvalError, type Warning } from "../errors.ts";
import { nameToKebab } from "../options/option.ts";
import { tableToNames } from "../options/table.ts";
import { checkModel, type GanModel, headsOf } from "./gan-model.ts";
import { type LatentSpec, latentWidth } from "./latent.ts";
import { withBatchDeviation } from "./networks/batch-deviation.ts";
import { type Network, withSpectralNorm } from "./networks/network.ts";
import { type NetworkRequest, PAIRS, type Pair, type PairName, toyPair } from "./networks/pairs.ts";
import type { Shape } from "./networks/shapes.ts";
import { PARTICULAR_ROWS } from "./options/particulars.ts";
import { SCHEME_ROWS } from "./options/schemes.ts";
import {
  type ModelChoices,
  type ModelOptions,
  type PresetOptions,
  SETTLED_OPTIONS,
} from "./options/table.ts";
import { PRESET_DEFAULTS, PRESETS, type Preset, type PresetName, TOY_DEFAULTS } from "./presets.ts";
import { choicesToSchemeOptions, isSchemeModel } from "./scheme-model.ts";

export type { ModelChoices, ModelOptions };

/** What there is to know of the data before a model is made for them. */
export interface DataFacts {
  readonly shape: Shape;
  readonly classes?: number;
  /** Why there are no classes, where data look as if they had some; follows "none, since". */
  readonly unlabelled?: string;
}

/** @throws GanEvalError `usage.model-option` for an option of models of several networks */
function refuseSchemeOptions(model: PresetName, choices: ModelChoices): void {
  const given = tableToNames(SCHEME_ROWS).find((name) => choices[name] !== undefined);
  if (given === undefined) return;
  throw new GanEvalError(
    "usage.model-option",
    `expected an option that ${model} has, got --${nameToKebab(given)}`,
    { hint: "It is for models of several networks: see `gan-eval list-models`." },
  );
}

/** The model's options, with a user's choices in their places. */
export function choicesToOptions(choices: ModelChoices, data: DataFacts): ModelOptions {
  const { model = SETTLED_OPTIONS.model } = choices;
  if (isSchemeModel(model)) return choicesToSchemeOptions(model, choices);
  refuseSchemeOptions(model, choices);
  const preset: Preset = PRESETS[model];
  const isToy = data.shape.length === 1;
  const usesToyNet = isToy && PAIRS[preset.net].takes !== "points" && preset.critic === undefined;
  const ownRate = preset.rate ?? PRESET_DEFAULTS.rate;
  const rate = isToy ? Math.max(TOY_DEFAULTS.rate, ownRate) : ownRate;
  const fromPreset: PresetOptions = {
    loss: preset.loss,
    net: usesToyNet ? TOY_DEFAULTS.net : preset.net,
    critic: preset.critic ?? { kind: "logit" },
    auxiliary: preset.auxiliaries ?? [],
    penalty: preset.penalty ? [preset.penalty] : [],
    conditional: preset.conditional ?? false,
    clipValue: preset.clip ?? 0,
    spectralNorm: preset.spectralNorm ?? "none",
    packing: preset.packing ?? 1,
    optimizer: preset.optimizer ?? PRESET_DEFAULTS.optimizer,
    rates: { generator: rate, discriminator: rate },
    b1: preset.b1 ?? PRESET_DEFAULTS.b1,
    momentum: preset.momentum ?? 0,
    batchSize: preset.batchSize ?? (isToy ? TOY_DEFAULTS.batchSize : PRESET_DEFAULTS.batchSize),
    latentDim: isToy ? TOY_DEFAULTS.latent : (preset.latent ?? PRESET_DEFAULTS.latent),
    latentDistribution: preset.uniformLatent ? "uniform" : "normal",
    categories: preset.codes?.categories ?? [],
    codes: preset.codes?.continuous ?? 0,
    discriminatorSteps: preset.discriminatorSteps ?? PRESET_DEFAULTS.discriminatorSteps,
    alternate: preset.alternate ?? false,
  };
  const chosen = Object.entries(choices).filter(([, value]) => value !== undefined);
  return { ...SETTLED_OPTIONS, ...fromPreset, ...Object.fromEntries(chosen) };
}

const own = <Name extends string>(name: Name, value: number): Partial<Record<Name, number>> =>
  (value > 0 ? { [name]: value } : {}) as Partial<Record<Name, number>>;

async function openPair(options: ModelOptions): Promise<Pair> {
  if (options.net === "toy") return toyPair({ hidden: options.hiddenLayers, units: options.hiddenUnits });
  if (Object.hasOwn(PAIRS, options.net)) return PAIRS[options.net as PairName];
  const { openUserPair } = await import("./networks/user-module.ts");
  return openUserPair(options.net);
}

/**
 * The model of a model on data. @throws GanEvalError `usage.*` where options, networks and data do not fit together
 */
export async function optionsToModel(options: ModelOptions, data: DataFacts): Promise<GanModel> {
  const needsClasses =
    options.conditional ||
    options.auxiliary.some(({ name }) => name !== "information" && name !== "pull-away");
  if (needsClasses && data.classes === undefined)
    throw new GanEvalError(
      "usage.labels",
      `expected data with class labels for this model, got none${data.unlabelled === undefined ? "" : `, since ${data.unlabelled}`}`,
      {
        hint: "Use IDX files with their labels, a folder with one subfolder per class, or a model without labels.",
      },
    );
  const latent: LatentSpec = {
    noise: options.latentDim,
    distribution: options.latentDistribution,
    ...(options.categories.length > 0 && { categories: options.categories }),
    ...(options.codes > 0 && { codes: options.codes }),
  };
  const { classes } = data;
  const pair = await openPair(options);
  const heads = headsOf(options.auxiliary, classes, latent);
  const request: NetworkRequest = {
    latent: latentWidth(latent),
    image: data.shape,
    packing: options.packing,
    ...(options.conditional && { classes }),
  };
  const outputs = Object.values(heads).reduce((sum, width) => sum + width, 1);
  // A discriminator that is asked for the class is not told it.
  const { classes: _, ...untold } = request;
  const discriminator = withConstraints(
    pair.discriminator({ ...("classes" in heads ? untold : request), ...(outputs > 1 && { outputs }) }),
    options,
  );
  const generator = pair.generator(request);
  const player = (network: Network) => ({
    network,
    optimizer: options.optimizer,
    optimizerOptions: { b1: options.b1, b2: options.b2, momentum: options.momentum },
    ...own("gradientClip", options.gradientClip),
  });
  const model: GanModel = {
    generator: player(options.spectralNorm === "both" ? withSpectralNorm(generator) : generator),
    discriminator: player(discriminator),
    loss: options.loss,
    latent,
    ...(classes !== undefined && { classes }),
    critic: options.critic,
    auxiliaries: options.auxiliary,
    penalties: options.penalty,
    ...own("clipValue", options.clipValue),
    ...own("orthogonal", options.orthogonal),
    ...own("smoothing", options.smoothing),
    ...own("instanceNoise", options.instanceNoise),
    ...own("emaDecay", options.emaDecay),
    margin: options.margin,
    gamma: options.gamma,
    lambdaK: options.lambdaK,
    packing: options.packing,
    batchSize: options.batchSize,
    discriminatorSteps: options.discriminatorSteps,
    generatorSteps: options.generatorSteps,
    // PyTorch-GAN's scripts of one step train both players on the same fakes.
    sharedFakes: !options.alternate && options.discriminatorSteps === 1 && options.generatorSteps === 1,
  };
  checkModel(model);
  return model;
}

function withConstraints(discriminator: Network, options: ModelOptions): Network {
  const mixed = options.minibatchDeviation ? withBatchDeviation(discriminator) : discriminator;
  return options.spectralNorm === "none" ? mixed : withSpectralNorm(mixed);
}

/** Whether a network has layers whose output for an image depends on the others of its batch. */
const mixesBatch = (network: Network): boolean =>
  network.layers.some(({ kind }) => kind === "batch-norm" || kind === "batch-deviation");

const TOY_SIZES = ["hiddenLayers", "hiddenUnits"] as const;

/** Combinations that work but seldom well, and options that the networks do not read. */
export function optionsToWarnings(options: ModelOptions, model: GanModel): Warning[] {
  const warnings: Warning[] = [];
  if (options.penalty.length > 0 && mixesBatch(model.discriminator.network))
    warnings.push({
      code: "penalty-with-batch-norm",
      message: `the penalty ${options.penalty.map(({ name }) => name).join(", ")} treats each image separately, but the discriminator's batch norm mixes them`,
      hint: "Use --net transposed-without-norm, resnet or mlp.",
    });
  if (
    options.loss === "wasserstein" &&
    options.penalty.length === 0 &&
    options.clipValue === 0 &&
    options.spectralNorm === "none"
  )
    warnings.push({
      code: "unbounded-critic",
      message: "nothing bounds the critic's slope, so the Wasserstein loss is meaningless",
      hint: "Add --penalty interpolated, --clip-value 0.01 or --spectral-norm discriminator.",
    });
  const unread = TOY_SIZES.filter((name) => options[name] !== PARTICULAR_ROWS[name].default);
  if (options.net !== "toy" && unread.length > 0)
    warnings.push({
      code: "unread-option",
      message: `the networks ${options.net} have sizes of their own: ${unread.map((name) => `--${nameToKebab(name)}`).join(" and ")} is ignored`,
      hint: "Use --net toy, or leave it out.",
    });
  return warnings;
}
