/** The adversarial autoencoder: codes of images are to be distributed as normal noise. */
import * as tf from "../../engine/tfjs.ts";
import { autoencoderDecoder, autoencoderEncoder, codeJudge } from "../networks/code-networks.ts";
import type { Round, Scheme } from "../scheme/scheme.ts";
import { imagesToInputs } from "./image-inputs.ts";
import { imageField, optionsToPlayer, type SchemeRequest } from "./scheme-request.ts";
import { absoluteError, averageJudgeToTerm, type Judge, judgeToSides, TOGETHER } from "./terms.ts";
import { owedTo, weightedTerms } from "./weighted-terms.ts";

/** Means and logarithms of variances, side by side: `[n, 2 code]`. */
const spreadOf = (round: Round): tf.Tensor2D => round.pass("encoded", round.input("a")).output as tf.Tensor2D;

const meansOf = (round: Round): tf.Tensor => tf.split(spreadOf(round), 2, 1)[0];

/** mean + exp(log variance / 2) noise */
const codeOf = (round: Round): tf.Tensor => {
  const [means, logarithms] = tf.split(spreadOf(round), 2, 1);
  return tf.add(means, tf.mul(tf.exp(tf.div(logarithms, 2)), round.input("noise")));
};

const judged = (round: Round, place: "real" | "fake" | "own", code: tf.Tensor): tf.Tensor =>
  round.pass(`${place}-judged`, code).output;
const realOf = (round: Round): tf.Tensor => judged(round, "real", round.input("latent"));

/**
 * Encoder and decoder, one player, minimise adversarial + reconstruction `E |decoder(code(a)) - a|`; the discriminator
 * tells codes of images from normal noise. A code is drawn: mean + exp(log variance / 2) noise.
 * Source: Makhzani et al. 2015; PyTorch-GAN aae.
 * @throws GanEvalError `usage.data`
 */
export function autoencoderScheme(request: SchemeRequest): Scheme {
  const { options } = request;
  const { loss, latentDim, units } = options;
  const a = imageField(request, "a");
  const judge: Judge = {
    name: "discriminator",
    loss,
    real: realOf,
    fake: (round) => judged(round, "fake", codeOf(round)),
  };
  const term = weightedTerms(options, ["model"]);
  return {
    label: "adversarial autoencoder",
    batchSize: options.batchSize,
    networks: {
      encoder: autoencoderEncoder(a, latentDim, { units }),
      decoder: autoencoderDecoder(latentDim, a, { units }),
      discriminator: codeJudge(latentDim, { units }),
    },
    players: {
      model: optionsToPlayer(options, "generator", ["encoder", "decoder"]),
      discriminator: optionsToPlayer(options, "discriminator", ["discriminator"]),
    },
    inputs: {
      ...imagesToInputs(request, ["a"]),
      noise: { kind: "normal", shape: [latentDim] },
      latent: { kind: "normal", shape: [latentDim] },
    },
    passes: {
      encoded: { network: "encoder" },
      decoded: { network: "decoder" },
      "own-judged": { network: "discriminator" },
      "real-judged": { network: "discriminator" },
      "fake-judged": { network: "discriminator" },
    },
    terms: [
      term("adversarial", (round) => owedTo(round, judge, judged(round, "own", codeOf(round)))),
      term("reconstruction", (round) =>
        absoluteError(round.pass("decoded", codeOf(round)).output, round.input("a")),
      ),
      averageJudgeToTerm(judge),
    ],
    plan: TOGETHER(["model", "discriminator"]),
    discriminators: [judgeToSides(judge)],
    makers: [
      {
        name: "sample",
        label: "noise, decoded",
        inputs: ["latent"],
        make: (round) => round.pass("decoded", round.input("latent")).output,
      },
      {
        name: "reconstruct",
        label: "reconstruction",
        inputs: ["a"],
        target: "a",
        // By the mean of the code: the same image every time.
        make: (round) => round.pass("decoded", meansOf(round)).output,
      },
    ],
    preview: [
      { label: "A", field: "a" },
      { label: "reconstruction", maker: "reconstruct" },
      { label: "sample", maker: "sample" },
    ],
  };
}
