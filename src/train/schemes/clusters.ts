/** ClusterGAN: a generator of noise and a class, and an encoder that gives both back: the classes are clusters. */

import * as tf from "../../engine/tfjs.ts";
import { GanEvalError } from "../../errors.ts";
import { clusterGenerator, clusterReader } from "../networks/code-networks.ts";
import type { Phase, Round, Scheme, Term } from "../scheme/scheme.ts";
import { mixInput, penaltyToTerm } from "./critic-penalty.ts";
import { imagesToInputs } from "./image-inputs.ts";
import { imageField, optionsToPlayer, type SchemeOptions, type SchemeRequest } from "./scheme-request.ts";
import {
  averageJudgeToTerm,
  crossEntropy,
  type Judge,
  judgeToSides,
  squaredError,
  TOGETHER,
} from "./terms.ts";
import { owedTo, weightedTerms } from "./weighted-terms.ts";

/** Deviation of the noise: small beside the classes, which are 0 or 1. */
const NOISE_DEVIATION = 0.75;

const noiseOf = (round: Round): tf.Tensor => tf.mul(round.input("noise"), NOISE_DEVIATION);
const madeOf = (round: Round): tf.Tensor =>
  round.pass("made", tf.concat([noiseOf(round), round.input("classes")], 1)).output;
const judged = (round: Round, place: "real" | "fake" | "own", images: tf.Tensor): tf.Tensor =>
  round.pass(`${place}-judged`, images).output;
const realOf = (round: Round): tf.Tensor => judged(round, "real", round.input("a"));

/** What the encoder reads from images: noise, and logits of the classes. */
function readCode(round: Round, place: string, images: tf.Tensor, { latentDim, clusters }: SchemeOptions) {
  const { output } = round.pass(place, images);
  const [noise, logits] = tf.split(output as tf.Tensor2D, [latentDim, clusters], 1);
  return { noise, logits };
}

/** The model and the discriminator at the same weights, then the other steps of the discriminator. */
function planOf({ discriminatorSteps: steps }: SchemeOptions): readonly Phase[] {
  const together = TOGETHER(["model", "discriminator"]);
  if (steps === 1) return together;
  return [
    {
      rounds: "rest",
      steps: [...together[0].steps, { trains: ["discriminator"], times: steps - 1, batch: "new" }],
    },
  ];
}

function termsOf(options: SchemeOptions, judge: Judge): Term[] {
  const { weights } = options;
  const reread = (round: Round) => readCode(round, "reread", madeOf(round), options);
  const model = weightedTerms(options, ["model"]);
  return [
    model("adversarial", (round) => owedTo(round, judge, judged(round, "own", madeOf(round)))),
    model("latent", (round) => squaredError(reread(round).noise, noiseOf(round))),
    model("classes", (round) => crossEntropy(reread(round).logits, round.input("classes"))),
    averageJudgeToTerm(judge),
    ...(weights.penalty > 0
      ? [
          penaltyToTerm({
            name: "penalty",
            player: "discriminator",
            weight: weights.penalty,
            mix: "mix",
            real: (round) => round.input("a"),
            fake: madeOf,
            critic: (round, images) => round.probe("real-judged", images).output,
          }),
        ]
      : []),
  ];
}

/**
 * Generator and encoder, one player, minimise adversarial + latent `E (noise - encoded noise)^2` + classes (cross-entropy
 * of the encoded class), by the options' weights. The cluster of an image is the encoder's most likely class.
 * `--loss wasserstein --weight penalty=10` is the script's `-w`.
 * Source: Mukherjee et al. 2019; PyTorch-GAN cluster_gan.
 * @throws GanEvalError `usage.network` for sides that 4 does not divide; `usage.data`; `usage.conflicting-option` for a
 *   critic that nothing bounds
 */
export function clusterScheme(request: SchemeRequest): Scheme {
  const { options } = request;
  const { loss, latentDim, clusters, filters, discriminatorFilters, units, weights } = options;
  if (loss === "wasserstein" && !(weights.penalty > 0))
    throw new GanEvalError(
      "usage.conflicting-option",
      `expected a gradient penalty with the Wasserstein loss, got the weight penalty=${weights.penalty ?? 0}`,
      { hint: "Add --weight penalty=10." },
    );
  const a = imageField(request, "a");
  const judge: Judge = {
    name: "discriminator",
    loss,
    real: realOf,
    fake: (round) => judged(round, "fake", madeOf(round)),
  };
  return {
    label: "ClusterGAN",
    batchSize: options.batchSize,
    networks: {
      generator: clusterGenerator(latentDim + clusters, a, { filters, units }),
      encoder: clusterReader(a, latentDim + clusters, { filters, units }),
      discriminator: clusterReader(a, 1, { filters: discriminatorFilters, units }),
    },
    players: {
      model: optionsToPlayer(options, "generator", ["generator", "encoder"]),
      discriminator: optionsToPlayer(options, "discriminator", ["discriminator"]),
    },
    inputs: {
      ...imagesToInputs(request, ["a"]),
      noise: { kind: "normal", shape: [latentDim] },
      classes: { kind: "classes", classes: clusters },
      ...(weights.penalty > 0 && { mix: mixInput("discriminator") }),
    },
    passes: {
      made: { network: "generator" },
      reread: { network: "encoder", for: ["model"] },
      "own-judged": { network: "discriminator", for: ["model"] },
      "real-judged": { network: "discriminator" },
      "fake-judged": { network: "discriminator" },
    },
    terms: termsOf(options, judge),
    plan: planOf(options),
    discriminators: [judgeToSides(judge)],
    makers: [
      { name: "sample", label: "sample", inputs: ["noise", "classes"], make: madeOf },
      {
        name: "reconstruct",
        label: "reconstruction",
        inputs: ["a"],
        target: "a",
        make: (round) => {
          const { noise, logits } = readCode(round, "reread", round.input("a"), options);
          return round.pass("made", tf.concat([noise, tf.softmax(logits as tf.Tensor2D)], 1)).output;
        },
      },
    ],
    preview: [
      { label: "A", field: "a" },
      { label: "reconstruction", maker: "reconstruct" },
      { label: "sample", maker: "sample" },
    ],
  };
}
