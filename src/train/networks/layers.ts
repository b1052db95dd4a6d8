/** The table of the layers that networks are made of. */
import { type BatchNormOptions, batchDeviation, batchNorm } from "./batch-layers.ts";
import { type BorderOptions, reflectionPad, zeroPad } from "./border-layers.ts";
import { type ResidualOptions, residual, type SkipOptions, skip } from "./composite-layers.ts";
import { crop, pixelShuffle, type ShuffleOptions, type SizeOptions, upSampling } from "./image-layers.ts";
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
  type TransposedConvolutionOptions,
  transposedConvolution,
} from "./linear-layers.ts";
import {
  type AdaptiveNormOptions,
  adaptiveNorm,
  type InstanceNormOptions,
  instanceNorm,
  type LayerNormOptions,
  layerNorm,
} from "./norm-layers.ts";
import { averagePool, globalAveragePool, globalSumPool, maxPool, type PoolOptions } from "./pool-layers.ts";
import { type SideChannelsOptions, sideChannels } from "./side-layers.ts";
import {
  channelDropout,
  type DropoutOptions,
  dropout,
  leakyRelu,
  mark,
  parametricRelu,
  type ReshapeOptions,
  relu,
  reshape,
  type SigmoidOptions,
  scale,
  sigmoid,
  tanh,
} from "./unit-layers.ts";

export { BATCH_NORM, type BatchNormOptions } from "./batch-layers.ts";
export type { Mode, Specs } from "./layer-row.ts";
export { type Shape, sizeOf } from "./shapes.ts";

export interface LayerOptions {
  readonly dense: DenseOptions;
  readonly maxout: MaxoutOptions;
  readonly convolution: ConvolutionOptions;
  readonly "transposed-convolution": TransposedConvolutionOptions;
  readonly "batch-norm": BatchNormOptions;
  readonly "instance-norm": InstanceNormOptions;
  readonly "layer-norm": LayerNormOptions;
  readonly adain: AdaptiveNormOptions;
  readonly "batch-deviation": object;
  readonly "leaky-relu": { readonly slope: number };
  readonly relu: object;
  readonly "parametric-relu": object;
  readonly scale: { readonly factor: number };
  readonly tanh: object;
  readonly sigmoid: SigmoidOptions;
  readonly dropout: DropoutOptions;
  readonly "channel-dropout": DropoutOptions;
  readonly reshape: ReshapeOptions;
  readonly mark: { readonly name: string };
  readonly "up-sampling": SizeOptions;
  readonly crop: SizeOptions;
  readonly "reflection-pad": { readonly size: number };
  readonly "zero-pad": BorderOptions;
  readonly "pixel-shuffle": ShuffleOptions;
  readonly "average-pool": PoolOptions;
  readonly "max-pool": PoolOptions;
  readonly "global-sum-pool": object;
  readonly "global-average-pool": object;
  readonly "label-embedding": LabelEmbeddingOptions;
  readonly "label-channels": { readonly classes: number };
  readonly projection: ProjectionOptions;
  readonly "side-channels": SideChannelsOptions;
  readonly residual: ResidualOptions;
  readonly skip: SkipOptions;
}

export type LayerKind = keyof LayerOptions;

/** One layer of a network. */
export type Layer = { [Kind in LayerKind]: { readonly kind: Kind } & LayerOptions[Kind] }[LayerKind];

export type Row<Options> = LayerRow<Options> | CompositeRow<Options, readonly Layer[]>;

/** Every kind of layer. */
const LAYERS: { readonly [Kind in LayerKind]: Row<LayerOptions[Kind]> } = {
  dense,
  maxout,
  convolution,
  "transposed-convolution": transposedConvolution,
  "batch-norm": batchNorm,
  "instance-norm": instanceNorm,
  "layer-norm": layerNorm,
  adain: adaptiveNorm,
  "batch-deviation": batchDeviation,
  "leaky-relu": leakyRelu,
  relu,
  "parametric-relu": parametricRelu,
  scale,
  tanh,
  sigmoid,
  dropout,
  "channel-dropout": channelDropout,
  reshape,
  mark,
  "up-sampling": upSampling,
  crop,
  "reflection-pad": reflectionPad,
  "zero-pad": zeroPad,
  "pixel-shuffle": pixelShuffle,
  "average-pool": averagePool,
  "max-pool": maxPool,
  "global-sum-pool": globalSumPool,
  "global-average-pool": globalAveragePool,
  "label-embedding": labelEmbedding,
  "label-channels": labelChannels,
  projection,
  "side-channels": sideChannels,
  residual,
  skip,
};

/** The table's rows are typed by their kind; a list of layers mixes them. */
export const rowOf = (layer: Layer): Row<Layer> => LAYERS[layer.kind] as unknown as Row<Layer>;
