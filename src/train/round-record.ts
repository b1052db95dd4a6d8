/** What a round measured, in numbers that a reader knows. */
import type { Network } from "./networks/network.ts";
import { sizeOf } from "./networks/shapes.ts";
import { phaseAt } from "./scheme/plan.ts";
import { type JudgedSides, type Scheme, termsOf } from "./scheme/scheme.ts";
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
   * Of each player its loss and of each term its value without its weight, by their names with `_` for `-`:
   * `generator_loss`, `discriminator_loss`, `penalty`, `cycle_a`. Of a discriminator (with its name in front, where there
   * are several) `real_score` and `fake_score`: D(x) and D(G(z)) as mean probabilities, or mean logits where a loss has none; `real_logit`, `fake_logit` with `real_spread` and `fake_spread`
   * (standard deviations); `real_accuracy` and `fake_accuracy`: shares on the right side of 0, 0 itself being on neither;
   * `jsd`: the estimate of
   * the Jensen-Shannon divergence in nats (ln 2 at most); `balance` and `convergence`: BEGAN's k
   * and its measure L(real) + |gamma L(real) - L(fake)|; of each player the learning rate and the norm of its gradients.
   * NaN stands for what this round did not compute.
   */
  readonly scalars: Readonly<Record<string, number>>;
  /** By network. */
  readonly layers: Readonly<Record<string, readonly LayerNorms[]>>;
}

/** What a round leaves to be read, by the names of a step's outputs. */
export interface RoundOutputs {
  readonly losses: Readonly<Record<string, number>>;
  /** The discriminators' logits of before their steps. */
  readonly logits: Readonly<Record<string, Float32Array>>;
  /** Learning rates by player. */
  readonly rates: Readonly<Record<string, number>>;
  /** By network. */
  readonly norms: Readonly<Record<string, StepNorms>>;
  readonly carried: Readonly<Record<string, number>>;
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
export const logitToScore = (isProbability: boolean): ((logit: number) => number) =>
  isProbability ? sigmoid : (logit) => logit;

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

/** A name as a column has it. */
export const nameToColumn = (name: string): string => name.replaceAll("-", "_");

/** How many networks, and whether there is one discriminator: then its columns have no name in front. */
const prefixOf = ({ discriminators }: Scheme, { name }: JudgedSides): string =>
  discriminators.length === 1 ? "" : `${nameToColumn(name)}_`;

function sidesToScalars(
  scheme: Scheme,
  judge: JudgedSides,
  { losses, logits }: RoundOutputs,
): Record<string, number> {
  const { name, isProbability, crossEntropy } = judge;
  const none = Float32Array.of(Number.NaN);
  const real = logits[`logits/${name}/real`] ?? none;
  const fake = logits[`logits/${name}/fake`] ?? none;
  const score = logitToScore(isProbability);
  const share = (right: boolean): number => (right ? 1 : 0);
  const scalars: Record<string, number> = {
    real_score: mean(real, score),
    fake_score: mean(fake, score),
    real_logit: mean(real),
    fake_logit: mean(fake),
    real_spread: deviation(real),
    fake_spread: deviation(fake),
    real_accuracy: mean(real, (logit) => (Number.isNaN(logit) ? logit : share(logit > 0))),
    fake_accuracy: mean(fake, (logit) => (Number.isNaN(logit) ? logit : share(logit < 0))),
  };
  if (crossEntropy !== undefined)
    scalars.jsd = lossToDivergence(losses[`terms/${crossEntropy}`] ?? Number.NaN);
  const prefix = prefixOf(scheme, judge);
  return Object.fromEntries(Object.entries(scalars).map(([key, value]) => [`${prefix}${key}`, value]));
}

/** A record has the same columns in every round: NaN where a phase does not compute something. */
export function outputsToRecord(scheme: Scheme, round: number, outputs: RoundOutputs): RoundRecord {
  const { losses, rates, norms, carried } = outputs;
  const { players, networks, terms, discriminators, plan } = scheme;
  const scalars: Record<string, number> = {};
  for (const player of Object.keys(players))
    scalars[`${nameToColumn(player)}_loss`] = losses[`${player}/loss`] ?? Number.NaN;
  const everTraced = new Set(plan.flatMap(({ steps }) => steps.flatMap((step) => termsOf(scheme, step))));
  for (const term of terms)
    if (!term.isSilent && everTraced.has(term))
      scalars[nameToColumn(term.name)] = losses[`terms/${term.name}`] ?? Number.NaN;
  for (const judge of discriminators) Object.assign(scalars, sidesToScalars(scheme, judge, outputs));
  for (const [name, value] of Object.entries(carried)) scalars[nameToColumn(name)] = value;
  Object.assign(scalars, scheme.derive?.(scalars));
  const trained = new Set(phaseAt(scheme, round - 1).steps.flatMap(({ trains }) => trains));
  for (const [player, { owns }] of Object.entries(players)) {
    const column = nameToColumn(player);
    const own = owns.flatMap((name) => [...(norms[name]?.gradients ?? [])]);
    scalars[`${column}_rate`] = rates[player];
    scalars[`${column}_gradient_norm`] = trained.has(player) ? join(own) : Number.NaN;
  }
  const layers = Object.entries(networks).flatMap(([name, network]) =>
    Object.hasOwn(norms, name) ? [[name, normsToLayers(network, norms[name])]] : [],
  );
  return { round, scalars, layers: Object.fromEntries(layers) };
}
