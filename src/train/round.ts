/** The steps of a round as functions of tensors: losses and gradients of one player, or of both at once. */

import type { InputSpec, Tensors } from "../engine/engine.ts";
import * as tf from "../engine/tfjs.ts";
import type { Judged, Targets } from "./auxiliaries.ts";
import {
  auxiliariesOf,
  checkModel,
  drawsLabels,
  type GanModel,
  headsOf,
  lossOf,
  type NetworkRole,
  packingOf,
  penaltiesOf,
  penaltyNeeds,
  readsLabels,
  sampleShapeOf,
  samplesOf,
} from "./gan-model.ts";
import type { LossNumbers } from "./losses.ts";
import { under, within } from "./networks/names.ts";
import type { Shape } from "./networks/shapes.ts";
import { PARTICULAR_ROWS } from "./options/particulars.ts";
import { orthogonality } from "./penalties.ts";

/** Where a discriminator is applied, each with fresh noise: to its reals, its fakes, and the generator's own fakes. */
type Place = "real" | "fake" | "own";

/** One step of a round, for an engine to compile. */
export interface Step {
  /** The players whose gradients it gives. */
  readonly trains: readonly NetworkRole[];
  /**
   * What is given anew for each run. `real`, `real-labels`, `latent`, `latent-labels`; `penalty/mix` and
   * `penalty/noise`; `instance/real` and the like with `instance-deviation`; `balance`; `noise/generator/...` and
   * `noise/discriminator/real/...`, uniform in [0, 1), for the layers that drop or draw.
   */
  readonly signature: Readonly<Record<string, InputSpec>>;
  /** Arrays that stay: `generator/weights/...`, `generator/buffers/...` and the discriminator's. */
  readonly arrays: Readonly<Record<string, InputSpec>>;
  /**
   * `generator/loss`; `discriminator/loss` (with penalties), `discriminator/adversarial` (without) and
   * `discriminator/penalty`; `real` and `fake`, the logits of before the step; `own`, those of the generator's fakes;
   * `generator/gradients/...`, `generator/buffers/...` and the discriminator's.
   */
  readonly fn: (inputs: Tensors) => Tensors;
}

const placesOf = (trains: readonly NetworkRole[], game: GanModel): readonly Place[] => [
  ...(trains.includes("discriminator") ? (["real", "fake"] as const) : []),
  ...(trains.includes("generator") ? (["own"] as const) : []),
  ...(!trains.includes("discriminator") && lossOf(game).generatorSeesReal ? (["real"] as const) : []),
];

function gameToSignature(game: GanModel, trains: readonly NetworkRole[]): Record<string, InputSpec> {
  const [n, packs] = [samplesOf(game), game.batchSize];
  const { generator, discriminator, classes = 0 } = game;
  const shape = sampleShapeOf(game);
  const places = placesOf(trains, game);
  const seesReal = places.includes("real");
  const trainsDiscriminator = trains.includes("discriminator");
  const needs = penaltyNeeds(game);
  const batch = (of: Shape, size = n): InputSpec => ({ shape: [size, ...of] });
  const signature: Record<string, InputSpec> = { latent: batch(generator.network.input) };
  if (drawsLabels(game)) signature["latent-labels"] = batch([classes]);
  if (seesReal) signature.real = batch(shape);
  if (seesReal && readsLabels(game)) signature["real-labels"] = batch([classes]);
  if (trainsDiscriminator && needs.has("mix"))
    signature["penalty/mix"] = batch(
      discriminator.network.input.map(() => 1),
      packs,
    );
  if (trainsDiscriminator && needs.has("noise"))
    signature["penalty/noise"] = batch(discriminator.network.input, packs);
  if (game.instanceNoise !== undefined) {
    signature["instance-deviation"] = { shape: [] };
    for (const place of places) signature[`instance/${place}`] = batch(shape);
  }
  if (trainsDiscriminator && lossOf(game).isBalanced) signature.balance = { shape: [] };
  for (const [key, of] of Object.entries(generator.network.noise))
    signature[`noise/generator/${key}`] = batch(of);
  for (const place of places)
    for (const [key, of] of Object.entries(discriminator.network.noise))
      signature[`noise/discriminator/${place}/${key}`] = batch(of, packs);
  return signature;
}

function gameToArrays(game: GanModel): Record<string, InputSpec> {
  const arrays: Record<string, InputSpec> = {};
  for (const name of ["generator", "discriminator"] as const) {
    const { weights, buffers } = game[name].network;
    for (const [key, { shape }] of Object.entries(weights)) arrays[`${name}/weights/${key}`] = { shape };
    for (const [key, { shape }] of Object.entries(buffers)) arrays[`${name}/buffers/${key}`] = { shape };
  }
  return arrays;
}

/** Samples side by side in the last axis: `[m n, ..., c]` to `[n, ..., m c]`. */
function pack(samples: tf.Tensor, packing: number): tf.Tensor {
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
function outputToJudged(
  game: GanModel,
  shown: tf.Tensor,
  { output, marks }: { output: tf.Tensor; marks: Tensors },
): Judged {
  const n = shown.shape[0];
  if (game.critic?.kind === "autoencoder") {
    const difference = tf.reshape(tf.sub(output, shown), [n, -1]);
    const errors = game.critic.error === "absolute" ? tf.abs(difference) : tf.square(difference);
    return { logits: tf.neg(tf.mean(errors, 1, true)), heads: {}, marks };
  }
  const widths = Object.entries(headsOf(game.auxiliaries, game.classes, game.latent));
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

/** A loss at the weights, and its gradients by their names. */
function weightsToGradients(
  weights: Tensors,
  loss: (weights: Tensors) => tf.Scalar,
): { readonly loss: tf.Scalar; readonly gradients: Tensors } {
  const names = Object.keys(weights);
  const named = (tensors: readonly tf.Tensor[]): Tensors =>
    Object.fromEntries(names.map((name, i) => [name, tensors[i]]));
  const { value, grads } = tf.valueAndGrads((...tensors: tf.Tensor[]) => loss(named(tensors)))(
    names.map((name) => weights[name]),
  );
  return { loss: value as tf.Scalar, gradients: named(grads) };
}

/**
 * One step of a game: the gradients of the players that it trains, at the weights as they are. Forward passes that both
 * players need are written twice and computed once: the graph shares common subexpressions.
 * @throws GanEvalError `usage.*` where the game's networks and rules do not fit together
 */
export function modelToStep(game: GanModel, trains: readonly NetworkRole[]): Step {
  checkModel(game);
  const { orthogonal = 0 } = game;
  const loss = lossOf(game);
  const penalties = penaltiesOf(game);
  const auxiliaries = auxiliariesOf(game);
  const packing = packingOf(game);

  const fn = (inputs: Tensors): Tensors => {
    const outputs: Tensors = {};
    const read = (name: NetworkRole) => {
      const weights = within(inputs, `${name}/weights`);
      const buffers = within(inputs, `${name}/buffers`);
      const advanced = trains.includes(name) ? game[name].network.advance?.(weights, buffers) : undefined;
      return { weights, buffers: advanced ?? buffers };
    };
    const [g, d] = [read("generator"), read("discriminator")];
    const numbers: LossNumbers = {
      smoothing: game.smoothing ?? 0,
      margin: game.margin ?? PARTICULAR_ROWS.margin.default,
      balance: (inputs.balance as tf.Scalar | undefined) ?? 0,
    };
    const targets: Targets = {
      realLabels: inputs["real-labels"],
      fakeLabels: inputs["latent-labels"],
      latents: inputs.latent,
      latent: game.latent,
    };

    const generate = (weights: Tensors) =>
      game.generator.network.apply(
        inputs.latent,
        {
          weights,
          buffers: g.buffers,
          noise: within(inputs, "noise/generator"),
          labels: inputs["latent-labels"],
        },
        "train",
      );
    /** What the discriminator is shown of samples. */
    const show = (samples: tf.Tensor, place: Place): tf.Tensor => {
      const instance = inputs[`instance/${place}`];
      const seen = instance ? tf.add(samples, tf.mul(instance, inputs["instance-deviation"])) : samples;
      return pack(seen, packing);
    };
    const judge = (shown: tf.Tensor, place: Place, weights: Tensors, buffers: Tensors) => {
      const labels = place === "real" ? inputs["real-labels"] : inputs["latent-labels"];
      const noise = within(inputs, `noise/discriminator/${place}`);
      const applied = game.discriminator.network.apply(shown, { weights, buffers, noise, labels }, "train");
      return { ...outputToJudged(game, shown, applied), buffers: applied.buffers };
    };
    const auxiliaryTerms = (player: NetworkRole, real: Judged | undefined, fake: Judged): tf.Scalar[] =>
      auxiliaries.flatMap(({ auxiliary, weight }) => {
        const term =
          player === "generator"
            ? auxiliary.generator?.(fake, targets)
            : auxiliary.discriminator?.(real!, fake, targets);
        return term === undefined ? [] : [tf.mul(term, weight) as tf.Scalar];
      });
    const regular = (weights: Tensors): tf.Scalar[] =>
      orthogonal > 0 ? [tf.mul(orthogonality(weights), orthogonal) as tf.Scalar] : [];
    const total = (terms: readonly tf.Scalar[]): tf.Scalar => terms.reduce((sum, term) => tf.add(sum, term));

    const fake = generate(g.weights);
    let { buffers } = d;

    if (trains.includes("generator")) {
      const realLogits = loss.generatorSeesReal
        ? judge(show(inputs.real, "real"), "real", d.weights, d.buffers).logits
        : tf.scalar(0);
      const trained = weightsToGradients(g.weights, (weights) => {
        const judged = judge(show(generate(weights).output, "own"), "own", d.weights, d.buffers);
        return total([
          loss.generator(realLogits, judged.logits, numbers),
          ...auxiliaryTerms("generator", undefined, judged),
          ...regular(weights),
        ]);
      });
      const judged = judge(show(fake.output, "own"), "own", d.weights, d.buffers);
      buffers = judged.buffers;
      outputs["generator/loss"] = trained.loss;
      outputs.own = judged.logits;
      Object.assign(outputs, under("generator/gradients", trained.gradients));
    }

    if (trains.includes("discriminator")) {
      const before = buffers;
      const shownReal = show(inputs.real, "real");
      const shownFake = show(fake.output, "fake");
      const judgeBoth = (weights: Tensors) => {
        const real = judge(shownReal, "real", weights, before);
        return { real, fake: judge(shownFake, "fake", weights, real.buffers) };
      };
      const penaltyOf = (weights: Tensors): tf.Scalar => {
        const { "penalty/mix": mix, "penalty/noise": noise } = inputs;
        const critic = (shown: tf.Tensor) => judge(shown, "real", weights, before).logits;
        return total(
          penalties.map(
            ({ penalty, weight }) =>
              tf.mul(
                penalty.apply(critic, { real: shownReal, fake: shownFake, mix, noise }),
                weight,
              ) as tf.Scalar,
          ),
        );
      };
      const adversarial = ({ real, fake }: ReturnType<typeof judgeBoth>) =>
        loss.discriminator(real.logits, fake.logits, numbers);
      const trained = weightsToGradients(d.weights, (weights) => {
        const judged = judgeBoth(weights);
        return total([
          adversarial(judged),
          ...auxiliaryTerms("discriminator", judged.real, judged.fake),
          ...(penalties.length > 0 ? [penaltyOf(weights)] : []),
          ...regular(weights),
        ]);
      });
      const judged = judgeBoth(d.weights);
      buffers = judged.fake.buffers;
      outputs["discriminator/loss"] = trained.loss;
      outputs["discriminator/adversarial"] = adversarial(judged);
      if (penalties.length > 0) outputs["discriminator/penalty"] = penaltyOf(d.weights);
      outputs.real = judged.real.logits;
      outputs.fake = judged.fake.logits;
      Object.assign(outputs, under("discriminator/gradients", trained.gradients));
    }

    Object.assign(outputs, under("generator/buffers", fake.buffers));
    Object.assign(outputs, under("discriminator/buffers", buffers));
    return outputs;
  };

  return { trains, fn, signature: gameToSignature(game, trains), arrays: gameToArrays(game) };
}

/** The discriminator alone, as it is for evaluation: `samples` (and `labels`) to `logits`. */
export function modelToProbe(game: GanModel): Pick<Step, "fn" | "signature" | "arrays"> {
  const labels = game.discriminator.network.classes;
  const signature: Record<string, InputSpec> = {
    samples: { shape: [samplesOf(game), ...sampleShapeOf(game)] },
    ...(labels !== undefined && { labels: { shape: [samplesOf(game), labels] } }),
  };
  const arrays = Object.fromEntries(
    Object.entries(gameToArrays(game)).filter(([name]) => name.startsWith("discriminator/")),
  );
  const fn = (inputs: Tensors): Tensors => {
    const shown = pack(inputs.samples, packingOf(game));
    const weights = within(inputs, "discriminator/weights");
    const buffers = within(inputs, "discriminator/buffers");
    const applied = game.discriminator.network.apply(
      shown,
      { weights, buffers, labels: inputs.labels },
      "evaluate",
    );
    return { logits: outputToJudged(game, shown, applied).logits };
  };
  return { fn, signature, arrays };
}
