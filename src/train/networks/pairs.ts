/** The network pairs by name. */
import { GanEvalError } from "../../errors.ts";
import type { PairName } from "../options/names.ts";
import { autoencoderDiscriminator } from "./autoencoder.ts";
import type { HeadOptions } from "./conditioning.ts";
import {
  convolutionalDiscriminator,
  stridedDiscriminator,
  transposedGenerator,
  type UpSamplingOptions,
  upSamplingGenerator,
} from "./convolutional.ts";
import { dcganDiscriminator, dcganGenerator } from "./dcgan.ts";
import { goodfellowDiscriminator, goodfellowGenerator } from "./goodfellow2014.ts";
import type { ImageShape } from "./image-size.ts";
import { droppedDiscriminator, mlpDiscriminator, mlpGenerator, type ToyOptions, toyNetwork } from "./mlp.ts";
import type { Network } from "./network.ts";
import { pacganDiscriminator, pacganGenerator } from "./pacgan.ts";
import { resnetDiscriminator, resnetGenerator } from "./resnet.ts";
import { packedShape, requireImage, type Shape } from "./shapes.ts";

export type { PairName };

/** What networks are asked for. */
export interface NetworkRequest {
  readonly latent: number;
  /** `[height, width, channels]`, or `[d]` for points. */
  readonly image: Shape;
  /** Classes of the one-hot labels that condition the pair; none if left out. */
  readonly classes?: number;
  /** Numbers that the discriminator gives; 1 if left out. */
  readonly outputs?: number;
  /** Examples side by side in the channels (or coordinates) of the discriminator's input; 1 if left out. PacGAN. */
  readonly packing?: number;
}

/** A generator, and a discriminator for what it makes. Given classes, both read labels, but for what a row says. */
export interface Pair {
  readonly label: string;
  readonly source: string;
  readonly takes: "images" | "points" | "any";
  /** @throws GanEvalError `usage.network` for sizes that it does not take */
  generator(request: NetworkRequest): Network;
  /** Its output is logits, not squashed. @throws GanEvalError `usage.network` for sizes that it does not take */
  discriminator(request: NetworkRequest): Network;
}

/** What the discriminator sees. */
export const packed = ({ image, packing = 1 }: NetworkRequest): Shape => packedShape(image, packing);

const packedImage = (request: NetworkRequest): ImageShape => requireImage(packed(request));

function requirePoint(shape: Shape): number {
  if (shape.length === 1) return shape[0];
  throw new GanEvalError("usage.network", `expected points, got data of shape [${shape}]`, {
    hint: "These networks are for toy data; use mlp, dcgan or resnet for images.",
  });
}

type Networks = Pick<Pair, "generator" | "discriminator">;

const images = (
  generator: (latent: number, image: ImageShape, classes?: number) => Network,
  discriminator: (image: ImageShape, head: HeadOptions) => Network,
): Networks & { takes: "images" } => ({
  takes: "images",
  generator: ({ latent, image, classes }) => generator(latent, requireImage(image), classes),
  discriminator: (request) => discriminator(packedImage(request), request),
});

const upSampling =
  (options: UpSamplingOptions) =>
  (latent: number, image: ImageShape, classes?: number): Network =>
    upSamplingGenerator(latent, image, { ...options, classes });

/** Networks of hidden layers of rectified units, for points. */
export const toyPair = (options: ToyOptions): Pair => ({
  label: `${options.hidden} hidden layers of ${options.units} units`,
  source: "GAN Lab, Kahng et al. 2018",
  takes: "points",
  generator: ({ latent, image, classes }) => toyNetwork(latent, requirePoint(image), { ...options, classes }),
  discriminator: ({ outputs = 1, ...request }) =>
    toyNetwork(requirePoint(packed(request)), outputs, { ...options, classes: request.classes }),
});

/** Every pair, by the name of `--net`. */
export const PAIRS = {
  mlp: {
    label: "fully connected",
    source: "PyTorch-GAN gan",
    takes: "any",
    generator: ({ latent, image, classes }) => mlpGenerator(latent, image, { classes }),
    discriminator: (request) => mlpDiscriminator(packed(request), request),
  },
  "conditional-mlp": {
    label: "fully connected, dropout in the discriminator",
    source: "PyTorch-GAN cgan",
    takes: "any",
    generator: ({ latent, image, classes }) => mlpGenerator(latent, image, { classes }),
    discriminator: (request) => droppedDiscriminator(packed(request), request),
  },
  "up-sampling": {
    label: "up-sampling and convolution",
    source: "PyTorch-GAN dcgan",
    ...images(upSampling({}), stridedDiscriminator),
  },
  "up-sampling-plain": {
    label: "up-sampling and convolution, no batch norm first",
    source: "PyTorch-GAN lsgan",
    ...images(upSampling({ firstNorm: false }), stridedDiscriminator),
  },
  /** The discriminator reads no labels: it is asked for outputs that guess them. */
  "conditional-up-sampling": {
    label: "up-sampling and convolution, label embedding multiplied with the latent",
    source: "PyTorch-GAN acgan",
    ...images(upSampling({ labels: "multiply" }), (image, { outputs }) =>
      stridedDiscriminator(image, { outputs }),
    ),
  },
  autoencoder: {
    label: "up-sampling and convolution, autoencoder as discriminator",
    source: "PyTorch-GAN began",
    ...images(upSampling({}), autoencoderDiscriminator),
  },
  "autoencoder-plain": {
    label: "up-sampling and convolution, no batch norm first, autoencoder as discriminator",
    source: "PyTorch-GAN ebgan",
    ...images(upSampling({ firstNorm: false }), autoencoderDiscriminator),
  },
  transposed: {
    label: "transposed convolutions as in InfoGAN",
    source: "Lucic et al. 2018",
    ...images(transposedGenerator, convolutionalDiscriminator),
  },
  /** Gradient penalties look at images one by one; batch norm would mix them. */
  "transposed-without-norm": {
    label: "transposed convolutions as in InfoGAN, no batch norm in the discriminator",
    source: "Lucic et al. 2018",
    ...images(transposedGenerator, (image, head) =>
      convolutionalDiscriminator(image, { batchNorm: false, ...head }),
    ),
  },
  dcgan: {
    label: "transposed convolutions as in DCGAN",
    source: "Radford et al. 2016",
    ...images(dcganGenerator, dcganDiscriminator),
  },
  resnet: {
    label: "small residual networks",
    source: "after Miyato et al. 2018",
    ...images(resnetGenerator, resnetDiscriminator),
  },
  goodfellow2014: {
    label: "fully connected, maxout discriminator",
    source: "Goodfellow et al. 2014",
    takes: "any",
    generator: ({ latent, image, classes }) => goodfellowGenerator(latent, image, classes),
    discriminator: (request) => goodfellowDiscriminator(packed(request), request),
  },
  toy: toyPair({ hidden: 2, units: 128 }),
  "pacgan-toy": {
    label: "PacGAN's networks for points",
    source: "Lin et al. 2018",
    takes: "points",
    generator: ({ latent, image, classes }) => pacganGenerator(latent, requirePoint(image), classes),
    discriminator: (request) => pacganDiscriminator(requirePoint(packed(request)), request),
  },
} as const satisfies Readonly<Record<PairName, Pair>>;
