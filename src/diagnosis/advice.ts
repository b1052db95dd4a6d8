/** What usually helps, and who says so. */
import type { Advice, VerdictId } from "./verdict.ts";

const MORE_DIVERSITY: readonly Advice[] = [
  {
    text: "show the discriminator several samples at once: --packing 2",
    source: "PacGAN, Lin et al. 2018 (ring: 6.3 to 7.9 of 8 modes)",
  },
  {
    text: "bound the discriminator's slope: --penalty r1, or --loss wasserstein --penalty interpolated",
    source: "Mescheder et al. 2018; Gulrajani et al. 2017",
  },
  {
    text: "keep the discriminator ahead, which preserves more modes: --discriminator-steps 2, or a larger --lr-discriminator",
    source: "TTUR, Heusel et al. 2017",
  },
];

const SLOWER: readonly Advice[] = [
  {
    text: "divide the learning rate by ten: --lr",
    source: "Lucic et al. 2018: most failing settings are learning rates",
  },
  { text: "bound the gradients: --gradient-clip 1", source: "ganhacks #10: norms above 100 are a sign" },
];

export const ADVICE: Readonly<Record<Exclude<VerdictId, "healthy">, readonly Advice[]>> = {
  divergence: SLOWER,
  "mode-collapse": MORE_DIVERSITY,
  "partial-collapse": MORE_DIVERSITY,
  "mode-hopping": [
    ...MORE_DIVERSITY,
    { text: "average the generator: --ema-decay 0.999", source: "Yazıcı et al. 2019" },
  ],
  "outputs-alike": [
    {
      text: "raise the terms that tie outputs to inputs: --weight cycle=N, or --weight pixel=N of pairs",
      source: "Zhu et al. 2017, figure 7: without cycles outputs collapse",
    },
    {
      text: "slow the discriminators down: a smaller --lr-discriminator",
      source: "ganhacks #10",
    },
  ],
  "input-ignored": [
    {
      text: "raise the terms that tie outputs to inputs: --weight cycle=N, or --weight pixel=N of pairs",
      source: "Zhu et al. 2017; Isola et al. 2017, figure 4",
    },
    {
      text: "check that pairs are pairs: compare the first columns of samples/",
      source: "this project",
    },
  ],
  "vanishing-gradient": [
    {
      text: "use a loss whose gradient does not vanish: --loss non-saturating",
      source: "Goodfellow et al. 2014, section 3",
    },
    {
      text: "use a distance with a gradient everywhere: --loss wasserstein --penalty interpolated",
      source: "Arjovsky and Bottou 2017; Gulrajani et al. 2017",
    },
  ],
  "input-copied": [
    {
      text: "lower the terms that reward copies: --weight identity=0, or a smaller --weight cycle=N",
      source: "Zhu et al. 2017, section 5.2: the identity term keeps colours as they are",
    },
    {
      text: "train longer, or give the discriminators more weight: --weight adversarial=N",
      source: "this project",
    },
    {
      text: "if the two domains hardly differ, copies are right",
      source: "this project",
    },
  ],
  "discriminator-dominance": [
    {
      text: "slow the discriminator down: a smaller --lr-discriminator, or --discriminator-steps 1",
      source: "ganhacks #10",
    },
    {
      text: "add noise to its input, or soften its targets: --instance-noise 0.1, --smoothing 0.1",
      source: "Arjovsky and Bottou 2017; Salimans et al. 2016",
    },
    { text: "penalize its gradient: --penalty r1", source: "Mescheder et al. 2018" },
  ],
  "discriminator-overfitting": [
    { text: "use more training images, or augment them", source: "Karras et al. 2020 (ADA)" },
    {
      text: "regularize the discriminator, or make it smaller: --penalty r1, --spectral-norm discriminator",
      source: "Mescheder et al. 2018; Miyato et al. 2018",
    },
    {
      text: "stop earlier: --early-stop 5",
      source: "Karras et al. 2020, figure 1: scores worsen when r_v rises",
    },
  ],
  memorisation: [
    {
      text: "use more training images, or a smaller generator",
      source: "Feng et al. 2021, When do GANs replicate?",
    },
    {
      text: "FID and similar distances do not detect it: hold images out and pass them with --held-out",
      source: "Lucic et al. 2018; Meehan et al. 2020",
    },
  ],
  oscillation: [
    {
      text: "penalize the gradient at real data: --penalty r1",
      source: "Mescheder et al. 2018: without it the Dirac-GAN goes in circles",
    },
    { text: "average the generator: --ema-decay 0.999", source: "Yazıcı et al. 2019" },
    { text: "reduce the momentum: --b1 0", source: "Gidel et al. 2019" },
  ],
  "dead-units": [
    {
      text: "use leaky units (another --net), or a smaller --lr",
      source: "AutoTrainer (ICSE 2021); Maas et al. 2013",
    },
  ],
  "under-training": [
    { text: "train longer: --resume RUN --rounds N --allow-changes", source: "this project" },
    { text: "if scores do not improve, use a larger network or another --lr", source: "Lucic et al. 2018" },
  ],
};
