/** Models around a latent: adversarial autoencoders, clusters, coupled generators; and domain adaptation. */
import { EVERYWHERE, SQUASHED } from "./differences.ts";
import type { SchemeModel } from "./models.ts";

const LOGITS =
  "losses are taken of logits, without a sigmoid before them: the same values, and none overflows";

export const LATENT_MODELS = {
  aae: {
    label: "adversarial autoencoder",
    wants: "images",
    size: 32,
    shared: { batchSize: 64, loss: "non-saturating" },
    options: { latentDim: 10, units: 512 },
    weights: { adversarial: 0.001, reconstruction: 0.999 },
    differs: [
      ...EVERYWHERE,
      SQUASHED,
      LOGITS,
      "reconstructions of held-out images are decoded from the means of their codes, and samples with running statistics",
    ],
    source: "PyTorch-GAN aae; Makhzani et al. 2015",
  },
  cluster_gan: {
    label: "ClusterGAN",
    wants: "images",
    size: 28,
    rate: 1e-4,
    shared: { batchSize: 64, loss: "non-saturating", b2: 0.9, weightDecay: 2.5e-5 },
    options: {
      latentDim: 30,
      clusters: 10,
      filters: 64,
      discriminatorFilters: 64,
      units: 1024,
      discriminatorSteps: 5,
    },
    weights: { adversarial: 1, latent: 10, classes: 10, penalty: 0 },
    differs: [
      ...EVERYWHERE,
      SQUASHED,
      LOGITS,
      "images lie in [-1, 1] instead of [0, 1]: the generator's sigmoid is stretched to that range",
      "the model and the discriminator take their common step at the same weights: the script's discriminator steps through a generator that has moved, which PyTorch refuses since 1.5",
      "the script's -w is --loss wasserstein --weight penalty=10",
    ],
    source: "PyTorch-GAN cluster_gan; Mukherjee et al. 2019",
  },
  cogan: {
    label: "CoGAN",
    wants: "domains",
    size: 32,
    shared: { batchSize: 32 },
    options: { latentDim: 100, filters: 128, discriminatorFilters: 16 },
    weights: { adversarial: 1 },
    differs: [
      ...EVERYWHERE,
      SQUASHED,
      "images keep their channels: the script repeats grey ones three times",
    ],
    source: "PyTorch-GAN cogan; Liu and Tuzel 2016",
  },
  pixelda: {
    label: "PixelDA",
    wants: "domains",
    labels: "read",
    size: 32,
    shared: { batchSize: 64 },
    options: { latentDim: 10, filters: 64, discriminatorFilters: 64, discriminatorLayers: 4, blocks: 6 },
    weights: { adversarial: 1, task: 0.1 },
    differs: [
      ...EVERYWHERE,
      SQUASHED,
      "the classifier's cross-entropy is of its logits: the script takes a softmax of a softmax",
      "accuracy on the target is recorded only where the data have its classes",
    ],
    source: "PyTorch-GAN pixelda; Bousmalis et al. 2017",
  },
} as const satisfies Readonly<Record<string, SchemeModel>>;
