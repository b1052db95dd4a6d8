/** The models by name: PyTorch-GAN's, and others, as settings of the orthogonal options. */
import type { Critic } from "./gan-model.ts";
import type { OptimizerName } from "./optimizers.ts";
import type { AuxiliaryName, LossName, PairName, PenaltyName } from "./options/names.ts";

/** What every preset has unless it says otherwise: the defaults of PyTorch-GAN's scripts. */
export const PRESET_DEFAULTS = {
  batchSize: 64,
  rate: 2e-4,
  b1: 0.5,
  b2: 0.999,
  latent: 100,
  optimizer: "adam",
  discriminatorSteps: 1,
} as const;

/** Points are learnt by small networks, with a larger batch and learning rate than images. */
export const TOY_DEFAULTS = { net: "toy", latent: 2, batchSize: 256, rate: 1e-3 } as const;

export interface Preset {
  readonly label: string;
  readonly loss: LossName;
  readonly net: PairName;
  readonly critic?: Critic;
  readonly auxiliaries?: readonly { readonly name: AuxiliaryName; readonly weight?: number }[];
  readonly penalty?: { readonly name: PenaltyName; readonly weight?: number };
  readonly clip?: number;
  readonly spectralNorm?: "none" | "discriminator" | "both";
  readonly packing?: number;
  /** Generator and discriminator are told the class. */
  readonly conditional?: true;
  readonly optimizer?: OptimizerName;
  readonly rate?: number;
  readonly b1?: number;
  readonly momentum?: number;
  readonly batchSize?: number;
  readonly latent?: number;
  /** Uniform in [-1, 1) instead of normal. */
  readonly uniformLatent?: true;
  /** A one-hot code of the classes' number, and so many continuous ones (InfoGAN). */
  readonly codes?: { readonly categories: readonly number[]; readonly continuous: number };
  /** Side of the images that data are brought to; the data's own if left out. */
  readonly size?: number;
  readonly discriminatorSteps?: number;
  /** The generator steps against the discriminator's new weights, as in Algorithm 1 of the GAN paper. */
  readonly alternate?: true;
  /** Where it does not do what the model of that name in PyTorch-GAN does, and why. */
  readonly differs: readonly string[];
  readonly source: string;
}

const BATCH_NORM_EPSILON = "batch norm's epsilon is 1e-5: the scripts pass 0.8 to it, meant as momentum";
const LOGITS = "losses use logits instead of saturating sigmoids";
const OWN_LATENT = "the generator step draws a new latent instead of reusing the critic's last";
const NO_PARTIAL_BATCH = "the last incomplete batch of each epoch is dropped";
const ONE_SOFTMAX = "class scores go through one softmax; the script applies two";
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
      "the sum of exponentials cannot overflow",
    ],
    source: "PyTorch-GAN softmax_gan; Lin 2017",
  },
  bgan: {
    label: "boundary-seeking GAN",
    loss: "boundary-seeking",
    net: "mlp",
    differs: [
      ...EVERYWHERE,
      "the script fails on an undefined name; ours runs",
      "log D - log(1 - D) is computed as the logit, so it stays finite",
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
      "the gradient norm is taken over the whole image instead of per pixel, for the logit",
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
      "convolution weights are initialized as in DCGAN",
    ],
    source: "PyTorch-GAN relativistic_gan; Jolicoeur-Martineau 2018",
  },
  began: {
    label: "boundary equilibrium GAN",
    loss: "boundary-equilibrium",
    net: "autoencoder",
    critic: { kind: "autoencoder", error: "absolute" },
    latent: 62,
    size: 32,
    differs: [...EVERYWHERE, "the script fails at `.data[0]` on current PyTorch; ours runs"],
    source: "PyTorch-GAN began; Berthelot et al. 2017",
  },
  ebgan: {
    label: "energy-based GAN",
    loss: "energy",
    net: "autoencoder-plain",
    critic: { kind: "autoencoder", error: "squared" },
    auxiliaries: [{ name: "pull-away", weight: 0.1 }],
    latent: 62,
    size: 32,
    differs: [
      ...EVERYWHERE,
      "the pull-away term averages squared cosines, as in the paper; the script does not square them",
      "the generator's gradient flows through both sides of the reconstruction error",
      "the margin is 1 for every batch size, and applies per image",
    ],
    source: "PyTorch-GAN ebgan; Zhao et al. 2017",
  },
  cgan: {
    label: "conditional GAN",
    loss: "least-squares",
    net: "conditional-mlp",
    conditional: true,
    size: 32,
    differs: [...EVERYWHERE, "the generator's loss is halved, like the discriminator's"],
    source: "PyTorch-GAN cgan; Mirza and Osindero 2014",
  },
  acgan: {
    label: "auxiliary classifier GAN",
    loss: "non-saturating",
    net: "conditional-up-sampling",
    auxiliaries: [{ name: "classification" }],
    conditional: true,
    size: 32,
    differs: [
      ...EVERYWHERE,
      LOGITS,
      ONE_SOFTMAX,
      "adversarial and class losses are summed, as in the paper; the script halves both",
    ],
    source: "PyTorch-GAN acgan; Odena et al. 2017",
  },
  sgan: {
    label: "semi-supervised GAN",
    loss: "non-saturating",
    net: "up-sampling",
    auxiliaries: [{ name: "semi-supervised" }],
    size: 32,
    differs: [...EVERYWHERE, LOGITS, ONE_SOFTMAX, "the generator's unused label embedding is left out"],
    source: "PyTorch-GAN sgan; Odena 2016",
  },
  infogan: {
    label: "InfoGAN",
    loss: "least-squares",
    net: "up-sampling",
    auxiliaries: [{ name: "information" }],
    codes: { categories: [10], continuous: 2 },
    latent: 62,
    size: 32,
    differs: [
      ...EVERYWHERE,
      ONE_SOFTMAX,
      "the information term is part of both networks' losses, as in the paper, instead of having its own optimizer",
      "the generator's loss is halved, like the discriminator's",
    ],
    source: "PyTorch-GAN infogan; Chen et al. 2016",
  },
  sngan: {
    label: "spectrally normalised GAN",
    loss: "hinge",
    net: "transposed-without-norm",
    spectralNorm: "discriminator",
    differs: [],
    source: "Miyato et al. 2018, setting C of its Adam, on the networks of Lucic et al. 2018",
  },
  pacgan: {
    label: "PacGAN, two samples at a time",
    loss: "non-saturating",
    net: "mlp",
    packing: 2,
    differs: [],
    source: "Lin et al. 2018",
  },
  goodfellow2014: {
    label: "the original GAN",
    loss: "non-saturating",
    net: "goodfellow2014",
    optimizer: "sgd",
    rate: 0.1,
    momentum: 0.5,
    batchSize: 100,
    uniformLatent: true,
    alternate: true,
    differs: [
      "the original raises the momentum from 0.5 to 0.7 and decays the learning rate; here both are constant",
      "the last biases start at 0; in the original they start at the mean image",
    ],
    source: "Goodfellow et al. 2014; goodfeli/adversarial",
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
