/** Generator against discriminator as a scheme: the models of one loss of real and fake logits. */
import type { Tensors } from "../../engine/engine.ts";
import * as tf from "../../engine/tfjs.ts";
import type { Judged, Targets } from "../auxiliaries.ts";
import {
  auxiliariesOf,
  balanceOf,
  checkModel,
  drawsLabels,
  type GanModel,
  generatorStepsOf,
  headsOf,
  lossOf,
  type NetworkRole,
  type NetworkSetup,
  packingOf,
  penaltiesOf,
  penaltyNeeds,
  readsLabels,
  sampleShapeOf,
  samplesOf,
} from "../gan-model.ts";
import { type LossNumbers, nextBalance } from "../losses.ts";
import { PARTICULAR_ROWS } from "../options/particulars.ts";
import { orthogonality } from "../penalties.ts";
import type { SchemeInput } from "../scheme/inputs.ts";
import type { Pass, Phase, Player, Round, Scheme, Term } from "../scheme/scheme.ts";

/** Where the discriminator is applied, each with fresh noise: to its reals, its fakes, and the generator's own fakes. */
type Place = "real" | "fake" | "own";

const TRAINED: Readonly<Record<Exclude<Place, "real">, readonly NetworkRole[]>> = {
  fake: ["discriminator"],
  own: ["generator"],
};

/** Samples side by side in the last axis: `[m n, ..., c]` to `[n, ..., m c]`. */
export function packSamples(samples: tf.Tensor, packing: number): tf.Tensor {
  if (packing === 1) return samples;
  const [n, ...shape] = samples.shape;
  const inner = shape.slice(0, -1);
  const channels = shape[shape.length - 1];
  const split = tf.reshape(samples, [n / packing, packing, ...shape]);
  const axes = shape.map((_, axis) => axis + 2);
  const order = [0, ...axes.slice(0, -1), 1, axes[axes.length - 1]];
  return tf.reshape(tf.transpose(split, order), [n / packing, ...inner, packing * channels]);
}

/** What comes out of a discriminator, as a logit and whatever else it is asked for. */
export function outputToJudged(
  model: GanModel,
  shown: tf.Tensor,
  { output, marks }: { output: tf.Tensor; marks: Tensors },
): Judged {
  const n = shown.shape[0];
  if (model.critic?.kind === "autoencoder") {
    const difference = tf.reshape(tf.sub(output, shown), [n, -1]);
    const errors = model.critic.error === "absolute" ? tf.abs(difference) : tf.square(difference);
    return { logits: tf.neg(tf.mean(errors, 1, true)), heads: {}, marks };
  }
  const widths = Object.entries(headsOf(model.auxiliaries, model.classes, model.latent));
  if (widths.length === 0) return { logits: output, heads: {}, marks };
  const columns = (from: number, width: number): tf.Tensor =>
    tf.slice(output as tf.Tensor2D, [0, from], [n, width]);
  let at = 1;
  const heads = widths.map(([name, width]) => {
    const head = columns(at, width);
    at += width;
    return [name, head] as const;
  });
  return { logits: columns(0, 1), heads: Object.fromEntries(heads), marks };
}

/** Players that see real samples; undefined where all do. */
const seeReal = (model: GanModel): { readonly for?: readonly NetworkRole[] } =>
  lossOf(model).generatorSeesReal ? {} : { for: ["discriminator"] };

function modelToInputs(model: GanModel): Record<string, SchemeInput> {
  const { discriminator, latent, classes = 0, batchSize } = model;
  const shape = sampleShapeOf(model);
  const needs = penaltyNeeds(model);
  const shown = discriminator.network.input;
  const deviation = model.instanceNoise ?? 0;
  const judges = ["discriminator"] as const;
  const penalty = { stream: "penalty", batch: batchSize, for: judges } as const;
  const inputs: Record<string, SchemeInput> = {
    latent: { kind: "latent", spec: latent, stream: "latent" },
  };
  if (drawsLabels(model)) inputs["latent-labels"] = { kind: "classes", classes, stream: "labels" };
  inputs.real = { kind: "field", field: "real", shape, ...seeReal(model) };
  if (readsLabels(model))
    inputs["real-labels"] = { kind: "field", field: "labels", shape: [classes], ...seeReal(model) };
  if (needs.has("mix")) inputs["penalty/mix"] = { kind: "uniform", shape: shown.map(() => 1), ...penalty };
  if (needs.has("noise")) inputs["penalty/noise"] = { kind: "uniform", shape: shown, ...penalty };
  if (model.instanceNoise !== undefined) {
    inputs["instance-deviation"] = { kind: "schedule", value: ({ share }) => deviation * (1 - share) };
    const instance = { kind: "normal", shape, stream: "instance" } as const;
    inputs["instance/real"] = { ...instance, ...seeReal(model) };
    inputs["instance/fake"] = { ...instance, for: TRAINED.fake };
    inputs["instance/own"] = { ...instance, for: TRAINED.own };
  }
  if (lossOf(model).isBalanced)
    inputs.balance = {
      kind: "carried",
      initial: 0,
      next: (k, { real, fake }) => nextBalance(k, -real, -fake, balanceOf(model)),
      for: judges,
    };
  return inputs;
}

function modelToPasses(model: GanModel): Record<string, Pass> {
  const judged = { network: "discriminator", batch: model.batchSize };
  return {
    made: { network: "generator" },
    real: { ...judged, ...seeReal(model) },
    fake: { ...judged, for: TRAINED.fake },
    own: { ...judged, for: TRAINED.own },
  };
}

/** What the terms of a model have in common: its networks, applied at their places. */
function modelToViews(model: GanModel) {
  const made = (round: Round): tf.Tensor => {
    const given = drawsLabels(model) ? { labels: round.input("latent-labels") } : {};
    return round.pass("made", round.input("latent"), given).output;
  };
  /** What the discriminator is shown at a place. */
  const shown = (round: Round, place: Place): tf.Tensor => {
    const samples = place === "real" ? round.input("real") : made(round);
    const seen =
      model.instanceNoise === undefined
        ? samples
        : tf.add(samples, tf.mul(round.input(`instance/${place}`), round.input("instance-deviation")));
    return packSamples(seen, packingOf(model));
  };
  const labelsAt = (round: Round, place: Place) => {
    if (place === "real") return readsLabels(model) ? { labels: round.input("real-labels") } : {};
    return drawsLabels(model) ? { labels: round.input("latent-labels") } : {};
  };
  const judged = (round: Round, place: Place): Judged => {
    const seen = shown(round, place);
    return outputToJudged(model, seen, round.pass(place, seen, labelsAt(round, place)));
  };
  const targets = (round: Round, player: NetworkRole): Targets => ({
    realLabels: player === "discriminator" && readsLabels(model) ? round.input("real-labels") : undefined,
    fakeLabels: drawsLabels(model) ? round.input("latent-labels") : undefined,
    latents: round.input("latent"),
    latent: model.latent,
  });
  /** Logits of other images at the place of the real ones. */
  const critic = (round: Round) => (images: tf.Tensor) =>
    outputToJudged(model, images, round.probe("real", images, labelsAt(round, "real"))).logits;
  return { shown, judged, targets, critic };
}

function modelToTerms(model: GanModel): Term[] {
  const loss = lossOf(model);
  const { shown, judged, targets, critic } = modelToViews(model);
  const { orthogonal = 0 } = model;
  const penalties = penaltiesOf(model);
  const numbers = (balance: LossNumbers["balance"]): LossNumbers => ({
    smoothing: model.smoothing ?? 0,
    margin: model.margin ?? PARTICULAR_ROWS.margin.default,
    balance,
  });
  const term = (
    name: string,
    player: NetworkRole,
    weight: number | undefined,
    value: Term["value"],
  ): Term => ({ name, trains: [player], ...(weight !== undefined && { weight }), value, isSilent: true });
  const regular = (player: NetworkRole): Term[] =>
    orthogonal === 0
      ? []
      : [term(`${player}-orthogonality`, player, orthogonal, (r) => orthogonality(r.weights(player)))];
  const auxiliaries = auxiliariesOf(model);
  return [
    term("generator-adversarial", "generator", undefined, (round) => {
      const own = judged(round, "own").logits;
      const real = loss.generatorSeesReal ? judged(round, "real").logits : tf.scalar(0);
      return loss.generator(real, own, numbers(0));
    }),
    ...auxiliaries.flatMap(({ name, auxiliary: { generator: termOf }, weight }) =>
      termOf === undefined
        ? []
        : [
            term(`generator-${name}`, "generator", weight, (round) =>
              termOf(judged(round, "own"), targets(round, "generator")),
            ),
          ],
    ),
    ...regular("generator"),
    term(ADVERSARIAL, "discriminator", undefined, (round) =>
      loss.discriminator(
        judged(round, "real").logits,
        judged(round, "fake").logits,
        numbers(loss.isBalanced ? (round.input("balance") as tf.Scalar) : 0),
      ),
    ),
    ...auxiliaries.flatMap(({ name, auxiliary: { discriminator: termOf }, weight }) =>
      termOf === undefined
        ? []
        : [
            term(`discriminator-${name}`, "discriminator", weight, (round) =>
              termOf(judged(round, "real"), judged(round, "fake"), targets(round, "discriminator")),
            ),
          ],
    ),
    ...(penalties.length === 0 ? [] : [penaltiesToTerm(model, shown, critic)]),
    ...regular("discriminator"),
  ];
}

const ADVERSARIAL = "discriminator-adversarial";

/** All penalties as one term, each with its weight: the column `penalty` is what they add to the loss. */
function penaltiesToTerm(
  model: GanModel,
  shown: (round: Round, place: Place) => tf.Tensor,
  critic: (round: Round) => (images: tf.Tensor) => tf.Tensor,
): Term {
  const needs = penaltyNeeds(model);
  return {
    name: "penalty",
    trains: ["discriminator"],
    value: (round) => {
      const given = {
        real: shown(round, "real"),
        fake: shown(round, "fake"),
        mix: needs.has("mix") ? round.input("penalty/mix") : tf.scalar(0),
        noise: needs.has("noise") ? round.input("penalty/noise") : tf.scalar(0),
      };
      return penaltiesOf(model)
        .map(({ penalty, weight }) => tf.mul(penalty.apply(critic(round), given), weight) as tf.Scalar)
        .reduce((sum, value) => tf.add(sum, value));
    },
  };
}

function modelToPlan(model: GanModel): Phase[] {
  if (model.sharedFakes)
    return [{ rounds: "rest", steps: [{ trains: ["generator", "discriminator"], times: 1, batch: "new" }] }];
  return [
    {
      rounds: "rest",
      steps: [
        { trains: ["discriminator"], times: model.discriminatorSteps, batch: "new" },
        // A generator's step of its own looks at the images of the discriminator's last.
        { trains: ["generator"], times: generatorStepsOf(model), batch: "same" },
      ],
    },
  ];
}

const setupToPlayer = (name: NetworkRole, setup: NetworkSetup): Player => {
  const { network: _, ...trained } = setup;
  return { owns: [name], role: name, ...trained };
};

/**
 * Generator and discriminator as a scheme: networks and players of those names, arrays, streams and columns as they always
 * were, so that checkpoints of before go on.
 * @throws GanEvalError `usage.*` where the model's networks and rules do not fit together
 */
export function modelToScheme(model: GanModel): Scheme {
  checkModel(model);
  const { generator, discriminator, emaDecay, clipValue } = model;
  const loss = lossOf(model);
  const { judged } = modelToViews(model);
  const { gamma } = balanceOf(model);
  return {
    label: "generator and discriminator",
    batchSize: samplesOf(model),
    networks: { generator: generator.network, discriminator: discriminator.network },
    players: {
      generator: { ...setupToPlayer("generator", generator), ...(emaDecay !== undefined && { emaDecay }) },
      discriminator: {
        ...setupToPlayer("discriminator", discriminator),
        ...(clipValue !== undefined && { clipValue }),
      },
    },
    inputs: modelToInputs(model),
    passes: modelToPasses(model),
    terms: modelToTerms(model),
    plan: modelToPlan(model),
    discriminators: [
      {
        name: "discriminator",
        player: "discriminator",
        real: (round) => judged(round, "real").logits,
        fake: (round) => judged(round, "fake").logits,
        isProbability: loss.isProbability,
        ...(loss.isCrossEntropy && { crossEntropy: ADVERSARIAL }),
      },
    ],
    makers: [],
    ...(loss.isBalanced && {
      derive: ({ real_logit: real, fake_logit: fake }) => ({
        convergence: -real + Math.abs(gamma * -real + fake),
      }),
    }),
  };
}
