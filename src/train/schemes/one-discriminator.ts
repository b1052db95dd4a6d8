/** One generator against one discriminator, where an image has a right answer: what models of pairs, sizes and holes share. */
import type * as tf from "../../engine/tfjs.ts";
import type { ImageShape } from "../networks/image-size.ts";
import type { Pass, Round, Scheme, Term } from "../scheme/scheme.ts";
import { optionsToPlayer, type SchemeOptions } from "./scheme-request.ts";
import {
  adversarialLoss,
  type Judge,
  judgeToSides,
  judgeToTerm,
  judgingLoss,
  seesReal,
  TOGETHER,
} from "./terms.ts";

const DISCRIMINATOR = "discriminator";
export const PLAYERS = ["generator", DISCRIMINATOR] as const;

/** What the discriminator and those who face it minimise, of logits. */
export interface Rules {
  readonly generator: (own: tf.Tensor, real: () => tf.Tensor) => tf.Scalar;
  readonly discriminator: (real: tf.Tensor, fake: tf.Tensor) => tf.Scalar;
}

export interface Opposed {
  readonly options: SchemeOptions;
  /** What the discriminator is shown of the right answer, and of what the generator made. */
  readonly real: (round: Round) => tf.Tensor;
  readonly made: (round: Round) => tf.Tensor;
  /** Of what it is shown, for the replay pool. */
  readonly shape: ImageShape;
  /** Those of the loss that is chosen, if left out. */
  readonly rules?: Rules;
}

/** A value that is computed once in each round: passes are shared where they see the same tensor. */
export function oncePerRound(value: (round: Round) => tf.Tensor): (round: Round) => tf.Tensor {
  const known = new WeakMap<Round, tf.Tensor>();
  return (round) => {
    const before = known.get(round);
    if (before) return before;
    const made = value(round);
    known.set(round, made);
    return made;
  };
}

type Parts = Pick<Scheme, "batchSize" | "players" | "plan" | "discriminators" | "pools"> & {
  readonly passes: Readonly<Record<string, Pass>>;
  readonly terms: readonly Term[];
};

/**
 * Both players, the term `adversarial` with its weight, the discriminator's own, and its passes; one step of both a round.
 * The generator's networks are `generator`, with the pass `made`.
 */
export function opposedToParts({ options, shape, rules, ...shown }: Opposed): Parts {
  const { loss, weights, poolSize, batchSize } = options;
  const [real, made] = [oncePerRound(shown.real), oncePerRound(shown.made)];
  const judged = (round: Round, place: string, x: tf.Tensor) => round.pass(`${place}-judged`, x).output;
  const realOf = (round: Round) => judged(round, "real", real(round));
  const judge: Judge = {
    name: DISCRIMINATOR,
    loss,
    real: realOf,
    fake: (round) => {
      const fake = made(round);
      return judged(round, "fake", poolSize > 0 ? round.kept("fake", fake) : fake);
    },
  };
  const {
    generator = (own, onReal) => adversarialLoss(loss, own, seesReal(loss) ? onReal() : undefined),
    discriminator = (onReal, onFake) => judgingLoss(loss, onReal, onFake),
  }: Partial<Rules> = rules ?? {};
  return {
    batchSize,
    players: {
      generator: optionsToPlayer(options, "generator", ["generator"]),
      discriminator: optionsToPlayer(options, "discriminator", [DISCRIMINATOR]),
    },
    passes: {
      made: { network: "generator" },
      ...(weights.adversarial > 0 && { "own-judged": { network: DISCRIMINATOR, for: ["generator"] } }),
      "real-judged": { network: DISCRIMINATOR },
      "fake-judged": { network: DISCRIMINATOR, for: [DISCRIMINATOR] },
    },
    terms: [
      {
        name: "adversarial",
        trains: ["generator"],
        weight: weights.adversarial,
        value: (round) => generator(judged(round, "own", made(round)), () => realOf(round)),
      },
      {
        ...judgeToTerm(judge),
        value: (round) => discriminator(judge.real(round), judge.fake(round)),
      },
    ],
    plan: TOGETHER(PLAYERS),
    discriminators: [judgeToSides(judge)],
    ...(poolSize > 0 && { pools: { fake: { size: poolSize, shape } } }),
  };
}
