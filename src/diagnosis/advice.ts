/** What usually helps, and who says so. */
import type { Advice, VerdictId } from "./verdict.ts";

const MORE_DIVERSITY: readonly Advice[] = [
  {
    text: "let the discriminator judge several samples at once: --packing 2",
    source: "PacGAN, Lin et al. 2018 (ring: 6.3 to 7.9 of 8 modes)",
  },
  {
    text: "bound the discriminator's slope: --penalty r1, or --loss wasserstein --penalty interpolated",
    source: "Mescheder et al. 2018; Gulrajani et al. 2017",
  },
  {
    text: "a discriminator that is ahead of the generator drops fewer modes: --n-critic 2, or a larger --lr-discriminator",
    source: "TTUR, Heusel et al. 2017",
  },
];

const SLOWER: readonly Advice[] = [
  {
    text: "a learning rate a tenth as large: --lr",
    source: "Lucic et al. 2018: most settings that fail are rates",
  },
  { text: "bound the gradients: --gradient-clip 1", source: "ganhacks #10: norms above 100 are a sign" },
];

export const ADVICE: Readonly<Record<Exclude<VerdictId, "healthy">, readonly Advice[]>> = {
  divergence: SLOWER,
  "mode-collapse": MORE_DIVERSITY,
  "partial-collapse": MORE_DIVERSITY,
  "mode-hopping": [
    ...MORE_DIVERSITY,
    { text: "average the generator: --ema 0.999", source: "Yazıcı et al. 2019" },
  ],
  "vanishing-gradient": [
    {
      text: "the loss whose gradient does not vanish: --loss non-saturating",
      source: "Goodfellow et al. 2014, section 3",
    },
    {
      text: "a distance that has a slope everywhere: --loss wasserstein --penalty interpolated",
      source: "Arjovsky and Bottou 2017; Gulrajani et al. 2017",
    },
  ],
  "discriminator-dominance": [
    { text: "a smaller --lr-discriminator, or fewer steps of it: --n-critic 1", source: "ganhacks #10" },
    {
      text: "noise on what it sees, or softer targets: --instance-noise 0.1, --label-smoothing 0.1",
      source: "Arjovsky and Bottou 2017; Salimans et al. 2016",
    },
    { text: "a penalty on its slope: --penalty r1", source: "Mescheder et al. 2018" },
  ],
  "discriminator-overfitting": [
    { text: "more training images, or augmented ones", source: "Karras et al. 2020 (ADA)" },
    {
      text: "a penalty or a smaller discriminator: --penalty r1, --spectral-norm discriminator",
      source: "Mescheder et al. 2018; Miyato et al. 2018",
    },
    {
      text: "stop earlier: --early-stop 5",
      source: "Karras et al. 2020, figure 1: scores turn when r_v rises",
    },
  ],
  memorisation: [
    {
      text: "more training images; a smaller generator",
      source: "Feng et al. 2021, When do GANs replicate?",
    },
    {
      text: "distances like FID do not see it: keep images apart and give them with --held-out",
      source: "Lucic et al. 2018; Meehan et al. 2020",
    },
  ],
  oscillation: [
    {
      text: "a penalty at the real data: --penalty r1",
      source: "Mescheder et al. 2018: without one the Dirac-GAN goes in circles",
    },
    { text: "average the generator: --ema 0.999", source: "Yazıcı et al. 2019" },
    { text: "less momentum: --b1 0", source: "Gidel et al. 2019" },
  ],
  "dead-units": [
    {
      text: "units that leak: another --net, or a smaller --lr",
      source: "AutoTrainer (ICSE 2021); Maas et al. 2013",
    },
  ],
  "under-training": [
    { text: "go on: --resume RUN --rounds N --allow-changes", source: "this project" },
    { text: "if scores stay where they are: a larger network, or another --lr", source: "Lucic et al. 2018" },
  ],
};
