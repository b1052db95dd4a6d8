/** The table of the layers that networks are made of. */
import * as tf from "../../engine/tfjs.ts";
import { GanEvalError } from "../../errors.ts";
import { type BatchNormOptions, batchDeviation, batchNorm } from "./batch-layers.ts";
import { averagePool, crop, globalSumPool, type SizeOptions, upSampling } from "./image-layers.ts";
import {
  type LabelEmbeddingOptions,
  labelChannels,
  labelEmbedding,
  type ProjectionOptions,
  projection,
} from "./label-layers.ts";
import type { CompositeRow, LayerRow } from "./layer-row.ts";
import {
  type ConvolutionOptions,
  convolution,
  type DenseOptions,
  dense,
  type MaxoutOptions,
  maxout,
  transposedConvolution,
} from "./linear-layers.ts";
import { equalShapes } from "./shapes.ts";
import {
  channelDropout,
  type DropoutOptions,
  dropout,
  leakyRelu,
  mark,
  type ReshapeOptions,
  relu,
  reshape,
  type SigmoidOptions,
  sigmoid,
  tanh,
} from "./unit-layers.ts";

export { BATCH_NORM, type BatchNormOptions } from "./batch-layers.ts";
export type { Mode, Specs } from "./layer-row.ts";
export { type Shape, sizeOf } from "./shapes.ts";

export interface ResidualOptions {
  readonly body: readonly Layer[];
  /** The input itself if empty. */
  readonly shortcut: readonly Layer[];
}

export interface LayerOptions {
  readonly dense: DenseOptions;
  readonly maxout: MaxoutOptions;
  readonly convolution: ConvolutionOptions;
  readonly "transposed-convolution": ConvolutionOptions;
  readonly "batch-norm": BatchNormOptions;
  readonly "batch-deviation": object;
  readonly "leaky-relu": { readonly slope: number };
  readonly relu: object;
  readonly tanh: object;
  readonly sigmoid: SigmoidOptions;
  readonly dropout: DropoutOptions;
  readonly "channel-dropout": DropoutOptions;
  readonly reshape: ReshapeOptions;
  readonly mark: { readonly name: string };
  readonly "up-sampling": SizeOptions;
  readonly crop: SizeOptions;
  readonly "average-pool": { readonly size: number };
  readonly "global-sum-pool": object;
  readonly "label-embedding": LabelEmbeddingOptions;
  readonly "label-channels": { readonly classes: number };
  readonly projection: ProjectionOptions;
  readonly residual: ResidualOptions;
}

export type LayerKind = keyof LayerOptions;

/** One layer of a network. */
export type Layer = { [Kind in LayerKind]: { readonly kind: Kind } & LayerOptions[Kind] }[LayerKind];

/** body(x) + shortcut(x). He et al. 2016. */
const residual: CompositeRow<ResidualOptions, readonly Layer[]> = {
  chains: ({ body, shortcut }) => ({ body, shortcut }),
  withChains: (options, chains) => ({ ...options, ...chains }),
  output: ({ body, shortcut }) => {
    if (equalShapes(body, shortcut)) return body;
    throw new GanEvalError(
      "usage.network",
      `expected a body and a shortcut of one shape, got [${body}] and [${shortcut}]`,
    );
  },
  join: ({ body, shortcut }) => tf.add(body, shortcut),
};

export type Row<Options> = LayerRow<Options> | CompositeRow<Options, readonly Layer[]>;

/** Every kind of layer. */
const LAYERS: { readonly [Kind in LayerKind]: Row<LayerOptions[Kind]> } = {
  dense,
  maxout,
  convolution,
  "transposed-convolution": transposedConvolution,
  "batch-norm": batchNorm,
  "batch-deviation": batchDeviation,
  "leaky-relu": leakyRelu,
  relu,
  tanh,
  sigmoid,
  dropout,
  "channel-dropout": channelDropout,
  reshape,
  mark,
  "up-sampling": upSampling,
  crop,
  "average-pool": averagePool,
  "global-sum-pool": globalSumPool,
  "label-embedding": labelEmbedding,
  "label-channels": labelChannels,
  projection,
  residual,
};

/** The table's rows are typed by their kind; a list of layers mixes them. */
export const rowOf = (layer: Layer): Row<Layer> => LAYERS[layer.kind] as unknown as Row<Layer>;
