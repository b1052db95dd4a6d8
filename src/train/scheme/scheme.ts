/** A model of any number of networks: who owns them, what each player minimises, and in which order they step. */
import type { ArrayValue, Tensors } from "../../engine/engine.ts";
import type * as tf from "../../engine/tfjs.ts";
import type { AppliedNetwork, Network } from "../networks/network.ts";
import { isImage, type Shape } from "../networks/shapes.ts";
import type { OptimizerName, OptimizerOptions } from "../optimizers.ts";
import type { NetworkRole } from "../players.ts";
import type { SchemeInput } from "./inputs.ts";

/**
 * A player trains the networks that it owns, by one optimizer. A network has one owner; one that nobody owns stays as
 * it is (`Scheme.frozen`).
 */
export interface Player {
  readonly owns: readonly string[];
  /** Which learning rate it has, and on which side diagnosis counts it. */
  readonly role: NetworkRole;
  readonly optimizer: OptimizerName;
  readonly optimizerOptions?: Partial<OptimizerOptions>;
  /** Times the learning rate of its role; 1 if left out. */
  readonly rateFactor?: number;
  /** The norm of all its gradients together is scaled down to this. */
  readonly gradientClip?: number;
  /** Its weights are clipped to [-clipValue, clipValue] after each of its steps. */
  readonly clipValue?: number;
  /** A running average of its networks with this decay, which then is what is sampled from. */
  readonly emaDecay?: number;
}

/** One application of a network in a round. Its dropout noise is its own; what it gives is computed once. */
export interface Pass {
  readonly network: string;
  /** Only makers take it: that no term uses it is no mistake. */
  readonly isForMakers?: true;
  /** Examples that it is shown; the scheme's batch size if left out. */
  readonly batch?: number;
  /** It takes place in steps that train one of these; in every step if left out. */
  readonly for?: readonly string[];
}

/** What a network reads besides its input. */
export interface PassGiven {
  /** One-hot, `[n, classes]`. */
  readonly labels?: tf.Tensor;
  /** By the names of the network's `sides`. */
  readonly sides?: Tensors;
}

/** What a term is computed from. */
export interface Round {
  /** An input of the scheme by name: `[n, ...shape]`, or a scalar. */
  input(name: string): tf.Tensor;
  /** Applies the network of a place. The same place with the same tensors is computed once. */
  pass(place: string, x: tf.Tensor, given?: PassGiven): AppliedNetwork;
  /** Applies it once more, with the place's noise and no effect on running statistics: for gradient penalties. */
  probe(place: string, x: tf.Tensor, given?: PassGiven): AppliedNetwork;
  /** A value that counts as a constant: no gradient flows through it. */
  still<T extends tf.Tensor>(value: (round: Round) => T): T;
  /** What a pool gives in the place of `made`: some of it, and some of what it was given before. */
  kept(pool: string, made: tf.Tensor): tf.Tensor;
  /** The weights of a network, for terms that regularise them. */
  weights(network: string): Tensors;
}

/** Where a run is: rounds that are finished, and their share of the run, in [0, 1). */
export interface RunProgress {
  readonly round: number;
  readonly share: number;
}

export type TermWeight = number | ((progress: RunProgress) => number);

/** A part of what players minimise: each loses the sum of weight times value over the terms that train it. */
export interface Term {
  readonly name: string;
  readonly trains: readonly string[];
  /** A number of the round's, so that a change needs no compiling anew; left out, the term counts as it is for good. */
  readonly weight?: TermWeight;
  readonly value: (round: Round) => tf.Scalar;
  /** Not a column of losses.csv: the player's loss says it already. */
  readonly isSilent?: true;
}

/** A discriminator as records and diagnosis see it: two sets of logits. */
export interface JudgedSides {
  readonly name: string;
  /** Whose step it is read at. */
  readonly player: string;
  readonly real: (round: Round) => tf.Tensor;
  readonly fake: (round: Round) => tf.Tensor;
  /** Whether a logit's sigmoid is a probability of being real. */
  readonly isProbability: boolean;
  /** The term whose value v estimates the Jensen-Shannon divergence as ln 2 - v / 2. */
  readonly crossEntropy?: string;
}

/** A replay pool: images that a discriminator is shown again. */
export interface Pool {
  readonly size: number;
  /** Of one image. */
  readonly shape: Shape;
}

export interface PlannedStep {
  readonly trains: readonly string[];
  readonly times: number;
  /** `same`: the inputs that repeat (images and what is drawn with them) are those of the step before. */
  readonly batch: "new" | "same";
  /** Weights of terms in this step; 0 leaves the term out. */
  readonly weights?: Readonly<Record<string, number>>;
}

/** Steps of a round, for so many rounds. */
export interface Phase {
  readonly rounds: number | "rest";
  readonly steps: readonly PlannedStep[];
}

/** What is made of held-out samples: for previews, evaluation, `translate` and export. */
export interface Maker {
  /** `a-to-b`; also what `--maker` names. */
  readonly name: string;
  readonly label: string;
  /** The inputs that it reads: fields of the data, and latents. */
  readonly inputs: readonly string[];
  /** In evaluation mode: `[n, height, width, channels]` in [-1, 1]. */
  readonly make: (round: Round) => tf.Tensor;
  /** The field that its images should look like. */
  readonly target?: string;
  /** Whether one input has several right outputs, told apart by the latents. */
  readonly isVaried?: true;
}

/** A column of a preview: a field of the held-out samples, or what a maker makes of them. */
export type PreviewColumn =
  | { readonly label: string; readonly field: string }
  | { readonly label: string; readonly maker: string; readonly variant?: number };

export interface Scheme {
  readonly label: string;
  /** Examples in a step. */
  readonly batchSize: number;
  readonly networks: Readonly<Record<string, Network>>;
  /** Weights of networks that nobody owns, by the network's names. */
  readonly frozen?: Readonly<Record<string, Readonly<Record<string, ArrayValue>>>>;
  readonly players: Readonly<Record<string, Player>>;
  /** In the order in which they are drawn. */
  readonly inputs: Readonly<Record<string, SchemeInput>>;
  /** By place. Noise is drawn in their order; running statistics move in the order in which terms reach them. */
  readonly passes: Readonly<Record<string, Pass>>;
  readonly terms: readonly Term[];
  readonly plan: readonly Phase[];
  readonly discriminators: readonly JudgedSides[];
  readonly pools?: Readonly<Record<string, Pool>>;
  readonly makers: readonly Maker[];
  readonly preview?: readonly PreviewColumn[];
  /** Further numbers of a round's record, from its scalars. */
  readonly derive?: (scalars: Readonly<Record<string, number>>) => Readonly<Record<string, number>>;
}

/** Who owns a network; undefined for one that is frozen. */
export const ownerOf = ({ players }: Scheme, network: string): string | undefined =>
  Object.keys(players).find((player) => players[player].owns.includes(network));

/** The fields of images that a maker reads, in its order. */
export const makerToImageFields = ({ inputs }: Pick<Scheme, "inputs">, { inputs: read }: Maker): string[] =>
  read.flatMap((name) => {
    const input = inputs[name];
    return input.kind === "field" && isImage(input.shape) ? [input.field] : [];
  });

/** Whether a pass or an input has a part in a step. */
export const takesPart = (part: { readonly for?: readonly string[] }, trains: readonly string[]): boolean =>
  part.for === undefined || part.for.some((player) => trains.includes(player));

/** A term's weight as the options have it, where it does not change over the run. */
export const weightAt = (weight: TermWeight, progress: RunProgress): number =>
  typeof weight === "number" ? weight : weight(progress);

/** The terms that a step computes: those that train one of its players and weigh something. */
export const termsOf = ({ terms }: Scheme, { trains, weights = {} }: PlannedStep): readonly Term[] =>
  terms.filter(
    ({ name, trains: players, weight }) =>
      players.some((player) => trains.includes(player)) && (weights[name] ?? weight) !== 0,
  );
