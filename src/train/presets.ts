/** The models by name: PyTorch-GAN's, and others, as settings of the orthogonal options. */
import type { LossName } from "./losses.ts";
import {
  convolutionalDiscriminator,
  stridedDiscriminator,
  transposedGenerator,
  upSamplingGenerator,
} from "./networks/convolutional.ts";
import { mlpDiscriminator, mlpGenerator } from "./networks/mlp.ts";
import type { Network } from "./networks/network.ts";
import type { OptimizerName } from "./optimizers.ts";
import type { PenaltyName } from "./penalties.ts";
import type { Game } from "./round.ts";

type PictureShape = readonly [height: number, width: number, channels: number];

/** A generator and a discriminator for pictures of a size. */
interface Pair {
  readonly generator: (latent: number, picture: PictureShape) => Network;
  readonly discriminator: (picture: PictureShape) => Network;
}

/** The network pairs, by the name of `--net`. */
export const PAIRS = {
  mlp: { generator: mlpGenerator, discriminator: mlpDiscriminator },
  "up-sampling": { generator: upSamplingGenerator, discriminator: stridedDiscriminator },
  /** Without batch norm before the first up-sampling: lsgan. */
  "up-sampling-plain": {
    generator: (latent, picture) => upSamplingGenerator(latent, picture, { firstNorm: false }),
    discriminator: stridedDiscriminator,
  },
  transposed: { generator: transposedGenerator, discriminator: convolutionalDiscriminator },
  /** Gradient penalties look at pictures one by one; batch norm would mix them. */
  "transposed-without-norm": {
    generator: transposedGenerator,
    discriminator: (picture) => convolutionalDiscriminator(picture, { batchNorm: false }),
  },
} as const satisfies Readonly<Record<string, Pair>>;

export type PairName = keyof typeof PAIRS;

/** What every preset has unless it says otherwise: the defaults of PyTorch-GAN's scripts. */
export const PRESET_DEFAULTS = {
  batchSize: 64,
  rate: 2e-4,
  b1: 0.5,
  b2: 0.999,
  latent: 100,
  size: 28,
  optimizer: "adam" as OptimizerName,
  discriminatorSteps: 1,
};

export interface Preset {
  readonly label: string;
  readonly loss: LossName;
  readonly net: PairName;
  readonly penalty?: { readonly name: PenaltyName; readonly weight?: number };
  readonly clip?: number;
  readonly optimizer?: OptimizerName;
  readonly rate?: number;
  readonly size?: number;
  readonly discriminatorSteps?: number;
  /** Where it does not do what the model of that name in PyTorch-GAN does, and why. */
  readonly differs: readonly string[];
  readonly source: string;
}

const BATCH_NORM_EPSILON = "batch norm's epsilon is 1e-5: the scripts pass 0.8 to it, meant as momentum";
const LOGITS = "losses are of logits, not of sigmoids that saturate";
const OWN_LATENT = "the generator's step draws a latent of its own instead of the critic's last";
const NO_PARTIAL_BATCH = "a rest of the data that does not fill a batch is left out of its pass";
const EVERYWHERE = [BATCH_NORM_EPSILON, NO_PARTIAL_BATCH];

/** Every preset, by the name of `--model`. */
export const PRESETS = {
  gan: {
    label: "GAN, non-saturating",
    loss: "non-saturating",
    net: "mlp",
    differs: [...EVERYWHERE, LOGITS],
    source: "PyTorch-GAN gan; Goodfellow et al. 2014",
  },
  mmgan: {
    label: "GAN, minimax",
    loss: "minimax",
    net: "mlp",
    differs: [],
    source: "Goodfellow et al. 2014; MM GAN of Lucic et al. 2018",
  },
  dcgan: {
    label: "DCGAN",
    loss: "non-saturating",
    net: "up-sampling",
    size: 32,
    differs: [...EVERYWHERE, LOGITS],
    source: "PyTorch-GAN dcgan; Radford et al. 2016",
  },
  lsgan: {
    label: "least squares GAN",
    loss: "least-squares",
    net: "up-sampling-plain",
    size: 32,
    differs: [...EVERYWHERE, "the generator's loss is halved, as in the paper"],
    source: "PyTorch-GAN lsgan; Mao et al. 2017",
  },
  wgan: {
    label: "Wasserstein GAN, clipped weights",
    loss: "wasserstein",
    net: "mlp",
    clip: 0.01,
    optimizer: "rmsprop",
    rate: 5e-5,
    discriminatorSteps: 5,
    differs: [...EVERYWHERE, OWN_LATENT],
    source: "PyTorch-GAN wgan; Arjovsky et al. 2017",
  },
  wgan_gp: {
    label: "Wasserstein GAN, gradient penalty",
    loss: "wasserstein",
    net: "mlp",
    penalty: { name: "interpolated", weight: 10 },
    discriminatorSteps: 5,
    differs: [...EVERYWHERE, OWN_LATENT],
    source: "PyTorch-GAN wgan_gp; Gulrajani et al. 2017",
  },
  wgan_div: {
    label: "Wasserstein divergence GAN",
    loss: "wasserstein",
    net: "mlp",
    penalty: { name: "divergence", weight: 2 },
    discriminatorSteps: 5,
    differs: [...EVERYWHERE, OWN_LATENT],
    source: "PyTorch-GAN wgan_div; Wu et al. 2018",
  },
  softmax_gan: {
    label: "softmax GAN",
    loss: "softmax",
    net: "mlp",
    differs: [
      ...EVERYWHERE,
      "the discriminator's loss does not reach the generator",
      "the sum of exponentials is taken without overflow",
    ],
    source: "PyTorch-GAN softmax_gan; Lin 2017",
  },
  bgan: {
    label: "boundary-seeking GAN",
    loss: "boundary-seeking",
    net: "mlp",
    differs: [
      ...EVERYWHERE,
      "the script stops at an undefined name; ours runs",
      "log D - log(1 - D) is the logit itself, so it cannot become infinite",
    ],
    source: "PyTorch-GAN bgan; Hjelm et al. 2018",
  },
  dragan: {
    label: "DRAGAN",
    loss: "non-saturating",
    net: "up-sampling",
    penalty: { name: "dragan", weight: 10 },
    size: 32,
    differs: [
      ...EVERYWHERE,
      LOGITS,
      "the discriminator is trained on its loss and the penalty; the script trains it on the penalty alone",
      "the gradient's norm is over the whole picture, not per pixel, and of the logit",
    ],
    source: "PyTorch-GAN dragan; Kodali et al. 2017",
  },
  relativistic_gan: {
    label: "relativistic GAN",
    loss: "relativistic",
    net: "up-sampling",
    size: 32,
    differs: [
      ...EVERYWHERE,
      "the generator's loss is relativistic; in the script the next line overwrites it",
      "weights of convolutions are drawn as DCGAN's",
    ],
    source: "PyTorch-GAN relativistic_gan; Jolicoeur-Martineau 2018",
  },
  hinge: {
    label: "hinge loss",
    loss: "hinge",
    net: "mlp",
    differs: [],
    source: "Lim and Ye 2017",
  },
  r1: {
    label: "non-saturating with R1",
    loss: "non-saturating",
    net: "transposed-without-norm",
    penalty: { name: "r1", weight: 10 },
    differs: [],
    source: "Mescheder et al. 2018",
  },
} as const satisfies Readonly<Record<string, Preset>>;

export type PresetName = keyof typeof PRESETS;

export interface PresetOptions {
  readonly picture: PictureShape;
  readonly latent?: number;
  readonly batchSize?: number;
  /** Other networks than the preset's. */
  readonly networks?: { readonly generator: Network; readonly discriminator: Network };
}

/** The game that a preset plays on pictures of a size. */
export function presetToGame(name: PresetName, options: PresetOptions): Game {
  const preset: Preset = PRESETS[name];
  const { latent = PRESET_DEFAULTS.latent, batchSize = PRESET_DEFAULTS.batchSize, picture } = options;
  const pair: Pair = PAIRS[preset.net];
  const networks = options.networks ?? {
    generator: pair.generator(latent, picture),
    discriminator: pair.discriminator(picture),
  };
  const player = (network: Network) => ({
    network,
    optimizer: preset.optimizer ?? PRESET_DEFAULTS.optimizer,
    optimizerOptions: { b1: PRESET_DEFAULTS.b1, b2: PRESET_DEFAULTS.b2 },
  });
  const discriminatorSteps = preset.discriminatorSteps ?? PRESET_DEFAULTS.discriminatorSteps;
  return {
    generator: player(networks.generator),
    discriminator: player(networks.discriminator),
    loss: preset.loss,
    ...(preset.penalty && { penalties: [preset.penalty] }),
    ...(preset.clip !== undefined && { clip: preset.clip }),
    batchSize,
    discriminatorSteps,
    // PyTorch-GAN's scripts of one step train both players on the same fakes.
    sharedFakes: discriminatorSteps === 1,
  };
}
