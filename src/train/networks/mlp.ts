/** Fully connected networks. */
import { type HeadOptions, labelLayers } from "./conditioning.ts";
import { BATCH_NORM, type BatchNormOptions, type Layer, type Shape, sizeOf } from "./layers.ts";
import { layersToNetwork, type Network } from "./network.ts";

const LEAKY = { kind: "leaky-relu", slope: 0.2 } as const;

export interface MlpGeneratorOptions {
  readonly batchNorm?: BatchNormOptions;
  readonly classes?: number;
}

/**
 * The generator of PyTorch-GAN's gan, wgan, wgan_gp and others: latent to 128, 256, 512, 1024 and the pixels, leaky
 * units, batch norm but for the first, tanh. 1,510,032 weights for latent 100 and 28 x 28 x 1.
 * Its scripts set batch norm's epsilon to 0.8 where they meant the momentum; ours is 1e-5 unless it is given.
 * With classes it is the generator of cgan: a learnt vector of the label beside the latent.
 */
export function mlpGenerator(
  latent: number,
  image: Shape,
  { batchNorm = BATCH_NORM, classes }: MlpGeneratorOptions = {},
): Network {
  const block = (units: number): Layer[] => [
    { kind: "dense", units },
    { kind: "batch-norm", ...batchNorm },
    LEAKY,
  ];
  return layersToNetwork(
    [latent],
    [
      ...labelLayers([latent], classes),
      { kind: "dense", units: 128 },
      LEAKY,
      ...[256, 512, 1024].flatMap(block),
      { kind: "dense", units: sizeOf(image) },
      { kind: "tanh" },
      { kind: "reshape", shape: image },
    ],
  );
}

/** An image as a row of numbers, the label's vector beside it. */
export function flatInput(image: Shape, classes: number | undefined): Layer[] {
  const shape = [sizeOf(image)];
  return [{ kind: "reshape", shape }, ...labelLayers(shape, classes)];
}

/** The discriminator beside it: pixels to 512, 256 and one logit. 533,505 weights for 28 x 28 x 1. */
export function mlpDiscriminator(image: Shape, { classes, outputs = 1 }: HeadOptions = {}): Network {
  return layersToNetwork(image, [
    ...flatInput(image, classes),
    { kind: "dense", units: 512 },
    LEAKY,
    { kind: "dense", units: 256 },
    LEAKY,
    { kind: "dense", units: outputs },
  ]);
}

/**
 * The discriminator of PyTorch-GAN's cgan: pixels and a learnt vector of the label to 512, three times, the second and
 * third with dropout (0.4), and one logit.
 */
export function droppedDiscriminator(image: Shape, { classes, outputs = 1 }: HeadOptions = {}): Network {
  const block: readonly Layer[] = [{ kind: "dense", units: 512 }, { kind: "dropout", rate: 0.4 }, LEAKY];
  return layersToNetwork(image, [
    ...flatInput(image, classes),
    { kind: "dense", units: 512 },
    LEAKY,
    ...block,
    ...block,
    { kind: "dense", units: outputs },
  ]);
}

export interface ToyOptions {
  /** Hidden layers, 0 to 5. */
  readonly hidden: number;
  readonly units: number;
}

const hiddenLayers = ({ hidden, units }: ToyOptions): Layer[] =>
  Array.from({ length: hidden }, (): Layer[] => [{ kind: "dense", units }, { kind: "relu" }]).flat();

/** A small network from points to points or to a logit, for data of one or two dimensions. */
export const toyNetwork = (
  inputs: number,
  outputs: number,
  { classes, ...options }: ToyOptions & { readonly classes?: number },
): Network =>
  layersToNetwork(
    [inputs],
    [...labelLayers([inputs], classes), ...hiddenLayers(options), { kind: "dense", units: outputs }],
  );
