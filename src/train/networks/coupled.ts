/** CoGAN's networks (Liu and Tuzel 2016), as PyTorch-GAN builds them: trunks that both domains share, and heads. */
import { LEAKY, repeated, requireMultiples, TANH } from "./image-blocks.ts";
import type { ImageShape } from "./image-size.ts";
import { BATCH_NORM, type Layer, sizeOf } from "./layers.ts";
import { layersToNetwork, type Network } from "./network.ts";

export interface CoupledOptions {
  /** Of the generator's trunk, 128, or of the judge's first layer, 16, if left out. */
  readonly filters?: number;
}

/** Dense layers and norms are drawn so; convolutions as PyTorch draws them. */
const DEVIATION = 0.02;
/**
 * With the script's 0.8, though it was meant as the momentum: with 1e-5 the two domains hardly come to correspond
 * (docs/learning.md).
 */
const NORM: Layer = { kind: "batch-norm", ...BATCH_NORM, epsilon: 0.8, deviation: DEVIATION };

const convolution = (filters: number, stride = 1): Layer => ({
  kind: "convolution",
  filters,
  size: 3,
  stride,
  padding: 1,
});

/**
 * Latent to `[h, w, filters]`: a quarter of the size, twice doubled by the nearest pixel.
 * @throws GanEvalError `usage.network` for sides that 4 does not divide
 */
export function coupledTrunk(latent: number, image: ImageShape, options: CoupledOptions = {}): Network {
  const { filters = 128 } = options;
  const [height, width] = image;
  requireMultiples(image, 4, "cogan's generators");
  const base = [height / 4, width / 4, filters];
  return layersToNetwork(
    [latent],
    [
      { kind: "dense", units: sizeOf(base), deviation: DEVIATION },
      { kind: "reshape", shape: base },
      { kind: "batch-norm", ...BATCH_NORM, deviation: DEVIATION },
      { kind: "up-sampling", height: height / 2, width: width / 2 },
      convolution(filters),
      NORM,
      LEAKY,
      { kind: "up-sampling", height, width },
    ],
  );
}

/** What the trunk gives, to an image of one domain. */
export function coupledHead(trunk: ImageShape, channels: number): Network {
  return layersToNetwork(trunk, [convolution(trunk[2] / 2), NORM, LEAKY, convolution(channels), TANH]);
}

/** An image to what the judges of both domains read: four convolutions of stride 2, dropout of channels (0.25). */
export function coupledJudgeTrunk(image: ImageShape, { filters = 16 }: CoupledOptions = {}): Network {
  return layersToNetwork(
    image,
    repeated(4, (i) => [
      convolution(filters * 2 ** i, 2),
      ...(i > 0 ? [NORM] : []),
      LEAKY,
      { kind: "channel-dropout", rate: 0.25 },
    ]),
  );
}

/** What the judges' trunk gives, to one logit of a domain. */
export function coupledJudgeHead(trunk: ImageShape): Network {
  return layersToNetwork(trunk, [
    { kind: "reshape", shape: [sizeOf(trunk)] },
    { kind: "dense", units: 1, deviation: DEVIATION },
  ]);
}
