/** One round of training as one function: k steps of the discriminator and one of the generator, for an engine to compile. */
import * as tf from "@tensorflow/tfjs";
import type { ArrayValue, InputSpec, Tensors } from "../engine/engine.ts";
import { GanEvalError } from "../errors.ts";
import { LOSSES, type LossName } from "./losses.ts";
import type { Shape } from "./networks/layers.ts";
import { under, within } from "./networks/names.ts";
import { type Network, specsToArrays } from "./networks/network.ts";
import {
  OPTIMIZER_DEFAULTS,
  OPTIMIZERS,
  type Optimizer,
  type OptimizerName,
  type OptimizerOptions,
} from "./optimizers.ts";
import { PENALTIES, type Penalty, type PenaltyName } from "./penalties.ts";
import type { RandomStream } from "./random.ts";

/** A network and how it is trained. */
export interface Player {
  readonly network: Network;
  readonly optimizer: OptimizerName;
  readonly optimizerOptions?: Partial<OptimizerOptions>;
}

/** Two players and the rules between them. */
export interface Game {
  readonly generator: Player;
  readonly discriminator: Player;
  readonly loss: LossName;
  readonly penalties?: readonly { readonly name: PenaltyName; readonly weight?: number }[];
  /** The discriminator's weights are cut to [-clip, clip] after each of its steps. */
  readonly clip?: number;
  readonly batchSize: number;
  /** Steps of the discriminator to one of the generator. */
  readonly discriminatorSteps: number;
  /**
   * The generator goes first, and the discriminator is trained on the very pictures of that step, as in PyTorch-GAN's
   * simple scripts; both then look at the weights of before. Else the discriminator goes first, on pictures of its own.
   */
  readonly sharedFakes: boolean;
}

export type PlayerName = "generator" | "discriminator";

const optionsOf = (player: Player): OptimizerOptions => ({
  ...OPTIMIZER_DEFAULTS,
  ...player.optimizerOptions,
});

const penaltiesOf = (game: Game): readonly { readonly penalty: Penalty; readonly weight: number }[] =>
  (game.penalties ?? []).map(({ name, weight }) => ({
    penalty: PENALTIES[name],
    weight: weight ?? PENALTIES[name].weight,
  }));

/** The random inputs that the game's penalties read. */
const penaltyNeeds = (game: Game): ReadonlySet<"mix" | "noise"> =>
  new Set(penaltiesOf(game).flatMap(({ penalty }) => penalty.needs));

function checkGame(game: Game): void {
  const { generator, discriminator, discriminatorSteps, sharedFakes } = game;
  const fits = `${generator.network.output}` === `${discriminator.network.input}`;
  if (!fits)
    throw new GanEvalError(
      "usage.network",
      `expected a generator that gives what the discriminator takes, [${discriminator.network.input}], got one that gives [${generator.network.output}]`,
    );
  if (`${discriminator.network.output}` !== "1")
    throw new GanEvalError(
      "usage.network",
      `expected a discriminator that gives one logit, got one that gives [${discriminator.network.output}]`,
    );
  if (sharedFakes && discriminatorSteps !== 1)
    throw new GanEvalError(
      "usage.discriminator-steps",
      `expected one discriminator step where both players share the fakes, got ${discriminatorSteps}`,
      { hint: "Leave sharedFakes out for more steps." },
    );
}

/** What the round carries of a player: weights, running statistics, and what its optimizer carries of each weight. */
interface PlayerState {
  readonly weights: Tensors;
  readonly buffers: Tensors;
  /** By what it is, then by the weight's name. */
  readonly carried: Readonly<Record<string, Tensors>>;
}

const toPlayerState = (state: Tensors, name: PlayerName, optimizer: Optimizer): PlayerState => ({
  weights: within(state, `${name}/weights`),
  buffers: within(state, `${name}/buffers`),
  carried: Object.fromEntries(optimizer.carries.map((what) => [what, within(state, `${name}/${what}`)])),
});

const fromPlayerState = (name: PlayerName, { weights, buffers, carried }: PlayerState): Tensors => ({
  ...under(`${name}/weights`, weights),
  ...under(`${name}/buffers`, buffers),
  ...Object.assign({}, ...Object.entries(carried).map(([what, of]) => under(`${name}/${what}`, of))),
});

/** The round's state before training. */
export function gameToState(game: Game, random: RandomStream): Record<string, ArrayValue> {
  checkGame(game);
  const state: Record<string, ArrayValue> = {};
  for (const name of ["generator", "discriminator"] as const) {
    const { network, optimizer } = game[name];
    const weights = specsToArrays(network.weights, random);
    Object.assign(state, under(`${name}/weights`, weights));
    Object.assign(state, under(`${name}/buffers`, specsToArrays(network.buffers, random)));
    for (const what of OPTIMIZERS[optimizer].carries)
      for (const [key, { data, shape }] of Object.entries(weights))
        state[`${name}/${what}/${key}`] = { data: new Float32Array(data.length), shape };
  }
  return state;
}

/** The numbers that an optimizer takes from outside, at step `step` (from 1) and a rate, by the round's input names. */
export const stepToScalars = (
  game: Game,
  name: PlayerName,
  step: number,
  rate: number,
): Record<string, number> => OPTIMIZERS[game[name].optimizer].scalars(step, rate, optionsOf(game[name]));

/** Where the networks are applied with fresh noise: `own` is the generator's step, a number the discriminator's. */
const applications = ({ discriminatorSteps, sharedFakes }: Game) => {
  const steps = Array.from({ length: discriminatorSteps }, (_, i) => i);
  return {
    generator: ["own", ...(sharedFakes ? [] : steps.map((i) => `${i}`))],
    discriminator: ["own", ...steps.flatMap((i) => [`real/${i}`, `fake/${i}`])],
  };
};

/**
 * The round's inputs. Of discriminator step 0: `real/0`, `latent/0`, `penalty/mix/0`, `penalty/noise/0`,
 * `discriminator/0/rate`; of the generator's: `latent`, `generator/rate`. Layers' noise, uniform in [0, 1), is
 * `noise/discriminator/real/0/channel-dropout1/keep` and the like.
 */
export function gameToSignature(game: Game): Record<string, InputSpec> {
  checkGame(game);
  const { batchSize, discriminatorSteps, sharedFakes } = game;
  const batch = (shape: Shape): InputSpec => ({ shape: [batchSize, ...shape] });
  const picture = game.discriminator.network.input;
  const needs = penaltyNeeds(game);
  const scalars = (name: PlayerName, path: string) =>
    under(
      path,
      Object.fromEntries(Object.keys(stepToScalars(game, name, 1, 1)).map((key) => [key, { shape: [] }])),
    );
  const signature: Record<string, InputSpec> = {
    latent: batch(game.generator.network.input),
    ...scalars("generator", "generator"),
  };
  for (let i = 0; i < discriminatorSteps; i++) {
    signature[`real/${i}`] = batch(picture);
    if (!sharedFakes) signature[`latent/${i}`] = batch(game.generator.network.input);
    if (needs.has("mix")) signature[`penalty/mix/${i}`] = batch(picture.map(() => 1));
    if (needs.has("noise")) signature[`penalty/noise/${i}`] = batch(picture);
    Object.assign(signature, scalars("discriminator", `discriminator/${i}`));
  }
  for (const [name, places] of Object.entries(applications(game)) as [PlayerName, string[]][])
    for (const place of places)
      for (const [key, shape] of Object.entries(game[name].network.noise))
        signature[`noise/${name}/${place}/${key}`] = batch(shape);
  return signature;
}

/** The loss at the weights, its gradients, and the player after the optimizer's step. */
function trainPlayer(
  player: Player,
  state: PlayerState,
  scalars: Tensors,
  loss: (weights: Tensors) => tf.Scalar,
): { readonly loss: tf.Scalar; readonly gradientNorms: tf.Tensor; readonly state: PlayerState } {
  const names = Object.keys(state.weights);
  const toWeights = (tensors: readonly tf.Tensor[]): Tensors =>
    Object.fromEntries(names.map((name, i) => [name, tensors[i]]));
  const { value, grads } = tf.valueAndGrads((...tensors: tf.Tensor[]) => loss(toWeights(tensors)))(
    names.map((name) => state.weights[name]),
  );
  const optimizer: Optimizer = OPTIMIZERS[player.optimizer];
  const weights: Tensors = {};
  const carried: Record<string, Tensors> = Object.fromEntries(optimizer.carries.map((what) => [what, {}]));
  for (const [i, name] of names.entries()) {
    const old = Object.fromEntries(optimizer.carries.map((what) => [what, state.carried[what][name]]));
    const updated = optimizer.update(state.weights[name], grads[i], old, scalars, optionsOf(player));
    weights[name] = updated.weight;
    for (const what of optimizer.carries) carried[what][name] = updated.carried[what];
  }
  // Squares, not tf.norm, which takes a power: Adam needs the squares too, and the graph computes them once.
  const gradientNorms = tf.stack(grads.map((gradient) => tf.sqrt(tf.sum(tf.square(gradient)))));
  return { loss: value as tf.Scalar, gradientNorms, state: { ...state, weights, carried } };
}

const clipped = (weights: Tensors, clip: number): Tensors =>
  Object.fromEntries(
    Object.entries(weights).map(([name, tensor]) => [name, tf.clipByValue(tensor, -clip, clip)]),
  );

/**
 * The round as a function of inputs and state (`compileStep`). Forward passes that both players need are written
 * twice and computed once: the graph shares common subexpressions.
 *
 * Outputs: `generator/loss`, `discriminator/loss` (with penalties) and `discriminator/penalty` of the last step; the
 * mean logits `discriminator/real` and `discriminator/fake` and the shares judged right `discriminator/right-real`,
 * `discriminator/right-fake` (logit over 0 for real), before that step; `generator/gradient-norms` and
 * `discriminator/gradient-norms`, one number a weight array, in the order of `network.weights`.
 */
export function gameToRound(
  game: Game,
): (inputs: Tensors, state: Tensors) => { outputs: Tensors; state: Tensors } {
  checkGame(game);
  const { generator, discriminator, discriminatorSteps, sharedFakes, clip } = game;
  const loss = LOSSES[game.loss];
  const penalties = penaltiesOf(game);

  return (inputs, state) => {
    let g = toPlayerState(state, "generator", OPTIMIZERS[generator.optimizer]);
    let d = toPlayerState(state, "discriminator", OPTIMIZERS[discriminator.optimizer]);
    const outputs: Tensors = {};

    const generate = (latent: tf.Tensor, place: string, weights: Tensors = g.weights) => {
      const noise = within(inputs, `noise/generator/${place}`);
      return generator.network.apply(latent, { weights, buffers: g.buffers, noise }, "train");
    };
    const judge = (pictures: tf.Tensor, place: string, weights: Tensors, buffers: Tensors) => {
      const noise = within(inputs, `noise/discriminator/${place}`);
      return discriminator.network.apply(pictures, { weights, buffers, noise }, "train");
    };

    const trainGenerator = (): void => {
      const { latent, "real/0": real } = inputs;
      // Only relativistic losses look at real pictures here; the graph drops what nothing needs.
      const realLogits = judge(real, "real/0", d.weights, d.buffers).output;
      const trained = trainPlayer(generator, g, within(inputs, "generator"), (weights) => {
        const fake = generate(latent, "own", weights).output;
        return loss.generator(realLogits, judge(fake, "own", d.weights, d.buffers).output);
      });
      const { output, buffers } = generate(latent, "own");
      d = { ...d, buffers: judge(output, "own", d.weights, d.buffers).buffers };
      g = { ...trained.state, buffers };
      outputs["generator/loss"] = trained.loss;
      outputs["generator/gradient-norms"] = trained.gradientNorms;
    };

    const trainDiscriminator = (i: number, fake: tf.Tensor): void => {
      const real = inputs[`real/${i}`];
      const { buffers: before } = d;
      const logits = (weights: Tensors) => {
        const onReal = judge(real, `real/${i}`, weights, before);
        const onFake = judge(fake, `fake/${i}`, weights, onReal.buffers);
        return { real: onReal.output, fake: onFake.output, buffers: onFake.buffers };
      };
      const penaltyOf = (weights: Tensors): tf.Scalar => {
        const { [`penalty/mix/${i}`]: mix, [`penalty/noise/${i}`]: noise } = inputs;
        const critic = (pictures: tf.Tensor) => judge(pictures, `real/${i}`, weights, before).output;
        return penalties
          .map(({ penalty, weight }) => tf.mul(penalty.apply(critic, { real, fake, mix, noise }), weight))
          .reduce((sum, term) => tf.add(sum, term)) as tf.Scalar;
      };
      const trained = trainPlayer(discriminator, d, within(inputs, `discriminator/${i}`), (weights) => {
        const judged = logits(weights);
        const value = loss.discriminator(judged.real, judged.fake);
        return penalties.length > 0 ? tf.add(value, penaltyOf(weights)) : value;
      });
      const judged = logits(d.weights);
      outputs["discriminator/loss"] = trained.loss;
      if (penalties.length > 0) outputs["discriminator/penalty"] = penaltyOf(d.weights);
      outputs["discriminator/gradient-norms"] = trained.gradientNorms;
      outputs["discriminator/real"] = tf.mean(judged.real);
      outputs["discriminator/fake"] = tf.mean(judged.fake);
      outputs["discriminator/right-real"] = tf.mean(tf.cast(tf.greater(judged.real, 0), "float32"));
      outputs["discriminator/right-fake"] = tf.mean(tf.cast(tf.less(judged.fake, 0), "float32"));
      const weights = clip === undefined ? trained.state.weights : clipped(trained.state.weights, clip);
      d = { ...trained.state, weights, buffers: judged.buffers };
    };

    if (sharedFakes) {
      const fake = generate(inputs.latent, "own").output;
      trainGenerator();
      trainDiscriminator(0, fake);
    } else {
      for (let i = 0; i < discriminatorSteps; i++) {
        const { output, buffers } = generate(inputs[`latent/${i}`], `${i}`);
        g = { ...g, buffers };
        trainDiscriminator(i, output);
      }
      trainGenerator();
    }
    return { outputs, state: { ...fromPlayerState("generator", g), ...fromPlayerState("discriminator", d) } };
  };
}
