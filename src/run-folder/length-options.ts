/** Options of a run's length and learning rates, from which its config is computed. */
import { integer, optional } from "../options/kinds.ts";
import { option } from "../options/option.ts";
import { CROP } from "../train/data/options.ts";
import { PENALTY_WEIGHT } from "../train/options/model.ts";
import { LEARNING_RATE_ROWS } from "../train/options/training.ts";

/** Rounds of a run on data without an end. */
export const TOY_ROUNDS = 10_000;

export const LENGTH_ROWS = {
  epochs: option({
    group: "Training",
    kind: integer(1),
    value: "N",
    aliases: ["n-epochs"],
    formerly: "nEpochs",
    fixed: true,
    default: 200,
    summary: "passes over the data",
  }),
  rounds: option({
    group: "Training",
    kind: optional(integer(1)),
    value: "N",
    default: undefined,
    defaultText: `the rounds of --epochs; ${TOY_ROUNDS} for endless data`,
    summary: "rounds of both networks, instead of passes over the data",
  }),
} as const;

/** What a request may say besides the options that stand in a run's config as they are. */
export const REQUEST_TABLE = {
  ...LENGTH_ROWS,
  ...LEARNING_RATE_ROWS,
  penaltyWeight: PENALTY_WEIGHT,
  crop: CROP,
} as const;
