/** What the terms of models of several networks are made of. */
import * as tf from "../../engine/tfjs.ts";

export { crossEntropy } from "../auxiliaries.ts";

import { LOSSES, type Loss, type LossName } from "../losses.ts";
import { PENALTIES, type PenaltyName } from "../penalties.ts";
import type { JudgedSides, Round, Term } from "../scheme/scheme.ts";

/** E |x - y|: mean over every element. */
export const absoluteError = (x: tf.Tensor, y: tf.Tensor): tf.Scalar => tf.mean(tf.abs(tf.sub(x, y)));

/** E (x - y)^2 */
export const squaredError = (x: tf.Tensor, y: tf.Tensor): tf.Scalar => tf.mean(tf.square(tf.sub(x, y)));

/** E of the cross-entropy of each logit with its target of 0 or 1, without overflow. */
export const binaryCrossEntropy = (logits: tf.Tensor, targets: tf.Tensor): tf.Scalar =>
  tf.mean(tf.sub(tf.softplus(logits), tf.mul(logits, targets)));

export const averageOf = (values: readonly tf.Scalar[]): tf.Scalar => tf.div(sumOf(values), values.length);

export const sumOf = (values: readonly tf.Scalar[]): tf.Scalar =>
  values.reduce((sum, value) => tf.add(sum, value));

const NUMBERS = { smoothing: 0, margin: 1, balance: 0 };

/**
 * What those who make images owe a discriminator. The least-squares loss is E (f - 1)^2 here, twice that of `LOSSES`: the
 * weights of the terms beside it are those of the papers.
 */
export function adversarialLoss(name: LossName, own: tf.Tensor, real?: tf.Tensor): tf.Scalar {
  const loss: Loss = LOSSES[name];
  const value = loss.generator(real ?? tf.scalar(0), own, NUMBERS);
  return name === "least-squares" ? tf.mul(value, 2) : value;
}

/** Whether those who make images look at real ones in their loss. */
export const seesReal = (name: LossName): boolean => (LOSSES[name] as Loss).generatorSeesReal === true;

/** What a discriminator minimises. */
export const judgingLoss = (name: LossName, real: tf.Tensor, fake: tf.Tensor): tf.Scalar =>
  LOSSES[name].discriminator(real, fake, NUMBERS);

/** A discriminator of a model of several networks: its logits of real and of fake images. */
export interface Judge {
  /** Of its player, too. */
  readonly name: string;
  readonly loss: LossName;
  readonly real: (round: Round) => tf.Tensor;
  readonly fake: (round: Round) => tf.Tensor;
}

/** A discriminator's own loss as a term. */
export const judgeToTerm = ({ name, loss, real, fake }: Judge): Term => ({
  name: `${name}-judging`,
  trains: [name],
  value: (round) => judgingLoss(loss, real(round), fake(round)),
  isSilent: true,
});

/** The average over real and fake of a cross-entropy, which is a sum in `LOSSES`, as PyTorch-GAN's scripts take it. */
export const averageJudgeToTerm = (judge: Judge): Term => ({
  ...judgeToTerm(judge),
  ...((LOSSES[judge.loss] as Loss).isCrossEntropy && { weight: 0.5 }),
});

/** A discriminator as records and diagnosis see it. */
export const judgeToSides = ({ name, loss, real, fake }: Judge): JudgedSides => {
  const row: Loss = LOSSES[loss];
  return {
    name,
    player: name,
    real,
    fake,
    isProbability: row.isProbability,
    ...(row.isCrossEntropy && { crossEntropy: `${name}-judging` }),
  };
};

/** Where a gradient penalty looks. */
export interface Penalised {
  readonly name: PenaltyName;
  readonly real: tf.Tensor;
  readonly fake: tf.Tensor;
  /** `[n, 1, 1, 1]`, uniform. */
  readonly mix: tf.Tensor;
}

/** A gradient penalty of logits of any shape: the slope is that of their sum. */
export const penaltyLoss = (
  critic: (images: tf.Tensor) => tf.Tensor,
  { name, real, fake, mix }: Penalised,
): tf.Scalar => PENALTIES[name].apply(critic, { real, fake, mix, noise: tf.scalar(0) });

/** One step of all players at the weights as they are, round after round. */
export const TOGETHER = (players: readonly string[]) =>
  [{ rounds: "rest", steps: [{ trains: players, times: 1, batch: "new" }] }] as const;
