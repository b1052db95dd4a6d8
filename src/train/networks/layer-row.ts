/** What a kind of layer is: the arrays it keeps, the shape it gives, what it computes. */

import type { Tensors } from "../../engine/engine.ts";
import type * as tf from "../../engine/tfjs.ts";
import type { Initializer } from "./initial-arrays.ts";
import type { Shape } from "./shapes.ts";

export interface ArraySpec {
  readonly shape: Shape;
  readonly initializer: Initializer;
}

export type Specs = Readonly<Record<string, ArraySpec>>;

/** `train`: batch statistics, which also update the running ones; `evaluate`: the running ones. */
export type Mode = "train" | "evaluate";

/** The arrays that a layer works with. */
export interface LayerArrays {
  /** What it learnt. */
  readonly weights: Tensors;
  /** What it carries along: running statistics, the vectors of a spectral norm. */
  readonly buffers: Tensors;
  /** Fresh uniform numbers. */
  readonly noise: Tensors;
  /** One-hot labels `[n, classes]`, where the caller has them. */
  readonly labels?: tf.Tensor;
  /** Side inputs, by their names. */
  readonly sides?: Tensors;
}

export interface Applied {
  readonly output: tf.Tensor;
  /** Running statistics after this batch, by their names. */
  readonly buffers?: Tensors;
  /** Values inside the network that a reader of it may want, by their names. */
  readonly marks?: Tensors;
}

/** A layer that computes. */
export interface LayerRow<Options> {
  readonly weights?: (input: Shape, options: Options) => Specs;
  readonly buffers?: (input: Shape, options: Options) => Specs;
  /** Uniform numbers in [0, 1) that an application in training reads: shapes of one example. */
  readonly noise?: (input: Shape, options: Options) => Readonly<Record<string, Shape>>;
  readonly output?: (input: Shape, options: Options) => Shape;
  /** Classes of the labels that it reads. */
  readonly classes?: (options: Options) => number;
  /** Side inputs that it reads: shapes of one example. */
  readonly sides?: (input: Shape, options: Options) => Readonly<Record<string, Shape>>;
  /** Shapes of the values that it marks. */
  readonly marks?: (input: Shape, options: Options) => Readonly<Record<string, Shape>>;
  readonly apply: (x: tf.Tensor, arrays: LayerArrays, options: Options, mode: Mode) => Applied;
  /** Buffers that move on by themselves, once a step: one power iteration of a spectral norm. */
  readonly advance?: (weights: Tensors, buffers: Tensors, options: Options) => Tensors;
}

/** A layer made of chains of layers that all see its input. */
export interface CompositeRow<Options, Chain> {
  readonly chains: (options: Options) => Readonly<Record<string, Chain>>;
  /** The options with other chains in place of theirs. */
  readonly withChains: (options: Options, chains: Readonly<Record<string, Chain>>) => Options;
  /** The shape of the whole, from those of the chains' outputs. */
  readonly output: (chains: Readonly<Record<string, Shape>>) => Shape;
  readonly join: (chains: Tensors) => tf.Tensor;
}
