/** Fully connected pairs. */
import { BATCH_NORM, type BatchNormOptions, type Layer, type Shape, sizeOf } from "./layers.ts";
import { layersToNetwork, type Network } from "./network.ts";

const LEAKY = { kind: "leaky-relu", slope: 0.2 } as const;

/**
 * The generator of PyTorch-GAN's gan, wgan, wgan_gp and others: latent to 128, 256, 512, 1024 and the pixels, leaky
 * units, batch norm but for the first, tanh. 1,510,032 weights for latent 100 and 28 x 28 x 1.
 * Its scripts set batch norm's epsilon to 0.8 where they meant the momentum; ours is 1e-5 unless it is given.
 */
export function mlpGenerator(
  latent: number,
  picture: Shape,
  batchNorm: BatchNormOptions = BATCH_NORM,
): Network {
  const block = (units: number): Layer[] => [
    { kind: "dense", units },
    { kind: "batch-norm", ...batchNorm },
    LEAKY,
  ];
  return layersToNetwork(
    [latent],
    [
      { kind: "dense", units: 128 },
      LEAKY,
      ...[256, 512, 1024].flatMap(block),
      { kind: "dense", units: sizeOf(picture) },
      { kind: "tanh" },
      { kind: "reshape", shape: picture },
    ],
  );
}

/** The discriminator beside it: pixels to 512, 256 and one logit. 533,505 weights for 28 x 28 x 1. */
export function mlpDiscriminator(picture: Shape): Network {
  return layersToNetwork(picture, [
    { kind: "reshape", shape: [sizeOf(picture)] },
    { kind: "dense", units: 512 },
    LEAKY,
    { kind: "dense", units: 256 },
    LEAKY,
    { kind: "dense", units: 1 },
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
export const toyNetwork = (inputs: number, outputs: number, options: ToyOptions): Network =>
  layersToNetwork([inputs], [...hiddenLayers(options), { kind: "dense", units: outputs }]);
