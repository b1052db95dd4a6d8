/** pixelda: images of a source are given the look of a target, and a classifier learns on them. */
import * as tf from "../../engine/tfjs.ts";
import { GanEvalError } from "../../errors.ts";
import { adaptationClassifier, adaptationGenerator, adaptationJudge } from "../networks/domain-adaptation.ts";
import { codeToChannels } from "../networks/image-to-code.ts";
import type { Round, Scheme, Term } from "../scheme/scheme.ts";
import { imagesToInputs } from "./image-inputs.ts";
import { imageField, optionsToPlayer, type SchemeRequest } from "./scheme-request.ts";
import { averageOf, crossEntropy, type Judge, judgeToSides, judgeToTerm, TOGETHER } from "./terms.ts";
import { translationMaker } from "./two-domains.ts";
import { owedTo, weightedTerms } from "./weighted-terms.ts";

/** `a` in the look of `b`: the code's channels stand beside it. */
function fakeOf(round: Round): tf.Tensor {
  const channels = round.pass("code", round.input("latent")).output;
  return round.pass("fake", tf.concat([round.input("a"), channels], 3)).output;
}

const judged = (round: Round, place: "real" | "fake" | "own", images: tf.Tensor): tf.Tensor =>
  round.pass(`${place}-judged`, images).output;
const realOf = (round: Round): tf.Tensor => judged(round, "real", round.input("b"));
const classified = (round: Round, place: string, images: tf.Tensor): tf.Tensor =>
  round.pass(`${place}-classified`, images).output;

/** Share of rows whose largest logit is that of their label. */
const accuracyOf = (logits: tf.Tensor, labels: tf.Tensor): tf.Scalar =>
  tf.mean(tf.cast(tf.equal(tf.argMax(logits, 1), tf.argMax(labels, 1)), "float32"));

/** Recorded, and no part of the loss. */
const recorded = (name: string, value: (round: Round) => tf.Scalar): Term => ({
  name,
  trains: ["model"],
  // A weight that changes is not left out of the step, as a plain 0 would be.
  weight: () => 0,
  value: (round) => round.still(value),
});

/** The labels of the data. @throws GanEvalError `usage.data` where there are none */
function classesOf({ fields }: SchemeRequest): number {
  const shape = (fields as Partial<typeof fields>).labels;
  if (shape !== undefined) return shape[0];
  throw new GanEvalError(
    "usage.data",
    "expected classes of the first domain's images for pixelda, got none",
    {
      hint: "Put the images into one folder for each class, or give digits of known classes.",
    },
  );
}

/**
 * Generator and classifier, one player, minimise adversarial + task: the classifier's cross-entropy, averaged over
 * images of the source and their translations. `classifier_accuracy` is that on translations; where the data have
 * the classes of `b` too (field `labels-b`), `target_accuracy` is that on `b`, which nothing learns from.
 * Source: Bousmalis et al. 2017; PyTorch-GAN pixelda.
 * @throws GanEvalError `usage.network` for sides below 2^layers + 1; `usage.data`
 */
export function adaptationScheme(request: SchemeRequest): Scheme {
  const { options, fields } = request;
  const { loss, latentDim, filters, discriminatorFilters, discriminatorLayers: layers, blocks } = options;
  const [a, b] = [imageField(request, "a"), imageField(request, "b")];
  const classes = classesOf(request);
  const knowsTarget = Object.hasOwn(fields, "labels-b");
  const [height, width, channels] = a;
  if (channels !== b[2])
    throw new GanEvalError(
      "usage.data",
      `expected images of as many channels in both domains for pixelda, whose classifier reads both, got ${channels} and ${b[2]}`,
      { hint: "Give --channels." },
    );
  const judge: Judge = {
    name: "discriminator",
    loss,
    real: realOf,
    fake: (round) => judged(round, "fake", fakeOf(round)),
  };
  const term = weightedTerms(options, ["model"]);
  return {
    label: "PixelDA",
    batchSize: options.batchSize,
    networks: {
      "code-map": codeToChannels(latentDim, a, channels),
      generator: adaptationGenerator([height, width, 2 * channels], b[2], { filters, blocks }),
      classifier: adaptationClassifier(b, classes, { filters: discriminatorFilters, layers }),
      discriminator: adaptationJudge(b, { filters: discriminatorFilters, layers }),
    },
    players: {
      model: optionsToPlayer(options, "generator", ["code-map", "generator", "classifier"]),
      discriminator: optionsToPlayer(options, "discriminator", ["discriminator"]),
    },
    inputs: {
      ...imagesToInputs(request, ["a", "b"]),
      labels: { kind: "field", field: "labels", shape: [classes] },
      ...(knowsTarget && { "labels-b": { kind: "field", field: "labels-b", shape: [classes] } }),
      latent: { kind: "latent", spec: { noise: latentDim, distribution: "uniform" } },
    },
    passes: {
      code: { network: "code-map" },
      fake: { network: "generator" },
      "own-judged": { network: "discriminator" },
      "real-judged": { network: "discriminator" },
      "fake-judged": { network: "discriminator" },
      "fake-classified": { network: "classifier" },
      "source-classified": { network: "classifier" },
      ...(knowsTarget && { "target-classified": { network: "classifier" } }),
    },
    terms: [
      term("adversarial", (round) => owedTo(round, judge, judged(round, "own", fakeOf(round)))),
      term("task", (round) =>
        averageOf([
          crossEntropy(classified(round, "fake", fakeOf(round)), round.input("labels")),
          crossEntropy(classified(round, "source", round.input("a")), round.input("labels")),
        ]),
      ),
      judgeToTerm(judge),
      recorded("classifier-accuracy", (round) =>
        accuracyOf(classified(round, "fake", fakeOf(round)), round.input("labels")),
      ),
      ...(knowsTarget
        ? [
            recorded("target-accuracy", (round) =>
              accuracyOf(classified(round, "target", round.input("b")), round.input("labels-b")),
            ),
          ]
        : []),
    ],
    plan: TOGETHER(["model", "discriminator"]),
    discriminators: [judgeToSides(judge)],
    makers: [translationMaker("a", { inputs: ["a", "latent"], isVaried: true, make: fakeOf })],
    preview: [
      { label: "A", field: "a" },
      { label: "fake B", maker: "a-to-b" },
      { label: "B", field: "b" },
    ],
  };
}
