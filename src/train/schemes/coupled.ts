/** CoGAN: two generators, and two discriminators, that share their layers but for the last: images of a latent correspond. */

import type * as tf from "../../engine/tfjs.ts";
import { GanEvalError } from "../../errors.ts";
import { coupledHead, coupledJudgeHead, coupledJudgeTrunk, coupledTrunk } from "../networks/coupled.ts";
import type { ImageShape } from "../networks/image-size.ts";
import type { Maker, Pass, Round, Scheme } from "../scheme/scheme.ts";
import { imagesToInputs } from "./image-inputs.ts";
import { imageField, optionsToPlayer, type SchemeRequest } from "./scheme-request.ts";
import { averageOf, type Judge, judgeToSides, judgeToTerm, TOGETHER } from "./terms.ts";
import { BOTH, type Side } from "./two-domains.ts";
import { owedTo, weightedTerms } from "./weighted-terms.ts";

const PLACES = ["own", "real", "fake"] as const;
type Place = (typeof PLACES)[number];

const madeOf = (round: Round, side: Side): tf.Tensor =>
  round.pass(`made-${side}`, round.pass("trunk", round.input("latent")).output).output;
const judged = (round: Round, place: Place, side: Side, images: tf.Tensor): tf.Tensor =>
  round.pass(`${place}-${side}-judged`, round.pass(`${place}-${side}-read`, images).output).output;
const realOf = (round: Round, side: Side): tf.Tensor => judged(round, "real", side, round.input(side));

/** Every application of the discriminators draws its own dropout. */
const PASSES: Readonly<Record<string, Pass>> = Object.fromEntries([
  ["trunk", { network: "generator-trunk" }],
  ...BOTH.map((side) => [`made-${side}`, { network: `generator-${side}` }]),
  ...BOTH.flatMap((side) =>
    PLACES.flatMap((place) => [
      [`${place}-${side}-read`, { network: "discriminator-trunk" }],
      [`${place}-${side}-judged`, { network: `discriminator-${side}` }],
    ]),
  ),
]);

/** @throws GanEvalError `usage.data` for domains of different shapes: one trunk makes both */
function sharedShape(request: SchemeRequest): ImageShape {
  const [a, b] = BOTH.map((side) => imageField(request, side));
  if (`${a}` === `${b}`) return a;
  throw new GanEvalError(
    "usage.data",
    `expected both domains in one shape for cogan, got [${a}] and [${b}]`,
    { hint: "Give --channels and --img-size." },
  );
}

/**
 * Generators of both domains, one player, minimise the average over both of `adversarial`; the discriminators, one
 * player, the average of theirs. Source: Liu and Tuzel 2016; PyTorch-GAN cogan.
 * @throws GanEvalError `usage.network` for sides that 4 does not divide; `usage.data`
 */
export function coupledScheme(request: SchemeRequest): Scheme {
  const { options } = request;
  const { loss, latentDim, filters, discriminatorFilters } = options;
  const shape = sharedShape(request);
  const trunk = coupledTrunk(latentDim, shape, { filters });
  const reader = coupledJudgeTrunk(shape, { filters: discriminatorFilters });
  const judges = BOTH.map(
    (side): Judge => ({
      name: `discriminator-${side}`,
      loss,
      real: (round) => realOf(round, side),
      fake: (round) => judged(round, "fake", side, madeOf(round, side)),
    }),
  );
  const makers: Maker[] = BOTH.map((side) => ({
    name: `sample-${side}`,
    label: side.toUpperCase(),
    inputs: ["latent"],
    make: (round) => madeOf(round, side),
  }));
  return {
    label: "CoGAN",
    batchSize: options.batchSize,
    networks: {
      "generator-trunk": trunk,
      "generator-a": coupledHead(trunk.output as ImageShape, shape[2]),
      "generator-b": coupledHead(trunk.output as ImageShape, shape[2]),
      "discriminator-trunk": reader,
      "discriminator-a": coupledJudgeHead(reader.output as ImageShape),
      "discriminator-b": coupledJudgeHead(reader.output as ImageShape),
    },
    players: {
      generator: optionsToPlayer(options, "generator", ["generator-trunk", "generator-a", "generator-b"]),
      discriminator: optionsToPlayer(options, "discriminator", [
        "discriminator-trunk",
        "discriminator-a",
        "discriminator-b",
      ]),
    },
    inputs: {
      ...imagesToInputs(request, BOTH),
      latent: { kind: "latent", spec: { noise: latentDim, distribution: "normal" } },
    },
    passes: PASSES,
    terms: [
      weightedTerms(options, ["generator"])("adversarial", (round) =>
        averageOf(
          BOTH.map((side, i) => owedTo(round, judges[i], judged(round, "own", side, madeOf(round, side)))),
        ),
      ),
      ...judges.map((judge) => ({ ...judgeToTerm(judge), trains: ["discriminator"], weight: 0.5 })),
    ],
    plan: TOGETHER(["generator", "discriminator"]),
    discriminators: judges.map((judge) => ({ ...judgeToSides(judge), player: "discriminator" })),
    makers,
    preview: BOTH.flatMap((side) => [
      { label: side.toUpperCase(), field: side },
      { label: `sample ${side.toUpperCase()}`, maker: `sample-${side}` },
    ]),
  };
}
