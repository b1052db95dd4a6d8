/**
 * Names of this room's tables that load tensorflow.js: help, docs and checks read them from here. The tables have exactly
 * these keys, or do not compile.
 */
import { LOSS_FACTS, type LossName } from "../loss-facts.ts";

/** `--loss`: train/losses.ts. */
export const LOSS_NAMES = Object.keys(LOSS_FACTS) as LossName[];
export type { LossName };

/** `--net`: train/networks/pairs.ts. */
export const PAIR_NAMES = [
  ...["mlp", "conditional-mlp", "up-sampling", "up-sampling-plain", "conditional-up-sampling", "autoencoder"],
  ...["autoencoder-plain", "transposed", "transposed-without-norm", "dcgan", "resnet", "goodfellow2014"],
  ...["toy", "pacgan-toy"],
] as const;
export type PairName = (typeof PAIR_NAMES)[number];

/** `--penalty`: train/penalties.ts. */
export const PENALTY_NAMES = [
  ...["interpolated", "one-sided", "zero-centred", "dragan", "r1", "r2", "divergence"],
] as const;
export type PenaltyName = (typeof PENALTY_NAMES)[number];

/** `--auxiliary`: train/auxiliaries.ts. */
export const AUXILIARY_NAMES = ["classification", "semi-supervised", "information", "pull-away"] as const;
export type AuxiliaryName = (typeof AUXILIARY_NAMES)[number];
