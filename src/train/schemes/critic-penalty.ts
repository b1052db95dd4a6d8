/** The interpolated gradient penalty of a critic, as a term and the input that it draws. */
import type * as tf from "../../engine/tfjs.ts";
import type { SchemeInput } from "../scheme/inputs.ts";
import type { Round, Term } from "../scheme/scheme.ts";
import { penaltyLoss } from "./terms.ts";

export interface CriticPenalty {
  /** Of the term. */
  readonly name: string;
  /** Whose critic it is: the player. */
  readonly player: string;
  readonly weight: number;
  /** The name of the input by which it mixes real images and made ones. */
  readonly mix: string;
  readonly real: (round: Round) => tf.Tensor;
  readonly fake: (round: Round) => tf.Tensor;
  /** Logits of other images. */
  readonly critic: (round: Round, images: tf.Tensor) => tf.Tensor;
}

export const penaltyToTerm = ({ name, player, weight, mix, real, fake, critic }: CriticPenalty): Term => ({
  name,
  trains: [player],
  weight,
  value: (round) =>
    penaltyLoss((images) => critic(round, images), {
      name: "interpolated",
      real: real(round),
      fake: fake(round),
      mix: round.input(mix),
    }),
});

/** Of each example one number in [0, 1]. */
export const mixInput = (player: string): SchemeInput => ({
  kind: "uniform",
  shape: [1, 1, 1],
  stream: "penalty",
  for: [player],
});
