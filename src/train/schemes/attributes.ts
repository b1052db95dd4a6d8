/** An image with other attributes, by one generator for all of them: stargan. */
import * as tf from "../../engine/tfjs.ts";
import { GanEvalError } from "../../errors.ts";
import { attributeClasses, attributeMap, attributeTrunk } from "../networks/attribute-judge.ts";
import type { ImageShape } from "../networks/image-size.ts";
import type { Network } from "../networks/network.ts";
import { RESNETS, resnetTranslator } from "../networks/translators.ts";
import type { SchemeInput } from "../scheme/inputs.ts";
import type { Maker, Pass, Phase, PlannedStep, Round, Scheme, Term } from "../scheme/scheme.ts";
import { mixInput, penaltyToTerm } from "./critic-penalty.ts";
import { imagesToInputs } from "./image-inputs.ts";
import { imageField, optionsToPlayer, type SchemeOptions, type SchemeRequest } from "./scheme-request.ts";
import {
  absoluteError,
  binaryCrossEntropy,
  type Judge,
  judgeToSides,
  judgeToTerm,
  seesReal,
} from "./terms.ts";
import { owedTo, weightedTerms } from "./weighted-terms.ts";

const GENERATOR = "generator";
const DISCRIMINATOR = "discriminator";
const HEADS = ["discriminator-trunk", "discriminator-map", "discriminator-classes"] as const;

/** Names of the attributes, or their numbers. @throws GanEvalError `usage.data` for data without attributes */
function attributesOf({ fields, attributes }: SchemeRequest): readonly string[] {
  const [width] = (fields as Partial<typeof fields>).attributes ?? [];
  if (width !== undefined && width > 0)
    return attributes ?? Array.from({ length: width }, (_, i) => `attribute-${i + 1}`);
  throw new GanEvalError(
    "usage.data",
    `expected data with attributes for this model, got only ${Object.keys(fields).join(", ")}`,
    { hint: "Give a list of the images' attributes with --attributes, or train on drawn-attributes." },
  );
}

function networksOf(request: SchemeRequest, image: ImageShape, count: number): Record<string, Network> {
  const { filters, halvings, blocks, norm, upSampling, dropout } = request.options;
  const { discriminatorFilters, discriminatorLayers } = request.options;
  const [height, width, channels] = image;
  const trunk = attributeTrunk(image, { filters: discriminatorFilters, layers: discriminatorLayers });
  const map = trunk.output as ImageShape;
  const options = { ...RESNETS.stargan, channels, filters, halvings, blocks, norm, upSampling, dropout };
  return {
    generator: resnetTranslator([height, width, channels + count], options),
    "discriminator-trunk": trunk,
    "discriminator-map": attributeMap(map),
    "discriminator-classes": attributeClasses(map, count),
  };
}

/** Attributes that are asked for: rows of the batch's own, or a coin for each. */
const wantedOf = (round: Round, { wanted }: SchemeOptions): tf.Tensor => {
  const drawn = round.input("wanted");
  return wanted === "permuted" ? drawn : tf.step(tf.sub(drawn, 0.5));
};

/** Images `[n, h, w, c]` and attributes `[n, k]` as one input `[n, h, w, c + k]`: a constant channel for each attribute. */
function besides(images: tf.Tensor, attributes: tf.Tensor): tf.Tensor {
  const [n, height, width] = images.shape;
  const channels = tf.mul(tf.ones([1, height, width, 1]), tf.reshape(attributes, [n, 1, 1, -1]));
  return tf.concat([images, channels], 3);
}

const changed = (round: Round, place: string, images: tf.Tensor, attributes: tf.Tensor): tf.Tensor =>
  round.pass(place, besides(images, attributes)).output;
const fakeOf = (round: Round, options: SchemeOptions): tf.Tensor =>
  changed(round, "fake", round.input("a"), wantedOf(round, options));

type Place = "real" | "fake" | "own";
const trunkOf = (round: Round, place: Place, images: tf.Tensor): tf.Tensor =>
  round.pass(`${place}-judged`, images).output;
const mapOf = (round: Round, place: Place, images: tf.Tensor): tf.Tensor =>
  round.pass(`${place}-map`, trunkOf(round, place, images)).output;

/** The sum over attributes of the cross-entropy of each, averaged over images. */
function classesLoss(round: Round, place: Place, images: tf.Tensor, attributes: tf.Tensor): tf.Scalar {
  const logits = round.pass(`${place}-classes`, trunkOf(round, place, images)).output;
  return tf.mul(binaryCrossEntropy(logits, attributes), attributes.shape[1]!);
}

function termsOf(options: SchemeOptions): [Term[], Judge] {
  const { weights, loss } = options;
  const judge: Judge = {
    name: DISCRIMINATOR,
    loss,
    real: (round) => mapOf(round, "real", round.input("a")),
    fake: (round) => mapOf(round, "fake", fakeOf(round, options)),
  };
  const term = weightedTerms(options, [GENERATOR]);
  const terms = [
    term("adversarial", (round) => owedTo(round, judge, mapOf(round, "own", fakeOf(round, options)))),
    term("classes", (round) => classesLoss(round, "own", fakeOf(round, options), wantedOf(round, options))),
    term("reconstruction", (round) =>
      absoluteError(
        changed(round, "again", fakeOf(round, options), round.input("attributes")),
        round.input("a"),
      ),
    ),
    judgeToTerm(judge),
    {
      name: "classes-real",
      trains: [DISCRIMINATOR],
      weight: weights.classes,
      value: (round: Round) => classesLoss(round, "real", round.input("a"), round.input("attributes")),
    },
    penaltyToTerm({
      name: "penalty",
      player: DISCRIMINATOR,
      weight: weights.penalty,
      mix: "mix",
      real: (round) => round.input("a"),
      fake: (round) => fakeOf(round, options),
      critic: (round, images) => round.probe("real-map", round.probe("real-judged", images).output).output,
    }),
  ];
  return [terms, judge];
}

/** Passes that a term of weight 0 would never take are not declared. */
function passesOf({ weights, loss }: SchemeOptions): Record<string, Pass> {
  const heads = (place: Place, user?: string, classes = weights.classes > 0): Record<string, Pass> => {
    const users = user === undefined ? {} : { for: [user] };
    return {
      [`${place}-judged`]: { network: "discriminator-trunk", ...users },
      [`${place}-map`]: { network: "discriminator-map", ...users },
      ...(classes && { [`${place}-classes`]: { network: "discriminator-classes", ...users } }),
    };
  };
  return {
    fake: { network: GENERATOR },
    ...(weights.reconstruction > 0 && { again: { network: GENERATOR, for: [GENERATOR] } }),
    ...heads("own", GENERATOR),
    ...heads("real", seesReal(loss) ? undefined : DISCRIMINATOR),
    ...heads("fake", DISCRIMINATOR, false),
  };
}

function planOf({ discriminatorSteps: steps }: SchemeOptions): readonly Phase[] {
  const judging = (times: number): PlannedStep => ({ trains: [DISCRIMINATOR], times, batch: "new" });
  const making: PlannedStep = { trains: [GENERATOR], times: 1, batch: "same" };
  return [{ rounds: "rest", steps: [judging(1), making, ...(steps > 1 ? [judging(steps - 1)] : [])] }];
}

/** The images as wanted, and with each attribute turned over by itself. */
function makersOf(options: SchemeOptions, names: readonly string[]): Maker[] {
  const flips = names.map(
    (name, at): Maker => ({
      name: `flip-${name}`,
      label: `${name} turned over`,
      inputs: ["a", "attributes"],
      make: (round) => {
        const own = round.input("attributes");
        const turned = tf.tensor2d([names.map((_, i) => Number(i === at))]);
        // Of 0 and 1: |x - 1| where it is turned over, x elsewhere.
        return changed(round, "fake", round.input("a"), tf.abs(tf.sub(own, turned)));
      },
    }),
  );
  const wanted: Maker = {
    name: "change",
    label: "with the attributes asked for",
    inputs: ["a", "wanted"],
    make: (round) => fakeOf(round, options),
    isVaried: true,
  };
  return [wanted, ...flips];
}

/**
 * A generator that is told the wanted attributes c' by constant channels, and a critic with a head that names attributes.
 * The critic minimises `E D(G(x, c')) - E D(x)` + penalty + classes `sum BCE(classes(x), c)`; the generator
 * `-E D(G(x, c'))` + classes `sum BCE(classes(G(x, c')), c')` + reconstruction `E |G(G(x, c'), c) - x|`, after the first of
 * the critic's steps, on the same images and the same c'. Sources: Choi et al. 2018; PyTorch-GAN stargan.
 * @throws GanEvalError `usage.network` for sizes that the networks do not take; `usage.data`
 */
export function stargan(request: SchemeRequest): Scheme {
  const { options } = request;
  const image = imageField(request, "a");
  const names = attributesOf(request);
  const attributes: SchemeInput = { kind: "field", field: "attributes", shape: [names.length] };
  const [terms, judge] = termsOf(options);
  const makers = makersOf(options, names);
  return {
    label: "StarGAN",
    batchSize: options.batchSize,
    networks: networksOf(request, image, names.length),
    players: {
      generator: optionsToPlayer(options, "generator", [GENERATOR]),
      discriminator: optionsToPlayer(options, "discriminator", HEADS),
    },
    inputs: {
      ...imagesToInputs(request, ["a"]),
      attributes,
      wanted:
        options.wanted === "permuted"
          ? { kind: "permuted", field: "attributes", shape: [names.length], repeats: true }
          : { kind: "uniform", shape: [names.length], repeats: true },
      mix: mixInput(DISCRIMINATOR),
    },
    passes: passesOf(options),
    terms,
    plan: planOf(options),
    discriminators: [judgeToSides(judge)],
    makers,
    preview: [
      { label: "A", field: "a" },
      ...makers.slice(1).map(({ name, label }) => ({ label, maker: name })),
    ],
  };
}
