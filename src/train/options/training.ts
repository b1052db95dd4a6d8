/** Options of how a model learns: optimizer, learning rates, steps. */
import { integer, number, oneOf, optional } from "../../options/kinds.ts";
import { MODELS_OWN, option } from "../../options/option.ts";
import { OPTIMIZERS, type OptimizerName } from "../optimizers.ts";
import { PRESET_DEFAULTS, TOY_DEFAULTS } from "../presets.ts";
import { SCHEDULES, type ScheduleName } from "../schedules.ts";

const OPTIMIZER_NAMES = Object.keys(OPTIMIZERS) as OptimizerName[];
const SCHEDULE_NAMES = Object.keys(SCHEDULES) as ScheduleName[];

export const TRAINING_ROWS = {
  batchSize: option({
    group: "Training",
    kind: optional(integer(1, 65536)),
    value: "N",
    default: undefined,
    defaultText: `the model's: ${PRESET_DEFAULTS.batchSize}; ${TOY_DEFAULTS.batchSize} for toys`,
    summary: "samples in a step of the discriminator",
  }),
  optimizer: option({
    group: "Training",
    kind: optional(oneOf(OPTIMIZER_NAMES)),
    value: "NAME",
    default: undefined,
    defaultText: MODELS_OWN,
    summary: "optimizer of both networks",
  }),
  b1: option({
    group: "Training",
    kind: optional(number(0, 1)),
    value: "X",
    default: undefined,
    defaultText: `the model's: ${PRESET_DEFAULTS.b1}`,
    summary: "Adam's decay of the first moment",
  }),
  b2: option({
    group: "Training",
    kind: number(0, 1),
    value: "X",
    default: PRESET_DEFAULTS.b2,
    summary: "Adam's decay of the second moment",
  }),
  momentum: option({
    group: "Training",
    kind: optional(number(0, 1)),
    value: "X",
    default: undefined,
    defaultText: MODELS_OWN,
    summary: "SGD's momentum",
  }),
  schedule: option({
    group: "Training",
    kind: oneOf(SCHEDULE_NAMES),
    value: "NAME",
    default: "constant",
    summary: "schedule of the learning rates over the run",
  }),
  discriminatorSteps: option({
    group: "Training",
    kind: optional(integer(1, 100)),
    value: "N",
    aliases: ["n-critic"],
    formerly: "nCritic",
    default: undefined,
    defaultText: MODELS_OWN,
    summary: "discriminator steps in a round",
  }),
  generatorSteps: option({
    group: "Training",
    kind: integer(1, 100),
    value: "N",
    default: 1,
    summary: "generator steps in a round",
  }),
  emaDecay: option({
    group: "Training",
    kind: number(0, 1),
    value: "DECAY",
    aliases: ["ema"],
    formerly: "ema",
    default: 0,
    summary:
      "sample from an exponential moving average of the generator's weights; 0 disables, 0.999 is usual",
  }),
} as const;

/** What a run's learning rates come from. */
export const LEARNING_RATE_ROWS = {
  lr: option({
    group: "Training",
    kind: optional(number(0)),
    value: "X",
    default: undefined,
    defaultText: `the model's: ${PRESET_DEFAULTS.rate}; ${TOY_DEFAULTS.rate} for toys`,
    summary: "learning rate of both networks",
  }),
  lrGenerator: option({
    group: "Training",
    kind: optional(number(0)),
    value: "X",
    default: undefined,
    defaultText: "--lr",
    summary: "learning rate of the generator",
  }),
  lrDiscriminator: option({
    group: "Training",
    kind: optional(number(0)),
    value: "X",
    default: undefined,
    defaultText: "--lr",
    summary: "learning rate of the discriminator",
  }),
} as const;
