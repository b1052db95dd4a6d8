/** The discriminator of energy-based GANs, which is as sure of an image as it can draw it again. */
import { GanEvalError } from "../../errors.ts";
import { type HeadOptions, labelLayers } from "./conditioning.ts";
import { halved, type ImageShape } from "./image-size.ts";
import { BATCH_NORM, type Layer, sizeOf } from "./layers.ts";
import { layersToNetwork, type Network } from "./network.ts";

/** Numbers that an image is made of on its way through; named `embedding` among the network's marks. */
const EMBEDDING = 32;

const convolution = (filters: number, stride: number): Layer => ({
  kind: "convolution",
  filters,
  size: 3,
  stride,
  padding: 1,
  deviation: 0.02,
});

/**
 * The autoencoder of PyTorch-GAN's began and ebgan: 3x3 to 64 channels at half the size, to 32 numbers and back, twice
 * as large by the nearest pixel, 3x3 to the image. Its output has the image's shape and is not bounded.
 * @throws GanEvalError `usage.network` where other outputs are asked for
 */
export function autoencoderDiscriminator(
  image: ImageShape,
  { classes, outputs = 1 }: HeadOptions = {},
): Network {
  if (outputs !== 1)
    throw new GanEvalError(
      "usage.network",
      `expected an autoencoder without outputs besides its image, got ${outputs}`,
      {
        hint: "Use other networks for a model with additional outputs.",
      },
    );
  const [height, width, channels] = image;
  const half = [...halved(image, 1), 64];
  return layersToNetwork(image, [
    ...labelLayers(image, classes),
    convolution(64, 2),
    { kind: "relu" },
    { kind: "reshape", shape: [sizeOf(half)] },
    { kind: "dense", units: EMBEDDING },
    { kind: "mark", name: "embedding" },
    { kind: "batch-norm", ...BATCH_NORM },
    { kind: "relu" },
    { kind: "dense", units: sizeOf(half) },
    { kind: "batch-norm", ...BATCH_NORM },
    { kind: "relu" },
    { kind: "reshape", shape: half },
    { kind: "up-sampling", height, width },
    convolution(channels, 1),
  ]);
}
