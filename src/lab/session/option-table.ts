/** The options that a pane takes: those of `gan-eval train` that make sense for points, and what a change of each does. */
import type { OptionRow } from "../../options/option.ts";
import { SEED_OPTION } from "../../options/seed.ts";
import { LENGTH_ROWS } from "../../run-folder/length-options.ts";
import { TRAINING_DATA_TABLE } from "../../train/data/options.ts";
import { CONSTRAINT_ROWS } from "../../train/options/constraints.ts";
import { MODEL_ROWS, PENALTY_WEIGHT } from "../../train/options/model.ts";
import { PENALTY_NAMES } from "../../train/options/names.ts";
import { PARTICULAR_ROWS } from "../../train/options/particulars.ts";
import { LEARNING_RATE_ROWS, TRAINING_ROWS } from "../../train/options/training.ts";
import { PRESETS, type Preset } from "../../train/presets.ts";
import { TOY_DATA } from "../../train/toy-data.ts";
import type { Setting, SettingEffect } from "../protocol/plane-messages.ts";

/** Presets whose networks take points, and whose latents are noise alone. */
const POINT_MODELS = Object.entries<Preset>(PRESETS).flatMap(([name, preset]) =>
  preset.critic || preset.auxiliaries || preset.conditional || preset.codes ? [] : [name],
);

export interface PaneOption {
  readonly row: OptionRow<unknown>;
  readonly group: Setting["group"];
  readonly effect: SettingEffect;
  /** Where it stands in a run's request; at its top if left out. */
  readonly place?: "data" | "model" | "recording";
  /** Words that it takes, where not those of its kind. */
  readonly choices?: readonly string[];
  /** What a number is bounded by here, where its kind allows more. */
  readonly most?: number;
  /** Of both panes alike. */
  readonly isShared?: true;
  /** A preset decides it, unless it is given: gone where another model is chosen. */
  readonly isPresets?: true;
}

const model = (
  group: Setting["group"],
  effect: SettingEffect,
  row: unknown,
  more: Partial<PaneOption> = {},
) =>
  ({ row: row as OptionRow<unknown>, group, effect, place: "model", ...more }) as const satisfies PaneOption;

/** By the names of `gan-eval train`, in the order in which a page shows them. */
export const PANE_OPTIONS: Readonly<Record<string, PaneOption>> = {
  data: {
    row: TRAINING_DATA_TABLE.data as OptionRow<unknown>,
    group: "data",
    effect: "restarts",
    place: "data",
    choices: Object.keys(TOY_DATA),
    isShared: true,
  },
  latentDim: model("data", "restarts", MODEL_ROWS.latentDim, { most: 512, isPresets: true }),
  latentDistribution: model("data", "restarts", PARTICULAR_ROWS.latentDistribution, { isPresets: true }),
  seed: {
    row: SEED_OPTION as OptionRow<unknown>,
    group: "data",
    effect: "restarts",
    place: "recording",
    isShared: true,
  },
  hiddenLayers: model("networks", "restarts", PARTICULAR_ROWS.hiddenLayers, { most: 5 }),
  hiddenUnits: model("networks", "restarts", PARTICULAR_ROWS.hiddenUnits, { most: 512 }),
  spectralNorm: model("networks", "restarts", CONSTRAINT_ROWS.spectralNorm, { isPresets: true }),
  minibatchDeviation: model("networks", "restarts", CONSTRAINT_ROWS.minibatchDeviation),
  packing: model("networks", "restarts", MODEL_ROWS.packing, { isPresets: true }),
  model: model("loss", "restarts", MODEL_ROWS.model, { choices: POINT_MODELS }),
  loss: model("loss", "recompiles", MODEL_ROWS.loss, { isPresets: true }),
  penalty: model("loss", "recompiles", MODEL_ROWS.penalty, {
    choices: ["none", ...PENALTY_NAMES],
    isPresets: true,
  }),
  penaltyWeight: {
    row: PENALTY_WEIGHT as OptionRow<unknown>,
    group: "loss",
    effect: "recompiles",
    isPresets: true,
  },
  clipValue: model("loss", "now", CONSTRAINT_ROWS.clipValue, { isPresets: true }),
  orthogonal: model("loss", "recompiles", CONSTRAINT_ROWS.orthogonal),
  smoothing: model("loss", "recompiles", CONSTRAINT_ROWS.smoothing),
  instanceNoise: model("loss", "recompiles", CONSTRAINT_ROWS.instanceNoise),
  alternate: model("training", "now", TRAINING_ROWS.alternate, { isPresets: true }),
  discriminatorSteps: model("training", "now", TRAINING_ROWS.discriminatorSteps, { isPresets: true }),
  generatorSteps: model("training", "now", TRAINING_ROWS.generatorSteps),
  lr: { row: LEARNING_RATE_ROWS.lr as OptionRow<unknown>, group: "training", effect: "now", isPresets: true },
  lrGenerator: {
    row: LEARNING_RATE_ROWS.lrGenerator as OptionRow<unknown>,
    group: "training",
    effect: "now",
    isPresets: true,
  },
  lrDiscriminator: {
    row: LEARNING_RATE_ROWS.lrDiscriminator as OptionRow<unknown>,
    group: "training",
    effect: "now",
    isPresets: true,
  },
  optimizer: model("training", "restarts", TRAINING_ROWS.optimizer, { isPresets: true }),
  b1: model("training", "now", TRAINING_ROWS.b1, { isPresets: true }),
  b2: model("training", "now", TRAINING_ROWS.b2),
  momentum: model("training", "now", TRAINING_ROWS.momentum, { isPresets: true }),
  gradientClip: model("training", "now", CONSTRAINT_ROWS.gradientClip),
  batchSize: model("training", "recompiles", TRAINING_ROWS.batchSize, { most: 4096, isPresets: true }),
  emaDecay: model("training", "recompiles", TRAINING_ROWS.emaDecay),
  rounds: {
    row: LENGTH_ROWS.rounds as OptionRow<unknown>,
    group: "training",
    effect: "restarts",
    most: 10_000_000,
    isShared: true,
  },
};

/** Options that are no control of the page: `lr` stands for both rates, `rounds` is how far noise falls. */
export const HIDDEN_OPTIONS: readonly string[] = ["lr", "rounds"];

export const nameToOption = (name: string): PaneOption | undefined =>
  Object.hasOwn(PANE_OPTIONS, name) ? PANE_OPTIONS[name] : undefined;
