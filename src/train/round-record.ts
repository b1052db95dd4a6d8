/** What a round measured, in numbers that a reader knows. */
import { balanceOf, type GanModel, lossOf, NETWORK_ROLES, type NetworkRole } from "./gan-model.ts";
import type { Network } from "./networks/network.ts";
import { sizeOf } from "./networks/shapes.ts";
import type { StepNorms } from "./updates/parameters.ts";

/** Norms of one layer's arrays together. */
export interface LayerNorms {
  readonly layer: string;
  readonly gradient: number;
  readonly weight: number;
  /** Of what the step took from the weights, divided by the weights' norm. */
  readonly ratio: number;
  /** The share of gradient entries that are exactly 0, where they were counted. */
  readonly zeros?: number;
}

export interface RoundRecord {
  /** From 1. */
  readonly round: number;
  /**
   * `generator_loss`, `discriminator_loss`, `penalty`; `real_score` and `fake_score`: D(x) and D(G(z)) as mean
   * probabilities, or mean logits where a loss has none; `real_logit`, `fake_logit` with `real_spread` and `fake_spread`
   * (standard deviations); `real_accuracy` and `fake_accuracy`: shares on the right side of 0, 0 itself being on neither;
   * `jsd`: the estimate of
   * the Jensen-Shannon divergence in nats (ln 2 at most); `balance` and `convergence`: BEGAN's k
   * and its measure L(real) + |gamma L(real) - L(fake)|; the learning rates; gradient norms of
   * each network as a whole.
   */
  readonly scalars: Readonly<Record<string, number>>;
  readonly layers: Readonly<Record<NetworkRole, readonly LayerNorms[]>>;
}

/** What a round leaves to be read. */
export interface RoundOutputs {
  readonly losses: Readonly<Record<string, number>>;
  /** The discriminator's logits of before its step. */
  readonly real: Float32Array;
  readonly fake: Float32Array;
  readonly rates: Readonly<Record<NetworkRole, number>>;
  readonly norms: Readonly<Record<NetworkRole, StepNorms>>;
  readonly balance: number | undefined;
}

export const mean = (values: ArrayLike<number>, of: (value: number) => number = (value) => value): number => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += of(values[i]);
  return sum / values.length;
};

const deviation = (values: Float32Array): number => {
  const centre = mean(values);
  return Math.sqrt(mean(values, (value) => (value - centre) ** 2));
};

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** A logit as a reader looks at it: a probability of being real, or itself where a loss has none. */
export const logitToScore = (game: GanModel): ((logit: number) => number) =>
  lossOf(game).isProbability ? sigmoid : (logit) => logit;

/** ln 2 - loss / 2: the divergence of real and fake if the discriminator were the best there is. */
const lossToDivergence = (loss: number): number => Math.LN2 - loss / 2;

/** `dense1` of `dense1/weights`. */
const layerOf = (name: string): string => name.slice(0, name.lastIndexOf("/"));

const sum = (values: readonly number[]): number => values.reduce((total, x) => total + x, 0);

const join = (norms: readonly number[]): number => Math.sqrt(norms.reduce((sum, x) => sum + x * x, 0));

/** Norms of arrays, gathered by their layers. */
function normsToLayers(network: Network, norms: StepNorms): LayerNorms[] {
  const names = Object.keys(network.weights);
  const sizes = Object.values(network.weights).map(({ shape }) => sizeOf(shape));
  const layers = [...new Set(names.map(layerOf))];
  return layers.map((layer) => {
    const own = (values: ArrayLike<number>): number[] =>
      names.flatMap((name, i) => (layerOf(name) === layer ? [values[i]] : []));
    const of = (values: Float64Array): number => join(own(values));
    const weight = of(norms.weights);
    return {
      layer,
      gradient: of(norms.gradients),
      weight,
      ratio: of(norms.steps) / (weight || 1),
      ...(norms.zeros && { zeros: sum(own(norms.zeros)) / sum(own(sizes)) }),
    };
  });
}

export function outputsToRecord(game: GanModel, round: number, outputs: RoundOutputs): RoundRecord {
  const { losses, real, fake, rates, norms, balance } = outputs;
  const loss = lossOf(game);
  const score = logitToScore(game);
  const scalars: Record<string, number> = {
    generator_loss: losses["generator/loss"],
    discriminator_loss: losses["discriminator/loss"],
  };
  if ("discriminator/penalty" in losses) scalars.penalty = losses["discriminator/penalty"];
  Object.assign(scalars, {
    real_score: mean(real, score),
    fake_score: mean(fake, score),
    real_logit: mean(real),
    fake_logit: mean(fake),
    real_spread: deviation(real),
    fake_spread: deviation(fake),
    real_accuracy: mean(real, (logit) => (logit > 0 ? 1 : 0)),
    fake_accuracy: mean(fake, (logit) => (logit < 0 ? 1 : 0)),
  });
  if (loss.isCrossEntropy) scalars.jsd = lossToDivergence(losses["discriminator/adversarial"]);
  if (balance !== undefined) {
    const energies = { real: -scalars.real_logit, fake: -scalars.fake_logit };
    scalars.balance = balance;
    scalars.convergence = energies.real + Math.abs(balanceOf(game).gamma * energies.real - energies.fake);
  }
  for (const name of NETWORK_ROLES) {
    scalars[`${name}_rate`] = rates[name];
    scalars[`${name}_gradient_norm`] = join([...norms[name].gradients]);
  }
  return {
    round,
    scalars,
    layers: {
      generator: normsToLayers(game.generator.network, norms.generator),
      discriminator: normsToLayers(game.discriminator.network, norms.discriminator),
    },
  };
}
